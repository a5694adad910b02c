"""The QR code as rectangles: one path, nothing to rasterise."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import segno

QUIET = 4
"""Light modules that must surround the symbol. Source: ISO/IEC 18004."""
MASK = 3


class Run(NamedTuple):
    """Dark modules side by side; row 0 is the uppermost."""

    row: int
    column: int
    length: int


def modules(address: str) -> tuple[tuple[int, ...], ...]:
    """The matrix with error level M and a fixed mask: the same address gives the same matrix."""
    code = segno.make(address, error="m", mask=MASK, micro=False, boost_error=False)
    return tuple(tuple(int(bit) for bit in row) for row in code.matrix)


def runs(address: str) -> Iterator[Run]:
    """The dark parts of every row."""
    for number, row in enumerate(modules(address)):
        column = 0
        for dark, group in groupby(row):
            length = len(list(group))
            if dark:
                yield Run(number, column, length)
            column += length
