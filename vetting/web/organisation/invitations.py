"""Mails to people of an organisation that are sent at once: the page says when that fails, and doing it again helps."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from vetting import post
from vetting.organisations.models import Organisation, User


def password_link(user: User) -> str:
    """The path where `user` chooses a password; it works for three days, or until they have."""
    named = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=named)


def write(name: str, to: str, *, organisation: str, state: str, link: str) -> bool:
    """Send one mail of `templates/mail` in the language of this page. False when it did not leave."""
    said = {"organisation": organisation, "link": f"{settings.BASE_URL}{link}"}
    language = get_language() or settings.LANGUAGE_CODE
    return post.send_now(post.written(name, said, to=to, language=language, state=state))


def invite_by_mail(user: User, place: Organisation) -> bool:
    """The mail with which somebody new chooses a password. False when it did not leave."""
    return write("member", user.email, organisation=place.name, state=place.state, link=password_link(user))
