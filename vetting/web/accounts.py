"""Signing in: accounts are given, not taken."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from vetting.organisations.access import CameBy, came_by, note_way


def with_own_password(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Not for a session that an organisation's provider opened: a passkey made in it would open the account without
    that provider, and go on doing so when the person works elsewhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if came_by(request) is not None:
            messages.warning(request, _("To add a passkey, sign out and sign in with your password."))
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return guarded


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up by themselves; an operator or a manager makes the account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **said: Any) -> HttpResponse:
        """Every way in ends here: a session says by which provider it was opened, or by none."""
        way = (said.get("signal_kwargs") or {}).get("came_by")
        note_way(request, CameBy(**way) if way else None)
        return cast(HttpResponse, super().post_login(request, user, **said))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {**context, "current_site": None})
