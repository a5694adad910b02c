"""What the pages of editions show: who did what, what would change, how much of it is running, and a State's year."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _

from vetting.authorities.models import Edition
from vetting.authorities.ports import CalendarException, WorkingCalendar
from vetting.authorities.queries import calendar_of, usual_calendar
from vetting.authorities.rules import SATURDAY, AuthorityRow, Channel, Directory
from vetting.cases.models import Case
from vetting.cases.rules import OPEN
from vetting.editions.rules import Fault, StateChange
from vetting.enquiries.models import Enquiry
from vetting.enquiries.queries import WAITING
from vetting.errors import Unusable
from vetting.questions.models import Question
from vetting.questions.rules import OPEN as OPEN_QUESTIONS
from vetting.web import words
from vetting.web.desk import rule_words

YEARS_BACK, YEARS_AHEAD = 1, 3
IN_ENGLISH = ("country", "name", "index_note", "instrument", "legal_basis", "recheck", "note")
"""Fields whose text is in English, whatever the reader's language."""


def edition_row(edition: Edition) -> dict[str, Any]:
    """One edition: where it stands, and who did what when."""
    if edition.is_active:
        kind, status = "success", _("In force")
    elif edition.waits:
        kind, status = "warning", _("Proposed")
    else:
        kind, status = "neutral", _("Earlier")
    return {
        "edition": edition,
        "kind": kind,
        "status": status,
        "loaded": words.moment(edition.loaded_at),
        "proposed": words.moment(edition.proposed_at),
        "proposed_by": str(edition.proposed_by or _("Somebody who left")),
        "activated": words.moment(edition.activated_at),
        "activated_by": str(edition.activated_by or _somebody(edition)),
    }


def _somebody(edition: Edition) -> str:
    """Who put it in force, where no name is kept."""
    if edition.proposed_at is None:
        return _("An operator's command")
    return _("An operator's command, or somebody who left")


def fault_text(fault: Fault) -> str:
    """One fault of a file in words."""
    named = {"where": fault.where or _("unknown"), "field": fault.field}
    return str(rule_words.FAULTS[fault.code]) % named


def shown(field: str, value: Any) -> str:
    """The value of one field in words."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, tuple):
        named = {"needs": rule_words.NEEDS, "unverified": rule_words.FIELDS, "languages": words.locale().languages}
        return ", ".join(str(named[field].get(one, one)) for one in value) or _("None")
    if field == "channel":
        return str(rule_words.CHANNELS[value])
    if field == "reply_days":
        return str(value or _("No deadline binds it"))
    return _("Not given") if value is None or value == "" else str(value)


def facts_of(row: AuthorityRow) -> list[dict[str, Any]]:
    """Everything an edition says of a State, each with whether somebody read it in its source."""
    named = {field: label for field, label in rule_words.FIELDS.items() if field not in ("state", "exceptions")}
    return [
        {
            "label": label,
            "value": shown(field, getattr(row, field)),
            "verified": row.is_verified(field),
            "language": "en" if field in IN_ENGLISH and getattr(row, field) else "",
        }
        for field, label in named.items()
    ]


def state_rows(edition: Directory) -> list[dict[str, Any]]:
    """Every State of an edition, by its name."""
    rows = [
        {
            "state": row.state,
            "state_name": words.state_name(row.state),
            "channel": rule_words.CHANNELS[row.channel],
            "reply_days": row.reply_days or "–",
            "unverified": len(row.unverified),
            "exceptions": len(row.exceptions),
        }
        for row in edition.rows
    ]
    return sorted(rows, key=lambda row: str(row["state_name"]))


def change_rows(changes: Iterable[StateChange]) -> list[dict[str, Any]]:
    """What would change, State by State, with how much is running there now."""
    changes = list(changes)
    running = _running([change.state for change in changes])
    rows = [
        {
            "state_name": words.state_name(change.state),
            "added": change.old is None,
            "removed": change.new is None,
            "asked_no_more": change.new is None and change.old is not None and change.old.channel is Channel.EXCHANGE,
            "lines": _lines(change),
            **running[change.state],
        }
        for change in changes
    ]
    return sorted(rows, key=lambda row: str(row["state_name"]))


def _lines(change: StateChange) -> list[dict[str, Any]]:
    """One line for each field, in the order of a State's page, and for each day; none for a State that goes."""
    row, order = change.new, list(rule_words.FIELDS)
    if row is None:
        return []
    if change.old is None:
        facts = [{**fact, "new": fact["value"], "unverified": not fact["verified"]} for fact in facts_of(row)]
        return facts + _day_lines(change)
    lines = [
        {
            "label": rule_words.FIELDS[one.field],
            "old": shown(one.field, one.old),
            "new": shown(one.field, one.new),
            "unverified": not row.is_verified(one.field),
            "language": "en" if one.field in IN_ENGLISH else "",
        }
        for one in sorted(change.fields, key=lambda one: order.index(one.field))
    ]
    return lines + _day_lines(change)


def _day_lines(change: StateChange) -> list[dict[str, Any]]:
    days = sorted({one.day for one in (*change.gone, *change.come)})
    old = {one.day: exception_text(one) for one in change.gone}
    new = {one.day: exception_text(one) for one in change.come}
    lines = []
    for day in days:
        usual = usual_text(change.state, day)
        lines.append({"label": words.day(day), "old": old.get(day, usual), "new": new.get(day, usual)})
    return lines


def usual_text(state: str, day: date) -> str:
    """What a day is without any exception, so that an exception which changes nothing is seen."""
    try:
        name = usual_calendar(state).holiday_name(day)
    except Unusable:
        return _("Not known")
    return _("A public holiday: %(name)s") % {"name": name} if name else _("A working day")


def exception_text(one: CalendarException) -> str:
    """What an exception does and why."""
    does = rule_words.WORKS if one.reason.works else rule_words.NO_WORK
    return f"{does}: {rule_words.REASONS[one.reason]}"


def _running(states: list[str]) -> dict[str, dict[str, int]]:
    """Open enquiries to each State, its own open requests, and the questions that wait for it here."""
    asked = Enquiry.objects.filter(asked__in=states, state__in=WAITING).values_list("asked").annotate(Count("pk"))
    homes = Case.objects.filter(home__in=states, state__in=OPEN).values_list("home").annotate(Count("pk"))
    enquiries, cases = Counter(dict(asked.order_by())), Counter(dict(homes.order_by()))
    questions = Counter({settings.HOME_STATE: Question.objects.filter(state__in=OPEN_QUESTIONS).count()})
    return {
        state: {"enquiries": enquiries[state], "cases": cases[state], "questions": questions[state]} for state in states
    }


def years(today: date) -> list[int]:
    """The years of which the calendar is shown."""
    return list(range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1))


def calendar_rows(edition: Directory, row: AuthorityRow, year: int) -> list[dict[str, Any]] | None:
    """The days from Monday to Friday of a year that do not count, and those that count by an exception; None where the
    calendar does not know the State or the year."""
    try:
        usual, calendar = usual_calendar(row.state), calendar_of(row.state, edition)
        exceptions = {one.day: one for one in row.exceptions}
        first = date(year, 1, 1)
        days = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
        return [
            _day_row(day, usual, calendar, exceptions.get(day))
            for day in days
            if day.weekday() < SATURDAY and (day in exceptions or not calendar.is_working(day))
        ]
    except Unusable:
        return None


def _day_row(
    day: date, usual: WorkingCalendar, calendar: WorkingCalendar, exception: CalendarException | None
) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "text": words.day(day),
        "weekday": words.weekday(day),
        "holiday": usual.holiday_name(day) or "",
        "exception": exception_text(exception) if exception else "",
        "works": calendar.is_working(day),
    }
