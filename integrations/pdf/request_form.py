"""The request form on paper, where the electronic route is down: one A4 page, or two."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from integrations.pdf.lettering import printable, width
from integrations.pdf.page import BODY, BOTTOM, HAIRLINE, LEFT, LIMITS, TOP, WIDTH
from integrations.pdf.request_page import Form, Strip
from integrations.pdf.sheet import Sheet, bound
from integrations.pdf.words import SOURCE, Words
from vetting.enquiries.ports import FormContact, RequestContents
from vetting.errors import Unusable

WORDING = Path(__file__).parent / "request_wording"
MAX_PURPOSE = 400
"""Characters, on paper as on the wire."""
MOST_PAGES = 2
SCALES = tuple(percent / 100 for percent in range(100, 48, -2))
READABLE = 0.8
"""The smallest scale at which one page is better than two."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FOOT = 16.0


@lru_cache(maxsize=64)
def form_words(language: str) -> Words:
    """The words of the form; English, dates and names of States too, where nobody has translated them."""
    present = {path.stem: path for path in WORDING.glob("*.toml")}
    chosen = language if language in present else SOURCE
    return Words(chosen, tomllib.loads(present[chosen].read_text(encoding="utf-8")))


class RequestFormPrinter:
    """See `FormPrinter`. A form that is nearly one page is set smaller; a longer one takes a second page."""

    def request_form(self, contents: RequestContents, language: str, *, contact: FormContact, digest: str) -> bytes:
        if not _DIGEST.fullmatch(digest):
            raise Unusable("form-digest")
        if not contents.purpose or any(not 0 < len(text) <= MAX_PURPOSE for text in contents.purpose.values()):
            raise Unusable("form-purpose")
        words = form_words(language)
        pages = _fitting(contents, words, contact, digest)
        return _pdf(pages, contents, words)


def _fitting(contents: RequestContents, words: Words, contact: FormContact, digest: str) -> list[Sheet]:
    """One page where it stays readable, otherwise two, as large as they can be."""
    width("", BODY)  # registers the font
    tried: list[list[Sheet]] = []
    for scale in SCALES:
        pages = _pages(Form(contents, words, contact, digest, scale).strips())
        if len(pages) == 1 and scale >= READABLE:
            return pages
        if len(pages) <= MOST_PAGES:
            tried.append(pages)
        if tried and scale < READABLE:
            return tried[0]
    raise Unusable("form-too-long")


def _pages(strips: list[Strip]) -> list[Sheet]:
    """The strips on as many pages as they need; a heading never stands alone at the foot of one."""
    pages, y = [Sheet()], TOP
    for group in _kept(strips):
        height = sum(strip.height for strip in group)
        if y + height > BOTTOM - _FOOT and y > TOP:
            pages.append(Sheet())
            y = TOP
        for strip in group:
            pages[-1].paste(strip.sheet, y)
            y += strip.height
        if y > BOTTOM - _FOOT:  # a single strip longer than a page: the next scale is smaller
            pages += [Sheet()] * MOST_PAGES
    return pages


def _kept(strips: list[Strip]) -> list[list[Strip]]:
    groups: list[list[Strip]] = [[]]
    for strip in strips:
        groups[-1].append(strip)
        if not strip.keep:
            groups.append([])
    return [group for group in groups if group]


def _pdf(pages: list[Sheet], contents: RequestContents, words: Words) -> bytes:
    for number, sheet in enumerate(pages, start=1):
        sheet.rule(LEFT, BOTTOM - _FOOT + 4, WIDTH, HAIRLINE, 0.5)
        sheet.line(LEFT, BOTTOM - _FOOT + 8, printable(contents.message_id), LIMITS)
        sheet.line(LEFT + WIDTH, BOTTOM - _FOOT + 8, f"{number}/{len(pages)}", LIMITS, right=True)
    title = f"{words['title']} {contents.message_id}"
    author = " / ".join(contents.authority_name.values())
    day = contents.at.date()
    return bound(pages, language=words.language, title=title, author=author, subject=words["basis"], dated=day)
