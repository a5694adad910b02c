"""Consent: granted to exact words, and withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.cases.models import Case
from vetting.cases.rules import CaseState, LetterKind, Move
from vetting.cases.services import move_case, owe
from vetting.consent.models import Consent, ShownWording
from vetting.consent.rules import NEEDED, Wording
from vetting.errors import Refused


def keep(case: Case, wording: Wording, *, plan: Mapping[str, Any], actor: Actor, at: datetime) -> Consent:
    """Write one consent on a locked case, with the words that were shown."""
    shown, _ = ShownWording.objects.get_or_create(
        digest=wording.digest, defaults={"language": wording.language, "text": wording.text}
    )
    record("consent.grant", case.ref, actor, at, purpose=wording.purpose, digest=wording.digest)
    return Consent.objects.create(
        case=case,
        purpose=wording.purpose,
        wording=shown,
        language=wording.language,
        plan=dict(plan),
        granted_at=at,
        expires_at=at + timedelta(days=settings.CONSENT_DAYS),
    )


@transaction.atomic(durable=True)
def grant(
    case_ref: UUID, *, wordings: Sequence[Wording], plan: Mapping[str, Any], actor: Actor, at: datetime
) -> list[Consent]:
    """Record the applicant's consent to exactly these words, one per needed purpose, for exactly this plan of States.

    The language they read is the one they are written to from now on.

    Raises IllegalMove when the case no longer waits for it, Refused("consent-incomplete") when a purpose is missing.
    """
    case = Case.objects.lock(case_ref)
    if {wording.purpose for wording in wordings} != set(NEEDED):
        raise Refused("consent-incomplete", "Each purpose is agreed to on its own.")
    case.needs_person = bool(plan["needs_person"])
    case.language = wordings[0].language
    if case.state == CaseState.RETURNED:
        case.save(update_fields=["needs_person", "language"])
    else:
        move_case(case, Move.CONSENT, actor=actor, at=at)
    owe(case, LetterKind.CONFIRM, at)
    return [keep(case, wording, plan=plan, actor=actor, at=at) for wording in wordings]


@transaction.atomic(durable=True)
def withdraw(case_ref: UUID, *, actor: Actor, at: datetime) -> Case:
    """The applicant withdraws, or refuses to consent. The organisation's word does not change before its date."""
    case = Case.objects.lock(case_ref)
    move_case(case, Move.WITHDRAW, actor=actor, at=at)
    Consent.objects.filter(case=case, withdrawn_at=None).update(withdrawn_at=at)
    return case
