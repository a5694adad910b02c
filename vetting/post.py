"""The mails that are owed: what each says, and sending them. Address and words are found at the last moment."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from vetting.audit.ports import SYSTEM
from vetting.cases import services
from vetting.cases.gateways import messenger
from vetting.cases.models import Letter
from vetting.cases.ports import Way, Written
from vetting.cases.queries import contact_of
from vetting.cases.rules import TO_APPLICANT, LetterKind
from vetting.errors import Unavailable, Unusable
from vetting.footers.queries import footer_text
from vetting.identity.queries import draft_of
from vetting.keys.models import KeyGone
from vetting.organisations.access import in_charge

log = logging.getLogger("vetting.post")
LEASE = timedelta(seconds=60)
END = "-- \n"
"""The line that ends what is said and begins the footer (RFC 3676, section 4.3)."""
NEVER = 5
"""The class of a status that says: there is nobody at this address (RFC 3463)."""


@dataclass(frozen=True)
class Recipient:
    """Whom a letter goes to: on which way, where, and in which language."""

    way: Way
    address: str
    language: str


def deliver_due(at: datetime, most: int = 50) -> int:
    """Send what is owed at `at`, oldest first; a failure is tried again later, and never stops the others."""
    due = Letter.objects.filter(sent_at=None, try_at__lte=at).order_by("try_at").values_list("pk", flat=True)[:most]
    return sum(_deliver(letter_id, at) for letter_id in list(due))


def _deliver(letter_id: int, at: datetime) -> bool:
    letter = services.claim_letter(letter_id, at=at, lease=LEASE)
    if letter is None:
        return False
    recipients: list[Recipient] = []
    try:
        recipients = _recipients(letter)
        refused = [_refused(letter, number, one, at) for number, one in enumerate(recipients)]
    except KeyGone:
        log.info("letter-to-erased-case")
        refused = []
    except Exception as failure:  # whatever a mail server does, the letter stays owed and the others go out
        log.warning("letter-failed %s", type(failure).__name__)
        return False
    if not refused or not all(refused):
        services.letter_sent(letter_id, actor=SYSTEM, at=at)
    if any(refused):
        services.letter_bounced(letter_id, status_class=NEVER, actor=SYSTEM, at=at)
    return not any(refused)


def _refused(letter: Letter, number: int, to: Recipient, at: datetime) -> bool:
    """Send it to one of its recipients; True when there is nobody at that address, which no other try would change."""
    mark = f"{letter.token}.{number}"
    try:
        said, state = _said(letter, to.language, at), letter.case.home
        made = written(LetterKind(letter.kind), said, to=to.address, language=to.language, state=state, mark=mark)
        messenger(to.way).send(made)
    except Unusable as unusable:
        if unusable.code != "address-refused":
            raise
        return True
    return False


def _recipients(letter: Letter) -> list[Recipient]:
    """None for an applicant who had their file erased. Organisations are written to in the installation's language: who
    opened the request, or the managers once that person has left."""
    case = letter.case
    if letter.kind in TO_APPLICANT:
        way, address = contact_of(case).address(Way(settings.LETTERS_BY))
        return [Recipient(way, address, case.language)] if address else []
    if letter.kind == LetterKind.GUARDIAN:
        named = draft_of(case).get("guardian")
        return [Recipient(Way.EMAIL, named["email"], case.language)] if named else []
    people = in_charge(case.organisation, case.opened_by)
    return [Recipient(Way.EMAIL, user.email, settings.LANGUAGE_CODE) for user in people]


def _said(letter: Letter, language: str, at: datetime) -> dict[str, Any]:
    """What the words need. For the applicant it is a first name and nothing else about a person."""
    case = letter.case
    said = {
        "reference": case.tracking if letter.kind in TO_APPLICANT else case.reference,
        "organisation": case.organisation.name,
        "given_name": contact_of(case).given_name if letter.kind in {*TO_APPLICANT, LetterKind.GUARDIAN} else "",
        "days": settings.INVITATION_DAYS,
        "hours": settings.LINK_HOURS,
        "closes": _day(case.closes_on, language),
        "ends": _day(case.ends_on, language),
    }
    if letter.kind in TO_APPLICANT:
        secret = services.make_link(case.ref, actor=SYSTEM, at=at)
        return {**said, "link": f"{settings.BASE_URL}/a/{secret}/"}
    if letter.kind == LetterKind.GUARDIAN:
        secret = services.make_link(case.ref, actor=SYSTEM, at=at, for_guardian=True)
        return {**said, "link": f"{settings.BASE_URL}/g/{secret}/"}
    page = "roster/" if letter.kind == LetterKind.RENEW else f"cases/{case.ref}/"
    return {**said, "link": f"{settings.BASE_URL}/organisation/{page}"}


def written(template: str, said: Mapping[str, Any], *, to: str, language: str, state: str, mark: str = "") -> Written:
    """The letter of a template of `templates/mail`, with the footer of the authority of `state` in force now."""
    subject, body = composed(template, said, language=language, footer=footer_text(state, language))
    return in_both_shapes(subject, body, to, language, mark)


def composed(template: str, said: Mapping[str, Any], *, language: str, footer: str) -> tuple[str, str]:
    """Subject and body in `language`: the first line is the subject, an empty line stands between paragraphs. Whoever
    looks at a mail before it is sent sees what this makes of it."""
    with translation.override(language):
        whole = render_to_string(f"mail/{template}.txt", {**said, "site_name": settings.SITE_NAME})
    subject, _, body = whole.strip().partition("\n")
    return subject.strip(), with_footer(body, footer)


def with_footer(body: str, footer: str) -> str:
    """The text of a mail as it leaves. Mail programs know the line above the footer as the end of what is said."""
    return body.strip() + "\n" + (f"\n{END}{footer}\n" if footer else "")


def in_both_shapes(subject: str, body: str, to: str, language: str, mark: str = "") -> Written:
    """A text, and the same sentences as HTML. A paragraph that is nothing but a link becomes a button."""
    subject, text = " ".join(subject.split()), body.strip() + "\n"
    shown = {
        "subject": subject,
        "site_name": settings.SITE_NAME,
        "language": language,
        "paragraphs": [_paragraph(one.strip()) for one in text.split("\n\n") if one.strip()],
    }
    with translation.override(language):
        direction = "rtl" if translation.get_language_bidi() else "ltr"
        html = render_to_string("mail/layout.html", {**shown, "direction": direction})
    return Written(to, subject, text, html, language, mark or f"{secrets.token_hex(16)}.0")


def _day(day: date, language: str) -> str:
    with translation.override(language):
        return date_format(day)


def _paragraph(text: str) -> dict[str, str]:
    if text.startswith(END):
        return {"footer": text.removeprefix(END)}
    alone = text.startswith(("http://", "https://")) and len(text.split()) == 1
    return {"link" if alone else "text": text}


def send_now(letter: Written) -> bool:
    """Send what nobody owes, by e-mail. False when it did not leave: who asked for it asks again."""
    try:
        messenger(Way.EMAIL).send(letter)
    except (Unavailable, Unusable) as failure:
        log.warning("mail-failed %s", type(failure).__name__)
        return False
    return True
