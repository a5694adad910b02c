"""The applicant's way in, the status page, and the way out."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vetting.cases import services as cases
from vetting.cases.access import APPLICANT, applicant, let_applicant_in, let_applicant_out
from vetting.cases.models import Case
from vetting.cases.queries import is_current, link_for
from vetting.cases.rules import OPEN, CaseState, tidy_reference
from vetting.certificates import services as certificates
from vetting.consent import services as consents
from vetting.consent.rules import ConsentPurpose, Wording
from vetting.errors import Refused
from vetting.identity.queries import born_on
from vetting.identity.services import editable
from vetting.keys.models import KeyGone
from vetting.organisations.access import public
from vetting.tasks import ring
from vetting.web import words
from vetting.web.applicant.progress import progress_of
from vetting.web.applicant.wording import wording_for
from vetting.web.forms import CalmForm, PartialDateField
from vetting.web.limits import within_limit


@public
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail. A current one lets in; an expired one is revived in one click, to the known address."""
    link = link_for(secret)
    if link is None or link.case.state == CaseState.ERASED:
        raise Http404
    if is_current(link, now()):
        let_applicant_in(request, link.case)
        response = redirect("applicant:home")
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, link.case.language, samesite="Lax", secure=settings.SECURE
            )
        return response
    if request.method == "POST" and within_limit(request, "revive", str(link.case.ref)):
        cases.revive_link(link.case.ref, actor=APPLICANT, at=now())
        return render(request, "applicant/link_sent.html")
    return render(request, "applicant/link_expired.html", {"secret": secret}, status=410)


class TrackForm(CalmForm):
    """Reference and birth date."""

    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=40,
        help_text=gettext_lazy("It stands in every mail, three groups of four, for instance 7K3F-9QXM-2B8T"),
    )
    birth_date = PartialDateField(label=gettext_lazy("Your date of birth"))

    @property
    def tracking(self) -> str:
        """The reference as it is stored."""
        return tidy_reference(self.cleaned_data["reference"])

    def case(self) -> Case | None:
        """The check that both are right for."""
        case = Case.objects.filter(tracking=self.tracking).exclude(state=CaseState.ERASED).first()
        return case if case is not None and born_on(case, self.cleaned_data["birth_date"]) else None


class EarlierForm(TrackForm):
    """The same of an earlier check."""

    reference = forms.CharField(
        label=gettext_lazy("Reference of the earlier check"),
        max_length=40,
        help_text=gettext_lazy("It stands in every mail, three groups of four, for instance 7K3F-9QXM-2B8T"),
    )


@public
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """By reference and birth date. An unknown reference and a wrong date get the same sentence."""
    form = TrackForm(request.POST or None)
    if form.is_bound and form.is_valid():
        if not within_limit(request, "track", form.tracking):
            return render(request, "429.html", status=429)
        case = form.case()
        if case is not None:
            let_applicant_in(request, case)
            return redirect("applicant:home")
        form.add_error(
            None, _("No check fits this reference and date of birth. Compare both with your mail and document.")
        )
    return render(request, "applicant/track.html", {"form": form}, status=422 if form.is_bound else 200)


@applicant
@require_safe
def home(request: HttpRequest, case: Case) -> HttpResponse:
    """Before consent: who asks, and what for. After it: where the check stands and whose turn it is."""
    if editable(case):
        return render(request, "applicant/welcome.html", {"case": case, **_welcome(case)})
    return render(request, "applicant/status.html", {"case": case, **progress_of(case, now())})


@applicant
@require_http_methods(["GET", "POST"])
def reuse(request: HttpRequest, case: Case) -> HttpResponse:
    """Show the certificate of an earlier check instead of a new one. Only the applicant learns when there is none."""
    if case.state != CaseState.INVITED:
        return redirect("applicant:home")
    form, wording = EarlierForm(request.POST or None), wording_for(case, ConsentPurpose.RELEASE, text="release_earlier")
    if form.is_bound and form.is_valid() and request.POST.get("wording") == wording.digest:
        if not within_limit(request, "track", form.tracking):
            return render(request, "429.html", status=429)
        if _reused(case, form.case(), wording):
            ring(case.ref)
            messages.success(request, _("Your certificate is shared."))
            return redirect("applicant:home")
        form.add_error(
            None,
            _(
                "No current certificate for this activity fits these. Compare reference and date of birth with your "
                "earlier mail, or go on with a new check: the organisation is not told of this."
            ),
        )
    context = {"case": case, "form": form, "wording": wording, "activity": words.ACTIVITIES[case.activity]}
    return render(request, "applicant/reuse.html", context, status=422 if form.is_bound else 200)


def _reused(case: Case, earlier: Case | None, wording: Wording) -> bool:
    if earlier is None:
        return False
    try:
        certificates.reuse(case.ref, earlier=earlier.ref, wording=wording, actor=APPLICANT, at=now())
    except (Refused, KeyGone):
        return False
    return True


def _welcome(case: Case) -> dict[str, Any]:
    from vetting.web.applicant.steps import steps_of

    walk = steps_of(case)
    return {
        "activity": words.ACTIVITIES[case.activity],
        "role": words.ROLES[case.role],
        "home_name": words.state_name(case.home),
        "closes": words.day(case.closes_on),
        "next_step": next((step for step, done in walk if not done), ""),
        "started": any(done for _step, done in walk),
        "reason": words.RETURN_REASONS.get(case.return_reason, ""),
        "may_reuse": case.state == CaseState.INVITED,
    }


@applicant
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, case: Case) -> HttpResponse:
    """Withdraw or refuse, after a confirmation that says what follows."""
    if request.method == "POST":
        try:
            consents.withdraw(case.ref, actor=APPLICANT, at=now())
        except Refused:
            messages.warning(
                request, _("It is too late to withdraw: the answers are in. You still decide about sharing.")
            )
        else:
            ring(case.ref)
            messages.success(request, _("You have withdrawn. Nobody is asked any more."))
        return redirect("applicant:home")
    return render(request, "applicant/withdraw.html", {"case": case, "may": case.state in OPEN})


@applicant
@require_POST
def leave(request: HttpRequest, case: Case) -> HttpResponse:
    """Close the session on a shared device."""
    let_applicant_out(request)
    messages.success(
        request, _("You have left. Come back with the link in your mail, or with reference and date of birth.")
    )
    return redirect("front")
