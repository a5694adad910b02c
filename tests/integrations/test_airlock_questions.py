"""What another State asks: a person and a few codes leave the airlock, whatever the message holds."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from integrations.airlock.client import ChildAirlock
from integrations.airlock.questions import ASKED_SIZE, pack_asked, unpack_asked
from integrations.ecris.message import EcrisWriter
from integrations.ecris.replies import response
from integrations.ecris.verdict import asked
from tests.integrations.invented import AT, PERSON, REQUEST_ID, contents, request
from tests.integrations.people import PEOPLE
from vetting.enquiries.ports import Asked, SaidConsent
from vetting.identity.ports import PartialDate, PersonName

REQ = request()
XSI = b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
SECRET = "CNRY-said-more"


@pytest.fixture(scope="module")
def airlock():
    made = ChildAirlock()
    yield made
    made.close()


def put(old, new):
    assert old.encode() in REQ
    return REQ.replace(old.encode(), new.encode(), 1)


def remark(text):
    return put("</m:MessageDataPerson>", "</m:MessageDataPerson><m:MessageDataRemarks>"
               f"<k:MultilingualTextLinguisticRepresentation>{text}</k:MultilingualTextLinguisticRepresentation>"
               "</m:MessageDataRemarks>")  # fmt: skip


def accusation(text):
    return put("<m:MessageDataRequestingAuthority>", "<m:MessageDataAccusation>"
               f"<k:MultilingualTextLinguisticRepresentation>{text}</k:MultilingualTextLinguisticRepresentation>"
               "</m:MessageDataAccusation><m:MessageDataRequestingAuthority>")  # fmt: skip


def test_a_request_leaves_with_its_person_and_its_codes(airlock):
    found = airlock.question(REQ)
    assert found == Asked("REQ", REQUEST_ID, "", PERSON, SaidConsent.YES, "P-00-000000", says_more=False)


def test_an_answer_to_our_questions_leaves_with_its_person(airlock):
    body = EcrisWriter().more_information(
        message_id="EE-PL-RAR-000000000000043", at=AT, answers="PL-EE-RAI-000000000000109", person=PERSON
    )
    found = airlock.question(body)
    assert (found.message_type, found.response_to, found.person) == ("RAR", "PL-EE-RAI-000000000000109", PERSON)


@pytest.mark.parametrize("word", list(SaidConsent))
def test_yes_no_and_not_saying_are_three_things(airlock, word):
    body = put("<m:MessageDataConcernedPersonConsent>Yes", f"<m:MessageDataConcernedPersonConsent>{word}")
    assert airlock.question(body).consent is word


@pytest.mark.parametrize("make", [remark, accusation])
def test_what_says_more_stays_inside_and_only_that_there_is_more_comes_out(airlock, make):
    found = airlock.question(make(SECRET))
    assert (found.code, found.says_more, found.person) == ("", True, PERSON)
    assert SECRET not in repr(found) + str(found.person)


@settings(max_examples=30, deadline=None)
@given(PEOPLE)
def test_anybody_in_any_script_comes_out_the_same(person):
    found = asked(request(person))
    assert unpack_asked(pack_asked(found)).person == person


BROKEN = {
    "a reply": (lambda: response(REQ, at=AT), "not-a-question"),
    "nothing": (lambda: b"", "empty"),
    "no XML": (lambda: b"<neither", "not-well-formed"),
    "a document type": (lambda: b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>" + REQ, "dtd"),
    "an entity in a comment's clothes": (
        lambda: put("Wzorowa", "&who;").replace(b"<s:", b"<!DOCTYPE s [<!ENTITY who 'x'>]><s:", 1), "dtd"),
    "an inclusion": (
        lambda: put("<d:PersonSex>", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
                    "<d:PersonSex>"), "wrong-structure"),
    "an unknown element": (lambda: put("<d:PersonSex>", "<d:Nickname>x</d:Nickname><d:PersonSex>"), "wrong-structure"),
    "the wrong namespace": (lambda: REQ.replace(b"ECRIS/service-v1.0", b"ECRIS/service-v9.9"), "unknown-message"),
    "no purpose": (
        lambda: put("<m:MessageDataRequestPurposeCategoryReference>P-00-000000"
                    "</m:MessageDataRequestPurposeCategoryReference>", ""), "wrong-structure"),
    "an unknown consent": (lambda: put("Consent>Yes", "Consent>Perhaps"), "wrong-structure"),
    "xsi:nil": (
        lambda: put("<m:MessageDataConcernedPersonConsent>", '<m:MessageDataConcernedPersonConsent xsi:nil="true">')
        .replace(b" xmlns:s", XSI + b" xmlns:s", 1), "xsi-nil"),
    "invalid bytes": (lambda: REQ.replace(b"Wzorowa", b"Wz\xff\xfe"), "bad-encoding"),
    "a name that nobody has": (
        lambda: put("<d:Forename>Iga</d:Forename><d:Surname>Wzorowa",
                    "<d:Forename>UNKNOWN</d:Forename><d:Surname>UNKNOWN"),
        "identity-incomplete"),
    "a day that is none": (lambda: put("---17", "---31").replace(b"--05", b"--02"), "wrong-date"),
    "an id of another type": (lambda: REQ.replace(b"EE-PL-REQ", b"EE-PL-RAR"), "wrong-structure"),
    "a control character": (lambda: put("Wzorowa", "Wzo&#x85;rowa"), "unreadable"),
    "too many former names": (
        lambda: put("<d:PersonFormerForename>", "<d:PersonFormerForename>A</d:PersonFormerForename>" * 30
                    + "<d:PersonFormerForename>"), "unreadable"),
    "too large": (lambda: b"<a>" + b"x" * 300_000, "too-large"),
}  # fmt: skip


@pytest.mark.parametrize("make, code", BROKEN.values(), ids=BROKEN)
def test_each_broken_question_ends_in_one_code_and_nothing_else(airlock, make, code):
    assert airlock.question(make()) == Asked(code=code)


def test_a_question_after_a_look_is_read_once_and_is_the_same(airlock):
    other = request(replace(PERSON, name=PersonName("Ola", "Wzorowa")))
    assert airlock.peek(REQ).message_id == REQUEST_ID
    assert airlock.question(other).person.name.forename == "Ola", "what was kept is another message"
    assert airlock.peek(REQ).message_id == REQUEST_ID
    assert airlock.question(REQ).person == PERSON
    assert airlock.question(REQ).person == PERSON


@pytest.mark.parametrize(
    "change",
    [
        {"code": "said-of-somebody"},
        {"purpose": "theft"},
        {"message_id": "theft"},
        {"says_more": "theft"},
        {"person": replace(PERSON, identity_number="x" * 451)},
        {"person": replace(PERSON, birth_date=PartialDate(1990, 13))},
        {"person": replace(PERSON, nationalities=("PL",) * 21)},
        {"person": replace(PERSON, name=PersonName("line\nbreak", "x"))},
    ],
)
def test_a_record_has_no_room_for_anything_else(change):
    with pytest.raises(ValueError, match=r"not|too"):
        pack_asked(replace(asked(REQ), **change))


def test_every_record_has_the_same_size_and_one_that_would_not_fit_is_a_refusal():
    long = tuple(PersonName("Ω" * 400, "Ω" * 400) for _ in range(20))
    large = pack_asked(replace(asked(REQ), person=replace(PERSON, former_names=long)))
    assert len(pack_asked(asked(REQ))) == len(large) == ASKED_SIZE
    assert unpack_asked(large) == Asked(code="too-large")


def test_a_request_of_ours_to_them_is_the_request_they_read(airlock):
    assert airlock.question(EcrisWriter().request(contents())).person == PERSON
