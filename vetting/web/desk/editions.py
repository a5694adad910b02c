"""National rules and calendars: proposed by one supervisor, compared, and put in force by another."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vetting.authorities.access import home_supervisor
from vetting.authorities.models import Edition
from vetting.authorities.ports import CalendarException
from vetting.authorities.queries import active_directory, contents_of, packaged_directory, usual_calendar
from vetting.authorities.rules import AuthorityRow, Directory
from vetting.editions import services
from vetting.editions.rules import changed, compare, next_number, written
from vetting.errors import Refused, Unusable
from vetting.web import words
from vetting.web.desk import edition_rows
from vetting.web.desk.acting import actor_of, say_refused, tried, user_of
from vetting.web.desk.edition_forms import EditionForm, ExceptionForm

SHOWN = 50
HTTP_WRONG = 422


def _find(number: str) -> Edition:
    found = Edition.objects.select_related("proposed_by", "activated_by").filter(number=number).first()
    if found is None:
        raise Http404
    return found


@home_supervisor
@require_http_methods(["GET", "POST"])
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition, and a file to propose another."""
    form = EditionForm(request.POST, request.FILES) if request.method == "POST" else EditionForm()
    if form.is_bound and form.is_valid():
        return _proposed(request, form.cleaned_data["file"])
    packaged, found = packaged_directory(), Edition.objects.select_related("proposed_by", "activated_by")
    known = found.order_by("-is_active", "-waits", "-pk")
    context = {
        "rows": [edition_rows.edition_row(one) for one in known[:SHOWN]],
        "form": form,
        "packaged": None if found.filter(digest=packaged.digest).exists() else packaged.number,
    }
    return render(request, "desk/editions.html", context, status=HTTP_WRONG if form.is_bound else 200)


def _proposed(request: HttpRequest, said: Directory, instead_of: str = "") -> HttpResponse:
    """Propose it; then the comparison, or the sentence of a refusal where it came from."""
    user, actor = user_of(request), actor_of(request)
    try:
        edition = services.propose(said, instead_of=instead_of, user=user, actor=actor, at=now())
    except Refused as refusal:
        say_refused(request, refusal)
        return redirect("desk:edition", instead_of) if instead_of else redirect("desk:editions")
    messages.success(request, _("Proposed. Another supervisor compares it and puts it in force."))
    return redirect("desk:edition", edition.number)


@home_supervisor
@require_POST
def propose_packaged(request: HttpRequest) -> HttpResponse:
    """Propose what came with the product."""
    return _proposed(request, packaged_directory())


@home_supervisor
@require_POST
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Propose an earlier edition again: going back is an act like any other."""
    return _proposed(request, contents_of(_find(number)))


@home_supervisor
@require_safe
def edition(request: HttpRequest, number: str) -> HttpResponse:
    """One edition: what it would change, how much of that is running, and what it says of each State."""
    found, active = _find(number), active_directory()
    said = contents_of(found)
    changes = [] if found.is_active else compare(active, said)
    context = {
        **edition_rows.edition_row(found),
        "active": active.number if active else "",
        "changes": edition_rows.change_rows(changes),
        "states": edition_rows.state_rows(said),
        "own": found.proposed_by_id == user_of(request).pk,
    }
    return render(request, "desk/edition.html", context)


@home_supervisor
@require_POST
def activate(request: HttpRequest, number: str) -> HttpResponse:
    """Put in force the very edition that was compared with the very one in force."""
    seen, against = request.POST.get("digest", ""), request.POST.get("against", "")
    user, actor = user_of(request), actor_of(request)
    done = _("Edition %(number)s is in force.") % {"number": number}
    tried(request, lambda: services.activate(seen, against=against, user=user, actor=actor, at=now()), done)
    return redirect("desk:edition", number) if Edition.objects.filter(number=number) else redirect("desk:editions")


@home_supervisor
@require_POST
def drop(request: HttpRequest, number: str) -> HttpResponse:
    """Take back a proposal."""
    done = _("The proposal %(number)s was taken back.") % {"number": number}
    tried(request, lambda: services.drop(number, actor=actor_of(request), at=now()), done)
    return redirect("desk:editions")


@home_supervisor
@require_safe
def file(request: HttpRequest, number: str) -> HttpResponse:
    """An edition as a file of the packaged form."""
    response = HttpResponse(written(contents_of(_find(number))), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="national-rules-{number}.toml"'
    return response


def _row(said: Directory, code: str) -> AuthorityRow:
    row = said.find(code)
    if row is None:
        raise Http404
    return row


@home_supervisor
@require_http_methods(["GET", "POST"])
def state(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """What an edition says of one State, its calendar of a year, and a new edition with one exception more."""
    found = _find(number)
    said = contents_of(found)
    row, may = _row(said, code), found.is_active or found.waits
    form = _exception_form(request, row) if may else None
    if form is not None and form.is_bound and form.is_valid():
        return _changed(request, found, row, (*row.exceptions, form.cleaned_data["exception"]))
    shown, today = edition_rows.years(localdate()), localdate()
    year = request.GET.get("year", "")
    chosen = int(year) if year in {str(one) for one in shown} else today.year
    context: dict[str, Any] = {
        "edition": found,
        "row": row,
        "state_name": words.state_name(code),
        "facts": edition_rows.facts_of(row),
        "years": shown,
        "year": chosen,
        "days": edition_rows.calendar_rows(said, row, chosen),
        "form": form,
    }
    wrong = form is not None and form.is_bound
    return render(request, "desk/edition_state.html", context, status=HTTP_WRONG if wrong else 200)


def _exception_form(request: HttpRequest, row: AuthorityRow) -> ExceptionForm | None:
    """The form for one exception more; none for a State whose calendar is not known."""
    try:
        usual = usual_calendar(row.state)
    except Unusable:
        return None
    return ExceptionForm(request.POST if request.method == "POST" else None, row=row, usual=usual)


@home_supervisor
@require_POST
def remove_exception(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """A new edition with one exception less."""
    found = _find(number)
    row = _row(contents_of(found), code)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise Http404 from None
    kept = tuple(one for one in row.exceptions if one.day != day)
    if not (found.is_active or found.waits) or len(kept) == len(row.exceptions):
        raise Http404
    return _changed(request, found, row, kept)


def _changed(
    request: HttpRequest, found: Edition, row: AuthorityRow, exceptions: tuple[CalendarException, ...]
) -> HttpResponse:
    """Propose the edition with another calendar. One that waits is continued: the new one waits in its place."""
    number = next_number(found.number, Edition.objects.values_list("number", flat=True))
    said = changed(contents_of(found), number, row.state, exceptions)
    return _proposed(request, said, instead_of=found.number if found.waits else "")
