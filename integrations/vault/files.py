"""Epoch keys as files in a folder outside the database: one file a month, readable by the service alone."""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vetting.errors import Unavailable, Unusable

_NONCE = 12


def _sync(folder: Path) -> None:
    """Put the folder's own entries on the disk: a case must not outlive, in a power cut, the key it is sealed under."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@lru_cache(maxsize=64)
def _epoch_key(folder: str, epoch: str, create: bool) -> bytes:
    path = Path(folder) / f"epoch-{epoch}.key"
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.urandom(8).hex()}")  # never a name that a killed process has left behind
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(AESGCM.generate_key(256))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # fails when another process was first: its key counts
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        _sync(path.parent)
    try:
        return path.read_bytes()
    except FileNotFoundError as missing:
        if not path.parent.is_dir():  # not mounted now: nothing is lost, so nothing is given up
            raise Unavailable from missing
        raise Unusable("no-epoch-key") from missing


class FileVault:
    """AES-256-GCM under a key per case, itself wrapped by the epoch's key. See `Vault`."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def new_case_key(self, epoch: str) -> bytes:
        nonce = os.urandom(_NONCE)
        key = AESGCM.generate_key(256)
        return nonce + AESGCM(_epoch_key(self.folder, epoch, True)).encrypt(nonce, key, epoch.encode())

    def _case_key(self, epoch: str, wrapped: bytes) -> bytes:
        try:
            return AESGCM(_epoch_key(self.folder, epoch, False)).decrypt(
                wrapped[:_NONCE], wrapped[_NONCE:], epoch.encode()
            )
        except (InvalidTag, ValueError) as altered:
            raise Unusable("not-sealed-here") from altered

    def seal(self, epoch: str, wrapped: bytes, plain: bytes, *, context: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._case_key(epoch, wrapped)).encrypt(nonce, plain, context.encode())

    def open(self, epoch: str, wrapped: bytes, sealed: bytes, *, context: str) -> bytes:
        try:
            return AESGCM(self._case_key(epoch, wrapped)).decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())
        except (InvalidTag, ValueError) as altered:
            raise Unusable("not-sealed-here") from altered

    def derive(self, epoch: str, wrapped: bytes, *, context: str) -> bytes:
        hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=context.encode())
        return hkdf.derive(self._case_key(epoch, wrapped))
