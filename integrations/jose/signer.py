"""Compact JWS with ES256 by python-jose, opened more strictly than the library does. The only user of `jose`."""

import base64
import contextlib
import hashlib
import json
import math
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from jose import jwk as keys
from jose import jws
from jose.backends.base import Key
from jose.exceptions import JOSEError

from vetting.errors import Unusable

MOST_BYTES = 8192
SHAPE = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})")
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256. Of the two valid values of s we write and accept the lower one: one signature, one text."""
REQUIRED = {"iss": str, "jti": str, "iat": int, "exp": int}


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _b64(raw) != text:
        raise Unusable("token-not-canonical")
    return raw


def _compact(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True, allow_nan=False).encode()


def _jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    point = {name: _b64(number.to_bytes(32, "big")) for name, number in (("x", numbers.x), ("y", numbers.y))}
    return {"crv": "P-256", "kty": "EC", **point}


def _thumbprint(jwk: Mapping[str, str]) -> str:
    """RFC 7638."""
    return _b64(hashlib.sha256(_compact(jwk)).digest())


def _refuse(_: Any) -> NoReturn:
    raise Unusable("token-not-json")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unusable("token-repeats-a-claim")
    return found


def _header(kid: str, typ: str) -> dict[str, str]:
    return {"alg": "ES256", "kid": kid, "typ": typ}


class Es256Signer:
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
        scalar = _b64(private.private_numbers().private_value.to_bytes(32, "big"))
        own = _jwk(private.public_key())
        self._kid = _thumbprint(own)
        self._private = keys.construct({**own, "d": scalar}, "ES256")
        self._public: dict[str, dict[str, str]] = {self._kid: own}
        for key in retired:
            if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
                raise Unusable("retired-key-not-p256")
            self._public[_thumbprint(_jwk(key))] = _jwk(key)
        self._keys: dict[str, Key] = {kid: keys.construct({**one}, "ES256") for kid, one in self._public.items()}

    def sign(self, claims: Mapping[str, Any], *, typ: str) -> str:
        """A compact JWS (RFC 7515) over `claims`, s in its lower half. Raises Unusable when it would not open again."""
        try:
            payload = _compact(claims)
        except (TypeError, ValueError):
            raise Unusable("token-not-json") from None
        token: str = jws.sign(payload, self._private, headers=_header(self._kid, typ), algorithm="ES256")
        front, _, signature = token.rpartition(".")
        raw = _unb64(signature)
        r, s = raw[:32], int.from_bytes(raw[32:], "big")
        token = f"{front}.{_b64(r + min(s, ORDER - s).to_bytes(32, 'big'))}"
        self.open(token, typ=typ)
        return token

    def _key_for(self, header: bytes, typ: str) -> Key:
        """The key of the one header we would have written; anything else in a header is refused unread."""
        for kid, key in self._keys.items():
            if header == _compact(_header(kid, typ)):
                return key
        raise Unusable("token-header")

    def open(self, token: str, *, typ: str) -> dict[str, Any]:
        """The claims of a token of this type, whose form, key and signature are exactly ours; `exp` is not judged.

        Raises Unusable("token-…") for every other text.
        """
        if len(token) > MOST_BYTES or not (parts := SHAPE.fullmatch(token)):
            raise Unusable("token-shape")
        try:
            header, payload, signature = (_unb64(part) for part in parts.groups())
        except ValueError:
            raise Unusable("token-shape") from None
        key = self._key_for(header, typ)
        if int.from_bytes(signature[32:], "big") > ORDER // 2:
            raise Unusable("token-signature-form")
        try:
            jws.verify(token, key, algorithms=["ES256"])
        except JOSEError:
            raise Unusable("token-signature") from None
        return self._claims(payload)

    @staticmethod
    def _claims(payload: bytes) -> dict[str, Any]:
        try:
            claims = json.loads(
                payload.decode(), object_pairs_hook=_object, parse_constant=_refuse, parse_float=_finite
            )
        except (ValueError, RecursionError):
            raise Unusable("token-not-json") from None
        if not isinstance(claims, dict):
            raise Unusable("token-not-an-object")
        for name, kind in REQUIRED.items():
            if type(claims.get(name)) is not kind:
                raise Unusable(f"token-without-{name}")
        return claims

    def public_keys(self) -> dict[str, Any]:
        """The JWK set (RFC 7517): the present key first."""
        return {"keys": [{**one, "kid": kid, "alg": "ES256", "use": "sig"} for kid, one in self._public.items()]}


def generate_private_pem() -> bytes:
    """A fresh EC P-256 private key, PEM, PKCS 8."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _create(path: Path) -> None:
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


def from_environment(*, create: bool = False) -> Es256Signer:
    """The signer of CERTIFICATE_KEY (PEM text) or CERTIFICATE_KEY_FILE; retired public keys from a folder of PEM files.

    `create` makes the file when it is missing: for the demo and for tests alone. Raises Unusable("no-signing-key").
    """
    text, path = os.environ.get("CERTIFICATE_KEY", ""), os.environ.get("CERTIFICATE_KEY_FILE", "")
    if not text and path and create and not Path(path).exists():
        _create(Path(path))
    if not text and not (path and Path(path).is_file()):
        raise Unusable("no-signing-key")
    folder = os.environ.get("CERTIFICATE_KEYS_RETIRED_DIR", "")
    retired = tuple(file.read_bytes() for file in sorted(Path(folder).glob("*.pem"))) if folder else ()
    return Es256Signer(text.encode() if text else Path(path).read_bytes(), retired)
