"""Ids of messages, when a message is tried again, when a way counts as down, what an envelope must say."""

import re
import secrets
from datetime import datetime, timedelta

from vetting.exchange.ports import Envelope, MessageType

LEASE = timedelta(seconds=30)
"""How long whoever sends a message has it for himself; then it is lost to the next."""
LONGEST_WAIT = timedelta(hours=4)
LONGEST_PROBE = timedelta(minutes=15)
"""While a way is down one message in this time tries it; so that long after its return all that waited have left."""
TRIPS_AFTER = 5
"""Failures in a row after which a way counts as down."""


def message_id(sender: str, receiver: str, kind: MessageType) -> str:
    """A fresh id of the form SS-RR-TTT-<15 digits>. Random, so that it tells nobody how many there are."""
    return f"{sender}-{receiver}-{kind}-{secrets.randbelow(10**15):015d}"


def short_code(said: str) -> str:
    """What somebody outside said, when it is a short code; nothing of it otherwise."""
    return said if re.fullmatch(r"[A-Za-z0-9-]{1,40}", said) else ""


def pause(attempts: int, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """How long to wait before the next try: 30 s doubling up to `longest`, with up to a quarter of jitter."""
    seconds = min(30 * 2 ** min(max(attempts, 1) - 1, 12), longest.total_seconds())
    return timedelta(seconds=seconds * (1 + secrets.randbelow(250) / 1000))


def is_down(failures: int) -> bool:
    """Whether a way that failed so often in a row is left alone, but for a probe now and then."""
    return failures >= TRIPS_AFTER


CLOCK_SKEW = timedelta(minutes=5)
"""How far the clocks of two nodes may differ, and so how long an envelope can be used."""


LONGEST_EVIDENCE = 600
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}")


def evidence_in(token: str) -> str:
    """A receipt, when it has the form and size of one; nothing of it otherwise.

    One that was opened has exactly six claims of fixed form in one spelling, so there is no room in it for a word.
    """
    return token if len(token) <= LONGEST_EVIDENCE and _TOKEN.fullmatch(token) else ""


def envelope_trouble(envelope: Envelope, *, us: str, digest: str) -> str:
    """Why these bytes are not what the envelope of their signer is about, as a code; empty when they are."""
    if envelope.receiver != us:
        return "wrong-receiver"
    sender, receiver, letters, _ = envelope.message_id.split("-")
    if (sender, receiver) != (envelope.sender, us) or letters not in set(MessageType):
        return "wrong-message-id"
    return "" if envelope.digest == digest else "other-bytes"


def staleness(envelope: Envelope, at: datetime) -> str:
    """Why an envelope does not count at `at`: written too early or too late by the clock of its reader."""
    if envelope.at > at + CLOCK_SKEW:
        return "from-the-future"
    late = envelope.at < at - CLOCK_SKEW or (envelope.until is not None and envelope.until < at)
    return "too-old" if late else ""
