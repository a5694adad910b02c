"""The certificate as a multilingual form: headings in two languages, and all of them in 24. Lengths are points."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from integrations.pdf.lettering import BOLD, REGULAR, printable, style, width
from integrations.pdf.page import (
    ACCENT,
    BODY,
    BOTTOM,
    CELL,
    HAIRLINE,
    HEADING,
    ISSUER,
    LABEL,
    LEFT,
    LIMITS,
    PANEL_TEXT,
    PLAIN_CELL,
    SMALL,
    SUBTITLE,
    TINT,
    TITLE,
    TOP,
    VALUE,
    WIDTH,
    across,
    at,
)
from integrations.pdf.request_form import form_words
from integrations.pdf.sheet import Sheet, bound
from integrations.pdf.words import SOURCE, Words, said, words_of
from vetting.certificates.ports import CertificateContents, Coverage
from vetting.errors import Unusable

WORDING = Path(__file__).parent / "standard_wording"
MOST_PAGES = 12
FORM_TITLE = style(TITLE.font, 20, "#0b3139", 1.16)
NUMBER = style(BOLD, 9.4, "#14505c")
GLOSS = style(REGULAR, 7.6, "#1c1b19", 1.36)
_FOOT = 16.0
_INDENT = 16.0

Saying = Callable[[str], str]


@lru_cache(maxsize=64)
def standard_words(language: str) -> Words:
    """The few words that only this form has."""
    return Words(language, tomllib.loads((WORDING / f"{language}.toml").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages in which all the words are there, sorted by code."""
    return tuple(sorted(path.stem for path in WORDING.glob("*.toml")))


HEADINGS: tuple[Saying, ...] = (
    lambda language: form_words(language)["full_name"],
    lambda language: words_of(language)["born"],
    lambda language: words_of(language)["activity"],
    lambda language: words_of(language)["role"],
    lambda language: standard_words(language)["issuer"],
    lambda language: words_of(language)["reference"],
    lambda language: words_of(language)["issued_on"],
    lambda language: words_of(language)["valid_until"],
    lambda language: words_of(language)["state"],
    lambda language: words_of(language)["asked_on"],
    lambda language: words_of(language)["answered_on"],
    lambda language: words_of(language)["said"],
)
"""The fixed headings, numbered from 1 in this order."""


class StandardForm:
    """See `StandardFormPrinter`."""

    def standard_form(self, contents: CertificateContents, *, own: str, other: str) -> bytes:
        width("", BODY)  # registers the font
        pair = [language if language in languages() else SOURCE for language in dict.fromkeys((own, other))]
        form = _Form(contents, tuple(dict.fromkeys(pair)))
        pages = _pages(form.blocks()) + _pages(form.glossary())
        if len(pages) > MOST_PAGES:
            raise Unusable("standard-form-too-long")
        first = form.languages[-1]
        title = f"{standard_words(first)['title']} {contents.number}"
        _foot(pages, contents.number)
        return bound(
            pages,
            language=first,
            title=title,
            author=contents.issuer,
            subject=standard_words(first)["manner"],
            dated=contents.issued_on,
        )


@dataclass(frozen=True)
class _Block:
    """What no page break cuts."""

    sheet: Sheet
    height: float


def _pages(blocks: list[_Block]) -> list[Sheet]:
    pages, y = [Sheet()], TOP
    for block in blocks:
        if y + block.height > BOTTOM - _FOOT and y > TOP:
            pages.append(Sheet())
            y = TOP
        pages[-1].paste(block.sheet, y)
        y += block.height
    return pages


def _foot(pages: list[Sheet], number: str) -> None:
    for place, sheet in enumerate(pages, start=1):
        sheet.rule(LEFT, BOTTOM - _FOOT + 4, WIDTH, HAIRLINE, 0.5)
        sheet.line(LEFT, BOTTOM - _FOOT + 8, printable(number), LIMITS)
        sheet.line(LEFT + WIDTH, BOTTOM - _FOOT + 8, f"{place}/{len(pages)}", LIMITS, right=True)


@dataclass(frozen=True)
class _Form:
    contents: CertificateContents
    languages: tuple[str, ...]

    def _both(self, saying: Saying) -> str:
        """A word in the languages of the form."""
        return " / ".join(dict.fromkeys(saying(language) for language in self.languages))

    def blocks(self) -> list[_Block]:
        """The form from its title to its last State, in the order in which it is read."""
        rows = [self._row(row) for row in self.contents.coverage]
        return [self._title(), self._aid(), *self._fields(), self._heads(), *rows]

    def _title(self) -> _Block:
        sheet = Sheet()
        words = words_of(self.languages[-1])
        y = sheet.rule(LEFT, 0, WIDTH, ACCENT, 2.5) + 9
        sheet.line(LEFT + WIDTH, y, printable(words.state(self.contents.issuer_state)), ISSUER, right=True)
        y = sheet.text(LEFT, y, self.contents.issuer, ISSUER, across(9)) + 10
        y = sheet.text(LEFT, y, self._both(lambda one: standard_words(one)["title"]), FORM_TITLE, WIDTH)
        y = sheet.text(LEFT, y + 2, self._both(lambda one: words_of(one)["title"]), SUBTITLE, WIDTH)
        for language in self.languages:
            y = sheet.text(LEFT, y + 2, standard_words(language)["manner"], SMALL, WIDTH)
        return _Block(sheet, y + 8)

    def _aid(self) -> _Block:
        """That this is no certificate, on a tint."""
        panel, sheet, pad = Sheet(), Sheet(), 8.0
        end = pad
        for language in self.languages:
            end = panel.text(LEFT + pad, end, standard_words(language)["aid"], PANEL_TEXT, WIDTH - 2 * pad)
        sheet.box(LEFT, 0, WIDTH, end + pad, TINT, radius=4)
        sheet.paste(panel, 0)
        return _Block(sheet, end + pad + 12)

    def _fields(self) -> list[_Block]:
        contents, words = self.contents, words_of(self.languages[-1])
        state = words.state(contents.issuer_state)
        values = (
            contents.holder_name,
            words.birth_date(contents.holder_birth_date),
            self._both(lambda one: words_of(one).of("activities", contents.activity)),
            self._both(lambda one: words_of(one).of("roles", contents.role)),
            f"{contents.issuer}, {state}",
            contents.number,
            words.day(contents.issued_on),
            words.day(contents.valid_until),
        )
        return [self._field(number, value) for number, value in enumerate(values, start=1)]

    def _field(self, number: int, value: str) -> _Block:
        sheet = Sheet()
        sheet.text(LEFT, 0, str(number), NUMBER, _INDENT)
        room = across(12) - _INDENT
        y = sheet.text(LEFT + _INDENT, 1, self._both(HEADINGS[number - 1]), LABEL, room)
        return _Block(sheet, sheet.text(LEFT + _INDENT, y, value, VALUE, room) + 6)

    def _heads(self) -> _Block:
        sheet = Sheet()
        places = ((0, 5, 9), (5, 2, 10), (7, 2, 11), (9, 3, 12))
        ends = []
        for first, wide, number in places:
            y = sheet.text(at(first), 6, str(number), NUMBER, across(wide))
            ends.append(sheet.text(at(first), y, self._both(HEADINGS[number - 1]), LABEL, across(wide)))
        return _Block(sheet, sheet.rule(LEFT, max(ends) + 3, WIDTH, ACCENT, 0.9) + 3)

    def _row(self, row: Coverage) -> _Block:
        """One State. What an authority held is never told from any other reason to look."""
        sheet, words = Sheet(), words_of(self.languages[-1])
        state = sheet.text(at(0), 2, self._both(lambda one: words_of(one).state(row.state)), CELL, across(5))
        ends = [sheet.text(at(0), state, row.authority, SMALL, across(5))]
        ends.append(sheet.text(at(5), 2, words.short_day(row.asked_on), PLAIN_CELL, across(2)))
        ends.append(sheet.text(at(7), 2, words.short_day(row.answered_on), PLAIN_CELL, across(2)))
        answer = self._both(lambda one: words_of(one).of("answers", said(row.answer)))
        ends.append(sheet.text(at(9), 2, answer, PLAIN_CELL, across(3)))
        return _Block(sheet, sheet.rule(LEFT, max(ends) + 4, WIDTH, HAIRLINE, 0.5) + 2)

    def glossary(self) -> list[_Block]:
        """Every fixed heading in all languages, then the words that stand in the fields of this form."""
        sheet = Sheet()
        end = sheet.text(LEFT, 0, self._both(lambda one: standard_words(one)["glossary"]), HEADING, WIDTH)
        head = _Block(sheet, sheet.rule(LEFT, end + 3, WIDTH, ACCENT, 0.9) + 6)
        numbered = [_gloss(str(number), saying) for number, saying in enumerate(HEADINGS, start=1)]
        return [head, *numbered, *(_gloss(sign, saying) for sign, saying in self._values())]

    def _values(self) -> list[tuple[str, Saying]]:
        contents = self.contents
        answers = sorted({said(row.answer) for row in contents.coverage})
        values: list[tuple[str, Saying]] = [
            ("3", lambda one: words_of(one).of("activities", contents.activity)),
            ("4", lambda one: words_of(one).of("roles", contents.role)),
        ]
        values += [("12", _answer(answer)) for answer in answers]
        return [*values, ("", lambda one: standard_words(one)["aid"])]


def _answer(key: str) -> Saying:
    return lambda language: words_of(language).of("answers", key)


def _gloss(sign: str, saying: Saying) -> _Block:
    sheet = Sheet()
    sheet.text(LEFT, 0, sign, NUMBER, _INDENT)
    whole = " · ".join(f"{language} {saying(language)}" for language in languages())
    return _Block(sheet, sheet.text(LEFT + _INDENT, 1, whole, GLOSS, across(12) - _INDENT) + 5)
