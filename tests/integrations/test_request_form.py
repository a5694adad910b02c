"""The request on paper: everything the Annex asks, in 24 languages, for the day when the electronic route is down."""

import tomllib
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from pypdf import PdfReader

from integrations.pdf.lettering import BOX, has_glyphs
from integrations.pdf.request_form import WORDING, RequestFormPrinter, form_words
from tests.integrations.invented import PERSON, contents
from vetting.enquiries.gateways import purposes
from vetting.enquiries.ports import FormContact
from vetting.errors import Unusable
from vetting.identity.ports import PartialDate, PersonName

LANGUAGES = sorted(code for code, _ in settings.OFFICIAL_LANGUAGES)
CONTACT = FormContact("Invented Contact", "+372 000 0000", "contact@authority.example", "1 Invented Street")
DIGEST = "0123456789abcdef" * 4


def form(language: str = "en", *, person: Any = PERSON, digest: str = DIGEST, **changes: Any) -> bytes:
    return RequestFormPrinter().request_form(contents(person, **changes), language, contact=CONTACT, digest=digest)


def text(language: str = "en", **changes: Any) -> str:
    """The text layer of all pages, all white space as single spaces."""
    pages = PdfReader(BytesIO(form(language, **changes))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def wording(language: str) -> dict[str, str]:
    return tomllib.loads((WORDING / f"{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_official_language_has_every_key_and_the_font_its_letters(language):
    words = wording(language)
    assert list(words) == list(wording("en"))
    assert [word for word in words.values() if not word.strip() or not has_glyphs(word)] == []


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_sentence_was_left_in_english(language):
    english = wording("en")
    assert [key for key, word in wording(language).items() if word == english[key] and len(word) > 16] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_usual_form_is_one_page_in_every_language_with_the_purpose_in_two(language):
    texts = purposes()["art10-employment-children"]
    said = form(language, purpose={language: texts[language], "et": texts["et"]})
    assert len(PdfReader(BytesIO(said)).pages) == 1
    shown = text(language, purpose={language: texts[language], "et": texts["et"]}).replace(" ", "")
    assert texts["et"].replace(" ", "") in shown or language == "et"
    assert BOX not in shown


@pytest.mark.parametrize(
    "said",
    [
        "Request for information extracted from the criminal record",
        "the standard format does not apply to this request",
        "(a) Information on the requesting State",
        "Invented Authority",
        "EE-PL-REQ-000000000000042",
        "16 November 2026",
        "INVENTED-3",
        "(b) Identity of the person concerned by the request",
        "Forenames Iga Surname Wzorowa",
        "Previous names Iga Panna",
        "Father’s name Jan Panna Mother’s name Ewa Panna",
        "17/05/1990 Place of birth (town and State) Miasto Wzorcowe, Poland Sex female",
        "INVENTED-1",
        "Passport INVENTED-2, Poland, valid until 02/01/2030",
        "Olematu 1, 00000 Tallinn, Estonia",
        "(c) Purpose of the request",
        "Work with children",
        "Praca z dziećmi",
        "The person concerned was asked and consents",
        "(d) Contact person for further information",
        "Name Invented Contact Telephone +372 000 0000 E-mail contact@authority.example",
        "0123-4567-89AB-CDEF",
        DIGEST,
    ],
)
def test_the_form_says(said):
    assert said in text()


def test_it_is_asked_outside_criminal_proceedings_by_an_administrative_authority_and_nothing_else_is_ticked():
    shown = text()
    assert shown.count("×") == 2
    assert "× (2) request outside the context of criminal proceedings" in shown
    assert "× (ii) from a competent administrative authority" in shown


def test_consent_is_a_sentence_and_the_box_of_refusal_is_not_on_the_page():
    assert "does not consent" not in text()


def test_the_united_kingdom_is_asked_under_its_own_agreement():
    assert "Trade and Cooperation Agreement" in text(message_id="EE-GB-REQ-000000000000042", receiver="GB")
    assert "Trade and Cooperation Agreement" not in text()


def test_the_same_contents_give_the_same_bytes_and_others_give_others():
    assert form() == form()
    assert form() != form(digest=DIGEST[::-1])


@pytest.mark.parametrize(
    "name", ["Ελευθερία Παπαδοπούλου", "Цветелина Щерева", "Þórður Ő. Ďurišová-Łęcka", "Țepeș Ștefan"]
)
def test_the_alphabets_of_the_union_are_in_the_text_layer(name):
    assert name in text(person=replace(PERSON, name=PersonName("A", name)))


@pytest.mark.parametrize("name", ["محمد", "陳大文", "\U0001f642", "\ud800"])
def test_letters_the_font_lacks_are_boxes_and_the_form_says_whom_to_ask(name):
    shown = text(person=replace(PERSON, name=PersonName("Iga", name)))
    assert BOX * len(name) in shown
    assert wording("en")["boxes"] in shown
    assert wording("en")["boxes"] not in text()


@pytest.mark.parametrize("known,shown", [((1990,), "1990"), ((1990, 5), "05/1990"), ((1990, 5, 7), "07/05/1990")])
def test_a_date_of_birth_is_as_precise_as_it_is_known(known, shown):
    assert f"(dd/mm/yyyy) {shown} Place of birth" in text(person=replace(PERSON, birth_date=PartialDate(*known)))


def test_what_is_not_known_is_a_dash_and_nothing_fails():
    bare = replace(
        PERSON,
        former_names=(),
        father_name=None,
        mother_name=None,
        identity_number="",
        document=None,
        address=None,
        sex=0,
    )
    assert "Previous names –" in text(person=bare, case_reference="")


def test_long_names_take_a_second_page_with_nothing_left_out():
    long = "Anna-Maria von und zu " * 9
    former = tuple(PersonName(long, f"{long}{number}") for number in range(9))
    person = replace(PERSON, name=PersonName(long, long, long, long * 3), former_names=former)
    pages = PdfReader(BytesIO(form("bg", person=person))).pages
    assert len(pages) == 2
    shown = "".join("".join(page.extract_text() for page in pages).split())
    assert all(f"{long}{number}".replace(" ", "") in shown for number in range(9))


def test_more_than_two_pages_hold_is_refused_not_cut():
    former = tuple(PersonName("Anna " * 40, "Maria " * 33) for _ in range(200))
    with pytest.raises(Unusable, match="form-too-long"):
        form(person=replace(PERSON, former_names=former))


@pytest.mark.parametrize("purpose", [{}, {"en": ""}, {"en": "x" * 401}])
def test_a_purpose_of_one_to_four_hundred_characters_is_needed(purpose):
    with pytest.raises(Unusable, match="form-purpose"):
        form(purpose=purpose)


@pytest.mark.parametrize("digest", ["", "0" * 63, "G" * 64, DIGEST.upper()])
def test_a_form_without_the_digest_of_its_request_is_not_printed(digest):
    with pytest.raises(Unusable, match="form-digest"):
        form(digest=digest)


def test_the_file_names_its_language_and_leads_nowhere():
    reader = PdfReader(BytesIO(form("el")))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "el"
    assert "/Annots" not in reader.pages[0]
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith(form_words("el")["title"])


@pytest.mark.parametrize(
    "state,title", [("BG", "Искане за информация"), ("EL", "Αίτηση"), ("GB", "Request"), ("IE", "")]
)
def test_the_command_writes_a_form_about_nobody(tmp_path: Path, state, title):
    file = tmp_path / "form.pdf"
    call_command("write_form", state=state, home="IE", out=str(file), stdout=StringIO())
    assert title in PdfReader(file).pages[0].extract_text()


@pytest.mark.parametrize("state,language", [("NO", None), ("XX", None), ("BE", "en")])
def test_the_command_refuses_who_is_not_asked_and_what_is_not_spoken(tmp_path: Path, state, language):
    with pytest.raises(CommandError):
        call_command("write_form", state=state, language=language, out=str(tmp_path / "form.pdf"))
    assert not list(tmp_path.iterdir())
