"""Saving what the applicant says, and the organisation's word that it saw the document."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.authorities.queries import forward_date
from vetting.cases.models import Case
from vetting.cases.queries import Contact, contact_of, undelivered
from vetting.cases.rules import APPLICANT_MENDS, CaseState, LetterKind, Move, OrganisationWord, after
from vetting.cases.services import move_case, owe, owe_once
from vetting.consent.models import Consent
from vetting.consent.queries import standing
from vetting.consent.rules import NEEDED, ConsentPurpose, Wording
from vetting.consent.services import keep
from vetting.errors import Refused
from vetting.identity.models import Identity
from vetting.identity.queries import agreed_by_guardian, draft_of, person_of
from vetting.identity.rules import STEPS
from vetting.keys.queries import seal_document
from vetting.organisations.models import User
from vetting.organisations.queries import on_or_refused


def editable(case: Case) -> bool:
    """True while the applicant may change what they said: before consent, or when a return asks them to."""
    return case.state == CaseState.INVITED or (
        case.state == CaseState.RETURNED and case.return_reason in APPLICANT_MENDS
    )


@transaction.atomic(durable=True)
def save_step(case_ref: UUID, *, step: str, said: dict[str, Any], actor: Actor, at: datetime) -> Identity:
    """Keep one step of the form. Steps not named stay as they are, so that two tabs do not undo each other."""
    case = Case.objects.lock(case_ref)
    if step not in STEPS:
        raise Refused("step-unknown", "There is no such step.")
    if not editable(case):
        raise Refused(
            "identity-frozen",
            "This case is with the authorities and can no longer be edited. Withdraw it and ask for a new one.",
        )
    if step == "guardian" and said["email"].casefold() == contact_of(case).email.casefold():
        raise Refused("own-address", "Give the address of a parent or guardian, not your own.")
    before = draft_of(case)
    agreed_before = "guardian" in before and agreed_by_guardian(case, at)
    document = {**before, step: said}
    identity, _ = Identity.objects.get_or_create(case=case, defaults={"sealed": b"", "saved_at": at})
    identity.sealed = seal_document(case.ref, "identity", document)
    identity.version += 1
    identity.saved_at = at
    identity.seen_at = identity.seen_by = None
    identity.save()
    record("identity.save", case.ref, actor, at, kind=step)
    if step == "guardian":
        case.links.filter(for_guardian=True, expires_at__gt=at).update(expires_at=at)
    if agreed_before or (step == "guardian" and before.get("guardian") != said):  # what they agreed to has changed
        owe_once(case, LetterKind.GUARDIAN, at)
    return identity


@transaction.atomic(durable=True)
def agree_as_guardian(
    case_ref: UUID, *, version: int, wording: Wording, plan: Mapping[str, Any], actor: Actor, at: datetime
) -> Consent:
    """A parent or guardian agrees to exactly these words and this plan, before the applicant does, who is told.

    Raises Refused: agreed-no-more once the applicant cannot agree any more, identity-changed when the details are no
    longer those of `version`, consent-incomplete.
    """
    case = Case.objects.lock(case_ref)
    if not editable(case):
        raise Refused("agreed-no-more")
    if not Identity.objects.filter(case=case, version=version).exists():
        raise Refused("identity-changed")
    if wording.purpose != ConsentPurpose.GUARDIAN:
        raise Refused("consent-incomplete")
    owe(case, LetterKind.NEWS, at)
    return keep(case, wording, plan=plan, actor=actor, at=at)


@transaction.atomic(durable=True)
def ask_guardian(case_ref: UUID, *, actor: Actor, at: datetime) -> None:
    """Owe the parent or guardian another mail. Raises Refused("no-guardian") when nobody was named, or may still be."""
    case = Case.objects.lock(case_ref)
    if not editable(case) or "guardian" not in draft_of(case):
        raise Refused("no-guardian")
    record("identity.ask_guardian", case.ref, actor, at)
    owe_once(case, LetterKind.GUARDIAN, at)


ACCEPT_DAYS = 5
"""Calendar days within which the home authority means to accept or return, where its law gives it no shorter time."""


@transaction.atomic(durable=True)
def submit(case_ref: UUID, *, version: int, user: User, actor: Actor, at: datetime) -> Case:
    """The organisation says that it saw the identity document, and submits. The closing date is fixed here, once.

    Raises Refused("no-consent") when a needed consent does not stand or is older than the details it is about,
    Refused("no-guardian") when somebody who is not of age lacks theirs, Refused("same-person") where it takes two,
    Refused("identity-changed") when `version` is not that of the details,
    Refused("identity-incomplete"), Refused("organisation-off"), IllegalMove.
    """
    case = Case.objects.lock(case_ref)
    after(CaseState(case.state), Move.SUBMIT)  # first: what is too late gets one sentence, whatever happened since
    on_or_refused(case.organisation_id)
    if case.organisation.two_to_submit and case.opened_by_id == user.pk:
        raise Refused("same-person", "Somebody else has to submit this: in your organisation it takes two people.")
    agreed = [standing(case, purpose, at) for purpose in NEEDED]
    saved_at = Identity.objects.filter(case=case).values_list("saved_at", flat=True).first() or at
    if not all(consent and consent.granted_at >= saved_at for consent in agreed):
        raise Refused("no-consent", "The applicant has not agreed yet, or the agreement has expired.")
    if not agreed_by_guardian(case, at):
        raise Refused("no-guardian", "The applicant is not of age, and no parent or guardian has agreed yet.")
    person_of(case)
    seen = Identity.objects.filter(case=case, version=version).update(seen_at=at, seen_by=user)
    if not seen:
        raise Refused("identity-changed", "This vetting request has moved on; the page was out of date.")
    if case.submitted_at is None:
        case.submitted_at = at
        case.closes_on = localdate(at) + timedelta(days=settings.CLOSING_DAYS)
    case.accept_by = forward_date(case.home, localdate(at), within=ACCEPT_DAYS)
    case.return_reason = ""
    move_case(case, Move.SUBMIT, actor=actor, at=at)
    return case


@transaction.atomic(durable=True)
def correct_address(case_ref: UUID, *, email: str, actor: Actor, at: datetime) -> Case:
    """Invite the applicant at another address after the invitation came back; links that were sent before end.

    Raises Refused: address-not-back when the latest invitation did not come back, or it is no longer the applicant's
    turn; address-same; address-in-use once somebody has begun to fill in the form, because a link to another address
    would show there what was said.
    """
    case = Case.objects.lock(case_ref)
    waits = case.word_for_organisation(localdate(at), shared=False) is OrganisationWord.WITH_APPLICANT
    if not waits or case.state in (CaseState.CLOSED, CaseState.ERASED) or not undelivered([case]):
        raise Refused("address-not-back", "This vetting request has moved on; the page was out of date.")
    if Identity.objects.filter(case=case).exists():
        raise Refused(
            "address-in-use",
            "Somebody has begun to fill in this request, so its address stays. End it and open a new one.",
        )
    known = contact_of(case)
    if email.casefold() == known.email.casefold():
        raise Refused("address-same", "The invitation to this very address came back.")
    corrected = Contact(**{**vars(known), "email": email})
    case.sealed_contact = seal_document(case.ref, "contact", vars(corrected))
    case.save(update_fields=["sealed_contact"])
    case.links.filter(expires_at__gt=at).update(expires_at=at)
    record("contact.correct", case.ref, actor, at)
    owe(case, LetterKind.INVITATION, at)
    return case
