"""The verbs of a vetting request."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.cases.models import Case, Letter, Link
from vetting.cases.queries import Contact, digest_of, undelivered
from vetting.cases.rules import (
    APPLICANT_MENDS,
    GROUND,
    OPEN,
    CaseState,
    LetterKind,
    Move,
    OrganisationWord,
    ReturnReason,
    RoleKind,
    after,
    due_at_desk,
    eligible,
    grouped,
    lapses,
    purpose_of,
    reader_of,
)
from vetting.errors import Refused
from vetting.keys.queries import seal_document
from vetting.keys.services import make_key
from vetting.organisations.models import Organisation, User
from vetting.organisations.queries import on_or_refused


def move_case(case: Case, move: Move, *, actor: Actor, at: datetime, **facts: object) -> None:
    """Take one arrow of the table on a locked case, and audit it. Raises IllegalMove."""
    before = CaseState(case.state)
    case.state = after(before, move)
    case.desk_due = due_at_desk(CaseState(case.state), accept_by=case.accept_by, today=localdate(at))
    case.wake_at = at
    case.save()
    record(f"case.{move}", case.ref, actor, at, **{"from": before, "to": case.state, **facts})


def owe(case: Case, kind: LetterKind, at: datetime) -> Letter:
    """Write down, in the act's own transaction, that a mail is owed."""
    return Letter.objects.create(case=case, kind=kind, owed_at=at, try_at=at)


def owe_once(case: Case, kind: LetterKind, at: datetime) -> Letter:
    """The same, unless one of the kind waits to be sent."""
    return Letter.objects.filter(case=case, kind=kind, sent_at=None, bounced_at=None).first() or owe(case, kind, at)


def _opened(ref: UUID, organisation: Organisation) -> Case | None:
    """The request that this form has opened; None before. Raises Refused: opened-elsewhere, organisation-off."""
    opened = Case.objects.filter(ref=ref).first()
    if opened is None:
        on_or_refused(organisation.pk)
    elif opened.organisation_id != organisation.pk:
        raise Refused("opened-elsewhere", "This vetting request has moved on; the page was out of date.")
    return opened


@transaction.atomic(durable=True)
def open_case(
    organisation: Organisation,
    *,
    ref: UUID,
    activity: str,
    role: RoleKind,
    contact: Contact,
    language: str,
    user: User | None,
    actor: Actor,
    at: datetime,
) -> Case:
    """Open a vetting request and owe its invitation. Ground and purpose are frozen here.

    `ref` is made when the form is: sent twice, it opens one request, and the second time finds it.
    Raises Refused: activity-not-eligible outside Article 10(2), opened-elsewhere, organisation-off.
    """
    eligible(activity)
    opened = _opened(ref, organisation)
    if opened is not None:
        return opened
    make_key(ref, at)
    case = Case.objects.create(
        ref=ref,
        **{name: grouped(secrets.randbits(60), 3) for name in ("reference", "tracking")},
        organisation=organisation,
        opened_by=user,
        home=organisation.state,
        activity=activity,
        role=role,
        ground=GROUND,
        purpose=purpose_of(role),
        language=language,
        sealed_contact=seal_document(ref, "contact", vars(contact)),
        opened_at=at,
        closes_on=localdate(at) + timedelta(days=settings.INVITATION_DAYS),
    )
    record("case.open", ref, actor, at, activity=activity, role=role, purpose=case.purpose)
    owe(case, LetterKind.INVITATION, at)
    return case


@transaction.atomic(durable=True)
def make_link(case_ref: UUID, *, actor: Actor, at: datetime, for_guardian: bool = False) -> str:
    """A fresh secret for the applicant's way in, or a guardian's; older ones of theirs stop working. It is not stored:
    only its digest is."""
    case = Case.objects.lock(case_ref)
    secret, ends = secrets.token_urlsafe(24), at + timedelta(hours=settings.LINK_HOURS)
    Link.objects.filter(case=case, for_guardian=for_guardian, expires_at__gt=at).update(expires_at=at)
    Link.objects.create(case=case, for_guardian=for_guardian, digest=digest_of(secret), expires_at=ends)
    record("link.make", case.ref, actor, at, kind="guardian" if for_guardian else "applicant")
    return secret


@transaction.atomic(durable=True)
def revive_link(case_ref: UUID, *, actor: Actor, at: datetime) -> Letter:
    """Owe the applicant a new link, to the address the organisation gave. At most one waits to be sent."""
    case = Case.objects.lock(case_ref)
    record("link.revive", case.ref, actor, at)
    return owe_once(case, LetterKind.INVITATION, at)


@transaction.atomic(durable=True)
def return_case(case_ref: UUID, *, reason: ReturnReason, actor: Actor, at: datetime) -> Case:
    """Give the case back with a reason from the closed list; the organisation or the applicant mends it."""
    case = Case.objects.lock(case_ref)
    case.return_reason = reason
    move_case(case, Move.RETURN, actor=actor, at=at, reason=reason)
    owe(case, LetterKind.RETURNED, at)
    if reason in APPLICANT_MENDS:
        owe(case, LetterKind.QUESTIONS, at)
    return case


@transaction.atomic(durable=True)
def leave(case_ref: UUID, *, actor: Actor, at: datetime) -> Case:
    """The organisation ends its interest. It sees the same whether a result exists already or not."""
    case = Case.objects.lock(case_ref)
    if case.left_at is not None:
        raise Refused("already-left", "This vetting request is closed already.")
    case.left_at = at
    if case.state in OPEN:
        move_case(case, Move.CANCEL, actor=actor, at=at)
    else:
        case.save(update_fields=["left_at"])
        record("case.leave", case.ref, actor, at)
    return case


@transaction.atomic(durable=True)
def lapse(case_ref: UUID, *, actor: Actor, at: datetime) -> Case:
    """End a case in which nobody acted in time (see `lapses`). Nothing when somebody did at the last moment."""
    case = Case.objects.lock(case_ref)
    if not lapses(case.standing(shared=False), ends_on=case.ends_on, today=localdate(at)):
        return case
    move_case(case, Move.LAPSE, actor=actor, at=at)
    return case


@transaction.atomic(durable=True)
def tell_closed(case_ref: UUID, *, at: datetime) -> bool:
    """Owe the organisation the one neutral letter of its closing date. True when it was owed now, once per case."""
    case = Case.objects.lock(case_ref)
    told = Letter.objects.filter(case=case, kind__in=[LetterKind.CLOSED, LetterKind.SHARED]).exists()
    if told or case.left_at is not None:
        return False
    owe(case, LetterKind.CLOSED, at)
    return True


@transaction.atomic(durable=True)
def remind(case_ref: UUID, *, since: datetime, at: datetime) -> bool:
    """Owe the applicant the reminder of the day that began at `since`. True when it was owed now. What the case came
    to is not looked at: the reminder says the same, on the same day, to everybody."""
    case = Case.objects.lock(case_ref)
    reminded = Letter.objects.filter(case=case, kind=LetterKind.REMIND, owed_at__gte=since).exists()
    if reminded or case.left_at is not None:
        return False
    owe(case, LetterKind.REMIND, at)
    return True


@transaction.atomic(durable=True)
def close(case_ref: UUID, *, actor: Actor, at: datetime) -> Case:
    """The end of a case's active life, after which only erasure follows."""
    case = Case.objects.lock(case_ref)
    move_case(case, Move.CLOSE, actor=actor, at=at)
    return case


@transaction.atomic(durable=True)
def sleep_until(case_ref: UUID, *, wake_at: datetime | None, seen: datetime | None) -> None:
    """Let the pipeline look again at `wake_at`; not when something else woke the case since `seen`."""
    Case.objects.filter(ref=case_ref, wake_at=seen).update(wake_at=wake_at)


@transaction.atomic(durable=True)
def claim_letter(letter_id: int, *, at: datetime, lease: timedelta) -> Letter | None:
    """Take a letter for sending; whoever dies with it loses it after `lease`. None when another has it."""
    letter = Letter.objects.select_for_update().filter(pk=letter_id, sent_at=None, try_at__lte=at).first()
    if letter is None:
        return None
    letter.attempts += 1
    letter.try_at = at + lease * min(letter.attempts, 60)
    letter.token = letter.token or secrets.token_hex(16)
    letter.save(update_fields=["attempts", "try_at", "token"])
    return letter


@transaction.atomic(durable=True)
def letter_sent(letter_id: int, *, actor: Actor, at: datetime) -> None:
    """The mail left."""
    letter = Letter.objects.select_for_update().select_related("case").get(pk=letter_id)
    letter.sent_at = at
    letter.try_at = None
    letter.save(update_fields=["sent_at", "try_at"])
    record("letter.sent", letter.case.ref, actor, at, letter=letter.kind, to=reader_of(letter.kind))


@transaction.atomic(durable=True)
def letter_bounced(letter_id: int, *, status_class: int, actor: Actor, at: datetime) -> Letter:
    """A letter could not be delivered: that, when, and the class of the status are kept, once, and no word of why.

    Of an invitation the organisation is told, while it is still the applicant's turn: the address is its own typing.
    """
    letter = Letter.objects.select_for_update().select_related("case").get(pk=letter_id)
    if letter.bounced_at is not None:
        return letter
    letter.bounced_at, letter.bounce_class, letter.try_at = at, status_class, None
    letter.save(update_fields=["bounced_at", "bounce_class", "try_at"])
    to = reader_of(letter.kind)
    record("letter.bounced", letter.case.ref, actor, at, letter=letter.kind, to=to, code=status_class)
    shown = letter.case.state == CaseState.CLOSED  # before its day it closes by an earlier certificate alone
    word = letter.case.word_for_organisation(localdate(at), shared=shown)
    if word is OrganisationWord.WITH_APPLICANT and letter.case_id in undelivered([letter.case]):
        owe(letter.case, LetterKind.UNDELIVERED, at)
    return letter
