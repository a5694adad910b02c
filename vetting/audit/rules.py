"""What an audit entry may say, and how entries are chained."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from vetting.audit.ports import SYSTEM, Actor

__all__ = ["FACTS", "SYSTEM", "Actor", "allowed", "entry_hash", "merkle_root"]

FACTS = frozenset(
    "activity answer authority certificate channel code digest edition enquiry from kind language letter "
    "message_id message_type move number organisation outcome purpose reason received role state states to".split()
)
"""The only names a fact may have. Each value is a short code: a person's words never fit in here."""

_CODE = re.compile(r"[A-Za-z0-9_.:\- ]{0,128}")


def allowed(facts: Mapping[str, object]) -> dict[str, str]:
    """The facts as they are stored. Raises ValueError for a name that is not on the list or a value that is no code."""
    for name, value in facts.items():
        if name not in FACTS or not _CODE.fullmatch(str(value)):
            raise ValueError(f"audit fact {name!r} is not allowed or is no short code")
    return {name: str(value) for name, value in facts.items()}


def entry_hash(
    previous: bytes, *, chain: UUID, sequence: int, event: str, actor: Actor, at: datetime, facts: Mapping[str, str]
) -> bytes:
    """SHA-256 over the previous hash and everything the entry says; 32 bytes."""
    said = [str(chain), sequence, event, actor.kind, actor.ref, at.isoformat(), dict(facts)]
    return hashlib.sha256(previous + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()


def merkle_root(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962, section 2.1, over `leaves` in their order; 32 bytes."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()
