"""Outbound messages: what is written is valid and reads back as the same person."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.ecris.codes import STATES, country_from_wire, country_to_wire
from integrations.ecris.elements import collapse
from integrations.ecris.hardened import tree, validates
from integrations.ecris.message import EcrisWriter
from integrations.ecris.parsing import parse
from integrations.ecris.replies import response
from integrations.ecris.verdict import verdict
from tests.integrations.invented import AT, PERSON, contents, expectation, request
from vetting.errors import Unusable
from vetting.identity.ports import PartialDate, Person, PersonName, Place

SAMPLES = Path(__file__).parents[3] / "integrations" / "ecris" / "samples"
LETTERS = st.characters(categories=["L", "M", "N", "P", "Zs"], exclude_characters="<>")
NAMES = st.text(LETTERS, min_size=1, max_size=40).map(collapse).filter(lambda name: name not in ("", "UNKNOWN"))
PLACES = st.builds(Place, st.sampled_from(["PL", "GR", "GB", "BR", "unknown"]), NAMES)
DATES = st.one_of(
    st.builds(PartialDate, st.integers(1900, 2020)),
    st.builds(PartialDate, st.integers(1900, 2020), st.integers(1, 12)),
    st.builds(PartialDate, st.integers(1900, 2020), st.integers(1, 12), st.integers(1, 31)),
)
PEOPLE = st.builds(
    Person,
    name=st.builds(PersonName, NAMES, NAMES, st.just("") | NAMES),
    sex=st.sampled_from([0, 1, 2]),
    birth_date=DATES,
    birth_place=PLACES,
    nationalities=st.lists(st.sampled_from(["PL", "GR", "FR", "unknown"]), min_size=1, unique=True).map(tuple),
    former_names=st.lists(st.builds(PersonName, NAMES, NAMES), max_size=3).map(tuple),
    mother_name=st.none() | st.builds(PersonName, NAMES, NAMES),
    father_name=st.none() | st.builds(PersonName, NAMES, NAMES),
)


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
        (replace(PERSON, name=PersonName("I\0ga", "Wzorowa")), "unwritable-person"),
        (replace(PERSON, name=PersonName(" ", "")), "unwritable-person"),
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
