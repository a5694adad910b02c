"""Have the file erased: where nothing is open, after a page that says what follows, with the birth date once more."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vetting.cases.access import APPLICANT, applicant, let_applicant_out
from vetting.cases.models import Case
from vetting.cases.rules import OPEN, CaseState
from vetting.certificates.models import Certificate
from vetting.certificates.queries import live_certificate, shares_of, standing_of
from vetting.errors import Refused
from vetting.retention import services
from vetting.retention.rules import Wish
from vetting.tasks import ring
from vetting.web import words
from vetting.web.applicant.mydata import AgainForm
from vetting.web.applicant.words import WISHES, WISHES_HINTS
from vetting.web.forms import RadioCards
from vetting.web.limits import within_limit


class EraseForm(AgainForm):
    """The birth date, and the holder's wish for a certificate that is current."""

    wish = forms.ChoiceField(
        label=gettext_lazy("What becomes of your certificate?"),
        choices=list(WISHES.items()),
        widget=RadioCards(hints=WISHES_HINTS),
    )
    field_order = ("wish", "birth_date")

    def __init__(self, *args: Any, certificate: Certificate | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if certificate is None:
            del self.fields["wish"]

    @property
    def wished(self) -> Wish:
        """Without a current certificate there is nothing to end."""
        return Wish(self.cleaned_data.get("wish", Wish.KEEP))


def _current(case: Case) -> Certificate | None:
    found = live_certificate(case) if case.state in (CaseState.CLEARED, CaseState.CLOSED) else None
    return found if found is not None and standing_of(found, localdate()).current else None


@applicant
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, case: Case) -> HttpResponse:
    """What goes, what stays and until when; then it is done, and this session is over with it."""
    if case.state in OPEN:
        return render(request, "applicant/erase_open.html", {"case": case})
    certificate = _current(case)
    form = EraseForm(request.POST if request.method == "POST" else None, case=case, certificate=certificate)
    if form.is_bound and not within_limit(request, "track", case.tracking):
        return render(request, "429.html", status=429)
    if form.is_bound and form.is_valid():
        try:
            services.forget(case.ref, wish=form.wished, actor=APPLICANT, at=now())
        except Refused as refusal:
            messages.warning(request, _(refusal.sentence) if refusal.sentence else _("Nothing was changed."))
        else:
            ring(case.ref)
            let_applicant_out(request)
            return render(request, "applicant/erased.html")
    context = {
        "case": case,
        "form": form,
        "certificate": certificate,
        "disputable": case.state == CaseState.NOT_CLEARED,
        "shared": any(share.revoked_at is None for share in shares_of(case)),
        "name_until": words.day(case.ends_on) if localdate() < case.ends_on else "",
    }
    return render(request, "applicant/erase.html", context, status=422 if form.is_bound else 200)
