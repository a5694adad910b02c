"""What vetting requests need from outside."""

from dataclasses import dataclass
from enum import StrEnum
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


class Way(StrEnum):
    """How a letter can travel. E-mail has its adapter here; each of the others needs one before it can be chosen."""

    EMAIL = "email"
    SMS = "sms"
    POST = "post"


@dataclass(frozen=True)
class Written:
    """A letter in its final words. `to` is an address of its way: e-mail, a telephone number (E.164), or postal lines.

    `html` says what `text` says. `mark` belongs to this letter alone, the same when it has to be sent once more; it
    travels along, so that what comes back can be told.
    """

    to: str
    subject: str
    text: str
    html: str
    language: str
    mark: str


class Messenger(Protocol):
    """One way on which letters leave."""

    def send(self, letter: Written) -> None:
        """Hand it over. Raises Unavailable, or Unusable("address-refused") when nobody can be reached there."""
        ...


MOST_BOUNCE = 256 * 1024
"""Bytes of a notification that a letter was not delivered."""


@dataclass(frozen=True)
class Bounce:
    """That a letter came back: the `mark` it left with, and the class of the status (RFC 3463): 4, given up after
    trying; 5, never."""

    mark: str
    status_class: int


class Bounces(Protocol):
    """A reader of notifications that a letter was not delivered."""

    def read(self, raw: bytes) -> Bounce:
        """What is kept of a notification of at most MOST_BOUNCE bytes; nothing else of it leaves this call.

        Raises Unusable: bounce-too-long, bounce-unreadable, bounce-not-final while somebody still tries,
        bounce-not-ours without a mark.
        """
        ...
