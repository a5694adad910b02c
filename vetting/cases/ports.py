"""What vetting requests need from outside."""

from typing import Protocol

MOST_ROWS = 500
MOST_COLUMNS = 12
MOST_CHARACTERS = 300


class Spreadsheets(Protocol):
    """A reader of the files that people keep lists in."""

    def rows(self, raw: bytes, *, most: int) -> list[list[str]]:
        """The rows of the first sheet as text, without those that are empty, and at most one more than `most`.

        A formula is the text it shows; nothing is calculated. Cells are cut to MOST_CHARACTERS and rows to
        MOST_COLUMNS. Raises Unusable: spreadsheet-unreadable, spreadsheet-too-big, spreadsheet-empty.
        """
        ...
