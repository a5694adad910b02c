"""Signing in: accounts are given, not taken."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vetting import post
from vetting.footers.queries import footer_text
from vetting.organisations.access import CameBy, came_by, note_way


def with_own_password(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Not for a session that an organisation's provider opened: a passkey made in it, or codes read in it, would open
    the account without that provider, and go on doing so when the person works elsewhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if came_by(request) is not None:
            messages.warning(request, _("For this, sign out and sign in with your password."))
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return guarded


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up by themselves; an operator or a manager makes the account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        language = get_language() or settings.LANGUAGE_CODE
        message.body = post.with_footer(str(message.body), footer_text(settings.HOME_STATE, language))
        return message

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **said: Any) -> HttpResponse:
        """Every way in ends here: a session says by which provider it was opened, or by none."""
        way = (said.get("signal_kwargs") or {}).get("came_by")
        note_way(request, CameBy(**way) if way else None)
        return cast(HttpResponse, super().post_login(request, user, **said))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the way on which all letters leave. The page says the same when it did not: it may not know an address."""
        made = self.render_mail(template_prefix, email, {**context, "current_site": None})
        language = get_language() or settings.LANGUAGE_CODE
        post.send_now(post.in_both_shapes(str(made.subject), str(made.body), email, language))
