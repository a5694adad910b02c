"""Bytes to a Disclosure, inside the airlock: exact structure, exact identifiers, then the few facts that count."""

from collections import Counter

from lxml import etree

from integrations.ecris.codes import DOMAIN, MESSAGE_ID, MESSAGES, ROOTS, SERVICE
from integrations.ecris.elements import first, text, text_at
from integrations.ecris.hardened import tree, validates
from integrations.ecris.kinds import read
from integrations.ecris.persons import read_person
from integrations.ecris.rejections import Rejected, Rejection
from integrations.ecris.values import settle
from vetting.enquiries.ports import Disclosure, Item
from vetting.exchange.ports import MessageType
from vetting.identity.ports import Person

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
    f"{{{MESSAGES}}}MessageDataFingerprints",
    f"{{{MESSAGES}}}MessageDataFingerprintsPush",
    f"{{{MESSAGES}}}MessageDataAccusation",
    f"{{{MESSAGES}}}MessageDataAccusationOffenceCategoryReference",
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
    """The id and the person of a REQ or RAR of our own. Raises Rejected("request-unreadable") when it is none.

    It validated when it left, so only what is read here is looked at again.
    """
    try:
        root = tree(body)
        found, person = _message_type(root), first(root, "m:MessageData", "m:MessageDataPerson")
        own, told = _identifiers(root, message_type)[0], None if person is None else read_person(person)
    except (Rejected, ValueError):
        raise Rejected(Rejection.REQUEST_UNREADABLE) from None
    if told is None or found is not message_type:
        raise Rejected(Rejection.REQUEST_UNREADABLE)
    return own, told


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
    said = read(found.message_type, data)
    convictions = said.get("convictions", ())
    found.person = said.get("person")
    found.likeness = None
    found.all_transmittable_flags = tuple(flag for flag, _ in convictions)
    found.sanction_codes = tuple(sanctions for _, sanctions in convictions)
    found.other_states = said.get("other_states", ())
    found.response_type = said.get("response_type", "")
    found.items = tuple(Item(item) for item in said.get("items", ()))
    found.deadline = said.get("deadline")
    found.error_code = next(iter(said.get("errors", ())), "")
    found.consent, found.purpose = said.get("consent", ""), said.get("purpose_category", "")
    found.has_extras = next(data.iterdescendants(*_EXTRAS), None) is not None
    found.has_doubtful_ids = _has_doubtful_ids(data)


def _has_doubtful_ids(data: etree._Element) -> bool:
    """Whether local identifiers repeat, or a reference names none: real senders do it, and a person sorts it out."""
    seen = Counter(text(item) for item in data.iterdescendants(*_LOCAL_IDS))
    referred = {text(item) for item in data.iterdescendants(*_REFERENCES)}
    return any(times > 1 for times in seen.values()) or not referred <= set(seen)
