"""What another State's messages change: a question, more about it, its end, or a reminder of it."""

from datetime import date, datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.authorities.queries import due_date
from vetting.enquiries.ports import Asked, Verdict
from vetting.errors import Refused
from vetting.exchange.ports import MessageType, Standing
from vetting.exchange.rules import evidence_in
from vetting.keys.services import make_key
from vetting.questions.models import Heard, Question
from vetting.questions.queries import question_about, question_asked, sealed
from vetting.questions.rules import OPEN, Move, QuestionState
from vetting.questions.services import locked, move_question, say


def _heard(
    question: Question, message_type: str, message_id: str, *, digest: str, evidence: str, actor: Actor, at: datetime
) -> None:
    """Write down that a message counts, with the acknowledgement its sender gets."""
    Heard.objects.create(
        question=question,
        message_id=message_id,
        kind=message_type,
        digest=digest,
        received_at=at,
        evidence=evidence_in(evidence),
    )
    named = {"message_type": message_type, "message_id": message_id, "authority": question.asker}
    record("message.received", question.ref, actor, at, code="question", **named)


def _due(at: datetime) -> date:
    """The last day for our reply, in our own working days (see `due_date`)."""
    return due_date(settings.HOME_STATE, localdate(at), fallback=settings.HOME_STATE)


@transaction.atomic(durable=True)
def ask(asked: Asked, *, asker: str, digest: str, evidence: str, actor: Actor, at: datetime) -> Question:
    """Take a REQ onto the desk: who is asked about is sealed, and our day is announced (RDL).

    Raises Refused: identity-incomplete for a request that names nobody, message-id-used for one of long ago.
    """
    if asked.person is None:
        raise Refused("identity-incomplete")
    if question_asked(asked.message_id, asker) is not None:
        raise Refused("message-id-used")
    ref = uuid4()
    make_key(ref, at)
    question = Question.objects.create(
        ref=ref,
        asker=asker,
        message_id=asked.message_id,
        consent=asked.consent,
        purpose=asked.purpose,
        says_more=asked.says_more,
        sealed_person=sealed(ref, asked.person),
        received_at=at,
        due_on=_due(at),
    )
    record("question.receive", ref, actor, at, authority=asker, message_id=asked.message_id)
    _heard(question, MessageType.REQ, asked.message_id, digest=digest, evidence=evidence, actor=actor, at=at)
    say(question, MessageType.RDL, at=at)
    return question


@transaction.atomic(durable=True)
def tell(asked: Asked, *, asker: str, digest: str, evidence: str, actor: Actor, at: datetime) -> Question:
    """Take an RAR: who is asked about is told anew, and the whole time begins again.

    Raises Refused: unknown-question, nothing-asked (nobody waits for it), IllegalMove's code.
    """
    found = question_about(asked.response_to, asker)
    if found is None:
        raise Refused("unknown-question")
    question = locked(found.ref)
    asked_last = question.outbox.filter(kind=MessageType.RAI).order_by("-pk").first()
    if question.state != QuestionState.ASKED_BACK or asked_last is None or asked_last.message_id != asked.response_to:
        raise Refused("nothing-asked")
    if asked.person is not None:
        question.sealed_person = sealed(question.ref, asked.person)
    question.says_more = question.says_more or asked.says_more
    question.words, question.due_on = "", _due(at)
    _heard(question, MessageType.RAR, asked.message_id, digest=digest, evidence=evidence, actor=actor, at=at)
    move_question(question, Move.TELL, actor=actor, at=at)
    return question


@transaction.atomic(durable=True)
def take_back(named: Verdict, *, asker: str, digest: str, evidence: str, actor: Actor, at: datetime) -> Question:
    """Take a CAN of their REQ: nobody answers any more, and what was not sent yet stays here.

    Raises Refused("unknown-question"), IllegalMove when it was taken back before.
    """
    found = question_asked(named.response_to, asker)
    if found is None:
        raise Refused("unknown-question")
    question = locked(found.ref)
    _heard(question, MessageType.CAN, named.message_id, digest=digest, evidence=evidence, actor=actor, at=at)
    question.words, question.proposed_by, question.ended_at = "", None, question.ended_at or at
    for said in question.outbox.filter(done_at=None, dead_code=""):
        said.give_up("cancelled")
    move_question(question, Move.TAKE_BACK, actor=actor, at=at)
    return question


@transaction.atomic(durable=True)
def fail_there(named: Verdict, *, asker: str, digest: str, evidence: str, actor: Actor, at: datetime) -> Question:
    """Take a FEM: they could not use what we said, so the question is a clerk's again. Raises Refused."""
    found = question_about(named.response_to, asker)
    if found is None:
        raise Refused("unknown-question")
    question = locked(found.ref)
    _heard(question, MessageType.FEM, named.message_id, digest=digest, evidence=evidence, actor=actor, at=at)
    letters = named.response_to[6:9]
    about_last = {QuestionState.ANSWERED: MessageType.RRS, QuestionState.ASKED_BACK: MessageType.RAI}
    if about_last.get(QuestionState(question.state)) == letters:
        question.words, question.ended_at = "", None
        move_question(question, Move.FAIL_THERE, actor=actor, at=at, code="functional-error")
    return question


STANDINGS = {
    QuestionState.WAITING: Standing.WAITING,
    QuestionState.PROPOSED: Standing.WAITING,
    QuestionState.ASKED_BACK: Standing.ASKED_BACK,
    QuestionState.ANSWERED: Standing.ANSWERED,
    QuestionState.TAKEN_BACK: Standing.TAKEN_BACK,
    QuestionState.ERASED: Standing.TAKEN_BACK,
}


@transaction.atomic(durable=True)
def remind(message_id: str, *, asker: str, digest: str, actor: Actor, at: datetime) -> Standing:
    """The asker asks after a REQ of theirs: say how it stands, and send again what they seem not to have.

    Raises Refused("message-id-used") when other bytes came under this id.
    """
    found = question_asked(message_id, asker)
    if found is None:
        record("question.unknown", None, actor, at, authority=asker, message_id=message_id)
        return Standing.UNKNOWN
    question = locked(found.ref)
    if not question.inbox.filter(message_id=message_id, digest=digest).exists():
        raise Refused("message-id-used")
    wanted = {QuestionState.ANSWERED: MessageType.RRS, QuestionState.ASKED_BACK: MessageType.RAI}
    kind = wanted.get(QuestionState(question.state))
    last = question.outbox.filter(kind=kind).order_by("-pk").first() if kind else None
    if last is not None and last.has_ended:
        last.repeat(at)
    if question.state in OPEN:
        question.reminded_at = at
        question.save(update_fields=["reminded_at"])
    standing = STANDINGS[QuestionState(question.state)]
    record("question.remind", question.ref, actor, at, authority=asker, code=standing)
    return standing
