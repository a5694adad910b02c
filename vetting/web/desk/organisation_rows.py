"""The organisations of a supervisor's States, by name and page by page."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from vetting.organisations.access import managers_of, numbers_of_people
from vetting.organisations.models import Organisation
from vetting.web import words

PAGE = 50
NAMED = 3
"""Branches that a line of the list names; the others it counts."""


def found(states: list[str], typed: str) -> "QuerySet[Organisation]":
    """Organisations whose name, or a branch's, has what was typed in it; by name."""
    of_states = Q(state=states[0]) if len(states) == 1 else Q(state__in=states)
    wanted = Organisation.objects.filter(of_states, parent__isnull=True)
    if typed:
        branches = Organisation.objects.filter(parent=OuterRef("pk"), name__icontains=typed)
        wanted = wanted.filter(Q(name__icontains=typed) | Exists(branches))
    return wanted.order_by("name", "pk")


def page_of(wanted: "QuerySet[Organisation]", after: str) -> tuple[list[Organisation], str]:
    """Fifty after the one whose key is `after`, with their branches, and where the next page begins; empty for none."""
    last = None
    if after.isdecimal() and len(after) <= len(str(2**63)) - 1:
        last = Organisation.objects.filter(pk=int(after)).values_list("name", "pk").first()
    if last is not None:
        wanted = wanted.filter(name__gte=last[0]).exclude(name=last[0], pk__lte=last[1])
    branches = Prefetch("branches", Organisation.objects.order_by("name", "pk"))
    rows = list(wanted.prefetch_related(branches)[: PAGE + 1])
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def rows_of(organisations: list[Organisation]) -> list[dict[str, Any]]:
    """Lines of the list."""
    numbers = numbers_of_people(organisations)
    rows = []
    for one in organisations:
        names = [branch.name for branch in one.branches.all()]  # fetched with the page
        named = ", ".join(names[:NAMED])
        rows.append({
            "organisation": one, "state": words.state_name(one.state), "people": numbers.get(one.pk, 0),
            "branches": named, "more": max(0, len(names) - NAMED),
        })  # fmt: skip
    return rows


def waiting(states: list[str]) -> list[dict[str, Any]]:
    """Sign-ups that wait for a supervisor, oldest first; those whose name is known already are marked."""
    waits = Organisation.objects.filter(waits_since__isnull=False, state__in=states).order_by("waits_since", "pk")
    rows = list(waits[:PAGE])
    known = Organisation.objects.filter(state__in=states, waits_since__isnull=True, parent__isnull=True)
    names = {one.name for one in rows}
    lower = {name.lower() for name in names}
    same = known.annotate(lower=Lower("name")).filter(Q(lower__in=lower) | Q(name__in=names))
    taken = {name.lower() for name in same.values_list("name", flat=True)}
    return [
        {"organisation": one, "since": words.day(one.waits_since), "known": one.name.lower() in taken} for one in rows
    ]


def branch_rows(branches: Iterable[Organisation]) -> list[dict[str, Any]]:
    """The branches of one organisation."""
    rows = list(branches)
    numbers = numbers_of_people(rows)
    return [{"organisation": one, "people": numbers.get(one.pk, 0)} for one in rows]


def manager_rows(place: Organisation) -> list[dict[str, Any]]:
    """Who decides there, and whether they ever chose a password."""
    people = managers_of(place).order_by("last_name", "first_name", "pk")
    return [{"user": user, "came": user.has_usable_password()} for user in people]
