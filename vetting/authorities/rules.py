"""The directory of central authorities, the codes of States and the legal time for a reply. Pure: no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from vetting.authorities.ports import CalendarException, WorkingCalendar
from vetting.errors import Refused
from vetting.organisations.rules import is_loopback

SHORT, LONG = 10, 20
"""Working days for a reply."""

DAY = timedelta(days=1)
SATURDAY = 5

STATELESS, UNKNOWN = "stateless", "unknown"
WITHOUT_STATE = frozenset({STATELESS, UNKNOWN})

ALIASES = {"EL": "GR", "UK": "GB"}
"""Codes in official use beside ISO 3166-1, and the code the exchange writes."""

PARTS = {"AX": "FI", "GF": "FR", "GP": "FR", "MF": "FR", "MQ": "FR", "RE": "FR", "YT": "FR"}
"""Parts of a Member State with an ISO code of their own: the register is that of the State (TFEU, arts 349 and 355)."""

NO_NATIONALITY = {
    "STATELESS": STATELESS, "UNKNOWN": UNKNOWN,
    "XXA": STATELESS, "XXB": UNKNOWN, "XXC": UNKNOWN, "XXX": UNKNOWN,
}  # fmt: skip
"""Words, and the codes a travel document prints instead of a nationality (ICAO Doc 9303, part 3, section 5).

A refugee (XXB, XXC) counts as unknown: the State they fled is never to be asked."""

ISO_CODES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()
)
"""ISO 3166-1 alpha-2, and XK, which the Union uses for Kosovo."""


def state_code(word: str) -> str:
    """The code the exchange writes for a State, given in any letter case. Raises Refused for anything else."""
    code = word.strip().upper()
    code = ALIASES.get(code, PARTS.get(code, code))
    if code not in ISO_CODES:
        raise Refused("unknown-state", "This is not a State. Give its two-letter code (ISO 3166-1), for instance PL.")
    return code


def nationality_code(word: str) -> str:
    """A State's code, or `stateless` or `unknown`. Raises Refused for anything else."""
    known = NO_NATIONALITY.get(word.strip().upper())
    if known:
        return known
    try:
        return state_code(word)
    except Refused as refusal:
        raise Refused(
            "unknown-nationality",
            "This is not a nationality. Give a two-letter State code (ISO 3166-1), `stateless` or `unknown`.",
        ) from refusal


class Channel(StrEnum):
    """How a State's register is reached: message between authorities, or a document the applicant brings."""

    EXCHANGE = "exchange"
    DOCUMENT = "document"


class IdentityField(StrEnum):
    """Identity data which only some authorities need to find a person."""

    FATHER_NAME = "father_name"
    MOTHER_NAME = "mother_name"
    SECOND_SURNAME = "second_surname"


@dataclass(frozen=True)
class AuthorityRow:
    """One State in one edition. `reply_days` are working days and 0 where no deadline binds; `forward_days` are too,
    and None where no national law gives its own authority a time to ask abroad; `unverified` names the fields (of this
    row) that nobody has yet read in their source: use them to inform, not to decide."""

    state: str
    country: str
    name: str
    native_name: str
    languages: tuple[str, ...]
    channel: Channel
    reply_days: int
    member: bool
    bound_by_directive: bool
    in_index: bool
    index_note: str
    needs: tuple[IdentityField, ...]
    instrument: str
    legal_basis: str
    validity_months: int | None
    recheck: str
    tells_employer: bool
    forward_days: int | None
    note: str
    confidence: float
    unverified: tuple[str, ...]
    exceptions: tuple[CalendarException, ...]

    def is_verified(self, field: str) -> bool:
        """Whether `field` was read in its source."""
        return field not in self.unverified

    @property
    def extended(self) -> bool:
        """Whether this State has 20 working days for every request."""
        return self.reply_days == LONG


FIELDS = frozenset(field.name for field in fields(AuthorityRow))
OPTIONAL: dict[str, object] = {
    "index_note": "", "needs": (), "validity_months": None, "forward_days": None, "note": "", "unverified": (),
    "exceptions": (),
}  # fmt: skip


def row_from(data: Mapping[str, Any]) -> AuthorityRow:
    """One row of the packaged file. Raises ValueError on an unknown or missing field, channel or identity field."""
    strange = data.keys() - FIELDS
    missing = FIELDS - data.keys() - OPTIONAL.keys()
    if strange or missing:
        raise ValueError(
            f"{data.get('state', '?')}: unknown fields {sorted(strange)}, missing fields {sorted(missing)}"
        )
    lists = {
        "languages": tuple(data["languages"]),
        "needs": tuple(IdentityField(word) for word in data.get("needs", ())),
        "unverified": tuple(data.get("unverified", ())),
        "exceptions": tuple(sorted(map(CalendarException.of, data.get("exceptions", ())))),
    }
    row = AuthorityRow(**{**OPTIONAL, **data, **lists, "channel": Channel(data["channel"])})
    if not set(row.unverified) <= FIELDS or state_code(row.state) != row.state:
        raise ValueError(f"{row.state}: not a State, or an unverified field that does not exist")
    if row.reply_days not in ((SHORT, LONG) if row.channel is Channel.EXCHANGE else (0,)):
        raise ValueError(f"{row.state}: the law knows 10 or 20 working days on the exchange, and none outside it")
    if len({one.day for one in row.exceptions}) != len(row.exceptions):
        raise ValueError(f"{row.state}: a day has two exceptions")
    return row


@dataclass(frozen=True)
class Directory:
    """One edition, whole. A State without a row has no electronic channel."""

    number: str
    digest: str
    rows: tuple[AuthorityRow, ...]

    def find(self, state: str) -> AuthorityRow | None:
        """The row of `state`, which must be written as the exchange writes it; None where there is none."""
        return next((row for row in self.rows if row.state == state), None)

    def states(self) -> tuple[str, ...]:
        """Every State with a row, sorted."""
        return tuple(sorted(row.state for row in self.rows))

    def members(self) -> frozenset[str]:
        """The Member States of the Union."""
        return frozenset(row.state for row in self.rows if row.member)

    def exchange(self) -> frozenset[str]:
        """The States that are asked electronically."""
        return frozenset(row.state for row in self.rows if row.channel is Channel.EXCHANGE)

    def indexed(self) -> frozenset[str]:
        """The States that take part in ECRIS-TCN (Regulation (EU) 2019/816)."""
        return frozenset(row.state for row in self.rows if row.in_index)

    def names(self, states: Iterable[str]) -> str:
        """The States in words, for a sentence: the country where the directory has it, otherwise the code."""
        found = ((self.find(state), state) for state in states)
        return ", ".join(row.country if row else state for row, state in found)


class RequestKind(StrEnum):
    """Why a register is asked, as far as the law's time for a reply depends on it."""

    VETTING = "vetting"
    OWN_RECORD = "own_record"


def working_days(kind: RequestKind, *, extended: bool) -> int:
    """The legal time for a reply, in working days: 10; 20 for a person's own record, and always where `extended`.

    Sources: Framework Decision 2009/315/JHA, art. 8; for the United Kingdom, which always has 20, Trade and
    Cooperation Agreement, Part Three, Title IX.
    """
    return LONG if extended or kind is RequestKind.OWN_RECORD else SHORT


def reply_due(received_on: date, *, kind: RequestKind, calendar: WorkingCalendar, extended: bool) -> date:
    """Last day for a reply, in working days of the asked State: 10, or 20 (see `working_days`).

    The day of receipt is not counted. Raises Unusable when the calendar does not know the year,
    OverflowError at the end of time.
    Sources: Framework Decision 2009/315/JHA, art. 8; Regulation (EEC, Euratom) 1182/71, art. 3.
    """
    return working_days_after(received_on, working_days(kind, extended=extended), calendar=calendar)


def working_days_after(day: date, count: int, *, calendar: WorkingCalendar) -> date:
    """The `count`th working day after `day`, which is not counted itself. Raises as `reply_due` does."""
    while count:
        day += DAY
        count -= calendar.is_working(day)
    return day


@dataclass(frozen=True)
class ReplyClock:
    """The days on which an asked State received the request, asked for more information, and received it.

    When information is asked again, the last two dates are those of the last time. Raises Refused when they contradict.
    """

    received_on: date
    information_asked_on: date | None = None
    information_received_on: date | None = None

    def __post_init__(self) -> None:
        asked, answered = self.information_asked_on, self.information_received_on
        if answered and not asked:
            raise Refused("received-not-asked", "Information cannot be received that was not asked: give both dates.")
        if asked and asked < self.received_on:
            raise Refused("asked-too-early", "Information is asked on the day the request was received, or later.")
        if asked and answered and answered < asked:
            raise Refused("received-too-early", "Information is received on the day it was asked, or later.")

    @property
    def runs_from(self) -> date | None:
        """The day whose morrow is the first to count; None while the asked State waits for information.

        The whole time begins again with the information. Source: Framework Decision 2009/315/JHA, art. 8(1).
        """
        return self.information_received_on if self.information_asked_on else self.received_on


def due(clock: ReplyClock, *, kind: RequestKind, calendar: WorkingCalendar, extended: bool) -> date | None:
    """Last day for a reply on `clock` (see `reply_due`); None while nothing is due because information is awaited."""
    start = clock.runs_from
    return start and reply_due(start, kind=kind, calendar=calendar, extended=extended)


def holidays_between(start: date, end: date, *, calendar: WorkingCalendar) -> tuple[tuple[date, str], ...]:
    """The public holidays from Monday to Friday after `start` and up to `end`, with their names."""
    days = (start + DAY * count for count in range(1, (end - start).days + 1))
    named = ((day, calendar.holiday_name(day)) for day in days if day.weekday() < SATURDAY)
    return tuple((day, name) for day, name in named if name)


def partner_address(address: str, *, plain_loopback: bool) -> str:
    """The address of a node, without a slash at its end: https, or http to this very machine where that is allowed.

    Raises Refused("partner-address") for anything else, and for one that carries a name, a query or a fragment.
    """
    trouble = Refused("partner-address", "The address of a node begins with https:// and has neither user nor query.")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise trouble from None
    if not host or parts.username is not None or parts.query or parts.fragment or not address.isprintable():
        raise trouble
    if parts.scheme == "https" or (parts.scheme == "http" and plain_loopback and is_loopback(host)):
        return address.rstrip("/")
    raise trouble
