"""Signing in with the account that somebody has at their own organisation, by its identity provider."""

import logging
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from time import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from vetting.cases.rules import tidy_reference
from vetting.errors import Unavailable, Unusable
from vetting.organisations.access import CameBy, member_by, public
from vetting.organisations.gateways import client_of, sign_in
from vetting.organisations.models import IdentityProvider, User
from vetting.organisations.ports import Begun, Told
from vetting.organisations.rules import counts_as_second_factor
from vetting.web.forms import CalmForm
from vetting.web.limits import within_limit

logger = logging.getLogger(__name__)
BEGUN = "own_sign_in"
MINUTES = 10
"""How long somebody may take at their provider."""
COOKIE = "own_sign_in"
YEAR = 365 * 24 * 3600
SENTENCES = {
    "over": gettext_lazy("This sign-in was begun elsewhere, or is over. Begin again."),
    "ended": gettext_lazy("Your organisation's sign-in ended without a result. Begin again, or use your password."),
    "away": gettext_lazy("Your organisation's sign-in does not answer now. Try again later, or use your password."),
    "unverified": gettext_lazy(
        "Your organisation's sign-in does not say that your e-mail address is verified. Ask who looks after it."
    ),
    "nobody": gettext_lazy(
        "Nobody with this e-mail address may sign in this way. Ask your manager to invite you. If you also work "
        "elsewhere, use your password."
    ),
}


class CodeForm(CalmForm):
    """The code of one's organisation."""

    code = forms.CharField(
        label=gettext_lazy("Code of your organisation"),
        max_length=40,
        help_text=gettext_lazy("Your manager finds it on the page “People”: three groups of four signs."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _found(code: str) -> IdentityProvider | None:
    known = IdentityProvider.objects.select_related("organisation").filter(code=code, is_active=True)
    return known.filter(organisation__is_active=True).first()


def _with_next(request: HttpRequest, name: str, *args: str) -> str:
    onward = get_next_redirect_url(request)
    return reverse(name, args=args) + (f"?{urlencode({'next': onward})}" if onward else "")


@public
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Which organisation: by its code, which is told to its people and guessed by nobody. No list of organisations."""
    form = CodeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        if not within_limit(request, "organisation", "code"):
            return render(request, "429.html", status=429)
        code = tidy_reference(form.cleaned_data["code"])
        if _found(code):
            return redirect(_with_next(request, "own_sign_in", code))
        form.add_error("code", _("No organisation signs in with this code. Compare it with what your manager sees."))
    known = _found(request.COOKIES.get(COOKIE, ""))
    context = {
        "form": form,
        "known": _with_next(request, "own_sign_in", known.code) if known else "",
        "password": _with_next(request, "account_login"),
    }
    return render(request, "account/own_choose.html", context, status=422 if form.is_bound else 200)


@public
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Before leaving for the provider: where one goes. A link from here, because a form may not lead elsewhere."""
    if not within_limit(request, "organisation", "code"):
        return render(request, "429.html", status=429)
    provider = _found(code)
    if provider is None:
        messages.warning(request, _("No organisation signs in with this code. Compare it with what your manager sees."))
        return redirect(_with_next(request, "own_sign_in_choose"))
    context = {"organisation": provider.organisation, "go": _with_next(request, "own_sign_in_go", provider.code)}
    response = render(request, "account/own_place.html", context)
    response.set_cookie(COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SECURE)
    return response


def _back_address(provider: IdentityProvider) -> str:
    return f"{settings.BASE_URL}{reverse('own_sign_in_back', args=[provider.code])}"


@public
@require_safe
def go(request: HttpRequest, code: str) -> HttpResponse:
    """To the provider, with a state, a nonce and a proof that only this browser's session holds."""
    provider = _found(code)
    if provider is None or not within_limit(request, "organisation", "code"):
        return redirect("own_sign_in", code)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _place in range(3))
    request.session[BEGUN] = {
        "state": state, "nonce": nonce, "verifier": verifier, "provider": provider.pk, "at": time(),
        "next": get_next_redirect_url(request),
    }  # fmt: skip
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": _back_address(provider),
        "scope": "openid email", "state": state, "nonce": nonce, "code_challenge": challenge,
        "code_challenge_method": "S256",
    }  # fmt: skip
    if provider.acr:
        asked["acr_values"] = " ".join(provider.acr)
    joint = "&" if "?" in provider.authorize_at else "?"
    return redirect(f"{provider.authorize_at}{joint}{urlencode(asked)}")


def _failed(request: HttpRequest, code: str, trouble: str) -> HttpResponse:
    """A sentence, on a page that may be loaded again; the code alone goes into the log."""
    logger.warning("sign-in by an organisation's provider refused: %s", trouble)
    other = _("What your organisation's sign-in said cannot be used. Tell who looks after it: %(code)s")
    messages.error(request, SENTENCES[trouble] if trouble in SENTENCES else other % {"code": trouble})
    return redirect("own_sign_in", code)


def _told(request: HttpRequest, provider: IdentityProvider | None, begun: dict[str, Any]) -> Told:
    """What the provider said of who came back. Raises Unusable with the code of what is wrong, Unavailable."""
    if provider is None or begun.get("provider") != provider.pk or time() - begun["at"] > MINUTES * 60:
        raise Unusable("over")
    if not secrets.compare_digest(request.GET.get("state", "").encode(), begun["state"].encode()):
        raise Unusable("over")
    if request.GET.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise Unusable("issuer-differs")
    if not request.GET.get("code"):
        raise Unusable("ended")
    proof = Begun(begun["verifier"], begun["nonce"], _back_address(provider))
    told = sign_in().told(provider.places, client_of(provider), proof, code=request.GET["code"], at=now())
    if not told.email_verified:
        raise Unusable("unverified")
    return told


@public
@require_safe
def back(request: HttpRequest, code: str) -> HttpResponse:
    """From the provider. What was begun is used up by the first answer, whatever it is."""
    begun: dict[str, Any] = request.session.pop(BEGUN, None) or {}
    provider = _found(code)
    try:
        told = _told(request, provider, begun)
    except Unavailable:
        return _failed(request, code, "away")
    except Unusable as trouble:
        return _failed(request, code, trouble.code)
    user = member_by(provider, told) if provider else None
    if provider is None or user is None:
        return _failed(request, code, "nobody")
    return _let_in(request, provider, user, told, begun["next"])


def _let_in(
    request: HttpRequest, provider: IdentityProvider, user: User, told: Told, onward: str | None
) -> HttpResponse:
    """Through allauth's own stages, so that our second factor is asked for unless the provider's counts."""
    second = counts_as_second_factor(told, provider.acr, provider.amr)
    way = CameBy(provider.pk, second)
    login = Login(user=user, redirect_url=onward, signal_kwargs={"came_by": vars(way)})
    if second:
        LoginStageController(request, login).set_handled(AuthenticateStage.key)
    record_authentication(request, user, method="organisation")
    response: HttpResponse = perform_login(request, login)
    return response
