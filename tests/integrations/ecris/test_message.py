"""Outbound messages: what is written is valid and reads back as the same person."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from integrations.ecris.codes import STATES, country_from_wire, country_to_wire
from integrations.ecris.hardened import tree, validates
from integrations.ecris.message import EcrisWriter
from integrations.ecris.parsing import parse
from integrations.ecris.replies import response
from integrations.ecris.verdict import verdict
from tests.integrations.invented import AT, PERSON, contents, expectation, request
from tests.integrations.people import PEOPLE
from vetting.errors import Unusable
from vetting.identity.ports import Person, PersonName, Place

SAMPLES = Path(__file__).parents[3] / "integrations" / "ecris" / "samples"


@settings(max_examples=30, deadline=None)
@given(PEOPLE)
def test_a_person_with_any_name_in_any_script_reads_back_the_same(person: Person) -> None:
    assert parse(request(person)).person == person


@settings(max_examples=30, deadline=None)
@given(PEOPLE)
def test_a_clean_reply_that_echoes_the_person_is_never_about_somebody_else(person: Person) -> None:
    req = request(person)
    assert verdict(response(req, at=AT), expectation(req)).answer in ("nothing_recorded", "needs_person")


def test_everything_known_about_a_person_is_written() -> None:
    assert parse(request()).person == PERSON


def test_a_name_longer_than_the_wire_allows_is_refused_with_a_code() -> None:
    request(replace(PERSON, name=PersonName("I" * 200, "Wzorowa")))
    with pytest.raises(Unusable, match="name-too-long"):
        request(replace(PERSON, name=PersonName("I" * 201, "Wzorowa")))


@pytest.mark.parametrize(
    "person,code",
    [
        (replace(PERSON, name=PersonName("I\0ga", "Wzorowa")), "unwritable"),
        (replace(PERSON, name=PersonName(" ", "")), "unwritable"),
        (replace(PERSON, name=PersonName("<b>", "Wzorowa")), "wrong-structure"),
        (replace(PERSON, birth_place=Place("EL", "Athina")), "unknown-country-or-document"),
        (replace(PERSON, nationalities=()), "wrong-structure"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_code(person: Person, code: str) -> None:
    with pytest.raises(Unusable, match=code):
        request(person)


def test_an_id_of_another_sender_is_refused() -> None:
    with pytest.raises(Unusable, match="message-id"):
        EcrisWriter().request(contents(sender="LV"))
    with pytest.raises(Unusable, match="message-id"):
        EcrisWriter().cancellation(message_id="EE-PL-RAR-000000000000001", at=AT, cancels="EE-PL-REQ-000000000000042")


def test_each_purpose_text_names_its_language() -> None:
    assert b'languageCode="pl">Praca' in request()
    assert b'languageCode="en">Work' in request()


def test_who_has_one_name_only_passes() -> None:
    single = replace(PERSON, name=PersonName("", "Suharto"))
    assert parse(request(single)).person == single


def test_answers_and_cancellations_are_valid_messages() -> None:
    writer = EcrisWriter()
    answer = writer.more_information(
        message_id="EE-PL-RAR-000000000000043", at=AT, answers="PL-EE-RAI-000000000000109", person=PERSON
    )
    cancellation = writer.cancellation(
        message_id="EE-PL-CAN-000000000000044", at=AT, cancels="EE-PL-REQ-000000000000042"
    )
    assert [parse(body).message_type for body in (answer, cancellation)] == ["RAR", "CAN"]


def test_every_state_has_a_country_code_there_and_back() -> None:
    assert all(country_from_wire(country_to_wire(state)) == state for state in STATES)
    assert country_to_wire("GR") == "CO-00-300-GRC"
    assert country_to_wire("stateless") == country_to_wire("unknown") == "CO-00-999-XXX"


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_every_specimen_is_valid(path: Path) -> None:
    assert validates(tree(path.read_bytes()))
