"""Writes the messages we send, asking and answering. What leaves here has been validated against our own schema."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from integrations.ecris.codes import STATES
from integrations.ecris.convictions import HeldEntry
from integrations.ecris.kinds import document, finished
from vetting.enquiries.ports import Item, RequestContents
from vetting.enquiries.rules import DISQUALIFICATION, OTHER_RESPONSES, PROCESSED, Answer, AnswerKind
from vetting.errors import Unusable
from vetting.exchange.ports import MessageType
from vetting.identity.ports import Person

MAX_PART = 200
"""Characters that the wire allows for each part of a name."""

# The tables for these four are not published: placeholders that fit the pattern, not verified with any authority.
PURPOSE_CATEGORY = "P-00-000000"
AUTHORITY_TYPE = "RAT-00-A"
ANSWER_TYPE = "ART-00-00"
ERROR = "FE-00000"


def _fitting(person: Person) -> Person:
    names = (person.name, *person.former_names, person.father_name, person.mother_name)
    parts = (part for name in names if name for part in (name.forename, name.surname, name.second_surname))
    if any(len(part) > MAX_PART for part in parts):
        raise Unusable("name-too-long")
    return person


def _said_by(answer: Answer) -> dict[str, Any]:
    """How the format says an answer; for something held, with one entry that says no more than that.

    Raises Unusable("not-a-reply").
    """
    kind = answer.kind
    if kind is AnswerKind.NOTHING_RECORDED:
        return {"response_type": PROCESSED}
    if kind is AnswerKind.ENTRY_HELD:
        return {"response_type": PROCESSED, "convictions": (HeldEntry(),)}
    if kind is AnswerKind.DISQUALIFICATION_HELD:
        return {"response_type": PROCESSED, "convictions": (HeldEntry(sanctions=(DISQUALIFICATION,)),)}
    if kind is AnswerKind.ASK_ELSEWHERE and answer.states and set(answer.states) <= set(STATES):
        return {"response_type": PROCESSED, "other_states": answer.states}
    for code, other in OTHER_RESPONSES.items():
        if other == answer:
            return {"response_type": code}
    raise Unusable("not-a-reply")


@dataclass(frozen=True)
class EcrisWriter:
    """See `MessageWriter`. The four codes are an installation's configuration.

    Every method raises Unusable: message-id, wrong-structure; those with a person or texts of somebody's own also
    name-too-long, unknown-country-or-document, unwritable.
    """

    purpose_category: str = PURPOSE_CATEGORY
    authority_type: str = AUTHORITY_TYPE
    answer_type: str = ANSWER_TYPE
    error: str = ERROR

    def request(self, contents: RequestContents) -> bytes:
        """A REQ."""
        if contents.message_id[:5] != f"{contents.sender}-{contents.receiver}":
            raise Unusable("message-id")
        made = document(
            MessageType.REQ,
            contents.message_id,
            contents.at,
            person=_fitting(contents.person),
            purpose_category=self.purpose_category,
            purpose=contents.purpose,
            authority=(self.authority_type, contents.authority_name),
            case_reference=contents.case_reference,
            # A request is only ever composed with the applicant's consent: the case table has no way round it.
            consent="Yes",
            urgency="No",
        )
        return finished(made)

    def more_information(self, *, message_id: str, at: datetime, answers: str, person: Person) -> bytes:
        """An RAR with the whole person."""
        told = _fitting(person)
        return finished(document(MessageType.RAR, message_id, at, answers, person=told, answer_type=self.answer_type))

    def cancellation(self, *, message_id: str, at: datetime, cancels: str) -> bytes:
        """A CAN."""
        return finished(document(MessageType.CAN, message_id, at, cancels))

    def deadline(self, *, message_id: str, at: datetime, answers: str, due: date) -> bytes:
        """An RDL."""
        return finished(document(MessageType.RDL, message_id, at, answers, deadline=due))

    def questions(self, *, message_id: str, at: datetime, answers: str, items: Iterable[Item]) -> bytes:
        """An RAI; without an item it does not validate."""
        return finished(document(MessageType.RAI, message_id, at, answers, items=tuple(items)))

    def reply(self, *, message_id: str, at: datetime, answers: str, person: Person, words: str) -> bytes:
        """An RRS that says an answer, and no more than it. Raises Unusable("not-a-reply") too."""
        try:
            said = _said_by(Answer.from_words(words))
        except ValueError:
            raise Unusable("not-a-reply") from None
        return finished(document(MessageType.RRS, message_id, at, answers, person=_fitting(person), **said))

    def functional_error(self, *, message_id: str, at: datetime, answers: str) -> bytes:
        """A FEM."""
        return finished(document(MessageType.FEM, message_id, at, answers, errors=(self.error,)))
