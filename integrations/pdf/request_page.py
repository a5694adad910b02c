"""The rows of the request form, letter by letter of the Annex, each on a strip of its own. All lengths are points."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale
from reportlab.lib.colors import white

from integrations.pdf.lettering import BOLD, BOX, MEDIUM, REGULAR, Style, printable, style, width
from integrations.pdf.page import (
    ACCENT,
    CELL,
    CODE,
    GUTTER,
    HEADING,
    ISSUER,
    LABEL,
    LEFT,
    PANEL_TEXT,
    SMALL,
    SUBTITLE,
    TINT,
    TITLE,
    WIDTH,
    across,
    at,
)
from integrations.pdf.sheet import Sheet
from integrations.pdf.words import Words
from vetting.enquiries.ports import FormContact, RequestContents
from vetting.identity.ports import Address, Document, PartialDate, PersonName, Place

ABSENT = "–"
UNITED_KINGDOM = "GB"
FORM_TITLE = style(TITLE.font, 18, "#0b3139", 1.16, role="H1")
VALUE = style(MEDIUM, 9.6, "#1c1b19", 1.3)
TICK = style(BOLD, 13, "#0b3139", 1.0)
PLAIN = style(REGULAR, 9.4, "#1c1b19", 1.34)
_SQUARE, _LINE, _CROSS_HEIGHT = 9.0, 0.8, 0.49
_WHOLE, _HALVES, _THIRDS = 12, 6, 4
_SEXES = {1: "male", 2: "female"}

Fact = tuple[str, str]


@dataclass(frozen=True)
class Strip:
    """A part of the form that no page break cuts; `keep` holds it together with the next."""

    sheet: Sheet
    height: float
    keep: bool = False


@dataclass(frozen=True)
class Form:
    """The strips of one form in one language at one scale."""

    contents: RequestContents
    words: Words
    contact: FormContact
    digest: str
    scale: float = 1.0

    def strips(self) -> list[Strip]:
        """The whole form from its title to its code, in the order in which it is read."""
        return [
            self._head(),
            self._notice(),
            *self._requesting_state(),
            *self._person(),
            *self._purpose(),
            *self._contact(),
            *self._boxes(),
            self._check(),
        ]

    def _head(self) -> Strip:
        sheet, words, scale = Sheet(self.scale), self.words, self.scale
        y = sheet.rule(LEFT, 0, WIDTH, ACCENT, 2.5) + 8 * scale
        sheet.line(LEFT + WIDTH, y, printable(words.state(self.contents.sender)), ISSUER.scaled(scale), right=True)
        y = sheet.text(LEFT, y, _one(self.contents.authority_name), ISSUER, across(9)) + 8 * scale
        y = sheet.text(LEFT, y, words["title"], FORM_TITLE, WIDTH)
        basis = "basis_gb" if self.contents.receiver == UNITED_KINGDOM else "basis"
        y = sheet.text(LEFT, y + 1, words[basis], SUBTITLE.scaled(0.86), WIDTH) + 9 * scale
        facts = [
            (words["requested"], words.state(self.contents.receiver)),
            (words["reference"], self.contents.message_id),
            (words["date"], words.day(self.contents.at.date())),
        ]
        return Strip(sheet, self._facts(sheet, y, facts, _THIRDS) + 8 * scale)

    def _notice(self) -> Strip:
        """That this is the written record, on a tint."""
        panel, sheet, pad = Sheet(self.scale), Sheet(self.scale), 8 * self.scale
        end = panel.text(LEFT + pad, pad, self.words["notice"], PANEL_TEXT, WIDTH - 2 * pad)
        sheet.box(LEFT, 0, WIDTH, end + pad, TINT, radius=4)
        sheet.paste(panel, 0)
        return Strip(sheet, end + pad + 4 * self.scale)

    def _heading(self, letter: str) -> Strip:
        sheet, scale = Sheet(self.scale), self.scale
        y = sheet.text(LEFT, 6 * scale, f"({letter})  {self.words[letter]}", HEADING, WIDTH) + 3 * scale
        return Strip(sheet, sheet.rule(LEFT, y, WIDTH, ACCENT, 0.9) + 4 * scale, keep=True)

    def _facts(self, sheet: Sheet, y: float, facts: list[Fact], columns: int, look: Style = VALUE) -> float:
        """Labels over values side by side, `columns` of the grid each. Gives the lower edge."""
        room = across(columns) - GUTTER / 2
        trial = Sheet(self.scale)
        top = max(trial.text(0, y, label, LABEL, room) for label, _ in facts)
        ends = []
        for place, (label, value) in enumerate(facts):
            sheet.text(at(place * columns), y, label, LABEL, room)
            ends.append(sheet.text(at(place * columns), top, value or ABSENT, look, room))
        return max(ends)

    def _row(self, *facts: Fact, columns: int = _HALVES, look: Style = VALUE) -> Strip:
        sheet = Sheet(self.scale)
        return Strip(sheet, self._facts(sheet, 0, list(facts), columns, look) + 4 * self.scale)

    def _requesting_state(self) -> list[Strip]:
        words, contents, contact = self.words, self.contents, self.contact
        return [
            self._heading("a"),
            self._row(
                (words["state"], words.state(contents.sender)), (words["authority"], _one(contents.authority_name))
            ),
            self._row((words["address"], contact.address), (words["file"], contents.case_reference)),
        ]

    def _person(self) -> list[Strip]:
        words, person = self.words, self.contents.person
        name = person.name
        parts = [(words["forenames"], name.forename), (words["surname"], name.surname)]
        parts += [(words["second_surname"], name.second_surname)] if name.second_surname else []
        whole = [self._row((words["full_name"], name.full_name), columns=_WHOLE)] if name.full_name else []
        return [
            self._heading("b"),
            self._row(*parts, columns=_THIRDS if name.second_surname else _HALVES),
            *whole,
            self._row(
                (words["former"], "; ".join(map(_name, person.former_names))),
                (words["nationality"], ", ".join(map(self._nationality, person.nationalities))),
            ),
            self._row(
                (words["born"], _figures(person.birth_date)),
                (words["birth_place"], self._place(person.birth_place)),
                (words["sex"], words[_SEXES[person.sex]] if person.sex in _SEXES else ""),
                columns=_THIRDS,
            ),
            self._row((words["father"], _name(person.father_name)), (words["mother"], _name(person.mother_name))),
            self._row(
                (words["identity_number"], person.identity_number),
                (words["document"], self._document(person.document)),
            ),
            self._row((words["residence"], self._address(person.address)), columns=_WHOLE),
        ]

    def _nationality(self, code: str) -> str:
        return self.words[code] if code in {"stateless", "unknown"} else self.words.state(code)

    def _place(self, place: Place) -> str:
        return ", ".join(part for part in (place.town, place.subdivision, self._nationality(place.country)) if part)

    def _document(self, document: Document | None) -> str:
        if document is None:
            return ""
        issued = self._nationality(document.issuing_country) if document.issuing_country else ""
        until = f"{self.words['until']} {_turned(document.valid_until)}" if document.valid_until else ""
        kind = self.words[document.kind] if document.kind in self.words.table else document.kind
        return ", ".join(part for part in (f"{kind} {document.number}".strip(), issued, until) if part)

    def _address(self, address: Address | None) -> str:
        if address is None:
            return ""
        town = f"{address.postal_code} {address.town}".strip()
        return ", ".join(part for part in (address.street, town, self._nationality(address.country)) if part)

    def _purpose(self) -> list[Strip]:
        words = self.words
        texts = self.contents.purpose
        first = words.language if words.language in texts else next(iter(texts))
        order = [first, *(language for language in texts if language != first)]
        labels = [f"{words['purpose']} ({_autonym(first)})", *(_autonym(one) for one in order[1:])]
        pairs = list(zip(labels, (texts[one] for one in order), strict=True))
        columns = _WHOLE if len(pairs) == 1 else _HALVES
        rows = [self._row(*pairs[place : place + 2], columns=columns, look=PLAIN) for place in range(0, len(pairs), 2)]
        ticks = [(0, "1", "c1", False), (0, "2", "c2", True)]
        ticks += [(1, "i", "c2i", False), (1, "ii", "c2ii", True), (1, "iii", "c2iii", False)]
        return [
            self._heading("c"),
            *(self._tick(indent, f"({sign})  {words[key]}", ticked=ticked) for indent, sign, key, ticked in ticks),
            self._air(),
            *rows,
            self._row((words["requesting_authority"], _one(self.contents.authority_name)), columns=_WHOLE),
            self._sentence(words["consent"], CELL),
        ]

    def _air(self) -> Strip:
        return Strip(Sheet(self.scale), 3 * self.scale, keep=True)

    def _tick(self, indent: int, text: str, *, ticked: bool) -> Strip:
        sheet, side, line = Sheet(self.scale), _SQUARE * self.scale, _LINE
        x, y = at(indent), 2 * self.scale
        sheet.box(x, y, side, side, ACCENT, radius=1)
        sheet.box(x + line, y + line, side - 2 * line, side - 2 * line, white, radius=0.5)
        if ticked:
            cross = TICK.scaled(self.scale)
            middle = y + side / 2 - _CROSS_HEIGHT * cross.size
            sheet.line(x + (side - width("×", cross)) / 2, middle, "×", cross)
        left = x + side + 6 * self.scale
        look = Style(MEDIUM, PLAIN.size, PLAIN.leading, PLAIN.colour) if ticked else PLAIN
        return Strip(sheet, sheet.text(left, 0, text, look, LEFT + WIDTH - left) + 1.5 * self.scale)

    def _sentence(self, text: str, look: Style) -> Strip:
        sheet = Sheet(self.scale)
        return Strip(sheet, sheet.text(LEFT, 1, text, look, WIDTH) + 3 * self.scale)

    def _contact(self) -> list[Strip]:
        words, contact = self.words, self.contact
        return [
            self._heading("d"),
            self._row((words["contact"], contact.name), (words["telephone"], contact.telephone)),
            self._row((words["email"], contact.email), (words["other"], words["not_urgent"])),
        ]

    def _boxes(self) -> list[Strip]:
        """A word about letters that the font lacks, where there are any."""
        person = self.contents.person
        names = (person.name, *person.former_names, person.father_name, person.mother_name)
        said = [_name(name) for name in names] + [person.birth_place.town, self._address(person.address)]
        return [self._sentence(self.words["boxes"], SMALL)] if any(BOX in printable(text) for text in said) else []

    def _check(self) -> Strip:
        words, scale, pad = self.words, self.scale, 9 * self.scale
        panel, sheet, room = Sheet(scale), Sheet(scale), WIDTH - 2 * pad
        y = panel.text(LEFT + pad, pad, words["check"], HEADING, room) + 2 * scale
        y = panel.text(LEFT + pad, y, words["check_text"], PANEL_TEXT, room) + 4 * scale
        top = panel.text(LEFT + pad, y, words["code"], LABEL, room)
        code = "-".join(self.digest[start : start + 4] for start in range(0, 16, 4)).upper()
        panel.text(LEFT + pad, top, code, CODE, room * 0.35)
        right, half = LEFT + pad + room * 0.36, room * 0.64
        end = panel.text(right, y, words["digest"], LABEL, half)
        end = max(panel.text(right, end, self.digest, SMALL, half), top + CODE.leading * scale) + pad
        sheet.box(LEFT, 8 * scale, WIDTH, end, TINT, radius=5)
        sheet.paste(panel, 8 * scale)
        return Strip(sheet, end + 8 * scale)


def _one(texts: Mapping[str, str]) -> str:
    """The name of an authority, in each language it has."""
    return " / ".join(texts.values())


def _name(name: PersonName | None) -> str:
    return " ".join(part for part in (name.forename, name.surname, name.second_surname) if part) if name else ""


def _figures(known: PartialDate) -> str:
    """A date in figures as the form asks it, as precise as it is known."""
    parts = [f"{part:02d}" for part in (known.day, known.month) if part is not None]
    return "/".join([*parts, f"{known.year:04d}"])


def _turned(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


def _autonym(language: str) -> str:
    """The name of a language in itself."""
    return str(Locale.parse(language).get_display_name(language))
