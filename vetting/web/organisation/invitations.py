"""Mails to people of an organisation that are sent at once: the page says when that fails, and doing it again helps."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from vetting.organisations.models import Organisation, User
from vetting.post import mail_of


def password_link(user: User) -> str:
    """The path where `user` chooses a password; it works for three days, or until they have."""
    named = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=named)


def write(name: str, to: str, *, organisation: str, state: str, link: str) -> None:
    """Send one mail of `templates/mail` in the language of this page. Raises OSError: every mail server's troubles."""
    said = {"organisation": organisation, "site_name": settings.SITE_NAME, "link": f"{settings.BASE_URL}{link}"}
    language = get_language() or settings.LANGUAGE_CODE
    mail_of(name, said, to=to, language=language, state=state).send()


def invite_by_mail(user: User, place: Organisation) -> None:
    """The mail with which somebody new chooses a password. Raises OSError."""
    write("member", user.email, organisation=place.name, state=place.state, link=password_link(user))
