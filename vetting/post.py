"""The mails that are owed: what each says, and sending them. Address and words are found at the last moment."""

import logging
from collections.abc import Mapping
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
from vetting.footers.queries import footer_text
from vetting.identity.queries import draft_of
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
    if letter.kind == LetterKind.GUARDIAN:
        named = draft_of(case).get("guardian")
        return [(named["email"], case.language)] if named else []
    return [(user.email, settings.LANGUAGE_CODE) for user in in_charge(case.organisation, case.opened_by)]


def _write(letter: Letter, recipient: str, language: str, at: datetime) -> EmailMessage:
    """The mail. For the applicant it carries a first name and nothing else about a person."""
    case = letter.case
    said = {
        "reference": case.tracking if letter.kind in TO_APPLICANT else case.reference,
        "organisation": case.organisation.name,
        "site_name": settings.SITE_NAME,
        "given_name": contact_of(case).given_name if letter.kind in {*TO_APPLICANT, LetterKind.GUARDIAN} else "",
        "days": settings.INVITATION_DAYS,
        "hours": settings.LINK_HOURS,
    }
    if letter.kind in TO_APPLICANT:
        secret = services.make_link(case.ref, actor=SYSTEM, at=at)
        said["link"] = f"{settings.BASE_URL}/a/{secret}/"
    elif letter.kind == LetterKind.GUARDIAN:
        secret = services.make_link(case.ref, actor=SYSTEM, at=at, for_guardian=True)
        said["link"] = f"{settings.BASE_URL}/g/{secret}/"
    else:
        page = "roster/" if letter.kind == LetterKind.RENEW else f"cases/{case.ref}/"
        said["link"] = f"{settings.BASE_URL}/organisation/{page}"
    with translation.override(language):
        said["closes"], said["ends"] = date_format(case.closes_on), date_format(case.ends_on)
    return mail_of(LetterKind(letter.kind), said, to=recipient, language=language, state=case.home)


def mail_of(name: str, said: Mapping[str, object], *, to: str, language: str, state: str) -> EmailMessage:
    """A mail of `templates/mail`, with the footer of the authority of `state` below it, in force now."""
    subject, body = composed(name, said, language=language, footer=footer_text(state, language))
    return EmailMessage(subject=subject, body=body, to=[to])


def composed(name: str, said: Mapping[str, object], *, language: str, footer: str) -> tuple[str, str]:
    """Subject and body in `language`. Whoever looks at a mail before it is sent sees what this makes of it."""
    with translation.override(language):
        subject, _, body = render_to_string(f"mail/{name}.txt", dict(said)).strip().partition("\n")
    return subject.strip(), with_footer(body, footer)


def with_footer(body: str, footer: str) -> str:
    """The text of a mail as it leaves. Mail programs know the line above the footer as the end of what is said."""
    return body.strip() + "\n" + (f"\n-- \n{footer}\n" if footer else "")
