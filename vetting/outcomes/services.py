"""The verbs of an outcome."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.cases.models import Case
from vetting.cases.rules import CaseState, LetterKind, Move
from vetting.cases.services import move_case, owe
from vetting.enquiries.models import Enquiry
from vetting.enquiries.rules import EnquiryState
from vetting.errors import Refused
from vetting.organisations.models import User
from vetting.outcomes.models import Assessment, Dispute
from vetting.outcomes.rules import ClearReason, DisputeGround, NotClearReason, Verdict, clears_by_rule


def _decide(case: Case, move: Move, *, actor: Actor, at: datetime) -> None:
    """One end of the road: the same letter and the same dispute bookkeeping whatever the outcome."""
    move_case(case, move, actor=actor, at=at)
    Dispute.objects.filter(case=case, closed_at=None).update(closed_at=at)
    owe(case, LetterKind.NEWS, at)


def _drop(proposal: Assessment, case: Case, *, actor: Actor, at: datetime) -> None:
    proposal.dropped_at = at
    proposal.save()
    record("assessment.drop", case.ref, actor, at)


@transaction.atomic(durable=True)
def conclude(case_ref: UUID, *, actor: Actor, at: datetime) -> Case:
    """Clear by rule when every authority said `nothing_recorded`; hand everything else to a person.

    Nothing when another process was first.
    """
    case = Case.objects.lock(case_ref)
    if case.state != CaseState.ANSWERED:
        return case
    for stale in Assessment.objects.filter(case=case, confirmed_at=None, dropped_at=None):
        _drop(stale, case, actor=actor, at=at)  # it was made on answers that have changed since
    enquiries = Enquiry.objects.filter(case=case).values_list("state", "words")
    words = [words if state == EnquiryState.ANSWERED else "" for state, words in enquiries]
    if clears_by_rule(words, needs_person=case.needs_person):
        _decide(case, Move.CLEAR, actor=actor, at=at)
    else:
        move_case(case, Move.ASSESS, actor=actor, at=at)
    return case


@transaction.atomic(durable=True)
def assess(
    case_ref: UUID, *, reason: ClearReason | NotClearReason, user: User, actor: Actor, at: datetime
) -> Assessment:
    """A clerk decides. Clearing takes effect at once; `not cleared` waits for another clerk.

    Raises Refused("not-assessing") or Refused("proposed-already").
    """
    case = Case.objects.lock(case_ref)
    if case.state != CaseState.ASSESSING:
        raise Refused("not-assessing", "This case does not wait for an assessment.")
    if Assessment.objects.filter(case=case, confirmed_at=None, dropped_at=None).exists():
        raise Refused("proposed-already", "A proposal waits for confirmation. Confirm it, or send it back first.")
    clear = isinstance(reason, ClearReason)
    assessment = Assessment.objects.create(
        case=case,
        verdict=Verdict.CLEARED if clear else Verdict.NOT_CLEARED,
        reason=reason,
        proposed_by=user,
        proposed_at=at,
        confirmed_at=at if clear else None,
    )
    if clear:
        _decide(case, Move.CLEAR, actor=actor, at=at)
    else:
        case.handler = None  # it is for another clerk now
        case.save(update_fields=["handler"])
        record("assessment.propose", case.ref, actor, at)
    return assessment


def _waiting(case: Case) -> Assessment:
    waiting = Assessment.objects.filter(case=case, confirmed_at=None, dropped_at=None).first()
    if waiting is None:
        raise Refused("nothing-proposed", "There is no proposal to confirm.")
    return waiting


@transaction.atomic(durable=True)
def confirm(case_ref: UUID, *, user: User, actor: Actor, at: datetime) -> Assessment:
    """A second clerk confirms that no certificate can be issued. Raises Refused("same-person") for the proposer."""
    case = Case.objects.lock(case_ref)
    waiting = _waiting(case)
    if waiting.proposed_by_id is None or waiting.proposed_by_id == user.pk:
        raise Refused("same-person", "Somebody else has to confirm this: it takes two people.")
    waiting.confirmed_by, waiting.confirmed_at = user, at
    waiting.save()
    _decide(case, Move.NOT_CLEAR, actor=actor, at=at)
    return waiting


@transaction.atomic(durable=True)
def send_back(case_ref: UUID, *, actor: Actor, at: datetime) -> Assessment:
    """Drop a proposal; the case waits for a new assessment."""
    case = Case.objects.lock(case_ref)
    waiting = _waiting(case)
    _drop(waiting, case, actor=actor, at=at)
    return waiting


@transaction.atomic(durable=True)
def dispute(case_ref: UUID, *, ground: DisputeGround, actor: Actor, at: datetime) -> Dispute:
    """The applicant disputes: the case is assessed anew. What an organisation sees does not change by it."""
    case = Case.objects.lock(case_ref)
    move_case(case, Move.DISPUTE, actor=actor, at=at, reason=ground)
    return Dispute.objects.create(case=case, ground=ground, opened_at=at)
