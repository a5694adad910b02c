"""What the packaged directory says, and how its codes are read."""

import json
from dataclasses import replace

import pytest

from vetting.authorities.queries import packaged_directory
from vetting.authorities.rules import Channel, IdentityField, nationality_code, row_from, state_code
from vetting.editions.rules import differences
from vetting.errors import Refused

PACKAGED = packaged_directory()
TWENTY_SEVEN = set(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)  # fmt: skip


def row(state: str) -> dict[str, object]:
    """A row as the file would hold it."""
    found = PACKAGED.find(state)
    assert found is not None
    return dict(vars(found))


def test_the_27_member_states_are_there_and_all_asked_by_message() -> None:
    assert PACKAGED.members() == TWENTY_SEVEN
    assert PACKAGED.exchange() == TWENTY_SEVEN | {"GB"}


def test_a_document_is_brought_from_the_other_neighbours() -> None:
    assert set(PACKAGED.states()) - PACKAGED.exchange() == {"CH", "IS", "LI", "NO"}


def test_denmark_and_ireland_are_outside_the_index_and_ireland_is_marked_unverified() -> None:
    assert TWENTY_SEVEN - PACKAGED.indexed() == {"DK", "IE"}
    ireland = PACKAGED.find("IE")
    assert ireland is not None
    assert not ireland.is_verified("in_index")


def test_only_the_united_kingdom_always_has_twenty_working_days() -> None:
    assert [row.state for row in PACKAGED.rows if row.extended] == ["GB"]


def test_only_denmark_among_the_members_is_not_bound_by_the_directive() -> None:
    assert [row.state for row in PACKAGED.rows if row.member and not row.bound_by_directive] == ["DK"]


def test_parents_names_are_needed_where_a_register_identifies_by_them_and_guesses_are_marked() -> None:
    rows = {row.state: row for row in PACKAGED.rows}
    parents = {state for state, row in rows.items() if IdentityField.MOTHER_NAME in row.needs}
    assert parents == {"BG", "CY", "ES", "GR", "HU", "LT", "LV", "PT", "RO"}
    assert {state for state in parents if rows[state].is_verified("needs")} == {"BG", "HU"}
    assert {state for state, row in rows.items() if IdentityField.SECOND_SURNAME in row.needs} == {"ES", "PT"}


def test_no_unverified_rule_tells_an_employer_anything() -> None:
    told = [row for row in PACKAGED.rows if row.tells_employer]
    assert {row.state for row in told} == {"DK", "EE", "HR", "IE", "IT"}
    assert all(row.is_verified("tells_employer") for row in told)


def test_every_row_can_be_stored_as_json() -> None:
    for found in PACKAGED.rows:
        assert row_from(json.loads(json.dumps(vars(found)))) == found


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"channel": "telephone"},
        {"needs": ["shoe_size"]},
        {"reply_days": 15},
        {"unverified": ["colour"]},
        {"state": "UK"},
        {"channel": Channel.DOCUMENT},
    ],
)
def test_a_row_that_contradicts_itself_is_not_read(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the sentence differs with the fault
        row_from({**row("PL"), **change})


def test_a_row_that_forgets_something_is_not_read() -> None:
    data = row("PL")
    del data["tells_employer"]
    with pytest.raises(ValueError, match="tells_employer"):
        row_from(data)


def test_the_difference_between_editions_names_the_state_and_the_field() -> None:
    changed = replace(PACKAGED, rows=tuple(replace(row, confidence=0.1) for row in PACKAGED.rows if row.state != "AT"))
    assert differences(PACKAGED, changed)[:2] == ("AT: no longer listed", "BE: confidence changes")
    assert differences(None, PACKAGED)[0] == "AT: added"
    assert differences(PACKAGED, PACKAGED) == ()


@pytest.mark.parametrize(
    "word,code", [("EL", "GR"), ("UK", "GB"), (" pl ", "PL"), ("RE", "FR"), ("ax", "FI"), ("XK", "XK"), ("us", "US")]
)
def test_a_state_is_read_as_people_write_it(word: str, code: str) -> None:
    assert state_code(word) == code


@pytest.mark.parametrize("word", ["", "ZZ", "POL", "Poland", "stateless", "XX"])
def test_what_is_no_state_is_refused_in_words(word: str) -> None:
    with pytest.raises(Refused) as refusal:
        state_code(word)
    assert "two-letter" in refusal.value.sentence


@pytest.mark.parametrize(
    "word,code",
    [("Stateless", "stateless"), ("XXA", "stateless"), ("xxb", "unknown"), ("XXX", "unknown"), ("unknown", "unknown")],
)
def test_the_absence_of_a_nationality_has_words_and_travel_document_codes(word: str, code: str) -> None:
    assert nationality_code(word) == code


def test_what_is_no_nationality_is_refused_in_words() -> None:
    with pytest.raises(Refused) as refusal:
        nationality_code("Klingon")
    assert "stateless" in refusal.value.sentence
