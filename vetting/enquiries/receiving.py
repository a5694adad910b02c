"""The incoming verbs of enquiries: what a reply, a clerk's answer or the applicant's information changes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.authorities.queries import directory
from vetting.cases.models import Case
from vetting.cases.rules import CaseState, LetterKind
from vetting.cases.rules import Move as CaseMove
from vetting.cases.services import move_case, owe
from vetting.consent.queries import standing
from vetting.consent.rules import ConsentPurpose
from vetting.enquiries.models import Channel, Enquiry, Inbound
from vetting.enquiries.ports import Verdict
from vetting.enquiries.rules import Answer, AnswerKind, EnquiryState, Move
from vetting.enquiries.services import move_enquiry, open_enquiries, put_out
from vetting.errors import Refused
from vetting.exchange.ports import MessageType
from vetting.exchange.rules import evidence_in
from vetting.identity.models import Identity
from vetting.identity.queries import draft_of, person_of
from vetting.keys.queries import seal_document
from vetting.routing.queries import plan_for

RECONSIDERED = frozenset({CaseState.ANSWERED, CaseState.ASSESSING, CaseState.CLEARED, CaseState.NOT_CLEARED})
CLERKS_WORDS = frozenset(
    {AnswerKind.NOTHING_RECORDED, AnswerKind.ENTRY_HELD, AnswerKind.DISQUALIFICATION_HELD, AnswerKind.REFUSED}
)
"""What a clerk may answer on screen about their own register, or about a document that was shown."""


@transaction.atomic(durable=True)
def receive(enquiry_ref: UUID, verdict: Verdict, *, actor: Actor, at: datetime, evidence: str = "") -> str:
    """Act on what the airlock said about one message, exactly once; returns the code that was audited.

    A message that was read before, a refused one, and one for a case that is over change nothing. `evidence` is the
    signed acknowledgement its sender gets: kept with a message that counts, so that a duplicate gets the same one.
    """
    case = Case.objects.lock(Enquiry.objects.values_list("case__ref", flat=True).get(ref=enquiry_ref))
    enquiry = Enquiry.objects.select_related("case").get(ref=enquiry_ref)
    enquiry.case = case
    code = _refusal(case, enquiry, verdict)
    duplicate = code == "duplicate"
    Inbound.objects.create(
        enquiry=enquiry,
        message_id="" if code else verdict.message_id,
        kind="refused" if code else verdict.kind,
        code=code,
        digest=verdict.digest.hex(),
        received_at=at,
        evidence="" if code else evidence_in(evidence),
    )
    record(
        "message.refused" if code else "message.received", case.ref, actor, at,
        authority=enquiry.asked, code=code or verdict.kind, message_type=verdict.message_type,
        message_id=verdict.message_id if not code or duplicate else "",
    )  # fmt: skip
    if not code:
        _apply(case, enquiry, verdict, actor=actor, at=at)
    return code or verdict.kind


@transaction.atomic(durable=True)
def refuse(code: str, *, sender: str, message_id: str, actor: Actor, at: datetime) -> None:
    """Write down that a message was refused before it was known which case it is about. Nothing else changes.

    `sender` and `message_id` are what a believed envelope says, or empty.
    """
    record("message.refused", None, actor, at, code=code, authority=sender, message_id=message_id)


def _refusal(case: Case, enquiry: Enquiry, verdict: Verdict) -> str:
    counted = Inbound.objects.filter(enquiry=enquiry).exclude(message_id="")
    if counted.filter(digest=verdict.digest.hex()).exists():
        return "duplicate"  # the very bytes that counted once, also where they would not fit what was sent since
    if verdict.kind == "rejected":
        return verdict.code
    if counted.filter(message_id=verdict.message_id).exists():
        return "duplicate"
    if case.state not in RECONSIDERED | {CaseState.ENQUIRING} or enquiry.state == EnquiryState.CANCELLED:
        return "case-over"
    if enquiry.state == EnquiryState.OPENED:
        return "not-asked-yet"
    return ""


def _apply(case: Case, enquiry: Enquiry, verdict: Verdict, *, actor: Actor, at: datetime) -> None:
    if verdict.kind == "deadline":
        enquiry.announced_on = verdict.deadline
        enquiry.save(update_fields=["announced_on"])
    elif verdict.kind == "cancelled":
        _reopen(case, enquiry, actor=actor, at=at)
    elif verdict.kind == "functional_error":
        _settle(case, enquiry, Answer(AnswerKind.NEEDS_PERSON), actor=actor, at=at)
    else:
        _settle(case, enquiry, Answer.from_words(verdict.answer), actor=actor, at=at)
    case.wake_at = at
    case.save(update_fields=["wake_at"])


def _reopen(case: Case, enquiry: Enquiry, *, actor: Actor, at: datetime) -> None:
    """The authority took its reply back (CAN): the question is open again, and so is the case."""
    if enquiry.state in (EnquiryState.ANSWERED, EnquiryState.REFUSED):
        enquiry.words, enquiry.answered_at = "", None
        move_enquiry(enquiry, Move.REOPEN, actor=actor, at=at)
        if case.state in RECONSIDERED:
            move_case(case, CaseMove.ASK_AGAIN, actor=actor, at=at)


def _settle(case: Case, enquiry: Enquiry, answer: Answer, *, actor: Actor, at: datetime) -> None:
    """Write an answer. A second one, with the first never taken back, is for a person, and suspends a decision."""
    if enquiry.state in (EnquiryState.ANSWERED, EnquiryState.REFUSED):
        answer = Answer(AnswerKind.NEEDS_PERSON)
        move_enquiry(enquiry, Move.REOPEN, actor=actor, at=at, code="second-reply")
        if case.state in RECONSIDERED:
            move_case(case, CaseMove.ASK_AGAIN, actor=actor, at=at)
    enquiry.words = answer.words()
    if answer.kind is AnswerKind.MORE_INFORMATION:
        enquiry.asked_us_at = at
        if enquiry.state != EnquiryState.MORE_INFORMATION:
            move_enquiry(enquiry, Move.ASK_US, actor=actor, at=at)
            owe(case, LetterKind.QUESTIONS, at)
        return
    enquiry.answered_at = at
    move = Move.REFUSE if answer.kind is AnswerKind.REFUSED else Move.ANSWER
    move_enquiry(enquiry, move, actor=actor, at=at)
    if answer.kind is AnswerKind.ASK_ELSEWHERE and standing(case, ConsentPurpose.EXCHANGE, at):
        reachable = set(answer.states) & directory().exchange() - {case.home}
        open_enquiries(case, reachable, Channel.EXCHANGE, actor=actor, at=at)


def _at_desk(enquiry_ref: UUID) -> tuple[Case, Enquiry]:
    case = Case.objects.lock(Enquiry.objects.values_list("case__ref", flat=True).get(ref=enquiry_ref))
    enquiry = Enquiry.objects.get(ref=enquiry_ref)
    enquiry.case = case
    if case.state != CaseState.ENQUIRING:
        raise Refused("case-over", "This case no longer waits for answers.")
    return case, enquiry


@transaction.atomic(durable=True)
def answer_at_desk(enquiry_ref: UUID, *, kind: AnswerKind, actor: Actor, at: datetime) -> Enquiry:
    """A clerk answers on screen, from a closed list, for their own register or for a document that was shown.

    Raises Refused("not-at-desk") for an enquiry that another authority answers, IllegalMove when answered already.
    """
    case, enquiry = _at_desk(enquiry_ref)
    if enquiry.channel == Channel.EXCHANGE or kind not in CLERKS_WORDS:
        raise Refused("not-at-desk", "Only the authority that was asked can answer this.")
    if enquiry.answered_at is not None and enquiry.words == Answer(kind).words():
        return enquiry  # the same click twice
    _settle(case, enquiry, Answer(kind), actor=actor, at=at)
    case.wake_at = at
    case.save(update_fields=["wake_at"])
    return enquiry


@transaction.atomic(durable=True)
def stop_waiting(enquiry_ref: UUID, *, actor: Actor, at: datetime) -> Enquiry:
    """A person decides not to wait any longer for an authority. Silence stays silence: there is no answer."""
    case, enquiry = _at_desk(enquiry_ref)
    enquiry.words = ""
    move_enquiry(enquiry, Move.GIVE_UP, actor=actor, at=at)
    case.wake_at = at
    case.save(update_fields=["wake_at"])
    return enquiry


def _asked_about(case: Case) -> tuple[object, ...]:
    """What makes the person that person, and whom they lead to."""
    person, route = person_of(case), plan_for(case)
    return person.name, person.birth_date, person.nationalities, person.document, route.ask, route.documents


@transaction.atomic(durable=True)
def tell_more(enquiry_ref: UUID, *, steps: dict[str, dict[str, Any]], actor: Actor, at: datetime) -> Enquiry:
    """The applicant answers an authority's questions: the identity is completed and an RAR goes into the outbox.

    Who then is another person than the one the organisation saw and others were asked about, or leads to other States
    than were agreed to, is never cleared by rule. Raises IllegalMove when nothing was asked.
    """
    case, enquiry = _at_desk(enquiry_ref)
    before = _asked_about(case)
    move_enquiry(enquiry, Move.TELL_THEM, actor=actor, at=at)
    enquiry.words, enquiry.asked_us_at, enquiry.due_on = "", None, None
    enquiry.save()
    sealed = seal_document(case.ref, "identity", {**draft_of(case), **steps})
    Identity.objects.filter(case=case).update(sealed=sealed, saved_at=at)
    case.needs_person = case.needs_person or _asked_about(case) != before
    asked = enquiry.inbox.filter(kind="answer", message_id__contains="-RAI-").order_by("-pk").first()
    if asked is None:
        raise Refused("nothing-asked", "No authority has asked for this.")
    put_out(enquiry, MessageType.RAR, at=at, answers=asked.message_id)
    case.wake_at = at
    case.save(update_fields=["wake_at", "needs_person"])
    return enquiry
