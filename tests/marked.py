"""Replies of an invented authority with a marked word in every place that can carry text, and the way they come in.

In the documents below every • becomes a fresh mark: `CNRY` and 24 hexadecimal digits, noted with where it stands.
"""

import base64
import re
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count

from lxml import etree

from integrations.ecris.codes import MAX_BYTES
from integrations.ecris.elements import first, name
from integrations.ecris.hardened import tree
from integrations.ecris.replies import opposite
from vetting.exchange.ports import OutboundMessage, Receipt

PLACE = "•"
MADE: dict[str, str] = {}
"""Every mark that was handed out, and where it was put."""
_numbers = count(1)


def mark(where: str) -> str:
    """A word that occurs nowhere else in the world."""
    made = f"CNRY{secrets.token_hex(12)}"
    MADE[made] = where
    return made


def filled(template: str, where: str) -> str:
    """The template with a mark of its own in each place; ◦ gets one in base64, ⁘ one in character references."""
    pieces = {
        PLACE: mark,
        "◦": lambda place: base64.b64encode(mark(place).encode()).decode(),
        "⁘": lambda place: "".join(f"&#x{ord(letter):x};" for letter in mark(place)),
    }
    places = count(1)
    return re.sub("[•◦⁘]", lambda found: pieces[found[0]](f"{where}, place {next(places)}"), template)


_TEXT = "k:MultilingualTextLinguisticRepresentation"


def _texts(element: str, text: str = PLACE, attributes: str = ' languageCode="en"') -> str:
    return f"<{element}><{_TEXT}{attributes}>{text}</{_TEXT}></{element}>"


_CONTACT = (
    "<m:MessageDataContactPerson><d:Forename>•</d:Forename><d:Surname>•</d:Surname><d:SecondSurname>•</d:SecondSurname>"
    "<m:ContactPersonPhoneNumber>•</m:ContactPersonPhoneNumber><m:ContactPersonFaxNumber>•</m:ContactPersonFaxNumber>"
    "<m:ContactPersonEmail>•@•.example</m:ContactPersonEmail></m:MessageDataContactPerson>"
)
_REMARKS = _texts("m:MessageDataRemarks", "• <!-- • --> <![CDATA[•]]> <?• •?> ⁘") + "<!--•--><?• •?>"
_AUTHORITY = f"<d:DecidingAuthorityCode>•</d:DecidingAuthorityCode>{_texts('d:DecidingAuthorityName')}"
_PLACE = "<d:PlaceCountryReference>CO-00-999-XXX</d:PlaceCountryReference>" + _texts("d:PlaceTownName")
_CATEGORY = (
    "<d:NationalCategoryCode>•</d:NationalCategoryCode>"
    + _texts("d:NationalCategoryTitle")
    + _texts("d:Remarks", "<![CDATA[ • ]]>•")
)
_DOCUMENT = (
    "<d:PersonIdentificationDocument>"
    "<d:IdentificationDocumentCategoryReference>ID-00-999</d:IdentificationDocumentCategoryReference>"
    + _texts("d:IdentificationDocumentType")
    + "<d:IdentificationDocumentNumber>•</d:IdentificationDocumentNumber>"
    + _texts("d:IdentificationDocumentIssuingAuthority")
    + "</d:PersonIdentificationDocument>"
)
_ADDRESS = (
    f"<d:PersonAddress><d:AddressPlace>{_PLACE}</d:AddressPlace>"
    + "".join(_texts(f"d:Address{part}") for part in ("Street", "HouseNumber", "PostCode", "Full"))
    + "</d:PersonAddress>"
)
_ALIAS = (
    "<d:PersonAlias><d:PersonName><d:Forename>•</d:Forename><d:Surname>•</d:Surname>"
    "<d:SecondSurname>•</d:SecondSurname><d:FullName>•</d:FullName></d:PersonName>"
    f"<d:PersonBirthPlace>{_PLACE}</d:PersonBirthPlace>"
    + "".join(
        f"<d:Person{parent}{part}>•</d:Person{parent}{part}>"
        for parent in ("Father", "Mother")
        for part in ("Forename", "Surname", "SecondSurname")
    )
    + "<d:PersonIdentityNumber>•</d:PersonIdentityNumber>"
    + f"{_DOCUMENT}{_ADDRESS}{_texts('d:PersonRemarks')}</d:PersonAlias>"
)
_PERSON = f"{_DOCUMENT}{_ADDRESS}{_ALIAS}{_texts('d:PersonRemarks')}"
"""What is added to the person we asked about, who must stay the same person."""
_OFFENCE = (
    f"<d:ConvictionOffence>{_CATEGORY}<d:OffenceID>O-00001</d:OffenceID>"
    "<d:OffenceCommonCategoryReference>O-00-270000</d:OffenceCommonCategoryReference>"
    "<d:OffenceApplicableLegalProvisions>•</d:OffenceApplicableLegalProvisions>"
    f"<d:OffencePlace>{_PLACE}</d:OffencePlace><d:OffenceIsContinuous>No</d:OffenceIsContinuous>"
    "<d:OffenceResponsibilityExemption>No</d:OffenceResponsibilityExemption>"
    "<d:OffenceRecidivism>No</d:OffenceRecidivism></d:ConvictionOffence>"
)
_SANCTION = (
    f"<d:ConvictionSanction>{_CATEGORY}<d:SanctionID>S-00001</d:SanctionID>"
    "<d:SanctionTypeReference>N-00-Z</d:SanctionTypeReference>"
    "<d:SanctionCommonCategoryReference>S-00-012000</d:SanctionCommonCategoryReference>"
    "<d:SanctionMultiplier>1</d:SanctionMultiplier><d:SanctionIsSpecificToMinor>No</d:SanctionIsSpecificToMinor>"
    + f"<d:SanctionInterruption>{_texts('d:SanctionInterruptionRemarks')}</d:SanctionInterruption>"
    + "</d:ConvictionSanction>"
)
_CONVICTION = (
    "<m:MessageDataConviction><d:ConvictionID>{them}-C-000000000000001</d:ConvictionID>"
    "<d:ConvictionConvictingCountryReference>CO-00-999-XXX</d:ConvictionConvictingCountryReference>"
    "<d:ConvictionFileNumber>•</d:ConvictionFileNumber><d:ConvictionDecisionDate>1800-01-01</d:ConvictionDecisionDate>"
    "<d:ConvictionDecisionFinalDate>1800-01-01</d:ConvictionDecisionFinalDate>"
    f"<d:ConvictionDecidingAuthority>{_AUTHORITY}</d:ConvictionDecidingAuthority>"
    "<d:ConvictionNonCriminalRuling>No</d:ConvictionNonCriminalRuling>"
    "<d:ConvictionIsTransmittable>Yes</d:ConvictionIsTransmittable>"
    f"{_texts('d:ConvictionRemarks')}"
    f"<d:ConvictionDecision><d:DecisionID>D-00001</d:DecisionID><d:DecisionDecidingAuthority>{_AUTHORITY}"
    "</d:DecisionDecidingAuthority><d:DecisionDeleteConvictionFromRegister>No</d:DecisionDeleteConvictionFromRegister>"
    f"{_texts('d:DecisionRemarks')}</d:ConvictionDecision>{_OFFENCE}{_SANCTION}</m:MessageDataConviction>"
)
_ATTACHMENT = (
    "<m:MessageDataFingerprintsPush><m:BinaryAttachmentID>{them}-BA-000000001</m:BinaryAttachmentID>"
    "<m:BinaryAttachmentMimeType>•</m:BinaryAttachmentMimeType><m:BinaryAttachmentFileName>•</m:BinaryAttachmentFileName>"
    + _texts("m:BinaryAttachmentTitle")
    + _texts("m:BinaryAttachmentComment")
    + "<m:BinaryAttachmentMD5Hash>•</m:BinaryAttachmentMD5Hash>"
    "<m:BinaryAttachmentContent>◦</m:BinaryAttachmentContent></m:MessageDataFingerprintsPush>"
)
_RECORD = (
    "<m:MessageDataRequestResponseTypeReference>RRT-00-00</m:MessageDataRequestResponseTypeReference>" + _ATTACHMENT
)
_NAMESPACES = (
    'xmlns:s="http://ec.europa.eu/ECRIS/service-v1.0" xmlns:m="http://ec.europa.eu/ECRIS/messages-v1.0" '
    'xmlns:d="http://ec.europa.eu/ECRIS/domain-model-v1.0" xmlns:k="http://ec.europa.eu/ECRIS/commons-v1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:•="urn:•" xsi:schemaLocation="urn:• https://•/"'
)


def _document(root: str, letters: str, request: OutboundMessage, data: str, *, answers: str = "") -> str:
    """A whole message; every one has an id of its own."""
    own = opposite(request.message_id, letters, next(_numbers))
    return (
        f"<!--•--><?• •?><s:{root} {_NAMESPACES}><m:MessageMetaData>"
        f"<m:MessageMetaDataMessageID>{own}</m:MessageMetaDataMessageID>"
        "<m:MessageMetaDataTimestamp>2026-11-24T10:00:00Z</m:MessageMetaDataTimestamp>"
        f"<m:MessageMetaDataResponseTo>{answers or request.message_id}</m:MessageMetaDataResponseTo>"
        f"</m:MessageMetaData><m:MessageData>{data}</m:MessageData></s:{root}><!--•--><?• •?>"
    )


def _person(request: OutboundMessage, more: str) -> str:
    """The person of the request as it was asked about, with `more` at the places that the format has for it."""
    found = first(tree(request.body), "m:MessageData", "m:MessageDataPerson")
    assert found is not None
    for own in found.findall(name("d:PersonAddress")):
        found.remove(own)
    return etree.tostring(found, encoding="unicode").replace("</m:MessageDataPerson>", f"{more}</m:MessageDataPerson>")


def hit(request: OutboundMessage, *, answers: str = "", person: str = "") -> str:
    """A valid RRS with one conviction, and text wherever its schema allows any."""
    data = f"{_CONTACT}{person or _person(request, _PERSON)}{_REMARKS}{_CONVICTION}{_RECORD}"
    data = data.replace("{them}", request.receiver)
    return _document("RequestResponsePushMessage", "RRS", request, data, answers=answers)


def questions(request: OutboundMessage) -> str:
    """An RAI that says why it asks."""
    asked = "<m:MessageDataAdditionalInformationRequested>BirthPlace</m:MessageDataAdditionalInformationRequested>"
    return _document("RequestAdditionalInfoMessage", "RAI", request, f"{_CONTACT}{_REMARKS}{asked}")


def announced(request: OutboundMessage) -> str:
    """An RDL with a remark."""
    due = "<m:MessageDataDeadline>2026-12-20</m:MessageDataDeadline>"
    return _document("RequestDeadlineMessage", "RDL", request, f"{_CONTACT}{_REMARKS}{due}")


def failed(request: OutboundMessage) -> str:
    """A FEM that explains itself at length."""
    error = (
        "<m:MessageDataFunctionalError><m:FunctionalErrorCode>FE-00000</m:FunctionalErrorCode>"
        f"{_texts('m:FunctionalErrorAdditionalInformation')}</m:MessageDataFunctionalError>"
    )
    return _document("FunctionalErrorMessage", "FEM", request, f"{_CONTACT}{_REMARKS}{error}")


def somebody_else(request: OutboundMessage) -> str:
    """A hit about another person, whose every name and number is marked."""
    person = re.sub(r">([^<>]*[A-Za-z]{3}[^<>]*)</d:(For|Sur)", r">•</d:\2", _person(request, _PERSON))
    return hit(request, person=person)


def withdrawn(request: OutboundMessage) -> str:
    """A CAN of a reply that never came."""
    lost = opposite(request.message_id, "RRS", 999)
    return _document("CancellationMessage", "CAN", request, f"{_CONTACT}{_REMARKS}", answers=lost)


def _with(template: str, old: str, new: str) -> str:
    assert old in template
    return template.replace(old, new, 1)


Variant = Callable[[OutboundMessage], str]
VALID: dict[str, tuple[Variant, str]] = {
    "a hit": (hit, "entry_held"),
    "questions": (questions, "more_information BirthPlace"),
    "a functional error": (failed, "needs_person"),
    "an announced date": (announced, ""),
}
"""Replies that are acted on, and the words that remain of each."""

_ELEMENT = "<d:ConvictionNonCriminalRuling>No</d:ConvictionNonCriminalRuling>"
REFUSED: dict[str, tuple[Variant, str]] = {
    "an element with a marked name": (
        lambda sent: _with(hit(sent), _ELEMENT, "<d:{0}>•</d:{0}>".format(mark("the name of an element"))),
        "wrong-structure",
    ),
    "an element of a marked namespace": (
        lambda sent: _with(hit(sent), _ELEMENT, '<y:x xmlns:y="urn:•">•</y:x>'),
        "wrong-structure",
    ),
    "a marked attribute": (
        lambda sent: _with(hit(sent), "<d:OffencePlace", '<d:OffencePlace •="•"'),
        "wrong-structure",
    ),
    "a marked code": (lambda sent: _with(hit(sent), ">O-00-270000<", ">•<"), "wrong-structure"),
    "a marked message id": (
        lambda sent: re.sub(r"MessageID>[^<]+", "MessageID>•", hit(sent), count=1),
        "wrong-structure",
    ),
    "a marked root": (
        lambda sent: hit(sent).replace("s:RequestResponsePushMessage", f"s:{mark('the name of a root')}"),
        "unknown-message",
    ),
    "an unknown case": (lambda sent: hit(sent, answers=f"{sent.message_id[:10]}{7:015d}"), "wrong-correlation"),
    "somebody else": (somebody_else, "wrong-person"),
    "a withdrawal of nothing": (withdrawn, "wrong-correlation"),
    "too much": (lambda sent: hit(sent) + f"<!--{'• ' * (MAX_BYTES // 29 + 1)}-->", "too-large"),
    "too deep": (lambda sent: _with(hit(sent), _ELEMENT, "<d:a>" * 30 + "•" + "</d:a>" * 30), "too-deep"),
    "half of it": (lambda sent: hit(sent)[: len(hit(sent)) * 2 // 3], "not-well-formed"),
    "a mismatched end": (lambda sent: _with(hit(sent), "</d:ConvictionRemarks>", "</d:•>"), "not-well-formed"),
    "an entity": (lambda sent: f'<!DOCTYPE • [<!ENTITY • "•">]>{hit(sent)}', "dtd"),
    "an unknown encoding": (lambda sent: '<?xml version="1.0" encoding="cnry-8"?>' + hit(sent), "unknown-encoding"),
    "only a mark": (lambda _: PLACE, "not-well-formed"),
}
"""Replies that are refused, and the code that remains of each."""


def refused(request: OutboundMessage) -> str:
    """A reply that is refused while it is read."""
    return REFUSED["a mismatched end"][0](request)


def encoded(variant: Variant, request: OutboundMessage, where: str, *, charset: str = "utf-8") -> bytes:
    """The bytes of a marked reply."""
    return filled(variant(request), where).encode(charset)


Script = Callable[[OutboundMessage], Iterable[bytes]]


class MarkedGateway:
    """A way to an authority that holds an entry about everybody. See `AuthorityGateway`."""

    script: Script = staticmethod(lambda _: ())
    served = 0

    def send(self, message: OutboundMessage, *, at: datetime) -> Receipt:
        """Taken at once."""
        return Receipt(received_at=at, reference=f"MARKED-{message.message_id[-15:]}")

    def collect(self, message: OutboundMessage, **_: datetime) -> Iterable[bytes]:
        """What the test put there."""
        replies = tuple(type(self).script(message))
        type(self).served += len(replies)
        return replies
