"""Every mail that leaves this product, as it would look, with invented values: made by what makes the real ones."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from vetting.cases.rules import reader_of
from vetting.post import composed, with_footer
from vetting.web.desk.words import MAILS, RECIPIENTS

ALLAUTHS = {"password": "account/email/password_reset_key", "no_account": "account/email/unknown_account"}
"""Mails whose words come with the library that signs people in."""
CLOSES, ENDS = date(2027, 1, 26), date(2027, 3, 27)
INVENTED = {
    "reference": "7K3F-9QXM-2B8T",
    "organisation": "Invented Rovers Football Club",
    "given_name": "Ivanka",
}


def samples(language: str, footer: str) -> Iterator[dict[str, Any]]:
    """Each mail in `language` with these lines below it."""
    link = f"{settings.BASE_URL}/…"
    said = {
        **INVENTED,
        "site_name": settings.SITE_NAME,
        "days": settings.INVITATION_DAYS,
        "hours": settings.LINK_HOURS,
        "link": link,
    }
    with translation.override(language):
        said |= {"closes": date_format(CLOSES), "ends": date_format(ENDS)}
    for name, what in MAILS.items():
        if name in ALLAUTHS:
            subject, body = _allauths(ALLAUTHS[name], link, language, footer)
        else:
            subject, body = composed(name, said, language=language, footer=footer)
        yield {"name": name, "what": what, "to": RECIPIENTS[_reader(name)], "subject": subject, "body": body}


def _reader(name: str) -> str:
    return "account" if name in ALLAUTHS else reader_of(name)


def _allauths(prefix: str, link: str, language: str, footer: str) -> tuple[str, str]:
    said = {"password_reset_url": link, "site_name": settings.SITE_NAME}
    with translation.override(language):
        subject = " ".join(render_to_string(f"{prefix}_subject.txt", said).split())
        return subject, with_footer(render_to_string(f"{prefix}_message.txt", said), footer)
