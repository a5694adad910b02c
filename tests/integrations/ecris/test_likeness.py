"""Whether a reply is about the person who was asked about."""

from dataclasses import replace

import pytest

from integrations.ecris.convictions import HeldEntry
from integrations.ecris.likeness import folded
from integrations.ecris.replies import response
from integrations.ecris.verdict import verdict
from tests.integrations.invented import AT, PERSON, expectation, request
from vetting.identity.ports import PartialDate, Person, PersonName, Place


def about(given: Person, asked: Person = PERSON, entries: tuple[HeldEntry, ...] = ()) -> str:
    """The word for a reply about `given` to a request about `asked`."""
    req = request(asked)
    found = verdict(response(req, at=AT, person=given, entries=entries), expectation(req))
    return found.answer or f"{found.kind} {found.code}"


def named(forename: str, surname: str, second: str = "", full: str = "") -> Person:
    """The usual person under another name."""
    return replace(PERSON, name=PersonName(forename, surname, second, full))


def born(year: int, month: int | None = None, day: int | None = None) -> Person:
    """The usual person with another birth date."""
    return replace(PERSON, birth_date=PartialDate(year, month, day))


def test_a_clean_reply_about_another_person_is_rejected() -> None:
    assert about(named("Ola", "Wzorowa")) == "rejected wrong-person"
    assert about(named("Iga", "Nowak")) == "rejected wrong-person"
    assert about(born(1991, 5, 17)) == "rejected wrong-person"
    assert about(born(1990, 6, 17)) == "rejected wrong-person"
    assert about(born(1990, 5, 18)) == "rejected wrong-person"


def test_an_entry_about_another_person_is_rejected_too() -> None:
    assert about(named("Ola", "Wzorowa"), entries=(HeldEntry(),)) == "rejected wrong-person"


@pytest.mark.parametrize(
    "asked,given",
    [
        (("Zoë", "Łukasz"), ("ZOE", "LUKASZ")),
        (("José", "Núñez"), ("Jose\u0301", "Nun\u0303ez")),
        (("Anne-Marie", "O'Brien"), ("Anne Marie", "OBrien")),
        (("Жеко", "Щерев"), ("Zheko", "Shterev")),
        (("Νίκος", "Παππάς"), ("Nikos", "Pappas")),
        (("Jörg", "Strauß"), ("JÖRG", "STRAUSS")),
    ],
)
def test_the_same_name_in_other_letters_is_the_same_person(asked: tuple[str, str], given: tuple[str, str]) -> None:
    assert about(named(*given), named(*asked)) == "nothing_recorded"


@pytest.mark.parametrize(
    "given",
    [
        named("Wzorowa", "Iga"),
        named("Iga Maria", "Wzorowa"),
        named("Iga", "Wzorowa", "Druga"),
        named("Iga", "Wzorova"),
        named("Iga", "Panna"),
        named("", "Wzorowa"),
        named("Iga", "Wzorowa", full="Iga Wzorowa Inna"),
        named("איגה", "וזורובה"),
        replace(PERSON, sex=1),
        replace(PERSON, nationalities=("DE",)),
        replace(PERSON, birth_place=Place("DE", "Miasto Wzorcowe")),
        replace(PERSON, identity_number="INVENTED-9"),
        replace(PERSON, mother_name=PersonName("Zofia", "Panna")),
        born(1990, 1, 1),
        born(1800, 1, 1),
    ],
)
def test_a_clean_reply_about_a_near_miss_needs_a_person(given: Person) -> None:
    assert about(given) == "needs_person"


def test_a_near_miss_with_an_entry_stays_an_entry() -> None:
    assert about(named("Iga Maria", "Wzorowa"), entries=(HeldEntry(),)) == "entry_held"


def test_birth_dates_are_compared_at_the_precision_that_both_sides_have() -> None:
    assert about(born(1990, 5), PERSON) == "nothing_recorded"
    assert about(born(1990), PERSON) == "nothing_recorded"
    assert about(born(1990, 1, 1), born(1990)) == "nothing_recorded"
    assert about(born(1991, 1, 1), born(1990)) == "rejected wrong-person"


def test_a_birth_date_known_in_part_leans_on_the_town() -> None:
    assert about(replace(born(1990), birth_place=Place("PL", "Inne Miasto")), PERSON) == "needs_person"


def test_the_thirtieth_of_february_passes_part_by_part() -> None:
    assert about(born(1990, 2, 30), born(1990, 2, 30)) == "nothing_recorded"


def test_different_names_do_not_fold_alike() -> None:
    assert len({folded(name) for name in ("Boyle", "Boule", "Bole", "Boile")}) == 4
