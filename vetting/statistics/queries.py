"""Reads of the figures."""

from collections.abc import Iterable

from django.db.models import Q

from vetting.cases.models import Case
from vetting.statistics.models import RouteTime
from vetting.statistics.rules import EVERY_ROUTE, Range


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
