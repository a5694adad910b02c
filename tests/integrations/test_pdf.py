"""The certificate page: everything that is in the contents, and nothing else, on one sheet of paper."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader
from pypdf.generic import IndirectObject, NameObject

from integrations.pdf import CertificatePrinter
from integrations.pdf.lettering import BOX, has_glyphs, printable
from integrations.pdf.words import WORDING, said, words_of
from vetting.cases.rules import ACTIVITIES, RoleKind
from vetting.certificates.ports import CertificateContents, Coverage
from vetting.enquiries.rules import AnswerKind
from vetting.errors import Unusable

ESTONIA = Coverage(
    state="EE",
    authority="Centre of Registers and Information Systems",
    asked_on=date(2026, 11, 16),
    answered_on=date(2026, 11, 17),
    answer="nothing_recorded",
    channel="own_register",
)
POLAND = replace(
    ESTONIA,
    state="PL",
    authority="National Criminal Register",
    answered_on=date(2026, 11, 23),
    answer="entry_held",
    channel="exchange",
)
IRELAND = replace(ESTONIA, state="IE", authority="Vetting Bureau", answered_on=None, answer="", channel="document")
ADDRESS = "https://clearance.example.eu/v/7K3M-9QXD-2V4T/W8EN-5H2R-Q0ZC-41YB/"
CONTENTS = CertificateContents(
    number="7K3M-9QXD-2V4T",
    jti="5f0c7d1e-0000-4000-8000-000000000001",
    holder_name="Iga Wzorowa",
    holder_birth_date="1990-05-17",
    activity="teaching",
    role="paid",
    coverage=(ESTONIA, POLAND, IRELAND),
    issued_on=date(2026, 11, 24),
    valid_until=date(2027, 5, 24),
    issuer="Centre of Registers and Information Systems",
    issuer_state="EE",
    language="en",
    verify_url=ADDRESS,
    code="W8EN-5H2R-Q0ZC-41YB",
)
LONG = "Zentralstelle für grenzüberschreitende Registerauskünfte und internationale Zusammenarbeit in Strafsachen " * 2
LANGUAGES = sorted(path.stem for path in WORDING.glob("*.toml"))


def printed(**changes: Any) -> bytes:
    return CertificatePrinter().certificate(replace(CONTENTS, **changes))


def text(**changes: Any) -> str:
    """The text layer of the only page, all white space as single spaces."""
    (page,) = PdfReader(BytesIO(printed(**changes))).pages
    return " ".join(page.extract_text().split())


def flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def wording(language: str) -> dict[str, str]:
    return dict(flat(tomllib.loads((WORDING / f"{language}.toml").read_text(encoding="utf-8"))))


def test_the_settings_name_this_printer():
    assert f"{CertificatePrinter.__module__.rpartition('.')[0]}.{CertificatePrinter.__name__}" == settings.PRINTER


def test_the_same_contents_give_the_same_bytes_also_in_parallel():
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: printed(), range(8)))) == 1


def test_other_contents_give_other_bytes():
    assert printed() != printed(holder_name="Jan Wzorowy")


@pytest.mark.parametrize(
    "sentence",
    [
        "Clearance certificate",
        "Iga Wzorowa",
        "17 May 1990",
        "Teaching",
        "Paid work",
        "Issued on",
        "24 November 2026",
        "24 May 2027",
        "Estonia Centre of Registers and Information Systems",
        "Poland National Criminal Register",
        "16 Nov 2026",
        "23 Nov 2026",
        "Nothing recorded own register",
        "Answer considered by the authority exchange between authorities",
        "document shown",
        "7K3M-9QXD-2V4T",
        "W8EN-5H2R-Q0ZC-41YB",
        "clearance.example.eu/v",
        "States that are not listed were not asked.",
        "Issued under Article 10 of Directive 2011/93/EU",
    ],
)
def test_the_page_says(sentence):
    assert sentence in text()


@pytest.mark.parametrize("given,shown", [("1990", "1990"), ("1990-05", "May 1990"), ("1990-05-17", "17 May 1990")])
def test_a_date_of_birth_is_as_precise_as_it_is_known(given, shown):
    assert f"Date of birth {shown} Activity" in text(holder_birth_date=given)


@pytest.mark.parametrize("answer", ["", "cancelled", *[kind for kind in AnswerKind if kind != "nothing_recorded"]])
def test_every_other_answer_leaves_the_same_page(answer):
    rows = (ESTONIA, replace(POLAND, answer=answer))
    assert said(answer) == "considered"
    assert printed(coverage=rows) == printed(coverage=(ESTONIA, POLAND))


def test_who_decided_is_never_printed():
    assert printed(decided_by_person=True) == printed(decided_by_person=False)


@pytest.mark.parametrize("name", [r"<b>O'Neill & (Sons)\ </b>", "&lt;i&gt; ) Tj", "{language} %s", "a<br/>b"])
def test_markup_comes_out_literally(name):
    assert name in text(holder_name=name, issuer=name)


@pytest.mark.parametrize(
    "name", ["Ελευθερία Παπαδοπούλου", "Цветелина Щерева", "Þórður Ő. Ďurišová-Łęcka", "Ġużè Ħaġar", "Țepeș Ștefan"]
)
def test_the_alphabets_of_the_union_are_in_the_text_layer(name):
    assert name in text(holder_name=name)


@pytest.mark.parametrize("name", ["محمد", "陳大文", "\U0001f642", "\ud800", "\U0010ffff"])
def test_what_the_font_lacks_becomes_visible_boxes(name):
    assert BOX * len(name) in text(holder_name=f"Iga {name}")


@pytest.mark.parametrize(
    "given,shown",
    [
        ("Ze\u0301", "Zé"),
        ("a\u202eb\u200dc", "abc"),
        ("a\tb\nc\x00d", "a b c d"),
        ("Ａｎｎａ", "Anna"),
        ("\U0001d400", "A"),
    ],
)
def test_names_are_tidied_not_guessed(given, shown):
    assert printable(given) == shown
    assert has_glyphs(printable(given))


@pytest.mark.parametrize(
    "language,name",
    [("en", "W" * 200), ("en", "i"), ("en", ""), *((one, ("Anna-Maria von und zu " * 10)[:200]) for one in LANGUAGES)],
)
def test_extremes_fit_on_one_page_with_nothing_left_out(language, name):
    rows = tuple(replace(POLAND, state=state, authority=LONG) for state in "DE FR PL GR BG CY LV NL".split())
    page = text(
        language=language,
        holder_name=name,
        issuer=LONG,
        coverage=rows,
        activity="other_direct_regular",
        role="voluntary",
    )
    assert name.replace(" ", "") in page.replace(" ", "")
    assert page.replace(" ", "").count(LONG.replace(" ", "")) >= len(rows)


@pytest.mark.parametrize("rows", [0, 1, 27])
def test_any_number_of_states_fits(rows):
    assert text(coverage=(POLAND,) * rows).count("National Criminal Register") == rows


def test_more_than_a_page_holds_is_refused_not_cut():
    with pytest.raises(Unusable, match="certificate-too-long"):
        printed(coverage=(POLAND,) * 200)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "clearance.example.eu/v/", ""])
def test_only_an_address_of_the_web_is_printed(address):
    with pytest.raises(Unusable, match="certificate-address"):
        printed(verify_url=address)


def names(reader: PdfReader) -> set[str]:
    """Every key and every name in every object of a file."""
    found: set[str] = set()
    waiting: list[Any] = [reader.get_object(number) for number in reader.xref[0]]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found |= set(one)
            waiting += [value for value in one.values() if not isinstance(value, IndirectObject)]
        elif isinstance(one, list):
            waiting += [value for value in one if not isinstance(value, IndirectObject)]
        elif isinstance(one, NameObject):
            found.add(str(one))
    return found


def test_the_file_does_nothing_and_leads_only_to_us():
    file = printed()
    reader = PdfReader(BytesIO(file))
    annotations: Any = reader.pages[0]["/Annots"]
    links = [one.get_object()["/A"] for one in annotations]
    assert [(link["/S"], link["/URI"]) for link in links] == [("/URI", ADDRESS)]
    assert {"/Annots", "/URI", "/FontFile2"} <= names(reader)
    assert not names(reader) & {"/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/SubmitForm"}
    assert {name: [one.strip() for one in files] for name, files in reader.attachments.items()} == {
        "clearance.jwt": [b""]
    }, "the place for its token, and no other file"
    assert file.count(b"/URI (") == 1


def test_the_file_names_its_title_author_and_language_and_embeds_its_fonts():
    reader = PdfReader(BytesIO(printed(language="el")))
    assert reader.metadata is not None
    assert reader.metadata.title == f"{words_of('el')['title']} 7K3M-9QXD-2V4T"
    assert reader.metadata.author == CONTENTS.issuer
    root: Any = reader.trailer["/Root"]
    resources: Any = reader.pages[0]["/Resources"]
    assert root["/Lang"] == words_of("el").language
    fonts = [font.get_object() for font in resources["/Font"].values()]
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_the_code_is_one_path():
    """One path of dark modules with one fill: no gaps between modules at any size, and no picture to rescale."""
    content = PdfReader(BytesIO(printed())).pages[0].get_contents()
    assert content is not None
    paths = re.findall(rb"(?:[-\d. ]+ re\s+){50,}f\*?", content.get_data())
    assert len(paths) == 1


def test_a_language_nobody_has_translated_is_english_throughout():
    assert printed(language="xx") == printed(language="en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_keys_of_english_and_letters_the_font_has(language):
    words = wording(language)
    assert words.keys() == wording("en").keys()
    assert [word for word in words.values() if not word or not has_glyphs(word)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_and_states_have_letters_the_font_has(language):
    words = words_of(language)
    for month in range(1, 13):
        day = date(2026, month, 28)
        assert BOX not in printable(words.day(day) + words.short_day(day) + words.birth_date(f"1990-{month:02d}"))
        assert "2026" in words.short_day(day)
    assert all(has_glyphs(words.state(state)) for state in "AT BE BG CY CZ EL GR HR IE SE UK".split())


def test_every_eligible_activity_and_role_has_a_word():
    words = wording("en")
    assert {f"activities.{code}" for code, activity in ACTIVITIES.items() if activity.eligible} <= words.keys()
    assert {f"roles.{role}" for role in RoleKind} <= words.keys()


def test_no_convictions_is_never_said():
    """An empty answer is not a clean record; neither the words nor the page may say so."""
    assert "no convictions" not in " ".join(wording("en").values()).lower()
    assert "no convictions" not in text().lower()
