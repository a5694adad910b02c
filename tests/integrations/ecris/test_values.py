"""Spellings of a valid message that a schema-aware reader takes for the same: found by an independent tester."""

import re

import pytest

from integrations.ecris.convictions import HeldEntry
from integrations.ecris.replies import deadline, response
from integrations.ecris.verdict import verdict
from tests.integrations.invented import AT, REQUEST_ID, expectation, request

CLEAN = response(request(), at=AT).decode()
ENTRY = response(request(), at=AT, entries=[HeldEntry(sanctions=["S-00-012000", "S-00-003014"])]).decode()
DUE = deadline(REQUEST_ID, at=AT, due=AT.date()).decode()


def words(document: str) -> str:
    found = verdict(document.encode(), expectation())
    return found.answer or f"{found.kind} {found.code}".rstrip()


@pytest.mark.parametrize("prefix", ["s", "m", "d", "k"])
def test_any_namespace_may_be_the_default_one(prefix: str) -> None:
    document = re.sub(rf"<(/?){prefix}:", r"<\1", CLEAN).replace(f"xmlns:{prefix}=", "xmlns=")
    assert words(document) == "nothing_recorded"


def test_white_space_around_values_says_nothing() -> None:
    spaced = [re.sub(r">([^<>\n]*[^<>\s][^<>\n]*)<", ">\n \\1\t<", document) for document in (CLEAN, ENTRY, DUE)]
    assert [words(document) for document in spaced] == ["nothing_recorded", "disqualification_held", "deadline"]


@pytest.mark.parametrize(
    "short",
    ["ConvictionFileNumber", "ConvictionDecisionDate", "OffenceCommonCategoryReference", "SanctionTypeReference"],
)
def test_an_empty_element_with_a_default_does_not_hide_an_entry(short: str) -> None:
    document = re.sub(rf"<d:{short}>[^<]*<", f"<d:{short}><", ENTRY)
    assert document != ENTRY
    assert words(document) == "disqualification_held"


def test_an_empty_sex_is_an_unknown_sex_for_the_person() -> None:
    assert words(CLEAN.replace("<d:PersonSex>2<", "<d:PersonSex><")) == "nothing_recorded"


def test_an_empty_element_without_a_default_is_refused() -> None:
    assert words(CLEAN.replace(">RRT-00-00<", "><")) == "rejected wrong-structure"


def test_an_empty_element_of_an_alias_gets_no_default() -> None:
    name = "<d:PersonName><d:Forename>A</d:Forename><d:Surname>B</d:Surname></d:PersonName>"
    alias = f"<d:PersonAlias>{name}<d:PersonSex/></d:PersonAlias></m:MessageDataPerson>"
    assert words(CLEAN.replace("</m:MessageDataPerson>", alias)) == "rejected wrong-structure"


def test_a_year_before_christ_is_not_the_same_year() -> None:
    assert words(CLEAN.replace(">1990<", ">-1990<")) == "rejected wrong-person"
