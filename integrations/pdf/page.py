"""The composition of the certificate page on a grid of twelve columns. All lengths are points."""

from dataclasses import dataclass

from reportlab.lib.colors import HexColor

from integrations.pdf.lettering import BOLD, MEDIUM, REGULAR, Style, printable, style, wrapped
from integrations.pdf.sheet import PAGE_HEIGHT, PAGE_WIDTH, Sheet
from integrations.pdf.words import Words, said
from vetting.certificates.ports import CertificateContents, Coverage

LEFT, TOP, BOTTOM = 54.0, 48.0, PAGE_HEIGHT - 40.0
WIDTH = PAGE_WIDTH - 2 * LEFT
GUTTER = 14.0
COLUMN = (WIDTH - 11 * GUTTER) / 12
QR_SIDE, QR_LEAST = 112.0, 90.0
ROOMY = 0.9
LIMIT_KEYS = ("limit_dates", "limit_states", "limit_purpose", "limit_considered", "limit_character")

ACCENT, HAIRLINE, TINT = HexColor("#14505c"), HexColor("#c9c5bd"), HexColor("#f0f6f7")
_INK, _GREY, _TEAL = "#1c1b19", "#5f5d58", "#14505c"

ISSUER = style(MEDIUM, 10, _TEAL)
TITLE = style(BOLD, 27, "#0b3139", 1.16, role="H1")
SUBTITLE = style(REGULAR, 12, _GREY)
BODY = style(REGULAR, 10, _INK, 1.35)
NAMES = tuple(
    (style(MEDIUM, size, "#0b3139", 1.18), lines) for size, lines in ((26, 1), (22, 2), (18, 2), (15, 3), (12.5, 9))
)
LABEL = style(REGULAR, 7.6, _GREY)
VALUE = style(MEDIUM, 10.5, _INK)
HEADING = style(BOLD, 11.5, _TEAL, role="H2")
CELL = style(MEDIUM, 9.4, _INK)
PLAIN_CELL = style(REGULAR, 9.4, _INK)
SMALL = style(REGULAR, 7.8, _GREY, 1.3)
CODE = style(MEDIUM, 13, "#0b3139", 1.2)
PANEL_TEXT = style(REGULAR, 8.6, _INK, 1.36)
ADDRESS = style(MEDIUM, 9.6, _TEAL)
LIMITS = style(REGULAR, 7.4, _GREY, 1.36)
LIMITS_HEADING = style(MEDIUM, 7.8, _INK, 1.5, role="H2")


def across(columns: int) -> float:
    """The width of so many columns with the gutters between them."""
    return columns * COLUMN + (columns - 1) * GUTTER


def at(column: int) -> float:
    """The left edge of a column, the first being 0."""
    return LEFT + column * (COLUMN + GUTTER)


@dataclass(frozen=True)
class Composition:
    """One attempt at the page: `scale` shrinks running type, `air` is added to each of the larger gaps."""

    contents: CertificateContents
    words: Words
    scale: float = 1.0
    air: float = 0.0

    GAPS = 5

    def compose(self) -> tuple[Sheet, float]:
        """The sheet, and the height left between its upper and lower part; negative when it does not fit."""
        sheet, lower = Sheet(self.scale), Sheet(self.scale)
        end = self._upper(sheet)
        height = self._lower(lower)
        start = BOTTOM - height
        sheet.paste(lower, start)
        return sheet, start - end - self._gap(14)

    def _gap(self, points: float) -> float:
        return points * self.scale + self.air

    def _upper(self, sheet: Sheet) -> float:
        y = self._title(sheet, TOP)
        y = self._holder(sheet, y + self._gap(18))
        y = self._coverage(sheet, y + self._gap(20))
        return self._issue(sheet, y + self._gap(14))

    def _title(self, sheet: Sheet, y: float) -> float:
        issuer, state = self.contents.issuer, self.words.state(self.contents.issuer_state)
        y = sheet.rule(LEFT, y, WIDTH, ACCENT, 2.5) + 9
        sheet.line(LEFT + WIDTH, y, printable(state), ISSUER.scaled(self.scale), right=True)
        y = sheet.text(LEFT, y, issuer, ISSUER, across(9)) + self._gap(12)
        y = sheet.text(LEFT, y, self.words["title"], TITLE, WIDTH)
        return sheet.text(LEFT, y + 2, self.words["subtitle"], SUBTITLE, WIDTH)

    def _holder(self, sheet: Sheet, y: float) -> float:
        contents, words = self.contents, self.words
        y = sheet.text(LEFT, y, words["statement"], BODY, WIDTH) + 9 * self.scale
        name = _name_style(contents.holder_name)
        y = sheet.block(LEFT, y, wrapped(contents.holder_name, name, WIDTH), name)
        facts = [
            (0, 5, words["born"], words.birth_date(contents.holder_birth_date)),
            (5, 4, words["activity"], words.of("activities", contents.activity)),
            (9, 3, words["role"], words.of("roles", contents.role)),
        ]
        return self._facts(sheet, y + 9 * self.scale, facts)

    def _facts(self, sheet: Sheet, y: float, facts: list[tuple[int, int, str, str]]) -> float:
        """Labels over values side by side: first column, columns, label, value. Gives the lower edge."""
        trial, ends = Sheet(self.scale), []
        top = max(trial.text(at(first), y, label, LABEL, across(wide)) for first, wide, label, _ in facts)
        for first, wide, label, value in facts:
            sheet.text(at(first), y, label, LABEL, across(wide))
            ends.append(sheet.text(at(first), top, value, VALUE, across(wide)))
        return max(ends)

    def _coverage(self, sheet: Sheet, y: float) -> float:
        words = self.words
        y = sheet.text(LEFT, y, words["coverage"], HEADING, WIDTH) + 5 * self.scale
        heads = ((0, 5, "state"), (5, 2, "asked_on"), (7, 2, "answered_on"), (9, 3, "said"))
        with sheet.group("Table"):
            with sheet.group("TR"):
                ends = [sheet.cell("TH", at(first), y, across(wide), (words[key], LABEL)) for first, wide, key in heads]
            y = sheet.rule(LEFT, max(ends) + 3, WIDTH, ACCENT, 0.9)
            for row in self.contents.coverage:
                with sheet.group("TR"):
                    y = self._row(sheet, y + 4.5 * self.scale, row) + 5 * self.scale
                y = sheet.rule(LEFT, y, WIDTH, HAIRLINE, 0.5)
        return y

    def _row(self, sheet: Sheet, y: float, row: Coverage) -> float:
        """One State, in the order in which it is read aloud. Gives the lower edge."""
        words = self.words
        authority, answer = (row.authority, SMALL), words.of("answers", said(row.answer))
        return max(
            sheet.cell("TD", at(0), y, across(5) - GUTTER / 2, (words.state(row.state), CELL), authority),
            sheet.cell("TD", at(5), y, across(2), (words.short_day(row.asked_on), PLAIN_CELL)),
            sheet.cell("TD", at(7), y, across(2), (words.short_day(row.answered_on), PLAIN_CELL)),
            sheet.cell("TD", at(9), y, across(3), (answer, PLAIN_CELL), (words.of("channels", row.channel), SMALL)),
        )

    def _issue(self, sheet: Sheet, y: float) -> float:
        contents, words = self.contents, self.words
        facts = [
            (0, 5, words["issued_on"], words.day(contents.issued_on)),
            (5, 7, words["valid_until"], words.day(contents.valid_until)),
        ]
        return self._facts(sheet, y, facts)

    def _lower(self, sheet: Sheet) -> float:
        y = self._verify(sheet, 0) + 10 * self.scale
        y = self._limits(sheet, y) + 9 * self.scale
        y = sheet.rule(LEFT, y, WIDTH, HAIRLINE, 0.5) + 5
        sheet.line(LEFT + WIDTH, y, printable(self.contents.number), LIMITS.scaled(self.scale), right=True)
        return sheet.text(LEFT, y, self.words["legal"], LIMITS, across(9))

    def _verify(self, sheet: Sheet, y: float) -> float:
        contents, words = self.contents, self.words
        side, pad = max(QR_SIDE * self.scale, QR_LEAST), 11 * self.scale
        panel, x = Sheet(self.scale), LEFT + 2.4 * pad + side
        room = LEFT + WIDTH - pad - x
        end = panel.text(x, pad - 1, words["verify"], HEADING, room) + 2 * self.scale
        end = panel.text(x, end, words["verify_text"], PANEL_TEXT, room) + 3 * self.scale
        end = panel.text(x, end, _address(contents), ADDRESS, room) + 5 * self.scale
        half, trial = room * 0.42, Sheet(self.scale)
        top = max(
            trial.text(x, end, words["reference"], LABEL, half),
            trial.text(x, end, words["code"], LABEL, room - half),
        )
        panel.text(x, end, words["reference"], LABEL, half)
        panel.text(x, top, contents.number, CODE, half)
        panel.text(x + half, end, words["code"], LABEL, room - half)
        end = panel.text(x + half, top, contents.code, CODE, room - half) + 5 * self.scale
        end = panel.text(x, end, words["compare"], PANEL_TEXT, room)
        height = max(end, pad + side) + pad
        sheet.box(LEFT, y, WIDTH, height, TINT, radius=5)
        sheet.paste(panel, y + (height - pad - end) / 2)
        sheet.qr(LEFT + pad, y + (height - side) / 2, side, contents.verify_url)
        return y + height

    def _limits(self, sheet: Sheet, y: float) -> float:
        """The limits, a line each; as one paragraph where room is short."""
        y = sheet.text(LEFT, y, self.words["limits"], LIMITS_HEADING, WIDTH)
        limits = [self.words[key] for key in LIMIT_KEYS]
        for limit in limits if self.scale > ROOMY else [" ".join(limits)]:
            y = sheet.text(LEFT, y, limit, LIMITS, WIDTH)
        return y


def _name_style(name: str) -> Style:
    """The largest style in which a name takes no more lines than its size allows."""
    for look, lines in NAMES:
        if len(wrapped(name, look, WIDTH)) <= lines:
            return look
    return NAMES[-1][0]


def _address(contents: CertificateContents) -> str:
    """The address to type: the one in the QR code without reference and code, and without its scheme."""
    address = contents.verify_url.removesuffix("/").removesuffix(f"/{contents.number}/{contents.code}")
    return address.removeprefix("https://").removeprefix("http://")
