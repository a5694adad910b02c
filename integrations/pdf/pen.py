"""Writes from the top of the page down; without a canvas it only measures."""

from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from integrations.pdf import qr
from integrations.pdf.fonts import BOLD, MEDIUM, REGULAR, broken, font, width_of

WIDTH, HEIGHT = A4
INK, MUTED, ACCENT = (0.10, 0.14, 0.19), (0.33, 0.38, 0.44), (0.09, 0.27, 0.42)
LINE, TINT = (0.77, 0.81, 0.84), (0.950, 0.963, 0.973)
Colour = tuple[float, float, float]


class Style(NamedTuple):
    """A way to set text; size and leading in points before shrinking."""

    font: str
    size: float
    leading: float
    colour: Colour = INK


TITLE = Style(BOLD, 27, 31, ACCENT)
SUBTITLE = Style(REGULAR, 12.5, 16)
STATEMENT = Style(REGULAR, 11.5, 16)
NAME = Style(BOLD, 20, 24)
HEADING = Style(BOLD, 11, 14, ACCENT)
LABEL = Style(REGULAR, 8, 10.5, MUTED)
FACT = Style(MEDIUM, 10, 13)
CELL = Style(REGULAR, 9, 12)
STRONG = Style(MEDIUM, 9.5, 12)
SMALL = Style(REGULAR, 8, 10.5, MUTED)
BODY = Style(REGULAR, 8.5, 11.6)
LINK = Style(MEDIUM, 8.5, 11.6, ACCENT)
CODE = Style(MEDIUM, 11, 14)
ISSUER = Style(MEDIUM, 9.5, 12.5)
LEGAL = Style(REGULAR, 8, 12.5, MUTED)


class Pen:
    """Every y is in points from the top edge; every method returns the y below what it set."""

    def __init__(self, canvas: Canvas | None, scale: float) -> None:
        self.canvas, self.scale = canvas, scale

    def gap(self, points: float) -> float:
        """A distance that shrinks with the type."""
        return points * self.scale

    def text(self, words: str, x: float, y: float, width: float, style: Style, *, right: bool = False) -> float:
        """Set a paragraph, ragged; with `right`, x is its right edge."""
        font(style.font)
        size, leading = style.size * self.scale, style.leading * self.scale
        for line in broken(words, style.font, size, width):
            y += leading
            if self.canvas:
                start = x - width_of(line, style.font, size) if right else x
                self.canvas.setFillColorRGB(*style.colour)
                self.canvas.setFont(style.font, size)
                self.canvas.drawString(start, HEIGHT - y + leading * 0.27, line)
        return y

    def fact(self, label: str, value: str, x: float, y: float, width: float, style: Style = FACT) -> float:
        """A value under its label."""
        return self.text(value, x, self.text(label, x, y, width, LABEL), width, style)

    def rule(self, x: float, y: float, width: float, *, weight: float = 0.5, colour: Colour = LINE) -> float:
        """A horizontal line."""
        if self.canvas:
            self.canvas.setStrokeColorRGB(*colour)
            self.canvas.setLineWidth(weight)
            self.canvas.line(x, HEIGHT - y, x + width, HEIGHT - y)
        return y

    def tint(self, x: float, y: float, width: float, height: float) -> float:
        """A pale ground for what is set on it afterwards."""
        if self.canvas:
            self.canvas.setFillColorRGB(*TINT)
            self.canvas.roundRect(x, HEIGHT - y - height, width, height, 4, stroke=0, fill=1)
        return y + height

    def code(self, address: str, x: float, y: float, side: float) -> float:
        """The QR code with its quiet zone on white, linked to the address it holds."""
        if self.canvas:
            unit = side / (len(qr.modules(address)) + 2 * qr.QUIET)
            path = self.canvas.beginPath()
            for run in qr.runs(address):
                left, top = x + (qr.QUIET + run.column) * unit, HEIGHT - y - (qr.QUIET + run.row) * unit
                path.rect(left, top - unit, run.length * unit, unit)
            self.canvas.setFillColorRGB(0, 0, 0)
            self.canvas.drawPath(path, stroke=0, fill=1)
            self.link(address, x, y, side, y + side)
        return y + side

    def link(self, address: str, x: float, y: float, width: float, below: float) -> None:
        """Make an area open the address."""
        if self.canvas:
            self.canvas.linkURL(address, (x, HEIGHT - below, x + width, HEIGHT - y), relative=0, thickness=0)
