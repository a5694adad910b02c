"""Download what is held: one file for machines, one page to read or print. The birth date is asked for once more."""

import json
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vetting.cases.access import applicant
from vetting.cases.models import Case
from vetting.identity.queries import born_on, draft_of
from vetting.web import words
from vetting.web.applicant.held import Part, Row, held, shown
from vetting.web.applicant.labels import LABELS
from vetting.web.forms import CalmForm, PartialDateField
from vetting.web.limits import within_limit


class AgainForm(CalmForm):
    """The birth date once more: a device that was left open opens nothing that cannot be taken back."""

    birth_date = PartialDateField(label=gettext_lazy("Your date of birth, once more"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        if "birth" not in draft_of(case):  # nothing was given yet that could be asked for
            del self.fields["birth_date"]

    def clean_birth_date(self) -> Any:
        given = self.cleaned_data["birth_date"]
        if not born_on(self.case, given):
            raise forms.ValidationError(_("This is not the date of birth that you gave in your details."))
        return given


def _document(case: Case, parts: list[Part], made_at: Any) -> str:
    """The file: the names of the rows stay the same in every language, dates are ISO 8601."""
    said = {"of": case.tracking, "made_at": made_at, **{part.code: part.rows for part in parts}}

    def iso(value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    return json.dumps(said, default=iso, ensure_ascii=False, indent=2)


def _lines(row: Row) -> dict[str, Any]:
    """One row in words; a step of the form gives it its heading."""
    said = [(LABELS[name], text) for name, value in row.items() if name != "step" and (text := shown(name, value))]
    return {"heading": shown("step", row.get("step")), "lines": said}


@applicant
@require_http_methods(["GET", "POST"])
def mydata(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask for the birth date, then give the file or the page."""
    form = AgainForm(request.POST if request.method == "POST" else None, case=case)
    if not form.is_bound:
        return render(request, "applicant/data.html", {"case": case, "form": form})
    if not within_limit(request, "track", case.tracking):
        return render(request, "429.html", status=429)
    if not form.is_valid():
        return render(request, "applicant/data.html", {"case": case, "form": form}, status=422)
    at, parts = now(), held(case)
    if request.POST.get("as") == "file":
        response = HttpResponse(_document(case, parts, at), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="my-data-{case.tracking}.json"'
        return response
    shown_parts = [{"heading": part.heading, "rows": map(_lines, part.rows)} for part in parts]
    return render(request, "applicant/data_page.html", {"case": case, "parts": shown_parts, "made": words.moment(at)})
