"""Made-up messages of others, also such as we never send, for the sandbox and the tests. All in them is invented."""

from collections.abc import Sequence
from datetime import date, datetime

from lxml import etree

from integrations.ecris.codes import MESSAGE_ID
from integrations.ecris.convictions import HeldEntry
from integrations.ecris.elements import add, first
from integrations.ecris.hardened import tree
from integrations.ecris.kinds import document, finished
from integrations.ecris.message import ERROR
from integrations.ecris.persons import read_person
from vetting.enquiries.ports import Item
from vetting.exchange.ports import MessageType
from vetting.identity.ports import Person


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


def response(
    request: bytes,
    *,
    at: datetime,
    number: int | None = None,
    answers: str = "",
    response_type: str = "RRT-00-00",
    entries: Sequence[HeldEntry] = (),
    other_states: Sequence[str] = (),
    remark: str = "",
    person: Person | None = None,
    attachment: bool = False,
) -> bytes:
    """An RRS about the person of `request` (a REQ or RAR) or about `person`; `answers` names the REQ unless it is
    `request` itself. Raises Unusable when the result would not validate."""
    asked = answers or message_id_of(request)
    own = opposite(asked, "RRS", number)
    if person is None:
        echoed = first(tree(request), "m:MessageData", "m:MessageDataPerson")
        person = None if echoed is None else read_person(echoed)
    made = document(
        MessageType.RRS,
        own,
        at,
        asked,
        under="s:RequestResponsePushMessage" if attachment else "",
        person=person,
        remarks={"en": remark} if remark else {},
        convictions=entries,
        other_states=other_states,
        response_type=response_type,
    )
    if attachment:
        _attach(made, own[:2])
    return finished(made)


def _attach(made: etree._Element, sender: str) -> None:
    data = first(made, "m:MessageData")
    if data is not None:
        attachment = add(data, "m:MessageDataFingerprintsPush")
        add(attachment, "m:BinaryAttachmentID", f"{sender}-BA-000000001")
        add(attachment, "m:BinaryAttachmentMimeType", "application/nist")
        add(attachment, "m:BinaryAttachmentFileName", "invented.nist")
        add(attachment, "m:BinaryAttachmentContent", "SU5WRU5URUQ=")


def deadline(answers: str, *, at: datetime, due: date, number: int | None = None) -> bytes:
    """An RDL: the sender of the REQ `answers` will hear by `due`."""
    return finished(document(MessageType.RDL, opposite(answers, "RDL", number), at, answers, deadline=due))


def questions(answers: str, *, at: datetime, items: Sequence[Item], number: int | None = None) -> bytes:
    """An RAI: more is wanted about the person of the REQ `answers`."""
    return finished(document(MessageType.RAI, opposite(answers, "RAI", number), at, answers, items=tuple(items)))


def withdrawal(cancels: str, *, at: datetime, number: int | None = None) -> bytes:
    """A CAN by the sender of `cancels`, which is an RRS of theirs."""
    own = opposite(opposite(cancels, "CAN", number), "CAN", number)
    return finished(document(MessageType.CAN, own, at, cancels))


def functional_error(
    answers: str, *, at: datetime, codes: Sequence[str] = (ERROR,), number: int | None = None
) -> bytes:
    """A FEM: the message `answers` could not be used."""
    return finished(document(MessageType.FEM, opposite(answers, "FEM", number), at, answers, errors=codes))
