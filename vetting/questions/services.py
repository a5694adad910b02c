"""The verbs of a clerk who answers another State, and the sending of what is said."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.enquiries.ports import Item, SaidConsent
from vetting.enquiries.rules import Answer, AnswerKind
from vetting.errors import Refused
from vetting.exchange.ports import MessageType, Receipt
from vetting.exchange.rules import message_id
from vetting.organisations.models import User
from vetting.questions.gateways import write
from vetting.questions.models import Question, Said
from vetting.questions.ports import Candidate
from vetting.questions.queries import person_asked
from vetting.questions.rules import (
    DELIVERED_WITHIN,
    IllegalMove,
    Move,
    OpeningReason,
    QuestionState,
    after,
    answers_offered,
    takes_two,
    trouble_with,
)


def locked(question_ref: UUID) -> Question:
    """The question, locked until the transaction ends. Raises Question.DoesNotExist."""
    return Question.objects.select_for_update().get(ref=question_ref)


def move_question(question: Question, move: Move, *, actor: Actor, at: datetime, **facts: object) -> None:
    """Take one arrow of the table on a locked question, and audit it. Raises IllegalMove."""
    before = QuestionState(question.state)
    question.state = after(before, move)
    question.save()
    moved = {"authority": question.asker, "from": before, "to": question.state}
    record(f"question.{move}", question.ref, actor, at, **moved, **facts)


def say(question: Question, kind: MessageType, *, at: datetime, answers: str = "") -> Said:
    """Lay a message with its bytes into the outbox, in the transaction of the act that owes it."""
    said = Said(
        question=question,
        kind=kind,
        message_id=message_id(settings.HOME_STATE, question.asker, kind),
        answers=answers or question.message_id,
        created_at=at,
        try_at=at,
    )
    write(said, person_asked(question), at=at).save()
    return said


def trouble_of(question: Question) -> str:
    """Why the register may not be searched for this question (see `trouble_with`)."""
    return trouble_with(SaidConsent(question.consent), question.purpose, settings.PURPOSE_CATEGORIES)


@transaction.atomic(durable=True)
def open_question(question_ref: UUID, *, reason: OpeningReason, user: User, actor: Actor, at: datetime) -> Question:
    """A clerk opens a question: reading it, and searching the register for it, is an act with a reason. Who opens it
    to answer has it from then on, unless somebody else has."""
    question = locked(question_ref)
    if question.handler_id is None and reason is OpeningReason.ANSWER:
        question.handler = user
        question.save(update_fields=["handler"])
    record("question.open", question.ref, actor, at, reason=reason)
    return question


Candidates = Collection[Candidate]
"""Whom the register shows at this moment for the person asked about; nobody where it may not be searched."""


def _takes_two(question: Question, words: Answer, candidates: Candidates) -> bool:
    """Whether an answer that may be given now takes a second person. Raises Refused for one that may not be given."""
    trouble = trouble_of(question)
    if trouble and words.kind is not AnswerKind.REFUSED:
        raise Refused("register-shut", "Without consent for a known purpose this question can only be refused.")
    two = takes_two(words, candidates)
    if words not in answers_offered(trouble, candidates):
        raise Refused("register-changed", "The register shows something else now. Drop the proposal and look again.")
    return two


@transaction.atomic(durable=True)
def answer(
    question_ref: UUID, words: Answer, *, candidates: Candidates, user: User, actor: Actor, at: datetime
) -> Question:
    """A clerk answers from the closed list; every hit, and what leaves out what the register shows, waits for a second
    person. What the register shows is looked at here and stored nowhere.

    Raises Refused: register-shut where only a refusal may be answered, register-says-otherwise, register-changed,
    IllegalMove.
    """
    question = locked(question_ref)
    two = _takes_two(question, words, candidates)
    question.words = words.words()
    if two:
        question.proposed_by = user
        move_question(question, Move.PROPOSE, actor=actor, at=at)
        return question
    _reply(question, actor=actor, at=at)
    return question


def _reply(question: Question, *, actor: Actor, at: datetime) -> None:
    question.ended_at, question.proposed_by = at, None
    move_question(question, Move.ANSWER, actor=actor, at=at)
    say(question, MessageType.RRS, at=at)


@transaction.atomic(durable=True)
def confirm(question_ref: UUID, *, candidates: Candidates, user: User, actor: Actor, at: datetime) -> Question:
    """The second person confirms what the register still bears out, and the answer leaves.

    Raises Refused("same-person") also when nobody knows any more who proposed, and as `answer` does; IllegalMove.
    """
    question = locked(question_ref)
    if question.state != QuestionState.PROPOSED or question.answer is None:
        raise IllegalMove(question.state, "confirm")
    if question.proposed_by_id in (None, user.pk):
        raise Refused("same-person", "It takes two people: another clerk confirms this.")
    _takes_two(question, question.answer, candidates)
    _reply(question, actor=actor, at=at)
    return question


@transaction.atomic(durable=True)
def drop(question_ref: UUID, *, actor: Actor, at: datetime) -> Question:
    """A proposed answer is dropped; the question is looked at anew."""
    question = locked(question_ref)
    question.words, question.proposed_by = "", None
    move_question(question, Move.DROP, actor=actor, at=at)
    return question


@transaction.atomic(durable=True)
def ask_back(question_ref: UUID, items: tuple[Item, ...], *, actor: Actor, at: datetime) -> Question:
    """Ask the other State for more about the person; the clock stops until it comes.

    Raises Refused("nothing-asked"), IllegalMove.
    """
    if not items:
        raise Refused("nothing-asked", "Choose what is missing.")
    question = locked(question_ref)
    question.words = Answer(AnswerKind.MORE_INFORMATION, items=tuple(one for one in Item if one in items)).words()
    move_question(question, Move.ASK_BACK, actor=actor, at=at)
    say(question, MessageType.RAI, at=at)
    return question


@transaction.atomic(durable=True)
def correct(question_ref: UUID, *, actor: Actor, at: datetime) -> Question:
    """Take an answer back: a CAN where it may have arrived; the question waits for another one."""
    question = locked(question_ref)
    replies = list(question.outbox.filter(kind=MessageType.RRS).order_by("pk"))
    question.words, question.ended_at = "", None
    move_question(question, Move.CORRECT, actor=actor, at=at)
    last = replies[-1]
    if last.attempts:
        say(question, MessageType.CAN, at=at, answers=last.message_id)
    if not last.has_ended:
        last.give_up("cancelled")
    return question


def _with_lock(said_id: int) -> Said:
    locked(Said.objects.values_list("question__ref", flat=True).get(pk=said_id))
    return Said.objects.select_related("question").get(pk=said_id)


@transaction.atomic(durable=True)
def claim(said_id: int, *, at: datetime) -> Said | None:
    """Lease one outbox row; None when another holds it or nothing is left to do."""
    said = _with_lock(said_id)
    if not said.is_due(at):
        return None
    said.lease(at)
    return said


@transaction.atomic(durable=True)
def not_sent(said_id: int, *, at: datetime, code: str = "", until: datetime | None = None) -> None:
    """It was not sent: the same bytes go later, or, with a code or after a month, never, and a clerk sees it."""
    said = _with_lock(said_id)
    if said.has_ended:
        return
    code = code or ("not-delivered" if at > said.created_at + DELIVERED_WITHIN else "")
    if not code:
        said.postpone(at, until)
        return
    said.give_up(code)
    named = {"message_type": said.kind, "message_id": said.message_id, "authority": said.question.asker}
    record("message.given_up", said.question.ref, actor=Actor("system"), at=at, code=said.dead_code, **named)


@transaction.atomic(durable=True)
def sent(said_id: int, *, receipt: Receipt, actor: Actor, at: datetime) -> None:
    """The other side holds the message."""
    said = _with_lock(said_id)
    if said.done_at is not None:
        return
    said.deliver(receipt, at)
    named = {"message_type": said.kind, "message_id": said.message_id, "authority": said.question.asker}
    record("message.sent", said.question.ref, actor, at, **named)


@transaction.atomic(durable=True)
def send_again(question_ref: UUID, *, actor: Actor, at: datetime) -> int:
    """Send what nobody took once more, the very same bytes. The number of messages."""
    question = locked(question_ref)
    given_up = [said for said in question.outbox.exclude(dead_code="") if said.dead_code != "cancelled"]
    for said in given_up:
        said.repeat(at)
        record("message.repeat", question.ref, actor, at, message_id=said.message_id, message_type=said.kind)
    return len(given_up)
