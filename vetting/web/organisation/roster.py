"""The roster: who has shown a certificate, until when it holds, and who has left."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vetting.certificates.queries import standing_of_share
from vetting.errors import Refused
from vetting.keys.models import KeyGone
from vetting.organisations.access import member, organisations_of, submitter
from vetting.roster import services
from vetting.roster.models import Seat
from vetting.roster.queries import SOON, arranged, person_at, seats_of
from vetting.roster.rules import Arrangement
from vetting.web import words
from vetting.web.organisation.forms import InterimForm
from vetting.web.organisation.rows import name_of
from vetting.web.organisation.views import actor_of, find_case, user_of
from vetting.web.organisation.words import ARRANGEMENTS

PAGE = 50
MOST_ARRANGED = 300


@member
@require_safe
def roster(request: HttpRequest, organisations: list[int]) -> HttpResponse:
    """Everybody on it, newest first."""
    seats = seats_of(organisations)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= len(str(2**62)):
        seats = seats.filter(pk__lt=int(before))
    page = list(seats[: PAGE + 1])
    acts = set(organisations_of(user_of(request), "handle_cases"))
    context = {
        "rows": [_row(seat, acts) for seat in page[:PAGE]],
        "more": page[PAGE - 1].pk if len(page) > PAGE else None,
        "first_page": not before,
        "interim": [] if before else _interim(organisations),
    }
    return render(request, "organisation/roster.html", context)


def _row(seat: Seat, acts: set[int]) -> dict[str, object]:
    certificate, case, today = seat.share.certificate, seat.share.certificate.case, localdate()
    person = person_at(seat)
    current = standing_of_share(seat.share, today).current
    return {
        "seat": seat,
        "name": f"{person.given_name} {person.surname}",
        "activity": words.ACTIVITIES[case.activity],
        "role": words.ROLES[case.role],
        "until": words.day(certificate.valid_until) if current else "",
        "current": current,
        "soon": current and certificate.valid_until - today < SOON,
        "seen": words.day(seat.seen_at),
        "acts": seat.organisation_id in acts,
    }


def _interim(organisations: list[int]) -> list[dict[str, Any]]:
    """Everybody for whom something is arranged until a certificate is seen: what, and since when."""
    today = localdate()
    return [
        {
            "case": case,
            "name": name_of(case, today) or case.reference,
            "arrangements": [(ARRANGEMENTS[one.arrangement], words.day(one.agreed_at)) for one in standing],
        }
        for case, standing in groupby(arranged(organisations, today)[:MOST_ARRANGED], key=lambda one: one.case)
    ]


@submitter
@require_POST
def arrange(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Note what holds for a person until their certificate is seen."""
    found, form = find_case(organisations, ref), InterimForm(request.POST)
    wanted = form.cleaned_data["arrangements"] if form.is_valid() else None
    try:
        if wanted is not None:
            arrangements = frozenset(Arrangement(code) for code in wanted)
            services.arrange(found.ref, arrangements, user=user_of(request), actor=actor_of(request), at=now())
    except Refused:
        wanted = None
    if wanted is None:
        messages.warning(request, _("Nothing was changed."))
    else:
        messages.success(request, _("Noted. It ends by itself when you put the person on the roster."))
    return redirect("organisation:case", ref)


@submitter
@require_POST
def see(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Put the person on the roster: the certificate was looked at."""
    found = find_case(organisations, ref)
    try:
        services.see(found.ref, user=user_of(request), actor=actor_of(request), at=now())
    except (Refused, KeyGone):
        messages.warning(request, _("Nothing was changed."))
        return redirect("organisation:case", ref)
    messages.success(request, _("The person is on your roster now."))
    return redirect("organisation:roster")


@submitter
@require_POST
def leave(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """The person no longer works here."""
    seat = Seat.objects.filter(ref=ref, organisation__in=organisations).first()
    if seat is None:
        raise Http404
    services.leave(seat.ref, actor=actor_of(request), at=now())
    messages.success(request, _("The name was deleted. That a certificate was seen, and when, stays in the record."))
    return redirect("organisation:roster")
