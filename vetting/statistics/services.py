"""The one verb: count again."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from vetting.cases.models import Case
from vetting.statistics.models import RouteTime
from vetting.statistics.rules import EVERY_ROUTE, range_of

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
