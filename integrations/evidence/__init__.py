"""The certificate as evidence of the absence of a criminal record, after SEMIC's data model, in XML and JSON-LD.

The model is "Absence of a Criminal Record Evidence", v0.03 of SEMIC's single digital gateway work; its terms are those
of the Core Person, Core Public Organisation and Core Evidence vocabularies. See docs/public-forms.md for what of it is
ours and what nobody has confirmed.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from django.conf import settings
from django_countries import countries
from lxml import etree

from vetting.certificates.ports import CertificateContents, Holder
from vetting.errors import Unusable

FOLDER = Path(__file__).parent
NAMESPACE = "urn:article-ten:evidence:1"
CONTEXT_PATH = "/ns/evidence/1/context.jsonld"
NOT_STATED = "notStated"
"""The third value: nothing is said for this State, for whatever reason, and nothing may be inferred from it."""
NOTHING_RECORDED = "nothing_recorded"
LEGAL_BASIS = "http://data.europa.eu/eli/dir/2011/93/oj"
_NSMAP: Any = {None: NAMESPACE}  # the stubs know no default namespace
_NAMES = Locale.parse("en").territories
_COUNTRY = "http://publications.europa.eu/resource/authority/country/"


class Evidence:
    """See `PublicForms`. What is handed out has been validated against our own schema."""

    def evidence_xml(self, contents: CertificateContents, holder: Holder) -> bytes:
        try:
            root = _element("absenceOfACriminalRecordEvidence", _said(contents, holder))
        except ValueError:  # a character that XML has no place for
            raise Unusable("evidence-character") from None
        if not _validates(root):
            raise Unusable("evidence-invalid")
        raw: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        return raw

    def evidence_json(self, contents: CertificateContents, holder: Holder) -> bytes:
        said = {"@context": f"{settings.BASE_URL}{CONTEXT_PATH}", "@id": f"urn:uuid:{contents.jti}"}
        said |= {"@type": "Evidence", **_said(contents, holder)}
        return (json.dumps(_typed(said), ensure_ascii=False, indent=2) + "\n").encode()

    def schema(self) -> bytes:
        return (FOLDER / "absence.xsd").read_bytes()

    def context(self) -> bytes:
        return (FOLDER / "context.jsonld").read_bytes()


def _said(contents: CertificateContents, holder: Holder) -> dict[str, Any]:
    """Everything the evidence says, in the order of the model; absent what is empty."""
    coverage = [
        {
            "absenceOfACriminalRecord": _absence(row.answer),
            "authority": _organisation(row.authority, row.state, ""),
            "askedOn": row.asked_on.isoformat(),
            "answeredOn": row.answered_on.isoformat() if row.answered_on else "",
        }
        for row in contents.coverage
    ]
    every = bool(coverage) and all(row["absenceOfACriminalRecord"] is True for row in coverage)
    names = {"fullName": contents.holder_name, "givenName": holder.given_name, "familyName": holder.family_name}
    document: dict[str, Any] = _whole({
        "absenceOfACriminalRecord": True if every else NOT_STATED,
        "identifier": contents.number,
        "issuingDate": contents.issued_on.isoformat(),
        "isRelatedTo": {**names, "dateOfBirth": contents.holder_birth_date},
        "issuingAuthority": _organisation(contents.issuer, contents.issuer_state, settings.BASE_URL),
        "validUntil": contents.valid_until.isoformat(),
        "legalBasis": LEGAL_BASIS,
        "activity": contents.activity,
        "role": contents.role,
        "statedFor": coverage,
    })  # fmt: skip
    return document


def _absence(answer: str) -> bool | str:
    """True or the third value. "False" does not exist here: a certificate says nothing of what is held."""
    return True if answer == NOTHING_RECORDED else NOT_STATED


def _organisation(label: str, state: str, identifier: str) -> dict[str, Any]:
    code = {"EL": "GR", "UK": "GB"}.get(state, state)
    alpha3 = countries.alpha3(code)
    location = {
        "geographicName": _NAMES.get(code, code),
        "geographicIdentifier": f"{_COUNTRY}{alpha3}" if alpha3 else "",
    }
    return {"preferredLabel": label or state, "identifier": identifier, "registeredLocation": location}


def _whole(said: Any) -> Any:
    """Without what is empty."""
    if isinstance(said, dict):
        return {name: _whole(value) for name, value in said.items() if value != ""}
    return [_whole(one) for one in said] if isinstance(said, list) else said


def _element(name: str, said: Any) -> etree._Element:
    element = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap=_NSMAP)
    if isinstance(said, dict):
        for inner, value in said.items():
            for one in value if isinstance(value, list) else [value]:
                element.append(_element(inner, one))
    else:
        element.text = "true" if said is True else str(said)
    return element


TYPES = {
    "isRelatedTo": "Person",
    "issuingAuthority": "PublicOrganisation",
    "authority": "PublicOrganisation",
    "registeredLocation": "Location",
    "statedFor": "Statement",
}


def _typed(said: Any, name: str = "") -> Any:
    """The same with the class of each node said."""
    if isinstance(said, list):
        return [_typed(one, name) for one in said]
    if not isinstance(said, dict):
        return said
    kind = {"@type": TYPES[name]} if name in TYPES else {}
    return kind | {key: _typed(value, key) for key, value in said.items()}


@cache
def _schema() -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(FOLDER / "absence.xsd"), parser))


def _validates(root: etree._Element) -> bool:
    """Whether it has the structure that others expect. The reasons quote values and stay unread."""
    try:
        return bool(_schema().validate(root))
    finally:
        etree.clear_error_log()
