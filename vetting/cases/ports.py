"""What vetting requests need from outside."""

from typing import Protocol

MOST_ROWS = 500
"""People of one list."""
MOST_COLUMNS = 12
"""Of a row; a list has three that matter."""
MOST_CHARACTERS = 300
"""Of a cell."""


class Spreadsheets(Protocol):
    """A reader of the files that people keep lists in."""

    def rows(self, raw: bytes, *, most: int, language: str) -> list[list[str]]:
        """The rows of the first sheet as text, without those that are empty, and at most one more than `most`.

        `language` (ISO 639-1) is the reader's: it decides how text that does not say so itself is encoded.

        A formula is the text it shows; nothing is calculated. Cells are cut to MOST_CHARACTERS and rows to
        MOST_COLUMNS. Raises Unusable: spreadsheet-unreadable, spreadsheet-too-big, spreadsheet-empty.
        """
        ...
