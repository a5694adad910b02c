"""The directory: as it is in force in this installation, and as it is packaged with the product."""

import hashlib
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.utils import OperationalError, ProgrammingError
from django.utils.module_loading import import_string

from vetting.authorities.models import Edition, NationalRule, Partner
from vetting.authorities.ports import Excepted, WorkingCalendar
from vetting.authorities.rules import (
    AuthorityRow,
    Channel,
    Directory,
    RequestKind,
    reply_due,
    row_from,
    working_days_after,
)
from vetting.errors import Refused

PACKAGED = Path(__file__).with_name("data") / "authorities.toml"


@lru_cache(maxsize=1)
def packaged_directory() -> Directory:
    """The edition packaged with the product; needs no database. Raises ValueError when the file contradicts itself."""
    raw = PACKAGED.read_bytes()
    data = tomllib.loads(raw.decode())
    rows = tuple(row_from(row) for row in data["authority"])
    directory = Directory(number=data["number"], digest=hashlib.sha256(raw).hexdigest(), rows=rows)
    if len(set(directory.states())) != len(rows):
        raise ValueError("a State has two rows")
    return directory


def active_directory() -> Directory | None:
    """The edition in force, or None before the first was loaded."""
    edition = Edition.objects.filter(is_active=True).only("pk", "number", "digest").first()
    return contents_of(edition) if edition else None


def contents_of(edition: Edition) -> Directory:
    """What an edition says, whether it is in force or not."""
    return _loaded(edition.pk, edition.number, edition.digest)


@lru_cache(maxsize=4)
def _loaded(pk: int, number: str, digest: str) -> Directory:
    """A loaded edition never changes, so it is read once in each process."""
    rules = NationalRule.objects.filter(edition_id=pk).select_related("authority").order_by("authority__state")
    return Directory(number=number, digest=digest, rows=tuple(_row(rule) for rule in rules))


def _row(rule: NationalRule) -> AuthorityRow:
    return row_from(
        {
            **rule.facts,
            "state": rule.authority.state,
            "channel": rule.channel,
            "languages": rule.languages,
            "reply_days": rule.reply_days,
        }
    )


def directory() -> Directory:
    """The edition in force. Raises Refused before the first was loaded: nothing is routed by a guess."""
    active = active_directory()
    if active is None:
        raise Refused(
            "no-edition",
            "No directory of authorities is loaded. An operator runs `manage.py load_authorities --apply`.",
        )
    return active


def directory_or_packaged() -> Directory:
    """The edition in force; the packaged one without a database, a table or an edition. For explanations only."""
    try:
        return active_directory() or packaged_directory()
    except (OperationalError, ProgrammingError):
        return packaged_directory()


def partner(state: str) -> Partner | None:
    """The node of `state`, or None where no operator has loaded one."""
    return Partner.objects.filter(authority__state=state).first()


def partner_keys() -> dict[str, dict[str, Any]]:
    """The public keys of every partner, by State."""
    return dict(Partner.objects.order_by("authority__state").values_list("authority__state", "key_set"))


def usual_calendar(state: str) -> WorkingCalendar:
    """The working days of `state` before any exception. Raises Unusable for a State whose calendar is not known."""
    calendar: Callable[[str], WorkingCalendar] = import_string(settings.WORKING_CALENDAR)
    return calendar(state)


def calendar_of(state: str, edition: Directory | None = None) -> WorkingCalendar:
    """The working days of `state` with the exceptions of `edition`; of the one in force where none is given.

    Raises Unusable for a State whose calendar is not known.
    """
    row = (edition or directory_or_packaged()).find(state)
    usual = usual_calendar(state)
    return Excepted(usual, {one.day: one.reason for one in row.exceptions}) if row and row.exceptions else usual


def forward_date(home: str, submitted_on: date, *, within: int) -> date:
    """Last day for the authority of `home` to ask abroad: `within` calendar days, or its national law's working days
    where those are fewer. What is not verified in that law shortens the time too, for it binds nobody to do less.

    Raises Refused before an edition is loaded, Unusable for a year without a calendar.
    """
    edition = directory()
    meant, row = submitted_on + timedelta(days=within), edition.find(home)
    if row is None or row.forward_days is None:
        return meant
    return min(meant, working_days_after(submitted_on, row.forward_days, calendar=calendar_of(home, edition)))


def due_date(state: str, received_on: date, *, fallback: str) -> date:
    """Last day for the reply of `state` to a vetting request, in its own working days (see `reply_due`).

    Outside the exchange nothing binds the State: the date is then that of `fallback`, the home State, whose clerk reads
    the applicant's document. Raises Refused before an edition is loaded, Unusable for a year without a calendar.
    """
    edition = directory()
    row = edition.find(state)
    bound = row is not None and row.channel is Channel.EXCHANGE
    return reply_due(
        received_on,
        kind=RequestKind.VETTING,
        calendar=calendar_of(state if bound else fallback, edition),
        extended=row is not None and row.extended,
    )
