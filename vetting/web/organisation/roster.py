"""The roster: who has shown a certificate, until when it holds, and who has left."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vetting.certificates.queries import standing_of
from vetting.errors import Refused
from vetting.keys.models import KeyGone
from vetting.organisations.access import member, organisations_of, submitter
from vetting.roster import services
from vetting.roster.models import Seat
from vetting.roster.queries import SOON, person_at, seats_of
from vetting.web import words
from vetting.web.organisation.views import actor_of, find_case, user_of

PAGE = 50


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
    }
    return render(request, "organisation/roster.html", context)


def _row(seat: Seat, acts: set[int]) -> dict[str, object]:
    certificate, case, today = seat.share.certificate, seat.share.certificate.case, localdate()
    person = person_at(seat)
    current = standing_of(certificate, today).current and seat.share.revoked_at is None
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
