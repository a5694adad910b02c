"""Lists as people have them become rows of text, and no file takes more than it may."""

import pytest

from integrations.spreadsheets import Reader
from tests.integrations.spreadsheet_files import ods, xlsx
from vetting.cases.ports import MOST_CHARACTERS, MOST_COLUMNS
from vetting.errors import Unusable

PEOPLE = [["Иванка", "Измислена", "ivanka@invented.example"], ["Zoë", "Ünfug", "zoe@invented.example"]]


def read(raw, language="en"):
    return Reader().rows(raw, most=500, language=language)


def separated(separator, encoding="utf-8", people=None):
    return "\r\n".join(separator.join(row) for row in people or PEOPLE).encode(encoding)


@pytest.mark.parametrize("raw", [
    xlsx(PEOPLE), ods(PEOPLE), separated(";"), separated(","), separated("\t"), separated("|"),
    separated(";", "utf-8-sig"), separated("\t", "utf-16"), b"\n\n" + separated(";") + b"\n;;\n",
], ids="xlsx ods semicolon comma tab bar bom utf-16 blank".split())  # fmt: skip
def test_the_same_people_come_out_of_every_kind_of_file(raw):
    assert read(raw) == PEOPLE


@pytest.mark.parametrize("language, page, name", [
    ("bg", "cp1251", "Иванка"), ("el", "cp1253", "Γιώργος"), ("pl", "cp1250", "Łucja"), ("lt", "cp1257", "Žydrė"),
    ("de", "cp1252", "Jürgen"),
])  # fmt: skip
def test_a_file_of_an_old_program_is_read_in_the_code_page_of_the_readers_language(language, page, name):
    assert read(separated(";", page, [[name, "x", "y"]]), language) == [[name, "x", "y"]]


def test_a_formula_is_the_text_it_shows_and_a_quoted_cell_holds_its_separator():
    assert read(xlsx([["=HYPERLINK(1)", "a", "=1+1"]])) == [["shown", "a", "shown"]]
    assert read(b'"=cmd|x";"a;b"\n') == [["=cmd|x", "a;b"]]


def test_of_ten_thousand_rows_only_one_more_than_are_accepted_is_read():
    many = [["a", "b", str(row)] for row in range(10_000)]
    for raw in (xlsx(many), separated(";", people=many)):
        assert len(read(raw)) == 501


def test_cells_and_rows_are_cut():
    raw = separated(";", people=[["x" * 5000] * 50])
    assert [len(cell) for cell in read(raw)[0]] == [MOST_CHARACTERS] * MOST_COLUMNS


@pytest.mark.parametrize("raw", [
    b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0 no container", b"\0\1\2", xlsx(PEOPLE)[:-200], b"\xff\xfe\xd8\xd8\xd8",
])  # fmt: skip
def test_what_is_no_list_cannot_be_read(raw):
    with pytest.raises(Unusable, match="spreadsheet-unreadable"):
        read(raw)


@pytest.mark.parametrize("raw", [b"", b"\n\n", b";;;\n", xlsx([]), xlsx([["", " "]])])
def test_a_list_without_anybody_is_empty(raw):
    with pytest.raises(Unusable, match="spreadsheet-empty"):
        read(raw)


def test_a_small_file_that_unpacks_to_two_gigabytes_is_refused():
    bomb = xlsx([["a"]], million_letters=2000)
    assert len(bomb) < 3_000_000
    with pytest.raises(Unusable, match="spreadsheet-too-big"):
        read(bomb)
