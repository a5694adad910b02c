"""The outcome is the applicant's first: look, share, dispute, or do nothing. None of these destroys another."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from vetting.cases.access import APPLICANT, applicant
from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.certificates import services as certificates
from vetting.certificates.queries import is_shared, live_certificate, page_of
from vetting.consent.rules import ConsentPurpose
from vetting.errors import Refused
from vetting.outcomes import services as outcomes
from vetting.outcomes.rules import DisputeGround
from vetting.tasks import ring
from vetting.web import words
from vetting.web.applicant.wording import wording_for
from vetting.web.forms import CalmForm


@applicant
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, case: Case) -> HttpResponse:
    """Share with the organisation that asked, after reading what it will see."""
    certificate = live_certificate(case)
    if certificate is None:
        raise Http404
    wording = wording_for(case, ConsentPurpose.RELEASE)
    if request.method != "POST" or request.POST.get("wording") != wording.digest:  # words that were not shown
        context = {"case": case, "wording": wording, "shared": is_shared(certificate)}
        return render(request, "applicant/share.html", context, status=422 if request.method == "POST" else 200)
    try:
        certificates.share(case.ref, wording=wording, actor=APPLICANT, at=now())
    except Refused as refusal:
        messages.warning(request, _(refusal.sentence) if refusal.sentence else _("Nothing was changed."))
    else:
        ring(case.ref)
        messages.success(request, _("Your certificate is shared."))
    return redirect("applicant:home")


class DisputeForm(CalmForm):
    """A ground from the list: what an authority said is discussed with the authority, never here."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Why do you dispute it?"),
        choices=list(words.DISPUTE_GROUNDS.items()),
        widget=forms.RadioSelect,
    )


@applicant
@require_http_methods(["GET", "POST"])
def dispute(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask for the outcome to be assessed anew. Nothing that an organisation sees changes by it."""
    if case.state != CaseState.NOT_CLEARED:
        return redirect("applicant:home")
    form = DisputeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        ground = DisputeGround(form.cleaned_data["ground"])
        try:
            outcomes.dispute(case.ref, ground=ground, actor=APPLICANT, at=now())
        except Refused:  # disputed already, in another tab
            return redirect("applicant:home")
        ring(case.ref)
        messages.success(request, _("Your dispute is with the authority. It assesses the answers again."))
        return redirect("applicant:home")
    return render(request, "applicant/dispute.html", {"case": case, "form": form}, status=422 if form.is_bound else 200)


@applicant
@require_safe
def certificate(request: HttpRequest, case: Case) -> HttpResponse:
    """The certificate as a PDF."""
    found = live_certificate(case)
    if found is None:
        raise Http404
    response = HttpResponse(page_of(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{found.number}.pdf"'
    return response
