"""A consent receipt on paper: headings, and lines of label and value, on as many pages as it needs."""

from collections.abc import Iterator

from integrations.pdf.lettering import printable, width
from integrations.pdf.page import (
    ACCENT,
    BODY,
    BOTTOM,
    HAIRLINE,
    HEADING,
    ISSUER,
    LABEL,
    LEFT,
    LIMITS,
    TITLE,
    TOP,
    WIDTH,
    across,
    at,
)
from integrations.pdf.sheet import Sheet, bound
from vetting.consent.ports import Receipt, Section
from vetting.errors import Unusable

FOOT = 24.0
"""Room for the number and the page at the foot, in points."""

Strip = tuple[Sheet, float]
"""Marks that stay together on a page, and their height."""


class ReceiptPrinter:
    """See `vetting.consent.ports.ReceiptPrinter`."""

    def receipt(self, receipt: Receipt) -> bytes:
        width("", BODY)  # registers the font
        pages = _pages([_head(receipt), *(strip for one in receipt.sections for strip in _section(one))])
        for number, page in enumerate(pages, start=1):
            page.rule(LEFT, BOTTOM - FOOT + 4, WIDTH, HAIRLINE, 0.5)
            page.line(LEFT, BOTTOM - FOOT + 8, printable(receipt.number), LIMITS)
            page.line(LEFT + WIDTH, BOTTOM - FOOT + 8, f"{number}/{len(pages)}", LIMITS, right=True)
        title = f"{receipt.title} {receipt.number}"
        return bound(
            pages,
            language=receipt.language,
            title=title,
            author=receipt.issuer,
            subject=receipt.lead,
            dated=receipt.dated,
        )


def _pages(strips: list[Strip]) -> list[Sheet]:
    pages, y = [Sheet()], TOP
    for strip, height in strips:
        if y + height > BOTTOM - FOOT and y > TOP:
            pages.append(Sheet())
            y = TOP
        if y + height > BOTTOM - FOOT:
            raise Unusable("receipt-too-long")
        pages[-1].paste(strip, y)
        y += height
    return pages


def _head(receipt: Receipt) -> Strip:
    sheet = Sheet()
    y = sheet.rule(LEFT, 0, WIDTH, ACCENT, 2.5) + 9
    y = sheet.text(LEFT, y, receipt.issuer, ISSUER, WIDTH) + 10
    y = sheet.text(LEFT, y, receipt.title, TITLE, WIDTH) + 6
    return sheet, sheet.text(LEFT, y, receipt.lead, BODY, WIDTH) + 6


def _section(section: Section) -> Iterator[Strip]:
    """A heading with its first line, so that it never stands alone at the foot of a page; then line by line."""
    sheet = Sheet()
    y = sheet.rule(LEFT, sheet.text(LEFT, 16, section.heading, HEADING, WIDTH) + 5, WIDTH, ACCENT, 0.9)
    for label, value in section.rows:
        top = y + 5
        end = max(
            sheet.text(at(0), top + 1.5, label, LABEL, across(4)),
            sheet.text(at(4), top, value, BODY, across(8)),
        )
        yield sheet, sheet.rule(LEFT, end + 4, WIDTH, HAIRLINE, 0.5)
        sheet, y = Sheet(), 0.0
