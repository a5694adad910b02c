"""Every mail that leaves this product, as it would look, with invented values: made by what makes the real ones."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from vetting.cases.rules import TO_APPLICANT
from vetting.post import composed, with_footer
from vetting.web.desk.words import MAILS, RECIPIENTS

ALLAUTHS = {"password": "account/email/password_reset_key", "no_account": "account/email/unknown_account"}
"""Mails whose words come with the library that signs people in."""
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
    for name, what in MAILS.items():
        if name in ALLAUTHS:
            subject, body = _allauths(ALLAUTHS[name], link, language, footer)
        else:
            subject, body = composed(name, said, language=language, footer=footer)
        reader = "account" if name in ALLAUTHS else "applicant" if name in TO_APPLICANT else "organisation"
        yield {"name": name, "what": what, "to": RECIPIENTS[reader], "subject": subject, "body": body}


def _allauths(prefix: str, link: str, language: str, footer: str) -> tuple[str, str]:
    said = {"password_reset_url": link, "site_name": settings.SITE_NAME}
    with translation.override(language):
        subject = " ".join(render_to_string(f"{prefix}_subject.txt", said).split())
        return subject, with_footer(render_to_string(f"{prefix}_message.txt", said), footer)
