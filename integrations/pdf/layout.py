"""The page: what stands where. Two columns of text on a margin of 54 points; the foot is anchored to the paper."""

from integrations.pdf.pen import (
    ACCENT,
    BODY,
    CELL,
    CODE,
    HEADING,
    HEIGHT,
    ISSUER,
    LABEL,
    LEGAL,
    LINK,
    NAME,
    SMALL,
    STATEMENT,
    STRONG,
    SUBTITLE,
    TITLE,
    WIDTH,
    Pen,
)  # fmt: skip
from integrations.pdf.wording import Wording
from vetting.certificates.ports import CertificateContents, Coverage

LEFT, TOP, BOTTOM = 54.0, 44.0, 34.0
FULL = WIDTH - 2 * LEFT
GUTTER = 22.0
HALF = (FULL - GUTTER) / 2
THIRD = (FULL - 2 * 14 - 2 * GUTTER) / 3
SYMBOL = 104.0
COLUMNS = ((0.0, 192.0), (202.0, 84.0), (292.0, 84.0), (382.0, FULL - 382.0))
"""Offset from the margin and width of: State and authority, asked, answered, what was said."""


def head(pen: Pen, words: Wording, contents: CertificateContents) -> float:
    """Who issues, what this is, and what it says in a sentence. Returns the y below."""
    issuer = f"{contents.issuer}, {words.country(contents.issuer_state)}"
    below = pen.text(issuer, LEFT, TOP, 280, ISSUER)
    legal = pen.text(words["legal"], LEFT + FULL, TOP, 190, LEGAL, right=True)
    y = pen.rule(LEFT, max(below, legal) + pen.gap(7), FULL, weight=1.4, colour=ACCENT)
    y = pen.text(words["title"], LEFT, y + pen.gap(16), FULL, TITLE)
    y = pen.text(words["subtitle"], LEFT, y + pen.gap(1), FULL, SUBTITLE)
    return pen.text(words["statement"], LEFT, y + pen.gap(13), FULL, STATEMENT)


def person(pen: Pen, words: Wording, contents: CertificateContents, y: float) -> float:
    """Whose certificate, for what, and until when, on a pale ground. Returns the y below."""
    height = _facts(Pen(None, pen.scale), words, contents, y) - y
    pen.tint(LEFT, y, FULL, height)
    return _facts(pen, words, contents, y)


def _facts(pen: Pen, words: Wording, contents: CertificateContents, y: float) -> float:
    x = LEFT + 14
    y = pen.text(contents.holder_name, x, y + pen.gap(10), FULL - 28, NAME)
    rows = (
        (
            (words["born"], words.birth(contents.holder_birth_date)),
            (words["activity"], words.activity(contents.activity)),
            (words["role"], words.role(contents.role)),
        ),
        (
            (words["issued_on"], words.day(contents.issued_on)),
            (words["valid_until"], words.day(contents.valid_until)),
            (words["reference"], contents.number),
        ),
    )
    for row in rows:
        top = y + pen.gap(8)
        y = max(pen.fact(*fact, x + i * (THIRD + GUTTER), top, THIRD) for i, fact in enumerate(row))
    return y + pen.gap(12)


def coverage(pen: Pen, words: Wording, contents: CertificateContents, y: float) -> float:
    """One row for each State that was asked. Returns the y below."""
    y = pen.text(words["coverage"], LEFT, y, FULL, HEADING) + pen.gap(4)
    heads = (words["state"], words["asked_on"], words["answered_on"], words["said"])
    y = max(pen.text(one, LEFT + x, y, width, LABEL) for one, (x, width) in zip(heads, COLUMNS, strict=True))
    y = pen.rule(LEFT, y + pen.gap(3), FULL, weight=0.9, colour=ACCENT)
    for row in contents.coverage:
        y = pen.rule(LEFT, _row(pen, words, row, y + pen.gap(4)) + pen.gap(5), FULL)
    return y


def _row(pen: Pen, words: Wording, row: Coverage, y: float) -> float:
    state, asked, answered, said = ((LEFT + x, width) for x, width in COLUMNS)
    day = words.day(row.answered_on) if row.answered_on else "–"
    ends = (
        _pair(pen, words.country(row.state), row.authority, y, *state),
        pen.text(words.day(row.asked_on), asked[0], y, asked[1], CELL),
        pen.text(day, answered[0], y, answered[1], CELL),
        _pair(pen, words.said(row.answer), words.channel(row.channel), y, *said),
    )
    return max(ends)


def _pair(pen: Pen, above: str, below: str, y: float, x: float, width: float) -> float:
    y = pen.text(above, x, y, width, STRONG)
    return pen.text(below, x, y, width, SMALL) if below else y


def foot(pen: Pen, words: Wording, contents: CertificateContents, y: float) -> float:
    """The limits, how to check, and the line at the very end. Returns the y below."""
    y = pen.text(words["limits"], LEFT, y, FULL, HEADING) + pen.gap(2)
    left = right = y
    for key in ("limit_dates", "limit_states", "limit_purpose"):
        left = pen.text(words[key], LEFT, left, HALF, BODY) + pen.gap(3)
    for key in ("limit_considered", "limit_character"):
        right = pen.text(words[key], LEFT + HALF + GUTTER, right, HALF, BODY) + pen.gap(3)
    y = pen.rule(LEFT, max(left, right) + pen.gap(7), FULL) + 7
    y = max(pen.code(contents.verify_url, LEFT - 10, y, SYMBOL), _check(pen, words, contents, y)) + 5
    y = pen.rule(LEFT, y, FULL) + 3
    end = pen.text(contents.number, LEFT + FULL, y, 120, SMALL, right=True)
    return max(end, pen.text(f"{contents.issuer} · {words['title']}", LEFT, y, FULL - 140, SMALL))


def _check(pen: Pen, words: Wording, contents: CertificateContents, y: float) -> float:
    x = LEFT - 10 + SYMBOL + 6
    width = LEFT + FULL - x
    y = pen.text(words["verify"], x, y, width, HEADING) + pen.gap(2)
    y = pen.text(f"{words['verify_text']} {words['compare']}", x, y, width, BODY) + pen.gap(4)
    address = contents.verify_url.partition(f"/{contents.number}/")[0]
    below = pen.text(address, x, y, width, LINK)
    pen.link(contents.verify_url, x, y, width, below)
    y, half = below + pen.gap(4), width / 2
    return max(
        pen.fact(words["reference"], contents.number, x, y, half - 10, CODE),
        pen.fact(words["code"], contents.code, x + half, y, half, CODE),
    )


def page(pen: Pen, words: Wording, contents: CertificateContents) -> float:
    """Set everything. Returns the points left between the table and the foot; less than none does not fit."""
    y = head(pen, words, contents) + pen.gap(12)
    y = person(pen, words, contents, y) + pen.gap(16)
    y = coverage(pen, words, contents, y)
    start = HEIGHT - BOTTOM - foot(Pen(None, pen.scale), words, contents, 0)
    foot(pen, words, contents, start)
    return start - y - pen.gap(16)
