"""The mails that are owed: what each says, and sending them. Address and words are found at the last moment."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from vetting.audit.ports import SYSTEM
from vetting.cases import services
from vetting.cases.models import Letter
from vetting.cases.queries import contact_of
from vetting.cases.rules import TO_APPLICANT, LetterKind
from vetting.keys.models import KeyGone
from vetting.organisations.access import in_charge

log = logging.getLogger("vetting.post")
LEASE = timedelta(seconds=60)


def deliver_due(at: datetime, most: int = 50) -> int:
    """Send what is owed at `at`, oldest first; a failure is tried again later, and never stops the others."""
    due = Letter.objects.filter(sent_at=None, try_at__lte=at).order_by("try_at").values_list("pk", flat=True)[:most]
    return sum(_deliver(letter_id, at) for letter_id in list(due))


def _deliver(letter_id: int, at: datetime) -> bool:
    letter = services.claim_letter(letter_id, at=at, lease=LEASE)
    if letter is None:
        return False
    try:
        for recipient, language in _recipients(letter):
            _write(letter, recipient, language, at).send()
    except KeyGone:
        log.info("letter-to-erased-case")
    except Exception as failure:  # whatever a mail server does, the letter stays owed and the others go out
        log.warning("letter-failed %s", type(failure).__name__)
        return False
    services.letter_sent(letter_id, actor=SYSTEM, at=at)
    return True


def _recipients(letter: Letter) -> list[tuple[str, str]]:
    """Addresses and their language; none for an applicant who had their file erased. Organisations are written to in
    the installation's language: who opened the request, or the managers once that person has left."""
    case = letter.case
    if letter.kind in TO_APPLICANT:
        email = contact_of(case).email
        return [(email, case.language)] if email else []
    return [(user.email, settings.LANGUAGE_CODE) for user in in_charge(case.organisation, case.opened_by)]


def _write(letter: Letter, recipient: str, language: str, at: datetime) -> EmailMessage:
    """The mail. For the applicant it carries a first name and nothing else about a person."""
    case = letter.case
    said = {
        "reference": case.tracking if letter.kind in TO_APPLICANT else case.reference,
        "organisation": case.organisation.name,
        "site_name": settings.SITE_NAME,
        "given_name": contact_of(case).given_name if letter.kind in TO_APPLICANT else "",
        "days": settings.INVITATION_DAYS,
        "hours": settings.LINK_HOURS,
    }
    if letter.kind in TO_APPLICANT:
        secret = services.make_link(case.ref, actor=SYSTEM, at=at)
        said["link"] = f"{settings.BASE_URL}/a/{secret}/"
    else:
        page = "roster/" if letter.kind == LetterKind.RENEW else f"cases/{case.ref}/"
        said["link"] = f"{settings.BASE_URL}/organisation/{page}"
    with translation.override(language):
        said["closes"], said["ends"] = date_format(case.closes_on), date_format(case.ends_on)
        subject, _, body = render_to_string(f"mail/{LetterKind(letter.kind)}.txt", said).strip().partition("\n")
    return EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[recipient])
