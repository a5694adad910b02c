"""Say by when an authority must reply, and which holidays were skipped in counting."""

import json
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vetting.authorities.ports import WorkingCalendar
from vetting.authorities.queries import calendar_of, directory_or_packaged
from vetting.authorities.rules import (
    AuthorityRow,
    Channel,
    Directory,
    ReplyClock,
    RequestKind,
    due,
    holidays_between,
    state_code,
    working_days,
)
from vetting.errors import Refused, Unusable

DATES = {
    "received": "the day on which the asked State received the request",
    "information_asked": "the day on which it asked for more information",
    "information_received": "the day on which it received that information",
}

NO_HOLIDAY = {"date": "none", "name": ""}


class Command(BaseCommand):
    help = "Explain the last day for an authority's reply."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--state", required=True, help="the asked State")
        parser.add_argument("--kind", required=True, help=" or ".join(RequestKind))
        for name, text in DATES.items():
            parser.add_argument(
                f"--{name.replace('_', '-')}", required=name == "received", metavar="YYYY-MM-DD", help=text
            )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        edition = directory_or_packaged()
        row = _row(options["state"], edition)
        kind = _kind(options["kind"])
        days = {name: _day(name, options[name]) for name in DATES}
        try:
            answer = _answer(row, kind, days, calendar_of(row.state, edition))
        except Refused as refusal:
            raise CommandError(
                f"--received, --information-asked, --information-received: {refusal.sentence}"
            ) from refusal
        except (Unusable, OverflowError) as failure:
            raise CommandError(
                f"The public holidays of {row.country} are not known for these years. Give dates from 2008 to 2099."
            ) from failure
        self.stdout.write(
            json.dumps(answer, indent=2, ensure_ascii=False) if options["json"] else _readable(answer, row)
        )


def _answer(
    row: AuthorityRow, kind: RequestKind, days: dict[str, date | None], calendar: WorkingCalendar
) -> dict[str, Any]:
    """Everything the command prints. Raises Refused for contradictory dates, Unusable beyond the calendar."""
    received = days["received"]
    if received is None:
        raise Refused("no-date", "Give the day of receipt.")
    clock = ReplyClock(received, days["information_asked"], days["information_received"])
    last = due(clock, kind=kind, calendar=calendar, extended=row.extended)
    start = clock.runs_from
    skipped = holidays_between(start, last, calendar=calendar) if start and last else ()
    return {
        "state": row.state,
        "kind": kind.value,
        "counted_from": start and start.isoformat(),
        "working_days": working_days(kind, extended=row.extended),
        "due": last and last.isoformat(),
        "holidays": [{"date": day.isoformat(), "name": name} for day, name in skipped],
    }


def _row(word: str, directory: Directory) -> AuthorityRow:
    """The row of an asked State. Raises CommandError for a word that is none and a State nobody asks by message."""
    accepted = f"Accepted: {', '.join(sorted(directory.exchange()))}."
    try:
        row = directory.find(state_code(word))
    except Refused as refusal:
        raise CommandError(f"--state {word}: this is not a State. {accepted}") from refusal
    if row is None or row.channel is not Channel.EXCHANGE:
        raise CommandError(f"--state {word}: this State is not asked by message, so no deadline binds it. {accepted}")
    return row


def _kind(word: str) -> RequestKind:
    try:
        return RequestKind(word.strip().lower())
    except ValueError as error:
        raise CommandError(
            f"--kind {word}: this is not a kind of request. Accepted: {', '.join(RequestKind)}."
        ) from error


def _day(name: str, word: str | None) -> date | None:
    """A calendar day. Raises CommandError naming the option for anything else."""
    if word is None:
        return None
    try:
        return datetime.strptime(word, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        option = name.replace("_", "-")
        raise CommandError(
            f"--{option} {word}: this is not a day. Accepted: year-month-day, like 2026-12-18."
        ) from error


def _readable(answer: dict[str, Any], row: AuthorityRow) -> str:
    """The answer in sentences, for a person at a terminal."""
    days = answer["working_days"]
    if answer["due"] is None:
        return (
            f"Nothing is due from {row.country}: it waits for more information. "
            f"{days} full working days begin on the day after it has it."
        )
    law = "Trade and Cooperation Agreement, Part Three, Title IX" if row.extended else "FD 2009/315/JHA, art. 8"
    return "\n".join(
        [
            f"{row.country} must reply by {answer['due']}: {days} of its working days, "
            f"counted from the day after {answer['counted_from']}.",
            "Saturdays, Sundays and public holidays do not count. Holidays from Monday to Friday in this time:",
            *(f"  {holiday['date']}  {holiday['name']}" for holiday in answer["holidays"] or [NO_HOLIDAY]),
            f"Sources: {law}; Regulation (EEC, Euratom) 1182/71, art. 3.",
        ]
    )
