"""What a supervisor looks at: what comes in and goes out, who has how much, and openings of files that were drawn."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vetting.audit.models import Entry
from vetting.authorities.access import clerks_of, supervisor
from vetting.authorities.models import Edition
from vetting.cases import handling
from vetting.cases.models import Case, Review
from vetting.cases.rules import CaseState, Finding
from vetting.errors import Refused
from vetting.web import words
from vetting.web.desk import words as desk_words
from vetting.web.desk.acting import actor_of, say_refused, user_of
from vetting.web.desk.flow import WEEKS, chart_of, forecast_of

OUT = ("case.clear", "case.not_clear", "case.withdraw", "case.cancel", "case.lapse")
SHOWN = 25


@supervisor
@require_safe
def supervision(request: HttpRequest, states: list[str]) -> HttpResponse:
    """One page: flow and forecast, people, reviews."""
    today = localdate()
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    came, went = _flow(states, weeks)
    waits = Case.objects.filter(desk_due__isnull=False, home__in=states).count()
    ahead = forecast_of(waits, came, went)
    rows = [
        {"week": words.day(week), "came": inward, "went": outward}
        for week, inward, outward in zip(weeks, came, went, strict=True)
    ]
    context = {
        "waits": waits,
        "weeks": rows,
        "chart": chart_of(came, went),
        "ahead": ahead,
        "people": _people(states, today),
        "reviews": _reviews(request, states),
        "findings": desk_words.FINDINGS.items(),
        "rules": settings.HOME_STATE in states,
        "waiting_editions": Edition.objects.filter(waits=True).count(),
    }
    return render(request, "desk/supervision.html", context)


def _flow(states: list[str], weeks: list[date]) -> tuple[list[int], list[int]]:
    """Cases that were submitted for the first time, and cases that came to an end after that, by week.

    Which end does not matter, and is not read.
    """
    since = datetime.combine(weeks[0], time.min, tzinfo=get_current_timezone())
    acts = Entry.objects.filter(event__in=[*OUT, "case.submit"], at__gte=since)
    ours = Case.objects.filter(home__in=states, submitted_at__isnull=False, ref__in=acts.values("chain"))
    known = set(ours.values_list("ref", flat=True))
    came, went = dict.fromkeys(weeks, 0), dict.fromkeys(weeks, 0)
    for chain, event, at, facts in acts.values_list("chain", "event", "at", "facts").iterator():
        if chain not in known or (event == "case.submit" and facts.get("from") == CaseState.RETURNED):
            continue
        day = localdate(at)
        (came if event == "case.submit" else went)[day - timedelta(days=day.weekday())] += 1
    return list(came.values()), list(went.values())


def _people(states: list[str], today: date) -> list[dict[str, Any]]:
    """Everybody at these desks, with what waits for them."""
    waits = Q(desk_due__isnull=False)
    held = Case.objects.filter(waits, home__in=states, handler__isnull=False).values("handler")
    numbers = {
        row["handler"]: row for row in held.annotate(holds=Count("pk"), late=Count("pk", filter=Q(desk_due__lt=today)))
    }
    clerks = {user.pk: user for state in states for user in clerks_of(state)}
    nothing = {"holds": 0, "late": 0}
    return [{"name": str(user), **nothing, **numbers.get(pk, {})} for pk, user in clerks.items()]


def _reviews(request: HttpRequest, states: list[str]) -> list[dict[str, Any]]:
    """Openings that nobody has reviewed yet, oldest first; not one's own."""
    drawn = Review.objects.filter(case__home__in=states, reviewed_at=None).exclude(opened_by=user_of(request))
    return [
        {
            "review": one,
            "reference": one.case.reference,
            "who": str(one.opened_by or "–"),
            "at": words.moment(one.opened_at),
            "reason": desk_words.OPENING_REASONS[one.reason],
        }
        for one in drawn.select_related("case", "opened_by").order_by("pk")[:SHOWN]
    ]


@supervisor
@require_POST
def review(request: HttpRequest, pk: int, states: list[str]) -> HttpResponse:
    """Say whether there was a reason to open the file."""
    drawn = Review.objects.filter(pk=pk, case__home__in=states, reviewed_at=None).first()
    finding = request.POST.get("finding", "")
    if drawn is None:
        raise Http404
    if finding not in set(Finding):
        messages.error(request, _("Choose what you found."))
        return redirect("desk:supervision")
    try:
        handling.review(drawn.pk, finding=Finding(finding), user=user_of(request), actor=actor_of(request), at=now())
    except Refused as refusal:
        say_refused(request, refusal)
    else:
        messages.success(request, _("Recorded."))
    return redirect("desk:supervision")
