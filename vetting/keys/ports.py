"""What sealing needs from outside: a vault that holds the epoch keys, apart from the database and its backups."""

from typing import Protocol


class Vault(Protocol):
    """Wraps per-case data keys under an epoch's key, and seals under a wrapped key. The epoch is `YYYY-MM`.

    Raises Unusable("no-epoch-key") when the epoch's key is gone, Unusable("not-sealed-here") when a sealed text was
    altered or belongs to another case or column.
    """

    def new_case_key(self, epoch: str) -> bytes: ...
    def seal(self, epoch: str, wrapped: bytes, plain: bytes, *, context: str) -> bytes: ...
    def open(self, epoch: str, wrapped: bytes, sealed: bytes, *, context: str) -> bytes: ...
    def derive(self, epoch: str, wrapped: bytes, *, context: str) -> bytes:
        """32 bytes that die with the case's key."""
        ...
