"""Writes the messages we send: REQ, RAR and CAN. What leaves here has been validated against our own schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from integrations.ecris.codes import MESSAGE_ID
from integrations.ecris.elements import add, add_texts, root
from integrations.ecris.hardened import validates
from integrations.ecris.persons import write_person
from vetting.enquiries.ports import RequestContents
from vetting.errors import Unusable
from vetting.identity.ports import Person

MAX_PART = 200
"""Characters that the wire allows for each part of a name."""

# The tables for these three are not published: placeholders that fit the pattern, not verified with any authority.
PURPOSE_CATEGORY = "P-00-000000"
AUTHORITY_TYPE = "RAT-00-A"
ANSWER_TYPE = "ART-00-00"


def envelope(short: str, message_id: str, letters: str, at: datetime, response_to: str = "") -> etree._Element:
    """A document with its MessageMetaData; `at` is aware. Raises Unusable("message-id") for an id of other letters."""
    found = MESSAGE_ID.fullmatch(message_id)
    if found is None or found[3] != letters:
        raise Unusable("message-id")
    document = root(short)
    meta = add(document, "m:MessageMetaData")
    add(meta, "m:MessageMetaDataMessageID", message_id)
    add(meta, "m:MessageMetaDataTimestamp", at.isoformat(timespec="seconds"))
    if response_to:
        add(meta, "m:MessageMetaDataResponseTo", response_to)
    return document


def finished(document: etree._Element) -> bytes:
    """The bytes of a document. Raises Unusable("wrong-structure") when it does not validate."""
    if not validates(document):
        raise Unusable("wrong-structure")
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


def _write_person(data: etree._Element, person: Person) -> None:
    names = (person.name, *person.former_names, person.father_name, person.mother_name)
    parts = (part for name in names if name for part in (name.forename, name.surname, name.second_surname))
    if any(len(part) > MAX_PART for part in parts):
        raise Unusable("name-too-long")
    try:
        write_person(data, person)
    except KeyError:
        raise Unusable("unknown-country-or-document") from None
    except ValueError:
        raise Unusable("unwritable-person") from None


def _texts(data: etree._Element, short: str, texts: Mapping[str, str]) -> None:
    try:
        add_texts(data, short, texts)
    except ValueError:
        raise Unusable("unwritable-text") from None


@dataclass(frozen=True)
class EcrisWriter:
    """See `MessageWriter`. The three codes are an installation's configuration."""

    purpose_category: str = PURPOSE_CATEGORY
    authority_type: str = AUTHORITY_TYPE
    answer_type: str = ANSWER_TYPE

    def request(self, contents: RequestContents) -> bytes:
        """A REQ. Raises Unusable: message-id, name-too-long, unknown-country-or-document, unwritable-person,
        unwritable-text, wrong-structure."""
        if contents.message_id[:5] != f"{contents.sender}-{contents.receiver}":
            raise Unusable("message-id")
        document = envelope("s:RequestMessage", contents.message_id, "REQ", contents.at)
        data = add(document, "m:MessageData")
        _write_person(data, contents.person)
        add(data, "m:MessageDataRequestPurposeCategoryReference", self.purpose_category)
        _texts(data, "m:MessageDataRequestPurpose", contents.purpose)
        authority = add(data, "m:MessageDataRequestingAuthority")
        add(authority, "m:RequestingAuthorityTypeReference", self.authority_type)
        _texts(authority, "m:RequestingAuthorityName", contents.authority_name)
        if contents.case_reference:
            add(data, "m:MessageDataCaseReferenceNumber", contents.case_reference)
        # A request is only ever composed with the applicant's consent: the case table has no way round it.
        add(data, "m:MessageDataConcernedPersonConsent", "Yes")
        add(data, "m:MessageDataUrgency", "No")
        return finished(document)

    def more_information(self, *, message_id: str, at: datetime, answers: str, person: Person) -> bytes:
        """An RAR with the whole person. Raises Unusable as `request` does."""
        document = envelope("s:RequestAdditionalInfoResponseMessage", message_id, "RAR", at, answers)
        data = add(document, "m:MessageData")
        _write_person(data, person)
        add(data, "m:MessageDataRequestAdditionalInfoResponseTypeReference", self.answer_type)
        return finished(document)

    def cancellation(self, *, message_id: str, at: datetime, cancels: str) -> bytes:
        """A CAN. Raises Unusable: message-id, wrong-structure."""
        document = envelope("s:CancellationMessage", message_id, "CAN", at, cancels)
        add(document, "m:MessageData")
        return finished(document)
