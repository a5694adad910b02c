"""The desk's queue: the cases that wait for a clerk, by views that look at one index each, page by page."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.organisations.models import User
from vetting.web import words

PAGE = 50
MOST_COUNTED = 200
"""Counting stops here, and the page says so: what a clerk does next does not depend on the exact number."""
WHO = ("all", "mine", "nobody")
WHEN = ("any", "overdue", "today", "week")
TASKS = {"any": "", "accept": CaseState.SUBMITTED, "answer": CaseState.ENQUIRING, "assess": CaseState.ASSESSING}
SOON = timedelta(days=7)


@dataclass(frozen=True)
class View:
    """What of the queue is looked at."""

    who: str = "all"
    when: str = "any"
    task: str = "any"

    @classmethod
    def of(cls, said: QueryDict, usual: str = "") -> "View":
        """The view that an address names; the usual one for an address that names none. Unknown words are not heard."""
        if not {"who", "when", "task"} & set(said):
            said = QueryDict(usual)
        who, when, task = said.get("who", ""), said.get("when", ""), said.get("task", "")
        return cls(
            who if who in WHO else "all", when if when in WHEN else "any", task if task in TASKS else "any"
        )  # fmt: skip

    @property
    def query(self) -> str:
        """The address that names it."""
        return urlencode({"who": self.who, "when": self.when, "task": self.task})


def described(view: View) -> str:
    """What a view shows, in the words of the queue."""
    said = {
        "mine": _("Mine"), "nobody": _("Nobody's"), "overdue": _("Overdue"), "today": _("Due today"),
        "week": _("Due within a week"), "accept": _("Accept or return"), "answer": _("Answer"), "assess": _("Assess"),
    }  # fmt: skip
    return " · ".join(said[code] for code in (view.who, view.when, view.task) if code in said) or _("All")


def waiting(states: list[str], view: View, user: User, today: date) -> "QuerySet[Case]":
    """The cases of a view, oldest due first."""
    cases = Case.objects.filter(desk_due__isnull=False)
    cases = cases.filter(home=states[0]) if len(states) == 1 else cases.filter(home__in=states)
    if view.who != "all":
        cases = cases.filter(handler=user if view.who == "mine" else None)
    if view.when == "overdue":
        cases = cases.filter(desk_due__lt=today)
    elif view.when == "today":
        cases = cases.filter(desk_due=today)
    elif view.when == "week":
        cases = cases.filter(desk_due__gt=today, desk_due__lte=today + SOON)
    if TASKS[view.task]:
        cases = cases.filter(state=TASKS[view.task])
    return cases.order_by("desk_due", "pk")


def page_of(cases: "QuerySet[Case]", after: str) -> tuple[list[Case], str]:
    """Fifty cases after a place in the queue, and the place where the next page begins; empty where there is none."""
    day, _dot, last = after.partition(".")
    if last.isdecimal() and len(last) <= len(str(2**63)):
        try:
            since = date.fromisoformat(day)
        except ValueError:
            pass
        else:
            cases = cases.filter(desk_due__gte=since).exclude(desk_due=since, pk__lte=int(last))
    found = list(cases.select_related("organisation", "handler")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    end = found[PAGE - 1]
    return found[:PAGE], f"{end.desk_due}.{end.pk}"


def count(cases: "QuerySet[Case]") -> int:
    """How many there are, up to one more than are counted."""
    return cases.order_by()[: MOST_COUNTED + 1].count()


def tabs(states: list[str], view: View, user: User, today: date) -> list[dict[str, Any]]:
    """The views that a clerk may go to, with how much waits in each."""
    named = {
        View(): _("All"),
        View(when="overdue"): _("Overdue"),
        View(when="today"): _("Due today"),
        View(when="week"): _("Due within a week"),
        View(who="mine"): _("Mine"),
        View(who="nobody"): _("Nobody's"),
    }
    rows = []
    for one, label in named.items():
        number = count(waiting(states, one, user, today))
        rows.append({
            "label": label, "query": one.query, "count": f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number),
            "current": one == replace(view, task="any"), "alarm": one.when == "overdue" and number > 0,
        })  # fmt: skip
    return rows


def tasks(view: View) -> list[dict[str, Any]]:
    """The kinds of work within a view."""
    named = {"any": _("Everything"), "accept": _("Accept or return"), "answer": _("Answer"), "assess": _("Assess")}
    return [
        {"label": label, "query": replace(view, task=task).query, "current": view.task == task}
        for task, label in named.items()
    ]


def task_of(case: Case) -> str:
    """What the clerk is to do, as a code for the page."""
    return {CaseState.SUBMITTED: "accept", CaseState.ASSESSING: "assess"}.get(CaseState(case.state), "answer")


def row_of(case: Case, user: User, today: date) -> dict[str, Any]:
    """One line of the queue."""
    due = case.desk_due
    return {
        "case": case,
        "task": task_of(case),
        "activity": words.ACTIVITIES[case.activity],
        "due": words.day(due),
        "overdue": due is not None and due < today,
        "due_today": due == today,
        "asked_about": case.escalated_at is not None,
        "handler": str(case.handler) if case.handler else "",
        "mine": case.handler_id == user.pk,
    }
