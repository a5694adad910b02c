"""Authorities that answer by rule, for the demo and for tests. All that they say is invented.

The rule is the number of the test person's identity document, or their identity number: `TEST-ENTRY` makes every State
hold an entry, `TEST-ENTRY@BG` only Bulgaria (the others answer clean), and whoever has no such number is clean
everywhere. Nothing is remembered: every reply follows from the request's bytes and from the time.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from integrations.ecris.codes import MESSAGE_ID, STATES
from integrations.ecris.elements import first, name, text
from integrations.ecris.hardened import tree
from integrations.ecris.rejections import Rejected
from integrations.ecris.replies import InventedEntry, deadline, opposite, questions, response
from vetting.enquiries.ports import Item, OutboundMessage, Receipt
from vetting.errors import Unavailable, Unusable

LATE = timedelta(days=30)
ANNOUNCED = timedelta(days=14)
CLEAN, DOWN, SILENT = "CLEAN", "DOWN", "SILENT"

_RULE = re.compile(
    r"TEST-(CLEAN|ENTRY|DISQUALIFIED|ELSEWHERE-([A-Z]{2})|MOREINFO|NOTIDENTIFIED|REFUSED|LATE|DUPLICATE|GARBAGE"
    r"|REMARK|SILENT|DOWN)(?:@([A-Z]{2}))?"
)
_NUMBERS = (name("d:IdentificationDocumentNumber"), name("d:PersonIdentityNumber"))


@dataclass(frozen=True)
class _Asked:
    """What a sandbox authority reads in a message: the REQ it belongs to, its letters, and the rule for this State."""

    letters: str
    request_id: str
    rule: str
    elsewhere: str

    @property
    def us(self) -> str:
        return self.request_id[:2]


def _asked(message: OutboundMessage) -> _Asked:
    """Raises Unusable for a message that no authority could read, or that is for none of the sandbox's States."""
    found = MESSAGE_ID.fullmatch(message.message_id)
    if found is None or found[2] != message.receiver or message.receiver not in STATES:
        raise Unusable("no-such-authority")
    try:
        root = tree(message.body)
    except Rejected:
        raise Unusable("unreadable-message") from None
    request_id = message.message_id
    if found[3] == "RAR":
        # Our questions carry the number of the request they are about, so the answer to them leads back to it.
        asked = text(first(root, "m:MessageMetaData", "m:MessageMetaDataResponseTo"))
        request_id = opposite(asked, "REQ")
    rule, elsewhere = _rule(root, message.receiver)
    return _Asked(found[3], request_id, rule, elsewhere)


def _rule(root: etree._Element, state: str) -> tuple[str, str]:
    """The word for `state`, with the State that an ELSEWHERE names."""
    for number in root.iter(*_NUMBERS):
        found = _RULE.fullmatch(text(number).upper())
        if found and found[3] in (None, state):
            return found[1].partition("-")[0], found[2] or ""
    return CLEAN, ""


class SandboxGateway:
    """See `AuthorityGateway`: 27 States and GB. A reply is there `delay` after sending, a late one after 30 days."""

    def __init__(self, delay: timedelta = timedelta(seconds=3)) -> None:
        self._delay = delay

    def send(self, message: OutboundMessage, *, at: datetime) -> Receipt:
        """Raises Unavailable for TEST-DOWN, Unusable for a message that no authority could read."""
        if _asked(message).rule == DOWN:
            raise Unavailable("sandbox")
        return Receipt(received_at=at, reference=f"SANDBOX-{message.message_id[-15:]}")

    def collect(self, message: OutboundMessage, *, sent_at: datetime, at: datetime) -> Iterable[bytes]:
        """The replies waiting at `at`, always with the same ids: first an announced date, then what the rule says."""
        return tuple(self._replies(message, sent_at, at))

    def _replies(self, message: OutboundMessage, sent_at: datetime, at: datetime) -> Iterator[bytes]:
        asked = _asked(message)
        if asked.letters not in ("REQ", "RAR") or asked.rule in (SILENT, DOWN):
            return
        if asked.letters == "REQ":
            yield deadline(asked.request_id, at=sent_at, due=(sent_at + ANNOUNCED).date())
        ready = sent_at + (LATE if asked.rule == "LATE" else self._delay)
        if at >= ready:
            yield from _final(message.body, asked, ready)


def _final(body: bytes, asked: _Asked, at: datetime) -> Iterator[bytes]:
    """What the authority says in the end; to an RAR, always that nothing is recorded."""
    rule = asked.rule if asked.letters == "REQ" else CLEAN
    if rule == "GARBAGE":
        yield b"<neither a message <nor well formed"
        return
    if rule == "MOREINFO":
        yield questions(asked.request_id, at=at, items=(Item.BIRTH_PLACE, Item.MOTHER_NAME))
        return
    replies: dict[str, dict[str, Any]] = {
        "ENTRY": {"entries": [InventedEntry()]},
        "DISQUALIFIED": {"entries": [InventedEntry(sanctions=["S-00-003014"])]},
        # Some real registers name the asking State too, in every reply.
        "ELSEWHERE": {"other_states": [asked.elsewhere, asked.us]},
        "NOTIDENTIFIED": {"response_type": "RRT-00-05"},
        "REFUSED": {"response_type": "RRT-00-01"},
        "REMARK": {"remark": "Invented remark"},
    }
    reply = response(body, answers=asked.request_id, at=at, **replies.get(rule, {}))
    yield reply
    if rule == "DUPLICATE":
        yield reply
