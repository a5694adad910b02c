"""The life of a certificate, and the one word outsiders get."""

import unicodedata
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from vetting.errors import Refused


class CertificateState(StrEnum):
    """`intended` is not visible to anybody; the last three are one word to the outside: not current."""

    INTENDED = "intended"
    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Move(StrEnum):
    """What can happen to a certificate."""

    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class Step(NamedTuple):
    """One row of the table."""

    sources: frozenset[CertificateState]
    target: CertificateState


class IllegalMove(Refused):
    """The table has no such arrow."""

    def __init__(self, state: str, move: str) -> None:
        super().__init__(f"certificate-{move}-from-{state}")


S = CertificateState
MOVES: dict[Move, Step] = {
    Move.PUBLISH: Step(frozenset({S.INTENDED}), S.CURRENT),
    Move.SUPERSEDE: Step(frozenset({S.INTENDED, S.CURRENT}), S.SUPERSEDED),
    Move.WITHDRAW: Step(frozenset({S.CURRENT}), S.WITHDRAWN),
    Move.EXPIRE: Step(frozenset({S.CURRENT}), S.EXPIRED),
}


def after(state: CertificateState, move: Move) -> CertificateState:
    """The state `move` leads to. Raises IllegalMove when the table has no such arrow."""
    step = MOVES[move]
    if state not in step.sources:
        raise IllegalMove(state, move)
    return step.target


def is_current(state: str, valid_until: date, today: date) -> bool:
    """The one fact about a certificate that outsiders get: valid through `valid_until`, that day included."""
    return state == CertificateState.CURRENT and today <= valid_until


def names(holder: str, invited: str) -> bool:
    """Whether a certificate of `holder` is about somebody invited as `invited`: every word of it is on the certificate,
    whatever its order, case and accents. Nothing is transliterated: a doubt means a new check."""
    return bool(_words(invited)) and _words(invited) <= _words(holder)


def _words(name: str) -> set[str]:
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return set(plain.casefold().replace("-", " ").replace("’", "'").split())


def months_later(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise ValueError("no such month")


class SharePurpose(StrEnum):
    """What the holder gives a code for: a closed list, all of it work with children, as the certificate is."""

    ORGANISATION = "organisation"
    AGENCY = "agency"
    FAMILY = "family"
    EVENT = "event"


class Shows(StrEnum):
    """What a code shows while the certificate is current: its scope alone, or its holder too."""

    HOLDER = "holder"
    SCOPE = "scope"


CODE_DAYS = (7, 30, 90)
"""How many days a code may hold; it never outlives the certificate, nor the file from which it can be revoked."""
MOST_CODES = 10
"""Codes of one certificate that hold at a time."""


def code_ends_on(today: date, days: int, *, valid_until: date, file_ends_on: date) -> date:
    """The last day of a code made today; before today when there is no day left. Raises Refused("days-unknown")."""
    if days not in CODE_DAYS:
        raise Refused("days-unknown")
    return min(today + timedelta(days=days), valid_until, file_ends_on - timedelta(days=1))
