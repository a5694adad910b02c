"""The register of invented people: definite, possible or nobody, and the people of the demo as its table names them."""

import pickle
from dataclasses import replace
from typing import Any

import pytest

from integrations.registers.sandbox import DOWN, SandboxRegister
from vetting.errors import Unavailable
from vetting.identity.ports import Document, PartialDate, Person, PersonName, Place
from vetting.questions.ports import Grade, Held

DEFINITE, POSSIBLE = Grade.DEFINITE, Grade.POSSIBLE


def person(name: str, born: str = "", place: str = "", **more: Any) -> Person:
    """Somebody asked about: "Forename|Surname", ISO date in as many parts as are known, "BG Town"."""
    country, _, town = place.partition(" ")
    return replace(
        Person(
            name=PersonName(*name.split("|")),
            sex=0,
            birth_date=PartialDate(*(int(part) for part in born.split("-"))),
            birth_place=Place(country or "unknown", town),
            nationalities=(country or "unknown",),
        ),
        **more,
    )


def shown(*asked: str, **more: Any) -> list[tuple[Grade, Held]]:
    return [(one.grade, one.held) for one in SandboxRegister().search(person(*asked, **more))]


PIERRE = ("Pierre|Imaginaire", "1984-02-29", "FR Villexemple")


@pytest.mark.parametrize(
    "asked,held",
    [
        (("Ivanka|Izmislena", "1990-05-17", "BG Izmislen grad"), Held.NOTHING),
        (("Иванка|Измислена", "1990-05-17", "BG Измислен град"), Held.NOTHING),
        (PIERRE, Held.ENTRY),
        (("PIERRE|IMAGINAIRE", "1984-02-29", "FR VILLEXEMPLE"), Held.ENTRY),
        (("Eleni|Fantastiki", "1979-11-03", "GR Fantastiki Poli"), Held.DISQUALIFICATION),
        (("Eva|Imaginaire", "1988-07-21", "AT Musterdorf"), Held.ENTRY),
        (("Eva|Musterfrau", "1988-07-21", "AT Musterdorf"), Held.ENTRY),
        (("Iuliia|Nesashtestvuvashta", "1995-12-24", "BG Izmislen grad"), Held.ENTRY),
        (("Juergen|Muester-Beispiel", "1975-01-30", "DE Musterstadt"), Held.NOTHING),
        (("Jurgen|Muster-Beispiel", "1975-01-30", "DE Musterstadt"), Held.NOTHING),
        (("Jose|Inventado|Ejemplo", "1982-06-15", "ES Villaejemplo"), Held.ENTRY),
        (("Stefania|Exemplu", "1987-03-28", "RO Satul Inventat"), Held.ENTRY),
        (("Aoife|Ni Shampla", "1991-08-12", "IE Baile Samplach"), Held.NOTHING),
    ],
)
def test_the_name_in_some_spelling_the_whole_date_and_the_place_are_definite(asked, held):
    assert shown(*asked) == [(DEFINITE, held)]


def test_the_identity_number_stands_in_for_the_place():
    assert shown("Eleni|Fantastiki", "1979-11-03") == [(POSSIBLE, Held.DISQUALIFICATION)]
    assert shown("Eleni|Fantastiki", "1979-11-03", identity_number="invented 0003") == [
        (DEFINITE, Held.DISQUALIFICATION)
    ]


def test_a_former_name_that_the_asker_tells_is_looked_for_too():
    told = {"former_names": (PersonName("", "Imaginaire"),)}
    assert shown("Eva|Novak", "1988-07-21", "AT Musterdorf", **told) == [(DEFINITE, Held.ENTRY)]


@pytest.mark.parametrize(
    "asked,more",
    [
        (("Pierre|Imaginair", *PIERRE[1:]), {}),
        (("Imaginaire|Pierre", *PIERRE[1:]), {}),
        ((PIERRE[0], "1984-02", PIERRE[2]), {}),
        ((PIERRE[0], "1984", PIERRE[2]), {}),
        ((*PIERRE[:2], "FR Autreville"), {}),
        ((*PIERRE[:2], "BE Villexemple"), {}),
        (PIERRE[:2], {}),
        (PIERRE, {"sex": 2}),
        (PIERRE, {"identity_number": "OTHER-1"}),
    ],
)
def test_every_doubt_makes_it_possible(asked, more):
    assert shown(*asked, **more) == [(POSSIBLE, Held.ENTRY)]


@pytest.mark.parametrize(
    "asked",
    [
        ("Pierre|Imaginaire", "1984-03-29", "FR Villexemple"),
        ("Pierre|Imaginaire", "1985-02-28", "FR Villexemple"),
        ("Paul|Imaginaire", "1984-02-29", "FR Villexemple"),
        ("Nobody|Atall", "2000-01-01", "IE Dublin"),
    ],
)
def test_a_plain_contradiction_is_nobody(asked):
    assert shown(*asked) == []


def test_two_people_of_one_name_and_date_are_both_possible_until_the_place_is_told():
    assert sorted(shown("Jan|Voorbeeld", "1992-03-04")) == [(POSSIBLE, Held.ENTRY), (POSSIBLE, Held.NOTHING)]
    assert shown("Jan|Voorbeeld", "1992-03-04", "BE Voorbeeldgem") == [
        (DEFINITE, Held.ENTRY),
        (POSSIBLE, Held.NOTHING),
    ]


def test_whom_the_register_knows_by_year_or_month_alone_is_never_definite():
    assert shown("Georgi|Izmislen", "1968-04-01", "BG Nebivalo") == [(POSSIBLE, Held.ENTRY)]
    assert shown("Győző|Kitalált", "1971-09-30", "HU Mintafalu") == [(POSSIBLE, Held.ENTRY)]


def test_entries_that_other_states_must_pass_on_name_those_states():
    jurgen = person("Jürgen|Müster-Beispiel", "1975-01-30", "DE Musterstadt")
    stefania = person("Ștefania|Exemplu", "1987-03-28", "RO Satul Inventat")
    found = [SandboxRegister().search(one)[0] for one in (jurgen, stefania)]
    assert [(one.elsewhere, one.lines) for one in found] == [
        (("DE",), ()),
        (("BG", "RO"), ("Entry 1, register extract",)),
    ]


def test_the_register_can_be_down_and_says_nothing_of_whom_it_was_asked_about():
    down = person("Pierre|Imaginaire", "1984-02-29", document=Document("passport", DOWN))
    with pytest.raises(Unavailable) as failure:
        SandboxRegister().search(down)
    assert "Pierre" not in repr(failure.value)


def test_what_the_register_shows_cannot_be_carried_away():
    (found,) = SandboxRegister().search(person(*PIERRE))
    with pytest.raises(TypeError):
        pickle.dumps(found)
    assert "Pierre" not in repr(found)
    assert "Entry" not in repr(found)
