"""Many people at once: a list is read, looked at row by row, mended in place, and sent."""

import csv
import io
from time import monotonic
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vetting.cases import services as cases
from vetting.cases.gateways import spreadsheets
from vetting.cases.ports import MOST_ROWS
from vetting.cases.queries import Contact
from vetting.cases.rules import RoleKind
from vetting.errors import Refused, Unusable
from vetting.organisations.access import submitter
from vetting.tasks import ring
from vetting.web.organisation.batch_rows import FIELDS, LABELS, looked_at, open_addresses, people_of
from vetting.web.organisation.forms import BatchForm, ListForm
from vetting.web.organisation.views import actor_of, user_of
from vetting.web.unsent import keeps_typing, shown_by

AT_A_TIME = 1.5
"""Seconds of work before the page answers with what is left, so that it never seems to hang."""
EXAMPLE = ("Ivanka", "Izmislena", "ivanka@invented.example")


@submitter
@keeps_typing
@require_http_methods(["GET", "POST"])
def many(request: HttpRequest, organisations: list[int]) -> HttpResponse:
    """A list as a file or pasted; then its rows, with what is wrong beside each."""
    form = ListForm(request.POST or None, request.FILES or None, organisations=organisations)
    if request.method != "POST" or not form.is_valid():
        return render(request, "organisation/many.html", {"form": form}, status=422 if form.is_bound else 200)
    file: UploadedFile[bytes] | None = form.cleaned_data["file"]
    raw = file.read() if file else form.cleaned_data["pasted"].encode()
    try:
        # One row more: the first may be headings.
        rows = spreadsheets().rows(raw, most=MOST_ROWS + 1, language=(get_language() or "en")[:2])
    except Unusable as unusable:
        form.add_error("file" if file else "pasted", SENTENCES[unusable.code])
        return render(request, "organisation/many.html", {"form": form}, status=422)
    people = people_of(rows)
    if not people or len(people) > MOST_ROWS:
        sentence = SENTENCES["spreadsheet-empty" if not people else "too-many"] % {"most": MOST_ROWS}
        form.add_error("file" if file else "pasted", sentence)
        return render(request, "organisation/many.html", {"form": form}, status=422)
    told = {name: form.cleaned_data[name] for name in ("activity", "role", "language")}
    told["organisation"] = form.cleaned_data["organisation"].pk
    return _preview(request, BatchForm(told, organisations=organisations), people)


SENTENCES = {
    "spreadsheet-unreadable": gettext_lazy(
        "This file cannot be read. Save it as XLSX, ODS or CSV without a password, or paste its rows."
    ),
    "spreadsheet-too-big": gettext_lazy("This file unpacks to too much. Copy the rows that matter into a new one."),
    "spreadsheet-empty": gettext_lazy("There is nobody in this list."),
    "too-many": gettext_lazy("This list has too many rows. At most %(most)s people are accepted at a time."),
}


def _preview(request: HttpRequest, form: BatchForm, people: list[dict[str, str]]) -> HttpResponse:
    assert form.is_valid()
    rows = looked_at(people, open_addresses(form.cleaned_data["organisation"].pk))
    wrong = sum(bool(row["problems"]) for row in rows)
    context: dict[str, Any] = {"form": form, "rows": rows, "wrong": wrong, "labels": LABELS, "good": len(rows) - wrong}
    return render(request, "organisation/many_preview.html", context, status=422 if wrong else 200)


@submitter
@shown_by(look="yes")
@require_POST
def send(request: HttpRequest, organisations: list[int]) -> HttpResponse:
    """Open a request for every row that is right. What is wrong, or not reached in time, comes back with the page."""
    form = BatchForm(request.POST, organisations=organisations)
    if not form.is_valid():
        messages.error(request, _("Nothing was sent. Begin again with the list."))
        return redirect("organisation:many")
    people = [person for person in _typed(request) if not person.pop("leave", "")]
    rows = looked_at(people, {})
    if "look" in request.POST or not people:
        return _preview(request, form, people) if people else redirect("organisation:home")
    ends, sent, left = monotonic() + AT_A_TIME, 0, []
    for person, row in zip(people, rows, strict=True):
        in_time = not sent or monotonic() < ends  # at least one, so that it always ends
        if row["contact"] and in_time and _opened(request, form, row["contact"], person["once"]):
            sent += 1
        else:
            left.append(person)
    if sent:
        sentence = ngettext("One invitation is on its way.", "%(sent)s invitations are on their way.", sent)
        messages.success(request, sentence % {"sent": sent})
    return _preview(request, form, left) if left else redirect("organisation:home")


def _typed(request: HttpRequest) -> list[dict[str, str]]:
    """The rows of the page, as they were typed."""
    columns = [request.POST.getlist(name)[:MOST_ROWS] for name in (*FIELDS, "once")]
    leave = set(request.POST.getlist("leave"))
    return [
        {**dict(zip((*FIELDS, "once"), row, strict=True)), "leave": "yes" if row[-1] in leave else ""}
        for row in zip(*columns, strict=False)
    ]


def _opened(request: HttpRequest, form: BatchForm, contact: Contact, once: str) -> bool:
    """Open one request; a row that was sent before is found, not opened again."""
    said = form.cleaned_data
    try:
        case = cases.open_case(
            said["organisation"],
            ref=UUID(once),
            activity=said["activity"],
            role=RoleKind(said["role"]),
            contact=contact,
            language=said["language"],
            user=user_of(request),
            actor=actor_of(request),
            at=now(),
        )
    except (Refused, ValueError):  # only of a page that nobody was given: an id of elsewhere, an activity not offered
        return False
    ring(case.ref)
    return True


@submitter
@require_safe
def template(request: HttpRequest, organisations: list[int]) -> HttpResponse:
    """A list to fill in: headings in the reader's language, and one invented person."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([[str(LABELS[field]) for field in FIELDS], EXAMPLE])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="article-ten.csv"'
    return response
