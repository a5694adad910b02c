"""An invitation that came back: another address for the applicant, and the invitation again."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vetting.cases.queries import contact_of, undelivered
from vetting.cases.rules import OrganisationWord
from vetting.certificates.queries import share_seen
from vetting.errors import Refused
from vetting.identity import services as identity
from vetting.keys.models import KeyGone
from vetting.organisations.access import submitter
from vetting.tasks import ring
from vetting.web.forms import CalmForm
from vetting.web.organisation.rows import name_of
from vetting.web.organisation.views import actor_of, find_case


class AddressForm(CalmForm):
    """Where the invitation goes instead."""

    email = forms.EmailField(
        label=gettext_lazy("Applicant's e-mail address"),
        help_text=gettext_lazy("The invitation goes there. Check every letter."),
    )


@submitter
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Correct the address, as long as nobody could come in by it."""
    found = find_case(organisations, ref)
    shared = share_seen(found) is not None
    word = found.word_for_organisation(localdate(), shared=shared)
    try:
        before = contact_of(found).email
    except KeyGone:
        before = ""
    if word is not OrganisationWord.WITH_APPLICANT or found.pk not in undelivered([found]) or not before:
        return redirect("organisation:case", ref)
    form = AddressForm(request.POST or None, initial={"email": before})
    if form.is_bound and form.is_valid():
        try:
            identity.correct_address(found.ref, email=form.cleaned_data["email"], actor=actor_of(request), at=now())
        except Refused as refusal:
            form.add_error("email", _(refusal.sentence))
        else:
            ring(found.ref)
            messages.success(request, _("The invitation is on its way to the applicant."))
            return redirect("organisation:case", ref)
    context = {"case": found, "form": form, "before": before, "name": name_of(found, localdate())}
    return render(request, "organisation/address.html", context, status=422 if form.is_bound else 200)
