"""A delivery status notification (RFC 3464) to the two facts that are kept of it. Standard library only.

The notification may quote the whole letter, link and all: nothing of it is logged, raised or returned.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string, policy
from email.message import Message

from vetting.cases.ports import MOST_BOUNCE, Bounce
from vetting.errors import Unusable

_MARK = re.compile(r"\b([0-9a-f]{32}\.\d{1,3})@")
_STATUS = re.compile(r"\s*([45])\.\d{1,3}\.\d{1,3}\b")
_RETURNED = {"message/rfc822", "message/global", "message/global-headers"}
"""Parts in which the letter comes back, whole or its head; the last two for addresses in any script (RFC 6533)."""


class StatusNotifications:
    """`Bounces` for what mail servers send."""

    def read(self, raw: bytes) -> Bounce:
        if len(raw) > MOST_BOUNCE:
            raise Unusable("bounce-too-long")
        try:
            parts = list(_parts(raw))
            status, mark = _status(parts), _mark(parts)
        except Unusable:
            raise
        except Exception:  # whatever the library makes of bytes from anywhere; what it says may quote them
            raise Unusable("bounce-unreadable") from None
        if not mark:
            raise Unusable("bounce-not-ours")
        return Bounce(mark, status)


def _parts(raw: bytes) -> Iterator[Message]:
    whole = message_from_bytes(raw, policy=policy.compat32)
    if whole.get_content_type() != "multipart/report":
        raise Unusable("bounce-unreadable")
    yield whole
    yield from (part for part in whole.get_payload() if isinstance(part, Message))


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a status: one about the message, one for each recipient."""
    if part.get_content_type() == "message/delivery-status":
        return [block for block in part.get_payload() if isinstance(block, Message)]
    if part.get_content_type() != "message/global-delivery-status":
        return []
    (first,) = (block for block in part.get_payload() if isinstance(block, Message))
    return [first, *map(message_from_string, str(first.get_payload()).split("\n\n"))]


def _status(parts: list[Message]) -> int:
    """The class of the first recipient that was given up; a letter of ours has one recipient."""
    blocks = [block for part in parts for block in _blocks(part)]
    if not blocks:
        raise Unusable("bounce-unreadable")
    for block in blocks:
        found = _STATUS.match(str(block.get("Status", "")))
        if found and str(block.get("Action", "")).strip().lower() == "failed":
            return int(found[1])
    raise Unusable("bounce-not-final")


def _mark(parts: list[Message]) -> str:
    """By the name of the letter that came back, or by the address to which it did."""
    said = [str(head.get("Message-ID", "")) for head in map(_returned, parts[1:]) if head]
    said += [str(value) for name in ("To", "Delivered-To", "X-Original-To") for value in parts[0].get_all(name, [])]
    found = (_MARK.search(one) for one in said)
    return next((one[1] for one in found if one), "")


def _returned(part: Message) -> Message | None:
    if part.get_content_type() in _RETURNED:
        return next((one for one in part.get_payload() if isinstance(one, Message)), None)
    if part.get_content_type() == "text/rfc822-headers":
        return message_from_bytes(bytes(part.get_payload(decode=True) or b""))
    return None
