"""Bytes to a Disclosure, inside the airlock: exact structure, exact identifiers, then the few facts that count."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from lxml import etree

from integrations.ecris.codes import DOMAIN, MESSAGE_ID, MESSAGES, ROOTS, SERVICE
from integrations.ecris.elements import children, first, name, text, text_at
from integrations.ecris.hardened import tree, validates
from integrations.ecris.persons import read_person
from integrations.ecris.rejections import Rejected, Rejection
from integrations.ecris.values import settle
from vetting.enquiries.ports import Disclosure, Item, MessageType
from vetting.identity.ports import Person

_XS_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_LOCAL_IDS = {
    f"{{{DOMAIN}}}ConvictionID",
    f"{{{DOMAIN}}}OffenceID",
    f"{{{DOMAIN}}}SanctionID",
    f"{{{DOMAIN}}}DecisionID",
    f"{{{MESSAGES}}}BinaryAttachmentID",
}
_REFERENCES = {
    f"{{{DOMAIN}}}{local}" for local in ("Sanction", "Offence", "Decision", "SourceSanction", "DestinationSanction")
} | {f"{{{MESSAGES}}}SourceConviction"}
_EXTRAS = {
    f"{{{MESSAGES}}}MessageDataRemarks",
    f"{{{MESSAGES}}}MessageDataFingerprintsPush",
    f"{{{DOMAIN}}}PersonRemarks",
    f"{{{DOMAIN}}}PersonAlias",
    f"{{{DOMAIN}}}AddressFull",
}
"""What may say more than the codes. An alias counts even without a remark: we send none, so a register knows it."""


def parse(raw: bytes) -> Disclosure:
    """The facts in `raw`. Raises Rejected, and nothing else for whatever the bytes hold."""
    root = tree(raw)
    found = Disclosure()
    found.message_type = _message_type(root)
    settle(root)
    if not validates(root):
        raise Rejected(Rejection.WRONG_STRUCTURE)
    found.message_id, found.response_to = _identifiers(root, found.message_type)
    data = first(root, "m:MessageData")
    if data is None:
        raise Rejected(Rejection.WRONG_STRUCTURE)
    _read_data(found, data)
    return found


def our_person(body: bytes, message_type: MessageType) -> tuple[str, Person]:
    """The id and the person of a REQ or RAR of our own. Raises Rejected("request-unreadable") when it is none."""
    try:
        found = parse(body)
    except Rejected:
        raise Rejected(Rejection.REQUEST_UNREADABLE) from None
    if found.message_type is not message_type or found.person is None:
        raise Rejected(Rejection.REQUEST_UNREADABLE)
    return found.message_id, found.person


def _message_type(root: etree._Element) -> MessageType:
    qualified = etree.QName(root)
    letters = ROOTS.get(qualified.localname) if qualified.namespace == SERVICE else None
    if letters is None:
        raise Rejected(Rejection.UNKNOWN_MESSAGE)
    return MessageType(letters)


def _identifiers(root: etree._Element, message_type: MessageType) -> tuple[str, str]:
    """The two ids of the metadata. The schema does not tie an id to its root, so the letters are compared here."""
    own = text_at(root, "m:MessageMetaData", "m:MessageMetaDataMessageID")
    answered = text_at(root, "m:MessageMetaData", "m:MessageMetaDataResponseTo")
    match = MESSAGE_ID.fullmatch(own)
    if match is None or match[3] != message_type:
        raise Rejected(Rejection.WRONG_MESSAGE_ID)
    if message_type is not MessageType.REQ and MESSAGE_ID.fullmatch(answered) is None:
        raise Rejected(Rejection.WRONG_CORRELATION)
    return own, answered


def _read_data(found: Disclosure, data: etree._Element) -> None:
    """Fill in everything below MessageData; `likeness` stays unknown until somebody compares."""
    person = first(data, "m:MessageDataPerson")
    found.person = None if person is None else read_person(person)
    found.likeness = None
    convictions = list(children(data, "m:MessageDataConviction"))
    found.all_transmittable_flags = tuple(text_at(item, "d:ConvictionIsTransmittable") for item in convictions)
    found.sanction_codes = tuple(frozenset(_sanctions(item)) for item in convictions)
    found.other_states = tuple(text(item) for item in children(data, "m:MessageDataOtherMemberState"))
    found.response_type = text_at(data, "m:MessageDataRequestResponseTypeReference")
    asked_for = children(data, "m:MessageDataAdditionalInformationRequested")
    found.items = tuple(Item(text(item)) for item in asked_for)
    found.deadline = _deadline(data)
    found.error_code = _error_code(data)
    found.has_extras = next(data.iterdescendants(*_EXTRAS), None) is not None
    found.has_doubtful_ids = _has_doubtful_ids(data)


def _sanctions(conviction: etree._Element) -> Iterator[str]:
    for sanction in children(conviction, "d:ConvictionSanction"):
        yield text_at(sanction, "d:SanctionCommonCategoryReference")


def _deadline(data: etree._Element) -> date | None:
    element = first(data, "m:MessageDataDeadline")
    if element is None:
        return None
    match = _XS_DATE.fullmatch(text(element))
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError:
        raise Rejected(Rejection.WRONG_DATE) from None


def _error_code(data: etree._Element) -> str:
    """The first code of a FEM. A code may stand in a document once only."""
    path = name("m:MessageDataFunctionalError"), name("m:FunctionalErrorCode")
    codes = [text(item) for item in data.iterfind("/".join(path))]
    if len(set(codes)) != len(codes):
        raise Rejected(Rejection.REPEATED_ID)
    return codes[0] if codes else ""


def _has_doubtful_ids(data: etree._Element) -> bool:
    """Whether local identifiers repeat, or a reference names none: real senders do it, and a person sorts it out."""
    seen = Counter(text(item) for item in data.iterdescendants(*_LOCAL_IDS))
    referred = {text(item) for item in data.iterdescendants(*_REFERENCES)}
    return any(times > 1 for times in seen.values()) or not referred <= set(seen)
