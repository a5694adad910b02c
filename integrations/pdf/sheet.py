"""A sheet of paper: marks are noted first and painted later, so that a page can be tried before it is printed.

All lengths are points; y grows downwards from the upper edge.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import BytesIO

import segno
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4

from integrations.pdf.lettering import REGULAR, Style, printable, width, wrapped
from integrations.pdf.tags import TaggedCanvas
from integrations.pdf.token import reserve

PAGE_WIDTH, PAGE_HEIGHT = A4
QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004, 6.3.8)."""
QR_MASK = 2
"""Fixed, so that a certificate's picture does not depend on the library's taste."""
_ASCENT = 0.8
_INK = HexColor("#0b3139")

Mark = Callable[[TaggedCanvas, float], None]


class Sheet:
    """Marks in the order they were made. Running text is set `scale` times its size."""

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self.marks: list[Mark] = []

    def line(self, x: float, y: float, text: str, look: Style, *, right: bool = False) -> float:
        """One line, not scaled, whose upper edge is `y`, ending at `x` if `right`. Gives the lower edge."""
        return self.block(x - width(text, look) if right else x, y, [text], look)

    def block(self, x: float, y: float, lines: list[str], look: Style) -> float:
        """Lines that are read as one. Gives the lower edge."""
        baseline = y + (look.leading - look.size) / 2 + look.size * _ASCENT

        def mark(canvas: TaggedCanvas, down: float) -> None:
            with canvas.content(look.role):
                canvas.setFillColor(look.colour)
                canvas.setFont(look.font, look.size)
                for number, line in enumerate(lines):
                    canvas.drawString(x, PAGE_HEIGHT - baseline - number * look.leading - down, line)

        if any(lines):
            self.marks.append(mark)
        return y + len(lines) * look.leading

    def text(self, x: float, y: float, text: str, look: Style, room: float) -> float:
        """Text in lines no wider than `room`. Gives the lower edge."""
        scaled = look.scaled(self.scale)
        return self.block(x, y, wrapped(text, scaled, room), scaled)

    def cell(self, role: str, x: float, y: float, room: float, *texts: tuple[str, Style]) -> float:
        """Texts under one another as one cell of a table, TH or TD. Gives the lower edge."""
        with self.group(role):
            for text, look in texts:
                y = self.text(x, y, text, look, room)
        return y

    @contextmanager
    def group(self, role: str) -> Iterator[None]:
        """What is noted meanwhile belongs together: Table, TR, TH or TD."""
        self.marks.append(lambda canvas, _: canvas.enter(role))
        yield
        self.marks.append(lambda canvas, _: canvas.leave())

    def rule(self, x: float, y: float, length: float, colour: Color, thickness: float) -> float:
        """A horizontal rule whose upper edge is `y`. Gives the lower edge."""
        return self.box(x, y, length, thickness, colour)

    def box(self, x: float, y: float, wide: float, high: float, colour: Color, *, radius: float = 0) -> float:
        """A filled rectangle. Gives the lower edge."""

        def mark(canvas: TaggedCanvas, down: float) -> None:
            with canvas.artifact():
                canvas.setFillColor(colour)
                canvas.roundRect(x, PAGE_HEIGHT - y - high - down, wide, high, radius, stroke=0, fill=1)

        self.marks.append(mark)
        return y + high

    def qr(self, x: float, y: float, side: float, address: str) -> float:
        """`address` as a QR code with its quiet zone, one path on white, and as a link. Gives the lower edge."""
        matrix = segno.make(address, error="m", mask=QR_MASK, micro=False, boost_error=False).matrix
        module = side / (len(matrix) + 2 * QUIET_ZONE)

        def mark(canvas: TaggedCanvas, down: float) -> None:
            bottom = PAGE_HEIGHT - y - side - down
            canvas.enter("Link")
            with canvas.content("Figure", alternative=address):
                canvas.setFillColor(white)
                canvas.roundRect(x, bottom, side, side, 3, stroke=0, fill=1)
                canvas.saveState()
                canvas.translate(x + QUIET_ZONE * module, bottom + side - QUIET_ZONE * module)
                canvas.scale(module, module)
                path = canvas.beginPath()
                for row, cells in enumerate(matrix):
                    for start, length in _runs(cells):
                        path.rect(start, -row - 1, length, 1)
                canvas.setFillColor(_INK)
                canvas.drawPath(path, stroke=0, fill=1)
                canvas.restoreState()
            canvas.link(address, (x, bottom, x + side, bottom + side))
            canvas.leave()

        self.marks.append(mark)
        return y + side

    def paste(self, other: "Sheet", down: float) -> None:
        """Add the marks of another sheet, `down` points lower."""

        def mark(canvas: TaggedCanvas, further: float) -> None:
            for one in other.marks:
                one(canvas, down + further)

        self.marks.append(mark)

    def paint(self, canvas: TaggedCanvas) -> None:
        """Make every mark on the current page."""
        for mark in self.marks:
            mark(canvas, 0)


def _runs(cells: bytearray) -> list[tuple[int, int]]:
    """Where dark modules begin in a row, and how many follow one another."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(cells):
        if dark and runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((column, 1))
    return runs


def bound(
    sheets: Sequence[Sheet],
    *,
    language: str,
    title: str,
    author: str,
    subject: str,
    dated: date,
    for_token: bool = False,
) -> bytes:
    """The sheets as one PDF file, titled and tagged for screen readers, with a place `for_token` if asked for.

    The same arguments give the same bytes: the day in the file is the paper's, not the printing's.
    """
    file = BytesIO()
    canvas = TaggedCanvas(
        file,
        pagesize=A4,
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,
        lang=language,
    )
    canvas.setTitle(printable(title))
    canvas.setAuthor(printable(author))
    canvas.setSubject(printable(subject))
    canvas.setCreator("Article Ten")
    canvas.setDateFormatter(lambda *_: f"D:{dated:%Y%m%d}")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    if for_token:
        reserve(canvas)
    for sheet in sheets:
        sheet.paint(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()
