"""Finding the national register, and writing what this node says about a question."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import cast

from django.conf import settings

from vetting.enquiries.gateways import writer
from vetting.exchange.gateways import made
from vetting.exchange.ports import MessageType
from vetting.identity.ports import Person
from vetting.keys.queries import seal
from vetting.questions.models import Said
from vetting.questions.ports import NationalRegister


def register() -> NationalRegister:
    """The register of this State."""
    return cast(NationalRegister, made(settings.NATIONAL_REGISTER))


def write(said: Said, person: Person, *, at: datetime) -> Said:
    """Fix the exact bytes of a new message, sealed under the question's key. Raises Unusable when it cannot be built.

    What an RAI asks and an RRS says is what the question's `words` are now; an RRS is about `person`.
    """
    own, first, question = said.message_id, said.answers, said.question
    if said.kind == MessageType.RDL:
        body = writer().deadline(message_id=own, at=at, answers=first, due=question.due_on)
    elif said.kind == MessageType.RAI:
        items = question.answer.items if question.answer else ()
        body = writer().questions(message_id=own, at=at, answers=first, items=items)
    elif said.kind == MessageType.RRS:
        body = writer().reply(message_id=own, at=at, answers=first, person=_echo(person), words=question.words)
    else:
        body = writer().cancellation(message_id=own, at=at, cancels=first)
    said.sealed_body = seal(question.ref, f"outbound/{own}", body)
    said.digest = hashlib.sha256(body).hexdigest()
    return said


def _echo(person: Person) -> Person:
    """Whom a reply is about: what the format demands of a person, so that the asker sees the right one answered."""
    return replace(
        person, former_names=(), father_name=None, mother_name=None, identity_number="", document=None, address=None
    )
