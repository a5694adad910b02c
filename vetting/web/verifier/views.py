"""Ten seconds: is this certificate current, for what, and until when? Nothing else is told."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from vetting.audit.ports import Actor
from vetting.cases.rules import tidy_reference
from vetting.certificates.gateways import authority_seal, signer
from vetting.certificates.queries import NOT_CURRENT, verify
from vetting.certificates.services import looked_up
from vetting.organisations.access import public
from vetting.web import words
from vetting.web.forms import CalmForm
from vetting.web.limits import within_limit

PUBLIC = Actor("public")


class LookupForm(CalmForm):
    """What is printed on the certificate."""

    reference = forms.CharField(
        label=_("Reference"), max_length=40, help_text=_("Three groups of four, for instance 7K3F-9QXM-2B8T")
    )
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Four groups of four, printed below the reference")
    )


def _answer(request: HttpRequest, number: str, code: str) -> HttpResponse:
    if not within_limit(request, "verify", tidy_reference(number)):
        return render(request, "429.html", status=429)
    found, standing = verify(number, code, localdate())
    if found is not None and standing.current:
        looked_up(found.pk, actor=PUBLIC, at=now())
    context = {
        "standing": standing,
        "activity": words.ACTIVITIES[standing.activity] if standing != NOT_CURRENT else "",
        "role": words.ROLES[standing.role] if standing != NOT_CURRENT else "",
        "valid_until": words.day(standing.valid_until),
        "today": words.day(localdate()),
    }
    return render(request, "verifier/answer.html", context)


@public
@require_http_methods(["GET", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """By reference and code, typed from the paper; posted, so that no code stays in an address."""
    form = LookupForm(request.POST or None)
    if form.is_bound and form.is_valid():
        return _answer(request, form.cleaned_data["reference"], form.cleaned_data["code"])
    return render(request, "verifier/lookup.html", {"form": form}, status=422 if form.is_bound else 200)


@public
@require_safe
def printed(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """By the printed QR code or link."""
    return _answer(request, number, code)


@public
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys, as a JWK set (RFC 7517) that names its issuer, for whoever verifies without us."""
    key_set = {"issuer": settings.BASE_URL, **signer().public_keys()}
    response = JsonResponse(key_set, content_type="application/jwk-set+json")
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public
@require_safe
def seal_certificates(request: HttpRequest) -> HttpResponse:
    """The certificates of the seal on PDF files, up to the root: what a reader of PDF files has to be told to trust."""
    response = HttpResponse(authority_seal().certificates(), content_type="application/pem-certificate-chain")
    response["Cache-Control"] = "public, max-age=300"
    return response
