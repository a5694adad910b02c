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
from integrations.ecris.convictions import HeldEntry
from integrations.ecris.elements import first, name, text
from integrations.ecris.hardened import tree
from integrations.ecris.rejections import Rejected
from integrations.ecris.replies import deadline, opposite, questions, response
from vetting.enquiries.ports import Item
from vetting.errors import Unavailable, Unusable
from vetting.exchange.ports import OutboundMessage, Receipt, Standing
from vetting.identity.ports import PartialDate, Person, PersonName, Place

LATE = timedelta(days=30)
ANNOUNCED = timedelta(days=14)
BUSY = timedelta(minutes=2)

RULES = {
    "CLEAN": "nothing recorded, after three seconds; so does every number that is not in this list",
    "ENTRY": "an entry is held",
    "DISQUALIFIED": "an entry with a disqualification from work with children",
    "ELSEWHERE-XX": "nothing of its own, but State XX has to be asked (XX is its code, as in TEST-ELSEWHERE-DE)",
    "MOREINFO": "asks for place of birth and mother's name first; to the answer: nothing recorded",
    "NOTIDENTIFIED": "several persons fit",
    "NOTNATIONAL": "the person is no national of that State",
    "DECEASED": "the person has died",
    "FINGERPRINTS": "the fingerprints are another person's",
    "REFUSED": "refuses to answer",
    "LATE": "nothing recorded, after thirty days",
    "DUPLICATE": "nothing recorded, twice in the same bytes",
    "REMARK": "nothing recorded, with a remark: a person looks",
    "OTHER": "a clean reply about another person: refused",
    "CONTRADICTION": "denies and lists at once: refused",
    "UNKNOWNTYPE": "a type of reply that nobody knows: refused",
    "GARBAGE": "something that is no message: refused",
    "SILENT": "takes the question, and never answers",
    "BUSY": "server errors for the first two minutes; then as CLEAN",
    "DOWN": "cannot be reached, ever: no connection, or none in time",
}
"""What the number of the identity document, TEST- and one of these, makes every State say; with @BG, only Bulgaria."""

_RULE = re.compile(rf"TEST-({'|'.join(word.replace('-XX', '-([A-Z]{2})') for word in RULES)})(?:@([A-Z]{{2}}))?")
_OTHER = Person(PersonName("Somebody", "Else-Entirely"), 0, PartialDate(1901, 1, 1), Place("unknown", ""), ("unknown",))
_NUMBERS = (name("d:IdentificationDocumentNumber"), name("d:PersonIdentityNumber"))


@dataclass(frozen=True)
class _Asked:
    """What a sandbox authority reads in a message: the REQ it belongs to, its letters, and the rule for this State."""

    letters: str
    request_id: str
    rule: str
    elsewhere: str
    written_at: datetime

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
    written = text(first(root, "m:MessageMetaData", "m:MessageMetaDataTimestamp"))
    return _Asked(found[3], request_id, rule, elsewhere, datetime.fromisoformat(written))


def _rule(root: etree._Element, state: str) -> tuple[str, str]:
    """The word for `state`, with the State that an ELSEWHERE names."""
    for number in root.iter(*_NUMBERS):
        found = _RULE.fullmatch(text(number).upper())
        if found and found[3] in (None, state):
            return found[1].partition("-")[0], found[2] or ""
    return "CLEAN", ""


class SandboxGateway:
    """See `AuthorityGateway`: 27 States and GB. A reply is there `delay` after sending, a late one after 30 days."""

    rules = RULES

    def __init__(self, delay: timedelta = timedelta(seconds=3)) -> None:
        self._delay = delay

    def send(self, message: OutboundMessage, *, at: datetime) -> Receipt:
        """Raises Unavailable for TEST-DOWN and, at first, TEST-BUSY; Unusable for what no authority could read."""
        asked = _asked(message)
        if asked.rule == "DOWN" or (asked.rule == "BUSY" and at < asked.written_at + BUSY):
            raise Unavailable("sandbox")
        return Receipt(received_at=at, reference=f"SANDBOX-{message.message_id[-15:]}")

    def collect(self, message: OutboundMessage, *, sent_at: datetime, at: datetime) -> Iterable[bytes]:
        """The replies waiting at `at`, always with the same ids: first an announced date, then what the rule says."""
        return tuple(self._replies(message, sent_at, at))

    def ask_after(self, message: OutboundMessage, *, at: datetime) -> Standing:
        """They hold it, and wait. Raises Unavailable for TEST-DOWN."""
        del at
        if _asked(message).rule == "DOWN":
            raise Unavailable("sandbox")
        return Standing.WAITING

    def _replies(self, message: OutboundMessage, sent_at: datetime, at: datetime) -> Iterator[bytes]:
        asked = _asked(message)
        if asked.letters not in ("REQ", "RAR") or asked.rule in ("SILENT", "DOWN"):
            return
        if asked.letters == "REQ":
            yield deadline(asked.request_id, at=sent_at, due=(sent_at + ANNOUNCED).date())
        ready = sent_at + (LATE if asked.rule == "LATE" else self._delay)
        if at >= ready:
            yield from _final(message.body, asked, ready)


def _final(body: bytes, asked: _Asked, at: datetime) -> Iterator[bytes]:
    """What the authority says in the end; to an RAR, always that nothing is recorded."""
    rule = asked.rule if asked.letters == "REQ" else "CLEAN"
    if rule == "GARBAGE":
        yield b"<neither a message <nor well formed"
        return
    if rule == "MOREINFO":
        yield questions(asked.request_id, at=at, items=(Item.BIRTH_PLACE, Item.MOTHER_NAME))
        return
    replies: dict[str, dict[str, Any]] = {
        "ENTRY": {"entries": [HeldEntry()]},
        "DISQUALIFIED": {"entries": [HeldEntry(sanctions=["S-00-003014"])]},
        # Some real registers name the asking State too, in every reply.
        "ELSEWHERE": {"other_states": [asked.elsewhere, asked.us]},
        "NOTIDENTIFIED": {"response_type": "RRT-00-05"},
        "NOTNATIONAL": {"response_type": "RRT-00-02"},
        "DECEASED": {"response_type": "RRT-00-03"},
        "FINGERPRINTS": {"response_type": "RRT-00-04"},
        "OTHER": {"person": _OTHER},
        "CONTRADICTION": {"response_type": "RRT-00-01", "entries": [HeldEntry()]},
        "UNKNOWNTYPE": {"response_type": "RRT-00-77"},
        "REFUSED": {"response_type": "RRT-00-01"},
        "REMARK": {"remark": "Invented remark"},
    }
    reply = response(body, answers=asked.request_id, at=at, **replies.get(rule, {}))
    yield reply
    if rule == "DUPLICATE":
        yield reply
