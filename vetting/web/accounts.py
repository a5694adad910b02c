"""Signing in: accounts are given, not taken."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import get_language

from vetting import post
from vetting.footers.queries import footer_text


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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the way on which all letters leave. The page says the same when it did not: it may not know an address."""
        made = self.render_mail(template_prefix, email, {**context, "current_site": None})
        language = get_language() or settings.LANGUAGE_CODE
        post.send_now(post.in_both_shapes(str(made.subject), str(made.body), email, language))
