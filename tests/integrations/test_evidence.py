"""Evidence of the absence of a criminal record: after the model, valid, the same each time, and never more than true
or nothing."""

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from lxml import etree

from integrations.evidence import NAMESPACE, Evidence
from tests.integrations.test_pdf import CONTENTS, ESTONIA, IRELAND, POLAND
from vetting.certificates.ports import CertificateContents, Holder
from vetting.enquiries.rules import AnswerKind
from vetting.errors import Unusable

HOLDER = Holder(given_name="Iga", family_name="Wzorowa")
ANSWERS = [kind.value for kind in AnswerKind if kind is not AnswerKind.NOTHING_RECORDED]


def contents(*coverage: Any, **changes: Any) -> CertificateContents:
    return replace(CONTENTS, coverage=coverage or CONTENTS.coverage, **changes)


def xml(*coverage: Any, holder: Holder = HOLDER, **changes: Any) -> etree._Element:
    raw = Evidence().evidence_xml(contents(*coverage, **changes), holder)
    root = etree.fromstring(raw)
    schema = etree.XMLSchema(etree.fromstring(Evidence().schema()))
    schema.assertValid(root)
    return root


def said(root: etree._Element, path: str) -> list[str]:
    found = root.findall("/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/")))
    return [one.text or "" for one in found]


def document(*coverage: Any, holder: Holder = HOLDER, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Evidence().evidence_json(contents(*coverage, **changes), holder))
    return found


def test_it_says_what_the_model_asks_and_what_the_certificate_says():
    root = xml(ESTONIA)
    assert said(root, "absenceOfACriminalRecord") == ["true"]
    assert said(root, "identifier") == [CONTENTS.number]
    assert said(root, "issuingDate") == ["2026-11-24"]
    assert said(root, "validUntil") == ["2027-05-24"]
    assert said(root, "isRelatedTo/givenName") == ["Iga"]
    assert said(root, "isRelatedTo/familyName") == ["Wzorowa"]
    assert said(root, "isRelatedTo/dateOfBirth") == ["1990-05-17"]
    assert said(root, "issuingAuthority/preferredLabel") == [CONTENTS.issuer]
    assert said(root, "issuingAuthority/registeredLocation/geographicName") == ["Estonia"]
    assert said(root, "issuingAuthority/registeredLocation/geographicIdentifier")[0].endswith("/country/EST")
    assert said(root, "statedFor/askedOn") == ["2026-11-16"]


def test_a_state_that_said_nothing_takes_the_third_value_and_with_it_the_whole():
    root = xml(ESTONIA, POLAND, IRELAND)
    assert said(root, "absenceOfACriminalRecord") == ["notStated"]
    assert said(root, "statedFor/absenceOfACriminalRecord") == ["true", "notStated", "notStated"]
    found = document(ESTONIA, POLAND, IRELAND)
    assert found["absenceOfACriminalRecord"] == "notStated"
    assert [row["absenceOfACriminalRecord"] for row in found["statedFor"]] == [True, "notStated", "notStated"]


@pytest.mark.parametrize("answer", ["", *ANSWERS])
def test_what_was_held_is_never_told_from_any_other_reason(answer):
    other = Evidence().evidence_xml(contents(ESTONIA, replace(POLAND, answer="refused")), HOLDER)
    assert Evidence().evidence_xml(contents(ESTONIA, replace(POLAND, answer=answer)), HOLDER) == other
    assert document(replace(POLAND, answer=answer)) == document(replace(POLAND, answer="refused"))


def test_that_there_is_a_record_cannot_be_said_at_all():
    schema = etree.XMLSchema(etree.fromstring(Evidence().schema()))
    for wrong in ("false", "False", "0", "1", "", "entry_held"):
        root = xml(ESTONIA)
        root[0].text = wrong
        assert not schema.validate(root)


def test_the_same_contents_give_the_same_bytes():
    for form in (Evidence().evidence_xml, Evidence().evidence_json):
        assert form(CONTENTS, HOLDER) == form(CONTENTS, HOLDER)


@pytest.mark.parametrize("born", ["1990", "1990-05", "1990-05-17"])
def test_a_birth_date_is_as_precise_as_it_is_known(born):
    assert said(xml(holder_birth_date=born), "isRelatedTo/dateOfBirth") == [born]


@pytest.mark.parametrize(
    "name", ["Ивайло Измислен", "Αναστασία Παράδειγμα", "Ó Samplaigh & Sons <i>", "محمد", "A" * 400, "O'Nobody ]]>"]
)
def test_any_name_travels_whole(name):
    holder = Holder("", name)
    assert said(xml(holder_name=name, holder=holder), "isRelatedTo/familyName") == [name]
    assert said(xml(holder_name=name, holder=holder), "isRelatedTo/givenName") == []
    assert document(holder_name=name, holder=holder)["isRelatedTo"]["fullName"] == name


@pytest.mark.parametrize(
    "changes", [{"holder_name": ""}, {"holder_birth_date": "soon"}, {"activity": "Teaching!"}, {"holder_name": "\0"}]
)
def test_what_the_schema_does_not_know_is_not_handed_out(changes):
    with pytest.raises(Unusable, match="evidence-"):
        Evidence().evidence_xml(contents(**changes), HOLDER)


def test_nothing_that_only_the_certificate_may_show_is_in_it():
    for raw in (Evidence().evidence_xml(CONTENTS, HOLDER), Evidence().evidence_json(CONTENTS, HOLDER)):
        text = raw.decode()
        assert CONTENTS.code not in text
        assert CONTENTS.verify_url not in text
        assert "entry_held" not in text


def terms(found: Any) -> set[str]:
    if isinstance(found, list):
        return set().union(*map(terms, found)) if found else set()
    if not isinstance(found, dict):
        return set()
    return set(found) | set().union(*map(terms, found.values()))


def test_every_term_of_the_json_is_in_our_context_which_needs_no_other():
    found = document(ESTONIA, POLAND, IRELAND)
    assert found["@context"] == f"{settings.BASE_URL}/ns/evidence/1/context.jsonld"
    context = json.loads(Evidence().context())["@context"]
    kinds = set(re.findall(r'"@type": "([A-Z]\w+)"', json.dumps(found)))
    for term in (terms(found) | kinds) - {"@context", "@id", "@type"}:
        meant = context[term]["@id"] if isinstance(context[term], dict) else context[term]
        prefix, _, rest = meant.partition(":")
        assert rest
        assert prefix in {"http", "urn"} or context[prefix].startswith("http")
    assert "@import" not in json.dumps(context)


def test_xml_and_json_say_the_same():
    root, found = xml(ESTONIA, IRELAND), document(ESTONIA, IRELAND)
    texts = sorted(one.text.strip() for one in root.iter() if one.text and one.text.strip())

    def leaves(one: Any) -> list[str]:
        if isinstance(one, dict):
            return [leaf for key, value in one.items() if not key.startswith("@") for leaf in leaves(value)]
        if isinstance(one, list):
            return [leaf for value in one for leaf in leaves(value)]
        return ["true" if one is True else str(one)]

    assert sorted(leaves(found)) == texts
    assert date.fromisoformat(found["validUntil"]) == CONTENTS.valid_until
