"""The queue of the desk, and who has which case."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vetting.authorities.access import clerk, clerks_of
from vetting.cases import handling
from vetting.cases.models import Case
from vetting.cases.queries import kept_views
from vetting.cases.rules import tidy_reference
from vetting.errors import Refused
from vetting.exchange.queries import ways_down
from vetting.outcomes.queries import proposed_by
from vetting.web.desk import queries, question_rows
from vetting.web.desk.acting import actor_of, say_refused, tried, user_of
from vetting.web.desk.kept import keep_form, usual_of, views_of
from vetting.web.desk.views import find_case
from vetting.web.desk.waiting import View, page_of, row_of, tabs, tasks, waiting

TRIES = 5
"""How many cases one click on "next" tries to take: others may be clicking too."""


@clerk
@require_safe
def queue(request: HttpRequest, states: list[str]) -> HttpResponse:
    """What waits for a clerk, oldest due first; a reference jumps to its file."""
    wanted = tidy_reference(request.GET.get("reference", ""))
    if wanted:
        found = Case.objects.filter(reference=wanted, home__in=states).first()
        if found is not None:
            return redirect("desk:case", found.ref)
        messages.warning(request, _("No case on this desk has that reference."))
    today, user = localdate(), user_of(request)
    mine = kept_views(user)
    view = View.of(request.GET, usual_of(mine))
    cases, more = page_of(waiting(states, view, user, today), request.GET.get("after", ""))
    context = {
        "rows": [row_of(case, user, today) for case in cases],
        "more": more,
        "view": view,
        "first_page": "after" not in request.GET,
        "mine": views_of(mine, view),
        "keep": keep_form(mine, view),
        "tabs": tabs(states, view, user, today),
        "tasks": tasks(view),
        "questions": question_rows.counts(today) if settings.HOME_STATE in states else None,
        "down": len(ways_down()),
        "late": queries.late_count(states, today),
    }
    return render(request, "desk/queue.html", context)


def _to(view: View) -> HttpResponse:
    return redirect(f"{reverse('desk:queue')}?{view.query}")


@clerk
@require_POST
def take_next(request: HttpRequest, states: list[str]) -> HttpResponse:
    """The oldest case that nobody has, and that this clerk may work on, is theirs, and its file open."""
    user = user_of(request)
    free = waiting(states, View(who="nobody"), user, localdate())
    for ref in free.exclude(pk__in=proposed_by(user)).values_list("ref", flat=True)[:TRIES]:
        try:
            handling.take(ref, user=user, actor=actor_of(request), at=now())
        except Refused as refusal:
            if refusal.code == "enough-held":
                say_refused(request, refusal)
                return _to(View(who="mine"))
            continue  # somebody else was first
        return redirect("desk:case", ref)
    messages.info(request, _("Nothing waits that nobody has."))
    return redirect("desk:queue")


@clerk
@require_POST
def take(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """Take one case and open its file."""
    found, user = find_case(states, ref), user_of(request)
    done = _("This case is yours.")
    tried(request, lambda: handling.take(found.ref, user=user, actor=actor_of(request), at=now()), done)
    return redirect("desk:case", ref)


@clerk
@require_POST
def release(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """Give a case back to the queue."""
    found, user = find_case(states, ref), user_of(request)
    done = _("Released: %(reference)s") % {"reference": found.reference}
    if tried(request, lambda: handling.release(ref, user=user, actor=actor_of(request), at=now()), done):
        return redirect("desk:queue")
    return redirect("desk:case", ref)


@clerk
@require_POST
def hand_over(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """Give a case to a colleague at this desk."""
    found = find_case(states, ref)
    to = next((one for one in clerks_of(found.home) if str(one.ref) == request.POST.get("to")), None)
    if to is None:
        messages.error(request, _("Choose a colleague."))
        return redirect("desk:case", ref)
    done = _("%(name)s has this case now.") % {"name": to}
    tried(request, lambda: handling.hand_over(ref, to=to, actor=actor_of(request), at=now()), done)
    return redirect("desk:case", ref)
