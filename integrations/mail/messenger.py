"""Letters by e-mail: one text in two shapes, a name of ours, and a way back for what nobody can deliver."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from vetting.cases.ports import Written
from vetting.errors import Unavailable, Unusable

FOR_EVER = 500
"""Replies of a mail server from here on are its last word (RFC 5321, section 4.2.1)."""


class EmailMessenger:
    """`Messenger` by Django's mail backend."""

    def send(self, letter: Written) -> None:
        try:
            message(letter).send()
        except smtplib.SMTPRecipientsRefused as refused:
            if all(code >= FOR_EVER for code, _text in refused.recipients.values()):
                raise Unusable("address-refused") from None
            raise Unavailable from None
        except OSError:  # what a network does, and every other trouble of a mail server
            raise Unavailable from None


def message(letter: Written) -> EmailMultiAlternatives:
    """The mail. Answers of machines are not wanted (RFC 3834), and it comes back to an address that names it (VERP)."""
    headers = {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": f"<{letter.mark}@{_domain()}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
    }
    made = EmailMultiAlternatives(letter.subject, letter.text, _way_back(letter.mark), [letter.to], headers=headers)
    made.attach_alternative(letter.html, "text/html")
    return made


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _way_back(mark: str) -> str:
    local, at, domain = settings.MAIL_BOUNCES.rpartition("@")
    return f"{local}+{mark}@{domain}" if at else settings.DEFAULT_FROM_EMAIL
