"""What a partner gets back, and the record of a no."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vetting.audit.ports import Actor
from vetting.enquiries import receiving
from vetting.exchange.ports import Envelope

STRANGER = Actor("public")


@dataclass(frozen=True)
class Reply:
    """What the sender gets: a receipt or a code. `believed` when a partner's key signed for it."""

    receipt: str = ""
    code: str = ""
    believed: bool = False
    case_ref: UUID | None = None


def wipe(raw: bytearray) -> None:
    """Overwrite the body where it lies. What the web server read it into is freed, but not overwritten."""
    raw[:] = bytes(len(raw))


def refused(code: str, *, at: datetime, envelope: Envelope | None = None) -> Reply:
    """Say no, and write that down. `envelope` only when it was believed."""
    if envelope is None:
        receiving.refuse(code, sender="", message_id="", actor=STRANGER, at=at)
        return Reply(code=code)
    sender = envelope.sender
    actor = Actor("authority", sender)
    receiving.refuse(code, sender=sender, message_id=envelope.message_id, actor=actor, at=at)
    return Reply(code=code, believed=True)
