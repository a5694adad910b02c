"""What people type is kept, and what is wrong is said in a sentence."""

from contextlib import suppress
from datetime import date

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from time_machine import travel

from vetting.identity.ports import PartialDate
from vetting.web.forms import CalmForm, NameField, PartialDateField, RadioCards, error_links

TODAY = date(2026, 3, 9)


class Someone(CalmForm):
    name = NameField(label="Surname")
    born = PartialDateField(label="Date of birth")
    role = forms.ChoiceField(
        label="Role", choices=[("paid", "Paid"), ("free", "Free")], widget=RadioCards(hints={"free": "A club's coach"})
    )


def typed(day: str = "9", month: str = "3", year: str = "1984", name: str = "Novák", role: str = "paid") -> Someone:
    data = QueryDict(mutable=True)
    data.update({"born_0": day, "born_1": month, "born_2": year, "name": name, "role": role})
    return Someone(data)


@pytest.mark.parametrize(
    "day,month,year,expected",
    [
        ("9", "3", "1984", PartialDate(1984, 3, 9)),
        ("09", " 03 ", "1984", PartialDate(1984, 3, 9)),
        ("9.", "3.", "1984", PartialDate(1984, 3, 9)),
        ("", "3", "1984", PartialDate(1984, 3)),
        ("", "", "1984", PartialDate(1984)),
        ("29", "2", "1984", PartialDate(1984, 2, 29)),
        ("9", "3", "2026", PartialDate(2026, 3, 9)),
        ("", "", "2026", PartialDate(2026)),
    ],
)
def test_a_date_may_be_known_in_part(day: str, month: str, year: str, expected: PartialDate) -> None:
    with travel(TODAY, tick=False):
        form = typed(day, month, year)
        assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == expected


@pytest.mark.parametrize(
    "day,month,year,part,sentence",
    [
        ("30", "2", "1984", 0, "There is no day 30 in month 2 of 1984. Days from 1 to 29 are accepted."),
        ("29", "2", "1985", 0, "There is no day 29 in month 2 of 1985. Days from 1 to 28 are accepted."),
        ("0", "2", "1985", 0, "There is no day 0 in month 2 of 1985. Days from 1 to 28 are accepted."),
        ("x", "2", "1985", 0, "The day must be written in digits, for example 9. You wrote “x”."),
        ("9", "13", "1984", 1, "There is no month 13. Months from 1 to 12 are accepted."),
        ("9", "March", "1984", 1, "The month must be written in digits, for example 3. You wrote “March”."),
        ("9", "", "1984", 1, "The month is missing. Give the month too, or leave the day empty."),
        ("9", "3", "84", 2, "The year must have four digits, for example 1984. You wrote 84."),
        ("9", "3", "", 2, "The year is missing. Give at least the year, in four digits, for example 1984."),
        ("9", "3", "1884", 2, "The year 1884 is too long ago. Years from 1900 on are accepted."),
        ("9", "3", "2027", 2, "The year 2027 is in the future. Years up to 2026 are accepted."),
        ("10", "3", "2026", 0, "This date is in the future. Dates up to today are accepted."),
        ("", "4", "2026", 1, "This date is in the future. Dates up to today are accepted."),
        ("", "", "", 2, "This is empty. Fill in: Date of birth"),
    ],
)
def test_each_bad_date_has_its_sentence_and_its_place(
    day: str, month: str, year: str, part: int, sentence: str
) -> None:
    with travel(TODAY, tick=False):
        form = typed(day, month, year)
        assert not form.is_valid()
    assert list(form.errors["born"]) == [sentence]
    assert error_links(form) == [(f"id_born_{part}", sentence)]


@given(st.lists(st.text(max_size=6), min_size=3, max_size=3))
def test_whatever_is_typed_as_a_date_is_a_date_or_a_sentence(parts: list[str]) -> None:
    with suppress(forms.ValidationError):
        cleaned = PartialDateField(required=False).clean(parts)
        assert cleaned is None or cleaned.year >= 1900


@pytest.mark.parametrize(
    "name",
    [
        "Ó Súilleabháin",
        "Żółć",
        "Παπαδοπούλου",
        "Ђорђевић",
        "O'Neill",
        "d’Arc",
        "Anne-Marie",
        "Ng",
        "X",
        "Dr. Müller",
        "محمد",
        "李小龍",
        "नीलम क्षि",
        "Nguyễn Thị",
    ],
)
def test_names_in_any_script_pass_as_they_are(name: str) -> None:
    form = typed(name=name)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == name


def test_stray_spaces_go_and_accents_are_composed() -> None:
    form = typed(name="  Anna \u00a0 Nova\u0301k\t")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == "Anna Novák"


@pytest.mark.parametrize(
    "name,sentence",
    [
        ("Ana <b>", "The name contains the sign <. Write it without: letters of any alphabet are accepted."),
        ("An\x07a", "The name contains an invisible sign that is not a letter. Delete it and type the name again."),
        ("An\u202ea", "The name contains an invisible sign that is not a letter. Delete it and type the name again."),
        ("a" * 201, "This name has 201 characters; at most 200 characters are accepted."),
        ("   ", "This is empty. Fill in: Surname"),
    ],
)
def test_each_bad_name_has_its_sentence(name: str, sentence: str) -> None:
    form = typed(name=name)
    assert list(form.errors["name"]) == [sentence]


def test_nothing_typed_is_lost_when_the_form_comes_back() -> None:
    page = str(typed("30", "February", "84", name="Ana <b>" + "x" * 300, role="free"))
    for kept in ('value="30"', 'value="February"', 'value="84"', f'value="Ana &lt;b&gt;{"x" * 300}"'):
        assert kept in page
    assert 'value="free"' in page.split("checked", maxsplit=1)[0].rsplit("<input", 1)[1]


def test_the_page_says_what_is_wrong_where_it_is_wrong() -> None:
    page = str(typed("30", "2", "1984"))
    assert 'href="#id_born_0"' in page
    assert 'aria-describedby="id_born_error"' in page
    assert 'id="id_born_error"' in page
    assert "There is one thing to correct" in page
    assert "maxlength" not in page
    assert " required" not in page


def test_a_known_date_fills_the_three_inputs_and_may_be_closed_to_changes() -> None:
    form = Someone(QueryDict("name=Novak&role=paid"), initial={"born": PartialDate(1984, 3)})
    form.fields["born"].disabled = True
    page = str(form["born"])
    assert 'value="1984"' in page
    assert 'value="3"' in page
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == PartialDate(1984, 3)
    assert not form.has_error("born")


def test_a_card_is_described_by_its_hint() -> None:
    page = str(typed()["role"])
    assert 'aria-describedby="id_role_1_hint"' in page
    assert 'id="id_role_1_hint"' in page
