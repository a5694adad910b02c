"""The verbs: count again, count a month that is over, count when ways were down."""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import get_current_timezone, localdate

from vetting.audit.models import Entry
from vetting.audit.services import INSTALLATION
from vetting.cases.models import Case
from vetting.cases.rules import Move
from vetting.enquiries.models import Channel, Enquiry
from vetting.enquiries.rules import EnquiryState
from vetting.statistics.models import MonthFigure, Outage, RouteTime
from vetting.statistics.rules import (
    EVERY_ROUTE,
    Stage,
    following,
    full_months,
    hours_down,
    range_of,
    spells_of,
    volume_of,
)

LOOKED_BACK = timedelta(days=365)
COUNTED_EVERY = timedelta(days=7)
"""Not oftener: that a figure moves on a day must not tell which case moved it."""


@transaction.atomic(durable=True)
def count_times(*, at: datetime) -> int:
    """Make the figures anew when they are a week old. Returns how many routes have one, or 0 when nothing was due."""
    newest = RouteTime.objects.order_by("-counted_at").values_list("counted_at", flat=True).first()
    if newest is not None and newest > at - COUNTED_EVERY:
        return 0
    passed: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    cases = Case.objects.filter(passed_days__isnull=False, submitted_at__gt=at - LOOKED_BACK)
    for home, route, days in cases.values_list("home", "route", "passed_days").iterator():
        for key in ((home, route), (home, EVERY_ROUTE)):
            passed[key][days or 0] += 1
    RouteTime.objects.all().delete()
    made = [
        RouteTime(home=home, route=route, median=span.median, ninth=span.ninth, counted_at=at)
        for (home, route), durations in passed.items()
        if (span := range_of(durations)) is not None
    ]
    return len(RouteTime.objects.bulk_create(made))


def _bounds(month: date) -> tuple[datetime, datetime]:
    """When a month begins, and when the next one does."""
    zone = get_current_timezone()
    first, last = (datetime.combine(day, time.min, tzinfo=zone) for day in (month, following(month)))
    return first, last


def _days(began: datetime, ended: datetime) -> int:
    return (localdate(ended) - localdate(began)).days


def _submitted(first: datetime, last: datetime) -> Counter[int]:
    cases = Case.objects.filter(submitted_at__gte=first, submitted_at__lt=last)
    pairs = cases.values_list("opened_at", "submitted_at")
    return Counter(_days(opened, submitted) for opened, submitted in pairs.iterator() if submitted)


def _accepted(first: datetime, last: datetime) -> Counter[int]:
    moves = Entry.objects.filter(event=f"case.{Move.ACCEPT}", at__gte=first, at__lt=last)
    moved = dict(moves.values_list("chain", "at"))
    cases = Case.objects.filter(ref__in=moves.values("chain")).values_list("ref", "submitted_at")
    return Counter(_days(submitted, moved[ref]) for ref, submitted in cases.iterator() if submitted)


def _state_answered(first: datetime, last: datetime) -> Counter[int]:
    answered = Enquiry.objects.filter(
        channel=Channel.EXCHANGE, state=EnquiryState.ANSWERED, answered_at__gte=first, answered_at__lt=last
    )
    pairs = answered.filter(sent_at__isnull=False).values_list("sent_at", "answered_at")
    return Counter(_days(sent, told) for sent, told in pairs.iterator() if sent and told)


def _all_answered(first: datetime, last: datetime) -> Counter[int]:
    """Only the first time that a case had all its answers: a case counts in one month."""
    moves = Entry.objects.filter(event=f"case.{Move.ALL_ANSWERED}", at__lt=last)
    before = moves.filter(at__lt=first).values("chain")
    cases = Case.objects.filter(passed_days__isnull=False, ref__in=moves.filter(at__gte=first).values("chain"))
    return Counter(days or 0 for days in cases.exclude(ref__in=before).values_list("passed_days", flat=True).iterator())


COUNTED = {
    Stage.SUBMITTED: _submitted,
    Stage.ACCEPTED: _accepted,
    Stage.STATE_ANSWERED: _state_answered,
    Stage.ALL_ANSWERED: _all_answered,
}


@transaction.atomic(durable=True)
def count_months(*, at: datetime) -> int:
    """Count every full month of the last year that nobody counted yet; what was published is never counted again, so
    that no figure moves by one case. Returns how many months were counted."""
    months = full_months(localdate(at))
    known = set(MonthFigure.objects.filter(month__in=months).values_list("month", flat=True))
    fresh = [month for month in months if month not in known]
    made = []
    for month in fresh:
        for stage, count in COUNTED.items():
            durations = count(*_bounds(month))
            span = range_of(durations)
            times = {"median": span.median, "ninth": span.ninth} if span else {}
            made.append(MonthFigure(month=month, stage=stage, volume=volume_of(durations.total()), **times))
    MonthFigure.objects.bulk_create(made, ignore_conflicts=True)
    return len(fresh)


@transaction.atomic(durable=True)
def count_outages(*, at: datetime) -> int:
    """Count again for how long ways were down, from the record, this month included. Returns how many rows that is."""
    entries = Entry.objects.filter(chain=INSTALLATION, event__in=["circuit.open", "circuit.close"], at__lte=at)
    turns = [
        (str(facts["authority"]), event == "circuit.open", moment)
        for event, moment, facts in entries.order_by("sequence").values_list("event", "at", "facts")
    ]
    months = [*full_months(localdate(at)), localdate(at).replace(day=1)]
    found = hours_down(spells_of(turns, at), {month: _bounds(month) for month in months})
    Outage.objects.all().delete()
    rows = [Outage(month=month, state=state, hours=hours) for (month, state), hours in found.items()]
    return len(Outage.objects.bulk_create(rows))
