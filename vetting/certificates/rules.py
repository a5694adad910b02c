"""The life of a certificate, and the one word outsiders get."""

import base64
import unicodedata
import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from vetting.errors import Refused

PLACES = 2**20
"""In one status list, a bit each: draft-ietf-oauth-status-list, one bit a status, 0 valid and 1 not."""
WORD = 16
"""Bits that the database puts together to one number; a signed one of four bytes holds them everywhere."""
LIST_PERIOD = timedelta(minutes=10)
"""How long one edition of a list is the newest; whoever is online asks again after it."""
LIST_FRESH = timedelta(hours=24)
"""How long an edition may be relied upon by who is not: fetched in the morning, it serves the day."""
DRAWS = 64
"""Places tried before a list counts as full."""
STIRRED = 40
"""Places drawn in each period of which every second one, by chance, turns: no turn tells that a certificate did."""
MOST_STIRRED = 150
"""Periods of standstill that are made up for."""


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


def period_of(at: datetime) -> int:
    """The number of the list period that `at` lies in."""
    return int(at.timestamp() // LIST_PERIOD.total_seconds())


def is_valid_at(bits: bytes | bytearray, place: int) -> bool:
    """Whether the bit of a place says valid; the lowest bit of a byte comes first."""
    return not bits[place >> 3] >> (place & 7) & 1


def _mask(words: Iterable[tuple[int, int]]) -> int:
    bits = bytearray(PLACES // 8)
    for word, ones in words:
        start = word * WORD // 8
        bits[start : start + WORD // 8] = ones.to_bytes(WORD // 8, "little")
    return int.from_bytes(bits, "little")


def written(bits: bytes | bytearray, *, taken: Iterable[tuple[int, int]], valid: Iterable[tuple[int, int]]) -> bytes:
    """The bits with the truth at each place that is taken: valid, or not. Places are given as words: their number in
    the list, and the bits that are theirs."""
    whole = int.from_bytes(bits, "little") | _mask(taken)
    return (whole & ~_mask(valid)).to_bytes(PLACES // 8, "little")


def turn(bits: bytearray, places: Iterable[int]) -> None:
    """Make valid what is not, and the reverse."""
    for place in places:
        bits[place >> 3] ^= 1 << (place & 7)


def list_claims(bits: bytes | bytearray, *, address: str, issuer: str, at: datetime) -> dict[str, Any]:
    """What a status list token says. Source: draft-ietf-oauth-status-list, section 5.1."""
    packed = base64.urlsafe_b64encode(zlib.compress(bits, 9)).rstrip(b"=").decode()
    return {
        "iss": issuer,
        "sub": address,
        "jti": f"{address}#{period_of(at)}",
        "iat": int(at.timestamp()),
        "exp": int((at + LIST_FRESH).timestamp()),
        "ttl": int(LIST_PERIOD.total_seconds()),
        "status_list": {"bits": 1, "lst": packed},
    }


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
