"""What a consent receipt needs from outside: somebody who sets it on paper."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class Section:
    """A heading and lines below it: label and value, in the reader's words."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Receipt:
    """What a person keeps of what they agreed to. `language` is one of the 24 official languages; `number` stands at
    the foot of every page; `dated` is the day of the newest agreement or withdrawal."""

    language: str
    title: str
    lead: str
    number: str
    issuer: str
    dated: date
    sections: tuple[Section, ...]


class ReceiptPrinter(Protocol):
    """Sets a receipt as PDF. The same receipt gives the same bytes."""

    def receipt(self, receipt: Receipt) -> bytes:
        """As many A4 pages as it needs. Raises Unusable("receipt-too-long") for a line that no page holds."""
        ...
