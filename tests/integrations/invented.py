"""Made-up people, requests and expectations for the tests of messages."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from integrations.ecris.message import EcrisWriter
from vetting.enquiries.ports import Expectation, RequestContents
from vetting.exchange.ports import OutboundMessage
from vetting.identity.ports import Address, Document, PartialDate, Person, PersonName, Place

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
REQUEST_ID = "EE-PL-REQ-000000000000042"
KEY = b"k" * 32

PERSON = Person(
    name=PersonName("Iga", "Wzorowa"),
    sex=2,
    birth_date=PartialDate(1990, 5, 17),
    birth_place=Place("PL", "Miasto Wzorcowe"),
    nationalities=("PL",),
    former_names=(PersonName("Iga", "Panna"),),
    father_name=PersonName("Jan", "Panna"),
    mother_name=PersonName("Ewa", "Panna"),
    identity_number="INVENTED-1",
    document=Document("passport", "INVENTED-2", "PL", "2030-01-02"),
    address=Address("EE", "Tallinn", "Olematu 1", "00000"),
)


def contents(person: Person = PERSON, **changes: Any) -> RequestContents:
    """What the request of these tests says."""
    usual = RequestContents(
        message_id=REQUEST_ID,
        sender="EE",
        receiver="PL",
        at=AT,
        person=person,
        purpose={"pl": "Praca z dziećmi", "en": "Work with children"},
        authority_name={"en": "Invented Authority"},
        case_reference="INVENTED-3",
    )
    return replace(usual, **changes)


def request(person: Person = PERSON, **changes: Any) -> bytes:
    """The request as bytes."""
    return EcrisWriter().request(contents(person, **changes))


def expectation(asked: bytes | None = None, **changes: Any) -> Expectation:
    """What a reply to `asked`, or to the usual request, must fit."""
    return replace(Expectation("EE", "PL", request() if asked is None else asked, KEY), **changes)


def outbound(number: str, *, receiver: str = "PL", digits: int = 42) -> OutboundMessage:
    """A request of somebody whose document has this number."""
    message_id = f"EE-{receiver}-REQ-{digits:015d}"
    person = replace(PERSON, document=Document("passport", number))
    body = request(person, message_id=message_id, receiver=receiver)
    return OutboundMessage(message_id, receiver, body)
