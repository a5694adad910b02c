"""The multilingual form: two languages in front, all headings in 24 behind, no word more than the certificate says."""

import tomllib
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader

from integrations.pdf.lettering import BOX, has_glyphs
from integrations.pdf.standard_form import HEADINGS, WORDING, StandardForm, languages, standard_words
from integrations.pdf.words import words_of
from tests.integrations.test_pdf import CONTENTS, ESTONIA, LONG, POLAND
from vetting.enquiries.rules import AnswerKind
from vetting.errors import Unusable

STATES = "AT BE BG CY CZ DE DK EE EL ES FI FR GB HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
OFFICIAL = sorted(code for code, _ in settings.OFFICIAL_LANGUAGES)


def form(own: str = "et", other: str = "pl", **changes: Any) -> bytes:
    return StandardForm().standard_form(replace(CONTENTS, **changes), own=own, other=other)


def pages(raw: bytes) -> list[str]:
    """The text of each page, all white space gone: where lines break does not matter."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(raw)).pages]


def tight(text: str) -> str:
    return "".join(text.split())


def wording(language: str) -> dict[str, str]:
    return tomllib.loads((WORDING / f"{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", OFFICIAL)
def test_every_official_language_has_every_word_and_the_font_its_letters(language):
    words = wording(language)
    assert list(words) == list(wording("en"))
    assert [word for word in words.values() if not word.strip() or not has_glyphs(word)] == []
    head = (WORDING / f"{language}.toml").read_text(encoding="utf-8").splitlines()[0]
    assert language == "en" or head.endswith("Not read by a professional translator.")


@pytest.mark.parametrize("language", [code for code in OFFICIAL if code != "en"])
def test_no_word_was_left_in_english(language):
    english = wording("en")
    assert [key for key, word in wording(language).items() if word == english[key]] == []


def test_all_headings_are_there_in_all_official_languages():
    assert list(languages()) == OFFICIAL
    behind = "".join(pages(form())[1:])
    for heading in HEADINGS:
        for language in OFFICIAL:
            assert tight(f"{language} {heading(language)}") in behind


@pytest.mark.parametrize("other", OFFICIAL)
def test_in_front_every_heading_stands_in_both_languages_with_what_the_certificate_says(other):
    front = pages(form(other=other))[0]
    for heading in HEADINGS:
        assert tight(heading("et")) in front
        assert tight(heading(other)) in front
    words = words_of(other)
    for value in (CONTENTS.holder_name, CONTENTS.number, CONTENTS.issuer, words.of("answers", "nothing_recorded")):
        assert tight(value) in front
    assert tight(words.day(CONTENTS.valid_until)) in front
    assert tight(standard_words(other)["aid"]) in front
    assert tight(standard_words(other)["manner"]) in front
    assert BOX not in front


def test_one_language_is_set_once():
    assert pages(form(own="et", other="et"))[0].count(tight(standard_words("et")["title"])) == 1


def test_the_same_contents_give_the_same_bytes_and_the_file_says_its_language_and_title():
    assert form() == form()
    read = PdfReader(BytesIO(form()))
    assert str(read.root_object["/Lang"]) == "pl"
    assert CONTENTS.number in str(read.metadata and read.metadata.title)


@pytest.mark.parametrize("answer", ["", *(kind.value for kind in AnswerKind if kind != AnswerKind.NOTHING_RECORDED)])
def test_what_was_held_is_never_told_from_any_other_reason(answer):
    changed = replace(POLAND, answer=answer)
    assert form(coverage=(ESTONIA, changed)) == form(coverage=(ESTONIA, replace(POLAND, answer="refused")))


def test_it_holds_no_code_by_which_the_certificate_could_be_verified():
    whole = "".join(pages(form()))
    assert tight(CONTENTS.code) not in whole
    assert CONTENTS.code.encode() not in form()


def test_many_states_and_long_names_take_more_pages_and_lose_nothing():
    many = tuple(replace(ESTONIA, state=state, authority=f"{LONG[:90]} {state}") for state in STATES)
    whole = "".join(pages(form(coverage=many, holder_name="Wzorowa " * 40)))
    for row in many:
        assert tight(row.authority) in whole
    assert whole.count("Wzorowa") == 40


def test_more_than_any_certificate_says_is_refused():
    with pytest.raises(Unusable, match="standard-form-too-long"):
        form(coverage=(ESTONIA,) * 600)


def test_a_language_that_nobody_speaks_here_is_english():
    assert tight(standard_words("en")["title"]) in pages(form(own="xx", other="xx"))[0]
