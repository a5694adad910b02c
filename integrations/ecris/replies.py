"""Writes the messages that others send, for the sandbox, the specimens and the tests. All in them is invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from integrations.ecris.codes import MESSAGE_ID
from integrations.ecris.elements import add, add_texts, first
from integrations.ecris.hardened import tree
from integrations.ecris.message import envelope, finished
from integrations.ecris.persons import write_person
from vetting.enquiries.ports import Item
from vetting.identity.ports import Person

INVENTED_DAY = "1800-01-01"


@dataclass(frozen=True)
class InventedEntry:
    """A made-up conviction. `transmittable` is Yes, No or UNKNOWN; `sanctions` are common categories."""

    transmittable: str = "Yes"
    sanctions: Sequence[str] = ("S-00-012000",)
    offences: Sequence[str] = ("O-00-270000",)
    court: str = "Invented Court"
    remark: str = ""


def opposite(message_id: str, letters: str, number: int | None = None) -> str:
    """The id of an answer to `message_id`: sender and receiver swapped; its own digits unless `number` says others."""
    found = MESSAGE_ID.fullmatch(message_id)
    if found is None:
        raise ValueError("not a message id")
    digits = found[4] if number is None else f"{number:015d}"
    return f"{found[2]}-{found[1]}-{letters}-{digits}"


def message_id_of(body: bytes) -> str:
    """The id in a document's own words."""
    element = first(tree(body), "m:MessageMetaData", "m:MessageMetaDataMessageID")
    return "" if element is None else element.text or ""


def _envelope(short: str, letters: str, answers: str, at: datetime, number: int | None) -> etree._Element:
    return envelope(short, opposite(answers, letters, number), letters, at, answers)


def response(
    request: bytes,
    *,
    at: datetime,
    number: int | None = None,
    answers: str = "",
    response_type: str = "RRT-00-00",
    entries: Sequence[InventedEntry] = (),
    other_states: Sequence[str] = (),
    remark: str = "",
    person: Person | None = None,
    attachment: bool = False,
) -> bytes:
    """An RRS about the person of `request` (a REQ or RAR) or about `person`; `answers` names the REQ unless it is
    `request` itself. Raises Unusable when the result would not validate."""
    push = "Push" if attachment else ""
    document = _envelope(f"s:RequestResponse{push}Message", "RRS", answers or message_id_of(request), at, number)
    data = add(document, "m:MessageData")
    if person is not None:
        write_person(data, person)
    else:
        echoed = first(tree(request), "m:MessageData", "m:MessageDataPerson")
        if echoed is not None:
            data.append(echoed)
    if remark:
        add_texts(data, "m:MessageDataRemarks", {"en": remark})
    sender = opposite(answers or message_id_of(request), "RRS")[:2]
    for place, entry in enumerate(entries, start=1):
        _write_entry(data, entry, sender, place)
    for state in other_states:
        add(data, "m:MessageDataOtherMemberState", state)
    add(data, "m:MessageDataRequestResponseTypeReference", response_type)
    if attachment:
        _write_attachment(add(data, "m:MessageDataFingerprintsPush"), sender)
    return finished(document)


def _write_entry(data: etree._Element, entry: InventedEntry, sender: str, place: int) -> None:
    conviction = add(data, "m:MessageDataConviction")
    add(conviction, "d:ConvictionID", f"{sender}-C-{place:015d}")
    add(conviction, "d:ConvictionConvictingCountryReference", "CO-00-999-XXX")
    add(conviction, "d:ConvictionFileNumber", "INVENTED")
    add(conviction, "d:ConvictionDecisionDate", INVENTED_DAY)
    add(conviction, "d:ConvictionDecisionFinalDate", INVENTED_DAY)
    authority = add(conviction, "d:ConvictionDecidingAuthority")
    add_texts(authority, "d:DecidingAuthorityName", {"en": entry.court})
    add(conviction, "d:ConvictionNonCriminalRuling", "No")
    add(conviction, "d:ConvictionIsTransmittable", entry.transmittable)
    if entry.remark:
        add_texts(conviction, "d:ConvictionRemarks", {"en": entry.remark})
    decision = add(conviction, "d:ConvictionDecision")
    add(decision, "d:DecisionID", f"D-{place:05d}")
    add(decision, "d:DecisionDeleteConvictionFromRegister", "No")
    for index, category in enumerate(entry.offences):
        _write_offence(add(conviction, "d:ConvictionOffence"), category, place * 100 + index)
    for index, category in enumerate(entry.sanctions):
        _write_sanction(add(conviction, "d:ConvictionSanction"), category, place * 100 + index)


def _write_offence(offence: etree._Element, category: str, local: int) -> None:
    add_texts(offence, "d:NationalCategoryTitle", {"en": "Invented offence"})
    add(offence, "d:OffenceID", f"O-{local:05d}")
    add(offence, "d:OffenceCommonCategoryReference", category)
    add(offence, "d:OffenceApplicableLegalProvisions", "Invented Act")
    add(offence, "d:OffenceIsContinuous", "No")
    add(offence, "d:OffenceResponsibilityExemption", "No")
    add(offence, "d:OffenceRecidivism", "No")


def _write_sanction(sanction: etree._Element, category: str, local: int) -> None:
    add_texts(sanction, "d:NationalCategoryTitle", {"en": "Invented sanction"})
    add(sanction, "d:SanctionID", f"S-{local:05d}")
    add(sanction, "d:SanctionTypeReference", "N-00-Z")
    add(sanction, "d:SanctionCommonCategoryReference", category)
    add(sanction, "d:SanctionMultiplier", "1")
    add(sanction, "d:SanctionIsSpecificToMinor", "No")


def _write_attachment(attachment: etree._Element, sender: str) -> None:
    add(attachment, "m:BinaryAttachmentID", f"{sender}-BA-000000001")
    add(attachment, "m:BinaryAttachmentMimeType", "application/nist")
    add(attachment, "m:BinaryAttachmentFileName", "invented.nist")
    add(attachment, "m:BinaryAttachmentContent", "SU5WRU5URUQ=")


def deadline(answers: str, *, at: datetime, due: date, number: int | None = None) -> bytes:
    """An RDL: the sender of the REQ `answers` will hear by `due`."""
    document = _envelope("s:RequestDeadlineMessage", "RDL", answers, at, number)
    add(add(document, "m:MessageData"), "m:MessageDataDeadline", due.isoformat())
    return finished(document)


def questions(answers: str, *, at: datetime, items: Sequence[Item], number: int | None = None) -> bytes:
    """An RAI: more is wanted about the person of the REQ `answers`."""
    document = _envelope("s:RequestAdditionalInfoMessage", "RAI", answers, at, number)
    data = add(document, "m:MessageData")
    for item in items:
        add(data, "m:MessageDataAdditionalInformationRequested", item)
    return finished(document)


def withdrawal(cancels: str, *, at: datetime, number: int | None = None) -> bytes:
    """A CAN by the sender of `cancels`, which is an RRS of theirs."""
    document = envelope("s:CancellationMessage", _own(cancels, "CAN", number), "CAN", at, cancels)
    add(document, "m:MessageData")
    return finished(document)


def _own(message_id: str, letters: str, number: int | None) -> str:
    return opposite(opposite(message_id, letters, number), letters, number)


def functional_error(
    answers: str, *, at: datetime, codes: Sequence[str] = ("FE-00000",), number: int | None = None
) -> bytes:
    """A FEM: the message `answers` could not be used. FE-00000 is a placeholder, for the table is not published."""
    document = _envelope("s:FunctionalErrorMessage", "FEM", answers, at, number)
    data = add(document, "m:MessageData")
    for code in codes:
        add(add(data, "m:MessageDataFunctionalError"), "m:FunctionalErrorCode", code)
    return finished(document)
