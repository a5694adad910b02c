"""The life of an enquiry, what an envelope must say, how a disclosure becomes one word. Pure: no clock, no Django."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from vetting.enquiries.ports import Disclosure, Item, Likeness, Verdict
from vetting.errors import Refused
from vetting.exchange.ports import MessageType


class EnquiryState(StrEnum):
    """Late is a fact about a date, not a state."""

    OPENED = "opened"
    SENT = "sent"
    MORE_INFORMATION = "more_information"
    ANSWERED = "answered"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """What can happen to an enquiry."""

    SEND = "send"
    ASK_US = "ask_us"
    TELL_THEM = "tell_them"
    ANSWER = "answer"
    REFUSE = "refuse"
    GIVE_UP = "give_up"
    CANCEL = "cancel"
    REOPEN = "reopen"


class Step(NamedTuple):
    """One row of a state table."""

    sources: frozenset[EnquiryState]
    target: EnquiryState


class IllegalMove(Refused):
    """The table has no such arrow."""

    def __init__(self, state: str, move: str) -> None:
        super().__init__(f"enquiry-{move}-from-{state}".replace("_", "-"))


S = EnquiryState
MOVES: dict[Move, Step] = {
    Move.SEND: Step(frozenset({S.OPENED}), S.SENT),
    Move.ASK_US: Step(frozenset({S.SENT}), S.MORE_INFORMATION),
    Move.TELL_THEM: Step(frozenset({S.MORE_INFORMATION}), S.SENT),
    Move.ANSWER: Step(frozenset({S.SENT, S.MORE_INFORMATION}), S.ANSWERED),
    Move.REFUSE: Step(frozenset({S.SENT, S.MORE_INFORMATION}), S.REFUSED),
    Move.GIVE_UP: Step(frozenset({S.OPENED, S.SENT, S.MORE_INFORMATION}), S.REFUSED),
    Move.CANCEL: Step(frozenset({S.OPENED, S.SENT, S.MORE_INFORMATION}), S.CANCELLED),
    Move.REOPEN: Step(frozenset({S.ANSWERED, S.REFUSED}), S.SENT),
}


def after(state: EnquiryState, move: Move) -> EnquiryState:
    """The state `move` leads to. Raises IllegalMove when the table has no such arrow."""
    step = MOVES[move]
    if state not in step.sources:
        raise IllegalMove(state, move)
    return step.target


class AnswerKind(StrEnum):
    """The separate facts an authority's reply can be. They never collapse into one another."""

    NOTHING_RECORDED = "nothing_recorded"
    ENTRY_HELD = "entry_held"
    DISQUALIFICATION_HELD = "disqualification_held"
    ASK_ELSEWHERE = "ask_elsewhere"
    MORE_INFORMATION = "more_information"
    NOT_IDENTIFIED = "not_identified"
    REFUSED = "refused"
    NEEDS_PERSON = "needs_person"


class NotIdentified(StrEnum):
    """Why an authority could not say that the person is the person."""

    NOT_A_NATIONAL = "not_a_national"
    DECEASED = "deceased"
    SEVERAL_PERSONS = "several_persons"
    FINGERPRINTS_DIFFER = "fingerprints_differ"


@dataclass(frozen=True)
class Answer:
    """One reply, reduced. `states` only with ask_elsewhere (sorted wire codes), `items` only with more_information
    (sorted by the order of `Item`), `reason` only with not_identified."""

    kind: AnswerKind
    states: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    reason: NotIdentified | None = None

    def words(self) -> str:
        """The answer in its fixed words, for instance `ask_elsewhere DE FR`."""
        detail = (*self.states, *self.items, *((self.reason,) if self.reason else ()))
        return " ".join((self.kind.value, *(str(word) for word in detail)))

    @classmethod
    def from_words(cls, words: str) -> "Answer":
        """The inverse of `words`. Raises ValueError on anything that `words` cannot have written."""
        kind, *detail = words.split(" ")
        answer = cls(AnswerKind(kind))
        if answer.kind is AnswerKind.ASK_ELSEWHERE:
            answer = cls(answer.kind, states=tuple(detail))
        elif answer.kind is AnswerKind.MORE_INFORMATION:
            answer = cls(answer.kind, items=tuple(Item(word) for word in detail))
        elif answer.kind is AnswerKind.NOT_IDENTIFIED:
            answer = cls(answer.kind, reason=NotIdentified(*detail))
        if answer.words() != words:
            raise ValueError("not an answer")
        return answer


PROCESSED = "RRT-00-00"
OTHER_RESPONSES: dict[str, Answer] = {
    "RRT-00-01": Answer(AnswerKind.REFUSED),
    "RRT-00-02": Answer(AnswerKind.NOT_IDENTIFIED, reason=NotIdentified.NOT_A_NATIONAL),
    "RRT-00-03": Answer(AnswerKind.NOT_IDENTIFIED, reason=NotIdentified.DECEASED),
    "RRT-00-04": Answer(AnswerKind.NOT_IDENTIFIED, reason=NotIdentified.FINGERPRINTS_DIFFER),
    "RRT-00-05": Answer(AnswerKind.NOT_IDENTIFIED, reason=NotIdentified.SEVERAL_PERSONS),
}
"""Response types that come without convictions. The published table is incomplete: any other value is refused.
That 02 means "not of that State" is our reading and is not verified."""

DISQUALIFICATION = "S-00-003014"
"""Common sanction category 3014: disqualification from activities with minors (Decision 2009/316/JHA, Annex B)."""


def reduce(disclosure: Disclosure, us: str, them: str, known: Collection[str]) -> Answer:
    """The one answer in `disclosure`, asked by `us` and given by `them`; `known` are the States that can be asked.

    Raises Refused for what is no answer at all: about another person, contradictory, or of an unknown type. No machine
    weighs an offence here, and nothing_recorded is what remains when every other condition has been excluded.
    """
    if disclosure.likeness is Likeness.OTHER:
        raise Refused("wrong-person")
    if disclosure.message_type is MessageType.RAI:
        return Answer(AnswerKind.MORE_INFORMATION, items=tuple(item for item in Item if item in disclosure.items))
    if disclosure.message_type is not MessageType.RRS:
        raise Refused("not-an-answer")
    if disclosure.response_type == PROCESSED:
        return _processed(disclosure, {us, them}, known)
    if disclosure.response_type not in OTHER_RESPONSES:
        raise Refused("unknown-response-type")
    if disclosure.all_transmittable_flags:
        raise Refused("contradiction")
    return OTHER_RESPONSES[disclosure.response_type]


def _processed(disclosure: Disclosure, parties: set[str], known: Collection[str]) -> Answer:
    if disclosure.has_doubtful_ids:
        return Answer(AnswerKind.NEEDS_PERSON)
    convictions = zip(disclosure.all_transmittable_flags, disclosure.sanction_codes, strict=True)
    # Whatever is not a plain No counts: an unknown flag never makes a record smaller.
    counting = [sanctions for transmittable, sanctions in convictions if transmittable != "No"]
    if any(DISQUALIFICATION in sanctions for sanctions in counting):
        return Answer(AnswerKind.DISQUALIFICATION_HELD)
    if counting:
        return Answer(AnswerKind.ENTRY_HELD)
    elsewhere = set(disclosure.other_states) - parties
    if not elsewhere <= set(known):
        return Answer(AnswerKind.NEEDS_PERSON)
    if elsewhere:
        return Answer(AnswerKind.ASK_ELSEWHERE, states=tuple(sorted(elsewhere)))
    doubts = disclosure.all_transmittable_flags, disclosure.has_extras, disclosure.likeness is Likeness.NEAR
    return Answer(AnswerKind.NEEDS_PERSON if any(doubts) else AnswerKind.NOTHING_RECORDED)


def asks_us(named: Verdict) -> bool:
    """Whether a partner's message puts a question to this node, adds to one, or takes one back."""
    letters = named.response_to[6:9]
    return named.message_type in (MessageType.REQ, MessageType.RAR) or (
        named.message_type == MessageType.CAN and letters == MessageType.REQ
    )
