"""With whom the certificate is shared: codes for others, and an end to each of them at any time."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from vetting.cases.access import APPLICANT, applicant
from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.certificates import handling
from vetting.certificates.gateways import painter
from vetting.certificates.models import Certificate, Share, ShareCode
from vetting.certificates.queries import code_holds, codes_of, live_certificate, shares_of, standing_of
from vetting.certificates.rules import CODE_DAYS, SharePurpose, Shows
from vetting.consent.rules import ConsentPurpose
from vetting.errors import Refused
from vetting.web import words
from vetting.web.applicant.record import uses_of
from vetting.web.applicant.wording import wording_for
from vetting.web.applicant.words import SHARE_PURPOSES, SHOWS, SHOWS_HINTS
from vetting.web.forms import CalmForm, RadioCards


def _days() -> list[tuple[int, str]]:
    """In the language of the request, not of the process."""
    return [(days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in CODE_DAYS]


class CodeForm(CalmForm):
    """For what, how long, and what is seen. `once` is made with the form: sent twice, it makes one code."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.ChoiceField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("Whoever has the code reads this, so that it is not used for anything else."),
        choices=list(SHARE_PURPOSES.items()),
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long may it be used?"),
        help_text=gettext_lazy("It ends earlier when your certificate does, or when the time for sharing is over."),
        choices=_days,
        coerce=int,
        widget=forms.RadioSelect,
    )
    shows = forms.ChoiceField(
        label=gettext_lazy("What do they see?"), choices=list(SHOWS.items()), widget=RadioCards(hints=SHOWS_HINTS)
    )


def to_show(case: Case, today: date) -> Certificate | None:
    """The certificate for which codes can be made now."""
    found = live_certificate(case) if case.state == CaseState.CLEARED else None
    return found if found is not None and standing_of(found, today).current else None


@applicant
@require_safe
def shared(request: HttpRequest, case: Case) -> HttpResponse:
    """Everybody who may look at the certificate, since when and until when, and how often codes were used."""
    today = localdate()
    context = {
        "case": case,
        "codes": [_code_row(code, today) for code in codes_of(case)],
        "shares": [_share_row(share) for share in shares_of(case)],
        "may_make": to_show(case, today) is not None,
    }
    return render(request, "applicant/shared.html", context)


def _code_row(code: ShareCode, today: date) -> dict[str, Any]:
    return {
        "code": code,
        "purpose": SHARE_PURPOSES[code.purpose],
        "shows": SHOWS[code.shows],
        "made": words.day(code.made_at),
        "ends": words.day(code.ends_on),
        "holds": code_holds(code, today) and standing_of(code.certificate, today).current,
        "revoked": words.day(code.revoked_at),
        "uses": uses_of(code),
    }


def _share_row(share: Share) -> dict[str, Any]:
    return {
        "share": share,
        "organisation": share.organisation.name,
        "since": words.day(share.shared_at),
        "ended": words.day(share.revoked_at),
    }


@applicant
@require_http_methods(["GET", "POST"])
def new_code(request: HttpRequest, case: Case) -> HttpResponse:
    """Make a code. It is shown on the page that follows and never again: nobody keeps it."""
    certificate = to_show(case, localdate())
    if certificate is None:
        messages.warning(request, _("There is no current certificate to share."))
        return redirect("applicant:home")
    wording = wording_for(case, ConsentPurpose.RELEASE, text="release_code")
    form = CodeForm(request.POST or None, initial={"once": uuid4(), "shows": Shows.HOLDER})
    agreed = request.POST.get("wording") == wording.digest  # words that were not shown cannot be agreed to
    if form.is_bound and form.is_valid() and agreed:
        said = form.cleaned_data
        try:
            code, secret = handling.make_code(
                case.ref, ref=said["once"], purpose=SharePurpose(said["purpose"]), days=said["days"],
                shows=Shows(said["shows"]), wording=wording, actor=APPLICANT, at=now(),
            )  # fmt: skip
        except Refused as refusal:
            messages.warning(request, _(refusal.sentence) if refusal.sentence else _("Nothing was changed."))
            return redirect("applicant:shared")
        return _told(request, case, code, secret)
    context = {"case": case, "form": form, "wording": wording, "valid_until": words.day(certificate.valid_until)}
    return render(request, "applicant/code_new.html", context, status=422 if form.is_bound else 200)


def _told(request: HttpRequest, case: Case, code: ShareCode, secret: str) -> HttpResponse:
    """The one page on which a code stands. The page sent again finds it made, and cannot tell it again."""
    if not secret:
        messages.warning(
            request, _("This code was made already, and it is shown only once. End it and make another if it is lost.")
        )
        return redirect("applicant:shared")
    link = f"{settings.BASE_URL}/s/{secret}/"
    context = {
        "case": case,
        **_code_row(code, localdate()),
        "secret": secret,
        "link": link,
        "picture": painter().picture(link),
        "address": f"{settings.BASE_URL}/s/".partition("://")[2],
    }
    return render(request, "applicant/code_made.html", context)


@applicant
@require_http_methods(["GET", "POST"])
def end_code(request: HttpRequest, ref: UUID, case: Case) -> HttpResponse:
    """End a code, after a confirmation."""
    code = next((one for one in codes_of(case) if one.ref == ref), None)
    if code is None:
        raise Http404
    if request.method == "POST":
        handling.revoke_code(case.ref, ref=ref, actor=APPLICANT, at=now())
        messages.success(request, _("The code no longer works."))
        return redirect("applicant:shared")
    return render(request, "applicant/code_end.html", {"case": case, **_code_row(code, localdate())})


@applicant
@require_http_methods(["GET", "POST"])
def end_share(request: HttpRequest, asked: UUID, case: Case) -> HttpResponse:
    """Stop sharing with an organisation, after a confirmation that says what it sees from then on."""
    share = next((one for one in shares_of(case) if one.case.ref == asked and one.revoked_at is None), None)
    if share is None:
        return redirect("applicant:shared")
    if request.method == "POST":
        handling.revoke_share(case.ref, asked=asked, actor=APPLICANT, at=now())
        messages.success(request, _("You no longer share it."))
        return redirect("applicant:shared")
    return render(request, "applicant/share_end.html", {"case": case, **_share_row(share)})
