"""Fira Sans: Latin, Greek and Cyrillic of every official language. Measures and breaks lines."""

import io
import unicodedata
from functools import cache
from importlib.resources import files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, MEDIUM, BOLD = "FiraSans-Regular", "FiraSans-Medium", "FiraSans-SemiBold"
MISSING = "\N{WHITE SQUARE}"
"""Stands visibly for each character the font lacks, for instance of a name in Arabic script."""
ALIKE = {0x202F: "\N{NO-BREAK SPACE}", 0x2011: "-", 0x0009: " ", 0x000A: " ", 0x000D: " "}


@cache
def font(name: str) -> TTFont:
    """The font, registered once for the process."""
    file = files("fontpkg_fira_sans") / "files" / f"{name}.ttf"
    found = TTFont(name, io.BytesIO(file.read_bytes()))
    pdfmetrics.registerFont(found)
    return found


def covers(character: str) -> bool:
    """Whether every weight we print in has a glyph for this character."""
    return all(ord(character) in font(name).face.charToGlyph for name in (REGULAR, MEDIUM, BOLD))


def printable(text: str) -> str:
    """The text as it can be set: composed (NFC), without invisible format characters, MISSING where no glyph is."""
    composed = unicodedata.normalize("NFC", text).translate(ALIKE)
    visible = (one for one in composed if unicodedata.category(one) != "Cf")
    return "".join(one if covers(one) else MISSING for one in visible)


def width_of(text: str, name: str, size: float) -> float:
    """Width of one line, in points."""
    return float(font(name).stringWidth(text, size))


def _cut(word: str, name: str, size: float, width: float) -> int:
    """How many characters of a word too long for any line fit on one; at least one."""
    fits = 1
    while fits < len(word) and width_of(word[: fits + 1], name, size) <= width:
        fits += 1
    return fits


def broken(text: str, name: str, size: float, width: float) -> list[str]:
    """Lines no wider than `width` points; broken at spaces, and inside a word only when it fits on no line."""
    lines, line = [], ""
    for word in printable(text).split(" "):
        trial = f"{line} {word}" if line else word
        if width_of(trial, name, size) <= width:
            line = trial
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, name, size) > width and len(line) > 1:
            at = _cut(line, name, size, width)
            lines.append(line[:at])
            line = line[at:]
    return [*lines, line]
