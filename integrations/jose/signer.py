"""Signing with the installation's own keys, of which there are two: one for certificates, one for the node."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from jose import jwk as keys
from jose import jws

from integrations.jose.strict import MOST_BYTES, ORDER, StrictOpener, b64, compact, header, jwk_of, thumbprint, unb64
from vetting.errors import Unusable

__all__ = ["MOST_BYTES", "ORDER", "Es256Signer", "from_environment", "generate_private_pem", "node_from_environment"]


class Es256Signer(StrictOpener):
    """Signs with one private key and opens what it, or a retired key, has signed. See `Signer`.

    An expired token still opens: whether it is current is decided from the certificate's row, not from the token.
    """

    def __init__(self, private_pem: bytes, retired_public: tuple[bytes, ...] = ()) -> None:
        """Build every key object once. Raises Unusable when a key is not EC P-256 in PEM."""
        try:
            private = load_pem_private_key(private_pem, password=None)
            retired = [load_pem_public_key(pem) for pem in retired_public]
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise Unusable("signing-key-not-pem") from None
        if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
            raise Unusable("signing-key-not-p256")
        scalar = b64(private.private_numbers().private_value.to_bytes(32, "big"))
        own = jwk_of(private.public_key())
        self._kid = thumbprint(own)
        self._private = keys.construct({**own, "d": scalar}, "ES256")
        self._public: dict[str, dict[str, str]] = {self._kid: own}
        for key in retired:
            if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
                raise Unusable("retired-key-not-p256")
            self._public[thumbprint(jwk_of(key))] = jwk_of(key)
        super().__init__(self._public)

    def sign(self, claims: Mapping[str, Any], *, typ: str) -> str:
        """A compact JWS (RFC 7515) over `claims`, s in its lower half. Raises Unusable when it would not open again."""
        try:
            payload = compact(claims)
        except (TypeError, ValueError):
            raise Unusable("token-not-json") from None
        token: str = jws.sign(payload, self._private, headers=header(self._kid, typ), algorithm="ES256")
        front, _, signature = token.rpartition(".")
        raw = unb64(signature)
        r, s = raw[:32], int.from_bytes(raw[32:], "big")
        token = f"{front}.{b64(r + min(s, ORDER - s).to_bytes(32, 'big'))}"
        self.open(token, typ=typ)
        return token

    def public_keys(self) -> dict[str, Any]:
        """The JWK set (RFC 7517): the present key first."""
        return {"keys": [{**one, "kid": kid, "alg": "ES256", "use": "sig"} for kid, one in self._public.items()]}


def generate_private_pem() -> bytes:
    """A fresh EC P-256 private key, PEM, PKCS 8."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(private_pem: bytes) -> bytes:
    """The public part of a private key, both in PEM. Raises Unusable("signing-key-not-pem")."""
    try:
        key = load_pem_private_key(private_pem, password=None).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Unusable("signing-key-not-pem") from None
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def next_path(present: Path) -> Path:
    """Where the key lies that will sign after the present one, and is published before it does."""
    return present.with_name(f"{present.name}.next")


def create_key_file(path: Path) -> None:
    """A whole key file or none, whenever the process ends; when two begin at once, the first one's key counts."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(generate_private_pem())
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def _signer(prefix: str, missing: str, *, create: bool) -> Es256Signer:
    """The signer of `prefix` (PEM text) or `prefix`_FILE, with the retired public keys of `prefix`S_RETIRED_DIR."""
    text, path = os.environ.get(prefix, ""), os.environ.get(f"{prefix}_FILE", "")
    if not text and path and create and not Path(path).exists():
        create_key_file(Path(path))
    if not text and not (path and Path(path).is_file()):
        raise Unusable(missing)
    folder = os.environ.get(f"{prefix}S_RETIRED_DIR", "")
    retired = tuple(file.read_bytes() for file in sorted(Path(folder).glob("*.pem"))) if folder else ()
    if not text and next_path(Path(path)).is_file():
        retired = (*retired, public_pem(next_path(Path(path)).read_bytes()))
    return Es256Signer(text.encode() if text else Path(path).read_bytes(), retired)


def from_environment(*, create: bool = False) -> Es256Signer:
    """The signer of CERTIFICATE_KEY (PEM text) or CERTIFICATE_KEY_FILE; retired public keys from a folder of PEM files.

    `create` makes the file when it is missing: for the demo and for tests alone. Raises Unusable("no-signing-key").
    """
    return _signer("CERTIFICATE_KEY", "no-signing-key", create=create)


def node_from_environment(*, create: bool = False) -> Es256Signer:
    """The same for messages between nodes: NODE_KEY or NODE_KEY_FILE, NODE_KEYS_RETIRED_DIR.

    A key of its own, because whoever may speak for the node may not thereby certify. Raises Unusable("no-node-key").
    """
    return _signer("NODE_KEY", "no-node-key", create=create)
