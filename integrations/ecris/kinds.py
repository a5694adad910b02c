"""What each of the seven messages says: one description, from which it is written and by which it is read."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lxml import etree

from integrations.ecris.codes import MESSAGE_ID
from integrations.ecris.convictions import read_convictions, write_convictions
from integrations.ecris.elements import add, add_texts, children, first, name, root, text, text_at
from integrations.ecris.hardened import validates
from integrations.ecris.persons import read_person, write_person
from integrations.ecris.rejections import Rejected, Rejection
from vetting.errors import Unusable
from vetting.exchange.ports import MessageType

_XS_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_REPRESENTATION = "k:MultilingualTextLinguisticRepresentation"


@dataclass(frozen=True)
class Part:
    """One value below MessageData: the name it goes by here, its element, and how it is written and read.

    `write` adds its elements to MessageData and is left out for an empty value; `read` gets them all, in order.
    """

    said: str
    element: str
    write: Callable[[etree._Element, str, Any], object]
    read: Callable[[Sequence[etree._Element]], Any]


@dataclass(frozen=True)
class Kind:
    """A type of message: the root it is written under, and its parts in the order of the format."""

    root: str
    parts: tuple[Part, ...]


def _text(said: str, element: str) -> Part:
    return Part(said, element, add, lambda found: text(found[0]) if found else "")


def _each(said: str, element: str) -> Part:
    def write(data: etree._Element, short: str, values: Iterable[str]) -> None:
        for value in values:
            add(data, short, value)

    return Part(said, element, write, lambda found: tuple(text(one) for one in found))


def _texts(said: str, element: str) -> Part:
    """A text in several languages, by language; the empty one stands for "not said"."""
    return Part(said, element, add_texts, lambda found: _languages(found[0]) if found else {})


def _languages(element: etree._Element) -> dict[str, str]:
    return {str(one.get("languageCode", "")): text(one) for one in children(element, _REPRESENTATION)}


def _write_day(data: etree._Element, short: str, day: date) -> None:
    add(data, short, day.isoformat())


def _read_day(found: Sequence[etree._Element]) -> date | None:
    if not found:
        return None
    match = _XS_DATE.fullmatch(text(found[0]))
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError:
        raise Rejected(Rejection.WRONG_DATE) from None


def _write_authority(data: etree._Element, short: str, authority: tuple[str, Mapping[str, str]]) -> None:
    element = add(data, short)
    add(element, "m:RequestingAuthorityTypeReference", authority[0])
    add_texts(element, "m:RequestingAuthorityName", authority[1])


def _read_authority(found: Sequence[etree._Element]) -> tuple[str, dict[str, str]]:
    if not found:
        return "", {}
    names = first(found[0], "m:RequestingAuthorityName")
    return text_at(found[0], "m:RequestingAuthorityTypeReference"), {} if names is None else _languages(names)


def _write_errors(data: etree._Element, short: str, codes: Iterable[str]) -> None:
    for code in codes:
        add(add(data, short), "m:FunctionalErrorCode", code)


def _read_errors(found: Sequence[etree._Element]) -> tuple[str, ...]:
    """A code may stand in a document once only."""
    codes = tuple(text_at(one, "m:FunctionalErrorCode") for one in found)
    if len(set(codes)) != len(codes):
        raise Rejected(Rejection.REPEATED_ID)
    return codes


_PERSON = Part(
    "person",
    "m:MessageDataPerson",
    lambda data, _short, person: write_person(data, person),
    lambda found: read_person(found[0]) if found else None,
)
_REMARKS = _texts("remarks", "m:MessageDataRemarks")
_PURPOSE = _texts("purpose", "m:MessageDataRequestPurpose")

KINDS: dict[MessageType, Kind] = {
    MessageType.REQ: Kind(
        "s:RequestMessage",
        (
            _PERSON,
            _REMARKS,
            _text("purpose_category", "m:MessageDataRequestPurposeCategoryReference"),
            _PURPOSE,
            _each("accused_of", "m:MessageDataAccusationOffenceCategoryReference"),
            _texts("accusation", "m:MessageDataAccusation"),
            Part("authority", "m:MessageDataRequestingAuthority", _write_authority, _read_authority),
            _text("case_reference", "m:MessageDataCaseReferenceNumber"),
            _text("consent", "m:MessageDataConcernedPersonConsent"),
            _text("urgency", "m:MessageDataUrgency"),
        ),
    ),
    MessageType.RDL: Kind(
        "s:RequestDeadlineMessage", (_REMARKS, Part("deadline", "m:MessageDataDeadline", _write_day, _read_day))
    ),
    MessageType.RRS: Kind(
        "s:RequestResponseMessage",
        (
            _PERSON,
            _REMARKS,
            Part("convictions", "m:MessageDataConviction", write_convictions, read_convictions),
            _each("other_states", "m:MessageDataOtherMemberState"),
            _text("response_type", "m:MessageDataRequestResponseTypeReference"),
        ),
    ),
    MessageType.RAI: Kind(
        "s:RequestAdditionalInfoMessage", (_REMARKS, _each("items", "m:MessageDataAdditionalInformationRequested"))
    ),
    MessageType.RAR: Kind(
        "s:RequestAdditionalInfoResponseMessage",
        (
            _PERSON,
            _REMARKS,
            _PURPOSE,
            _text("answer_type", "m:MessageDataRequestAdditionalInfoResponseTypeReference"),
        ),
    ),
    MessageType.CAN: Kind("s:CancellationMessage", (_REMARKS,)),
    MessageType.FEM: Kind(
        "s:FunctionalErrorMessage",
        (_REMARKS, Part("errors", "m:MessageDataFunctionalError", _write_errors, _read_errors)),
    ),
}


def document(
    kind: MessageType, message_id: str, at: datetime, answers: str = "", *, under: str = "", **said: object
) -> etree._Element:
    """A message that says this; `at` is aware, `answers` is the id it answers, `under` another root of the same type.

    Raises Unusable: message-id, unknown-country-or-document, unwritable.
    """
    found = MESSAGE_ID.fullmatch(message_id)
    if found is None or found[3] != kind:
        raise Unusable("message-id")
    made = root(under or KINDS[kind].root)
    meta = add(made, "m:MessageMetaData")
    add(meta, "m:MessageMetaDataMessageID", message_id)
    add(meta, "m:MessageMetaDataTimestamp", at.isoformat(timespec="seconds"))
    if answers:
        add(meta, "m:MessageMetaDataResponseTo", answers)
    data = add(made, "m:MessageData")
    try:
        for part in KINDS[kind].parts:
            if value := said.pop(part.said, None):
                part.write(data, part.element, value)
    except KeyError:
        raise Unusable("unknown-country-or-document") from None
    except ValueError:
        raise Unusable("unwritable") from None
    if said:
        raise TypeError(f"{kind} does not say {', '.join(sorted(said))}")
    return made


def finished(made: etree._Element) -> bytes:
    """The bytes of a document. Raises Unusable("wrong-structure") when it does not validate."""
    if not validates(made):
        raise Unusable("wrong-structure")
    return etree.tostring(made, xml_declaration=True, encoding="UTF-8")


_PLACES = {
    kind: {name(part.element): place for place, part in enumerate(described.parts)} for kind, described in KINDS.items()
}


def read(kind: MessageType, data: etree._Element) -> dict[str, Any]:
    """What a valid MessageData says, by the names of the parts. Raises Rejected."""
    parts, places = KINDS[kind].parts, _PLACES[kind]
    found: list[list[etree._Element]] = [[] for _ in parts]
    for child in data:
        place = places.get(str(child.tag))
        if place is not None:
            found[place].append(child)
    return {part.said: part.read(found[place]) for place, part in enumerate(parts)}
