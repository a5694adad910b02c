"""Reads of the figures."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from vetting.cases.models import Case
from vetting.statistics.models import MonthFigure, Outage, RouteTime
from vetting.statistics.rules import EVERY_ROUTE, Range, full_months


def ranges_for(cases: Iterable[Case]) -> dict[int, Range]:
    """By case key, how long a case like it took; of its route where there is enough to say, else of its home State.

    It depends on what was fixed before anybody answered, never on an answer. One query for a whole page.
    """
    cases = list(cases)
    wanted = Q(pk=None)
    for home, route in {(case.home, route) for case in cases for route in (case.route, EVERY_ROUTE)}:
        wanted |= Q(home=home, route=route)
    known = {(one.home, one.route): Range(one.median, one.ninth) for one in RouteTime.objects.filter(wanted)}
    found = {case.pk: known.get((case.home, case.route)) or known.get((case.home, EVERY_ROUTE)) for case in cases}
    return {pk: span for pk, span in found.items() if span is not None}


def figures_of(today: date) -> list[MonthFigure]:
    """What is published of the last full months, oldest first."""
    return list(MonthFigure.objects.filter(month__gte=full_months(today)[0]).order_by("month", "pk"))


def outages_of(today: date) -> list[Outage]:
    """When ways were down, in this month and those before it, newest first."""
    return list(Outage.objects.filter(month__gte=full_months(today)[0]).order_by("-month", "state"))
