"""The life of a question another State puts to us, and what may be answered by whom. Pure: no clock, no Django."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from vetting.enquiries.ports import SaidConsent
from vetting.enquiries.rules import Answer, AnswerKind, NotIdentified
from vetting.errors import Refused
from vetting.questions.ports import Candidate, Grade, Held


class QuestionState(StrEnum):
    """Where a question stands. Late is a fact about a date."""

    WAITING = "waiting"
    ASKED_BACK = "asked_back"
    PROPOSED = "proposed"
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"
    ERASED = "erased"


class Move(StrEnum):
    """What can happen to a question."""

    ASK_BACK = "ask_back"
    TELL = "tell"
    PROPOSE = "propose"
    DROP = "drop"
    ANSWER = "answer"
    CORRECT = "correct"
    FAIL_THERE = "fail_there"
    TAKE_BACK = "take_back"
    ERASE = "erase"


class Step(NamedTuple):
    """One row of the table."""

    sources: frozenset[QuestionState]
    target: QuestionState


class IllegalMove(Refused):
    """The table has no such arrow."""

    def __init__(self, state: str, move: str) -> None:
        super().__init__(
            f"question-{move}-from-{state}".replace("_", "-"), "This question has moved on; the page was out of date."
        )


S = QuestionState
OPEN = frozenset({S.WAITING, S.ASKED_BACK, S.PROPOSED})
OVER = frozenset({S.ANSWERED, S.TAKEN_BACK})
MOVES: dict[Move, Step] = {
    Move.ASK_BACK: Step(frozenset({S.WAITING}), S.ASKED_BACK),
    Move.TELL: Step(frozenset({S.ASKED_BACK}), S.WAITING),
    Move.PROPOSE: Step(frozenset({S.WAITING}), S.PROPOSED),
    Move.DROP: Step(frozenset({S.PROPOSED}), S.WAITING),
    Move.ANSWER: Step(frozenset({S.WAITING, S.PROPOSED}), S.ANSWERED),
    Move.CORRECT: Step(frozenset({S.ANSWERED}), S.WAITING),
    Move.FAIL_THERE: Step(frozenset({S.ANSWERED, S.ASKED_BACK}), S.WAITING),
    Move.TAKE_BACK: Step(OPEN | {S.ANSWERED}, S.TAKEN_BACK),
    Move.ERASE: Step(OVER, S.ERASED),
}


def after(state: QuestionState, move: Move) -> QuestionState:
    """The state `move` leads to. Raises IllegalMove when the table has no such arrow."""
    step = MOVES[move]
    if state not in step.sources:
        raise IllegalMove(state, move)
    return step.target


class OpeningReason(StrEnum):
    """Why a clerk opens a question."""

    ANSWER = "answer"
    QUESTION = "question"
    SUPERVISION = "supervision"


KEPT_AFTER_END = timedelta(days=60)
"""How long who was asked about stays readable after the end: so long the other side may say that a reply was lost."""
DELIVERED_WITHIN = timedelta(days=30)
"""An answer that the other side does not take for this long waits for a clerk."""

REASONS = (NotIdentified.NOT_A_NATIONAL, NotIdentified.DECEASED, NotIdentified.SEVERAL_PERSONS)
"""Why this office cannot say who it is. It compares no fingerprints, so it never says that they differ."""


def trouble_with(consent: SaidConsent, purpose: str, purposes: Collection[str]) -> str:
    """Why the register may not be searched for this question, as a code; empty when it may.

    Directive 2011/93/EU, art. 10(3): with the consent of the person concerned. Not saying is not consenting.
    """
    if consent is SaidConsent.NO:
        return "consent-refused"
    if consent is not SaidConsent.YES:
        return "consent-unknown"
    return "" if purpose in purposes else "purpose-unknown"


def answers_offered(trouble: str, candidates: Collection[Candidate]) -> tuple[Answer, ...]:
    """What a clerk may answer, in the order of the screen: a closed list. With `trouble` the register stays shut."""
    refused = Answer(AnswerKind.REFUSED)
    if trouble:
        return (refused,)
    elsewhere = sorted({state for one in candidates for state in one.elsewhere})
    return (
        Answer(AnswerKind.NOTHING_RECORDED),
        Answer(AnswerKind.ENTRY_HELD),
        Answer(AnswerKind.DISQUALIFICATION_HELD),
        *([Answer(AnswerKind.ASK_ELSEWHERE, states=tuple(elsewhere))] if elsewhere else []),
        *(Answer(AnswerKind.NOT_IDENTIFIED, reason=reason) for reason in REASONS),
        refused,
    )


def takes_two(answer: Answer, candidates: Collection[Candidate]) -> bool:
    """Whether a second person confirms: every hit, and every answer that leaves out what the register shows.

    Raises Refused("register-says-otherwise") for "nothing recorded" about exactly whom the register holds an entry of.
    """
    if answer.kind in (AnswerKind.ENTRY_HELD, AnswerKind.DISQUALIFICATION_HELD):
        return True
    holding = [one for one in candidates if one.held is not Held.NOTHING or one.elsewhere]
    if answer.kind is AnswerKind.NOTHING_RECORDED and any(one.grade is Grade.DEFINITE for one in holding):
        raise Refused(
            "register-says-otherwise",
            "The register holds something about exactly this person: nothing recorded cannot be the answer.",
        )
    return bool(holding) and answer.kind is not AnswerKind.REFUSED
