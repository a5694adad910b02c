"""What somebody typed into a form whose session had ended: kept in their own browser until they are signed in again.

The page that answers carries it as one sealed field. Nothing of it is stored here, in no table, cache or session. It
opens only for the person who was signed in on this browser before, for the same address, within half a day; and it only
shows the form again with what was typed: sending is a second click of a signed-in person.
"""

import json
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from vetting.organisations.access import View
from vetting.web.forms import looking_over

FIELD = "unsent"
COOKIE = "whose"
KEPT_FOR = timedelta(hours=12)
MOST = 200_000
"""Characters of the sealed field; with it the form stays below what a request may hold."""
DOORS = frozenset({"member", "submitter", "manager", "clerk", "supervisor"})
Respond = Callable[[HttpRequest], HttpResponse]
V = TypeVar("V", bound=View)


@dataclass(frozen=True)
class Unsent:
    """What was typed, and by whom, as far as this browser knew."""

    path: str
    whose: str
    typed: QueryDict
    had_file: bool


def keeps_typing(view: V) -> V:
    """Mark a view that shows its form with what was typed while the form is not valid: so it can be shown anew."""
    return shown_by()(view)


def shown_by(**fields: str) -> Callable[[V], V]:
    """As `keeps_typing`, for a view that only shows its form, whatever is in it, when these fields are sent too."""

    def mark(view: V) -> V:
        view.keeps_typing = fields  # type: ignore[attr-defined]  # as a door is
        return view

    return mark


def _box() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"article-ten unsent forms")
    return Fernet(urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))


def _seal(unsent: Unsent) -> str:
    said = [unsent.path, unsent.whose, [*unsent.typed.lists()], unsent.had_file]
    return _box().encrypt(zlib.compress(json.dumps(said).encode())).decode()


def _open(sealed: str) -> Unsent | None:
    """What was sealed here, not too long ago; None for any other text."""
    try:
        plain = _box().decrypt(sealed.encode(), ttl=int(KEPT_FOR.total_seconds()))
    except InvalidToken:
        return None
    path, whose, lists, had_file = json.loads(zlib.decompress(plain))
    typed = QueryDict(mutable=True)
    for name, values in lists:
        typed.setlist(name, values)
    return Unsent(path, whose, typed, had_file)


def _whose(request: HttpRequest) -> str:
    """Who was signed in on this browser last; empty where nobody was."""
    try:
        return Signer(salt=COOKIE).unsign(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return ""


def person(request: HttpRequest) -> str:
    """Who is signed in; empty where nobody is."""
    return str(getattr(request.user, "ref", ""))


def typed_on(request: HttpRequest) -> Unsent | None:
    """What this request would send, when it can be shown again to somebody who was signed in here before."""
    view = getattr(request.resolver_match, "func", None)
    if not hasattr(view, "keeps_typing") or not (whose := _whose(request)):
        return None
    if known := _open(request.POST.get(FIELD, "")):  # pressed before signing in
        return known if known.whose == whose else None
    typed = request.POST.copy()
    for name in (FIELD, "csrfmiddlewaretoken"):
        typed.pop(name, None)
    return Unsent(request.get_full_path(), whose, typed, bool(request.FILES))


def page(request: HttpRequest, unsent: Unsent) -> HttpResponse | None:
    """The page that carries it, with the way to sign in while nobody is; None where it is too much for a page."""
    sealed = _seal(unsent)
    if len(sealed) > MOST:
        return None
    context = {
        "sealed": sealed,
        "field": FIELD,
        "path": unsent.path,
        "had_file": unsent.had_file,
        "early": FIELD in request.POST,
    }
    return render(request, "unsent.html", context, status=403)


def way_back(request: HttpRequest) -> str:
    """The page on which a form stood that was sent to an address of its own."""
    parts = urlsplit(request.META.get("HTTP_REFERER", ""))
    return f"{parts.path}?{parts.query}".rstrip("?") if parts.netloc == request.get_host() else reverse("start")


class KeepTyping:
    """Middleware; before the one against forged requests, which would ask an old page for a new token."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._respond(request)
        person = getattr(request, "came_in", "")
        if person and person != _whose(request):
            value = Signer(salt=COOKIE).sign(person)
            response.set_cookie(COOKIE, value, httponly=True, samesite="Lax", secure=settings.SECURE)
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        """Instead of the view: what was typed is kept, or shown again."""
        if getattr(view, "door", "") not in DOORS:
            return None
        if request.user.is_authenticated:
            request.came_in = person(request)  # type: ignore[attr-defined]  # for the way out
            known = FIELD in request.POST if request.method == "POST" else False
            return self._shown_again(request, view, args, kwargs) if known else None
        return self._kept(request) if request.method == "POST" else None

    @staticmethod
    def _kept(request: HttpRequest) -> HttpResponse:
        """Nobody is signed in. What was typed waits in the page; what was only pressed is pressed again."""
        unsent = typed_on(request)
        if unsent is not None and (response := page(request, unsent)) is not None:
            return response
        messages.warning(request, _("You were signed out before that was sent. Nothing was changed."))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': way_back(request)})}")

    @staticmethod
    def _shown_again(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse:
        unsent = _open(request.POST[FIELD])
        mine = unsent is not None and (unsent.path, unsent.whose) == (request.get_full_path(), person(request))
        if unsent is None or not mine or not hasattr(view, "keeps_typing"):
            messages.warning(request, _("What was typed is not shown: it is too old, or was typed by somebody else."))
            return redirect("start")
        return _look_over(request, view, unsent, args, kwargs)


def _look_over(request: HttpRequest, view: Any, unsent: Unsent, args: Any, kwargs: Any) -> HttpResponse:
    """The form as it was typed. Whatever the view does, nothing of it is done."""
    typed = unsent.typed
    typed.update(view.keeps_typing)
    request.POST = typed  # type: ignore[assignment]  # a QueryDict, as it was
    request._files = MultiValueDict()  # type: ignore[attr-defined]  # Django keeps them there
    messages.info(request, _("This is what you typed. Nothing was sent yet: look it over and send it."))
    if unsent.had_file:
        messages.warning(request, _("A file cannot be kept: choose it again."))
    token = looking_over.set(not view.keeps_typing)
    try:
        with transaction.atomic():  # a service that begins here is refused by its own durability
            response: HttpResponse = view(request, *args, **kwargs)
            transaction.set_rollback(True)
    finally:
        looking_over.reset(token)
    if response.status_code == 422:
        response.status_code = 200
    return response
