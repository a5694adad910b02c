"""Changing the certificate key without a gap: the next key is published before it signs, the last one after it did.

Files: the present private key, beside it the next one with `.next` at its end, and a folder of retired public keys.
Each step is one rename, so that whenever the process ends, one key signs and every key that signed is published.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from integrations.jose.signer import create_key_file, next_path, public_pem
from integrations.jose.strict import jwk_of, thumbprint
from vetting.certificates.ports import KeyState, PublishedKey
from vetting.errors import Unusable


def _published(path: Path) -> PublishedKey:
    raw = path.read_bytes()
    try:
        key = load_pem_public_key(public_pem(raw) if b"PRIVATE" in raw else raw)
    except ValueError:
        raise Unusable("signing-key-not-pem") from None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Unusable("signing-key-not-p256")
    return PublishedKey(thumbprint(jwk_of(key)), datetime.fromtimestamp(path.stat().st_mtime, UTC))


def _write(path: Path, content: bytes) -> None:
    """A whole file or none."""
    fresh = path.with_name(f".{path.name}")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


class FileKeeper:
    """See `KeyKeeper`; the keys are files, named as `Es256Signer` finds them."""

    def __init__(self, present: Path, retired: Path) -> None:
        self.present, self.retired, self.following = present, retired, next_path(present)

    def state(self) -> KeyState:
        following = _published(self.following) if self.following.is_file() else None
        present = _published(self.present)
        retired = (_published(path) for path in sorted(self.retired.glob("*.pem")))
        return KeyState(present, following, tuple(one for one in retired if one.name != present.name))

    def prepare(self) -> None:
        if not self.following.is_file():
            create_key_file(self.following)

    def switch(self) -> None:
        if not self.following.is_file():
            raise Unusable("no-next-key")
        self.retired.mkdir(parents=True, exist_ok=True)
        _write(self.retired / f"{_published(self.present).name}.pem", public_pem(self.present.read_bytes()))
        self.following.replace(self.present)

    def forget(self, name: str) -> None:
        for path in self.retired.glob("*.pem"):
            if _published(path).name == name and name != _published(self.present).name:
                path.unlink()
                return
        raise Unusable("no-such-key")


def from_environment() -> FileKeeper:
    """The keeper of CERTIFICATE_KEY_FILE and CERTIFICATE_KEYS_RETIRED_DIR. Raises Unusable("key-kept-elsewhere")."""
    present, retired = (os.environ.get(name, "") for name in ("CERTIFICATE_KEY_FILE", "CERTIFICATE_KEYS_RETIRED_DIR"))
    if os.environ.get("CERTIFICATE_KEY") or not retired or not Path(present).is_file():
        raise Unusable("key-kept-elsewhere")
    return FileKeeper(Path(present), Path(retired))
