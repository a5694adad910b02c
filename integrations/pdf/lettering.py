"""Letters: the font, what it can show, and where lines break. Widths and sizes are in points."""

import threading
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import as_file, files

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, MEDIUM, BOLD = "FiraSans-Regular", "FiraSans-Medium", "FiraSans-SemiBold"
BOX = "▯"
"""Stands for every character that the font lacks: a reader sees that something is missing, and how much."""

_BMP = 0xFFFF
_lock = threading.Lock()


@lru_cache(maxsize=1)
def _register() -> frozenset[int]:
    folder, known = files("fontpkg_fira_sans") / "files", []
    for name in (REGULAR, MEDIUM, BOLD):
        with as_file(folder / f"{name}.ttf") as path:
            font = TTFont(name, str(path))
        pdfmetrics.registerFont(font)
        known.append(frozenset(code for code in font.face.charToGlyph if code <= _BMP))
    return frozenset.intersection(*known)


def _glyphs() -> frozenset[int]:
    """The code points that all three weights have. Registers them once, however many threads ask first."""
    with _lock:
        return _register()


@dataclass(frozen=True)
class Style:
    """How a text looks: font, size and distance between baselines in points, colour; and what it is to who hears it:
    P, H1 or H2."""

    font: str
    size: float
    leading: float
    colour: Color
    role: str = "P"

    def scaled(self, factor: float) -> "Style":
        return replace(self, size=self.size * factor, leading=self.leading * factor)


def style(font: str, size: float, colour: str, leading: float = 1.28, *, role: str = "P") -> Style:
    """A style from a size in points, a leading relative to it and a colour such as #14505c."""
    return Style(font, size, size * leading, HexColor(colour), role)


def has_glyphs(text: str) -> bool:
    """Whether the font shows every character of `text` as it is."""
    return all(ord(character) in _glyphs() for character in text)


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    if category == "Cf":  # marks of direction and joining: invisible, and able to mislead
        return ""
    if has_glyphs(character):
        return character
    simpler = unicodedata.normalize("NFKC", character)
    if simpler == character or not has_glyphs(simpler):
        simpler = unicodedata.normalize("NFKD", character)
    return simpler if simpler != character and has_glyphs(simpler) else BOX


def printable(text: str) -> str:
    """`text` on one line in characters the font has; `BOX` for each that it lacks and Unicode cannot simplify.

    Composed forms first (NFC), then compatibility forms (UAX #15). Arabic, Hebrew or Chinese letters become boxes:
    the certificate never guesses a transliteration of a name.
    """
    return " ".join("".join(map(_shown, unicodedata.normalize("NFC", text))).split())


def width(text: str, look: Style) -> float:
    """The width of `text` in points."""
    _glyphs()
    return float(pdfmetrics.stringWidth(text, look.font, look.size))


def _pieces(word: str, look: Style, room: float) -> list[str]:
    """A word too wide for a line, cut where the line is full."""
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, look) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def wrapped(text: str, look: Style, room: float) -> list[str]:
    """`text` as lines no wider than `room` points; at least one line, and nothing left out.

    A line that ends between two words keeps the space, outside of its width: read aloud, the words stay two.
    """
    lines = [""]
    for word in printable(text).split(" "):
        for number, piece in enumerate(_pieces(word, look, room)):
            longer = f"{lines[-1]} {piece}" if lines[-1] and not number else lines[-1] + piece
            if number:
                lines.append(piece)
            elif lines[-1] and width(longer, look) > room:
                lines[-1] += " "
                lines.append(piece)
            else:
                lines[-1] = longer
    return lines
