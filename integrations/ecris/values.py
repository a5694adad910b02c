"""What a schema-aware reader makes of a value before it judges it: white space collapsed, empty elements filled."""

from typing import cast

from lxml import etree

from integrations.ecris.elements import collapse, name

_TEXT = name("k:MultilingualTextLinguisticRepresentation")
"""The one element whose white space may count: remarks keep theirs, and our schema says which."""

_ALIAS = name("d:PersonAlias")
PLACEHOLDERS = {
    "m:BinaryAttachmentMimeType": "application/nist",
    "m:BinaryAttachmentFileName": "UNKNOWN",
    "d:ConvictionFileNumber": "UNKNOWN",
    "d:ConvictionDecisionDate": "1800-01-01",
    "d:ConvictionDecisionFinalDate": "1800-01-01",
    "d:DecisionDate": "1800-01-01",
    "d:DecisionFinalDate": "1800-01-01",
    "d:IdentificationDocumentNumber": "UNKNOWN",
    "d:OffenceCommonCategoryReference": "O-00-270000",
    "d:OffenceApplicableLegalProvisions": "UNKNOWN",
    "d:PersonSex": "0",
    "d:PersonNationalityReference": "CO-00-999-XXX",
    "d:PlaceCountryReference": "CO-00-999-XXX",
    "d:SanctionTypeReference": "N-00-Z",
    "d:SanctionCommonCategoryReference": "S-00-012000",
    "d:SanctionMultiplier": "1",
    "d:SanctionSuspensionTypeReference": "S-00-Z",
    "k:DateYear": "1800",
}
"""The format's own values for these elements when they are EMPTY; an absent element gets none, an alias neither."""
_DEFAULTS = {name(short): value for short, value in PLACEHOLDERS.items()}


_UNSETTLED = etree.XPath("//*[not(*)][not(text()) or string(.) != normalize-space(.)]")


def settle(root: etree._Element) -> None:
    """Collapse and fill the values below `root` in place; our validator does neither for dates and never fills."""
    for element in cast(list[etree._Element], _UNSETTLED(root)):
        if element.tag == _TEXT:
            continue
        value = collapse(element.text or "")
        parent = element.getparent()
        if not value and parent is not None and parent.tag != _ALIAS:
            value = _DEFAULTS.get(str(element.tag), "")
        element.text = value or None
