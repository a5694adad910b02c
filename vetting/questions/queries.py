"""Reads of questions for the exchange and for the desk."""

from datetime import date
from typing import Any

from vetting.exchange.ports import OutboundMessage
from vetting.exchange.queries import travelling
from vetting.identity.ports import Person
from vetting.identity.rules import person_document, person_of_document
from vetting.keys.queries import seal_document, unseal_document
from vetting.questions.models import Heard, Question, Said
from vetting.questions.rules import OPEN


def sealed(question_ref: Any, person: Person) -> bytes:
    """The person under the question's key."""
    return seal_document(question_ref, "person", person_document(person))


def person_asked(question: Question) -> Person:
    """Who is asked about, as told last. Raises KeyGone after erasure."""
    return person_of_document(unseal_document(question.ref, "person", bytes(question.sealed_person)))


def question_asked(message_id: str, asker: str) -> Question | None:
    """The question this REQ of `asker` put."""
    return Question.objects.filter(message_id=message_id, asker=asker).first()


def question_about(message_id: str, asker: str) -> Question | None:
    """The question in which we sent this message to `asker`."""
    said = Said.objects.filter(message_id=message_id, question__asker=asker).select_related("question").first()
    return said.question if said else None


def heard_before(message_id: str, asker: str) -> Heard | None:
    """What became of a message of `asker` that was acted on under this id."""
    return Heard.objects.filter(message_id=message_id, question__asker=asker).first()


def message_of(said: Said) -> OutboundMessage:
    """The stored bytes, ready to travel. Raises KeyGone after erasure."""
    return travelling(said, said.question.ref, said.question.asker)


def is_late(question: Question, today: date) -> bool:
    """Whether the day by which the other State was to hear has passed."""
    return question.state in OPEN and question.due_on < today
