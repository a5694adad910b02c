"""What is consented to, and how long it holds."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class ConsentPurpose(StrEnum):
    """Each is asked, given and withdrawn on its own. `release` is asked only when a certificate is there to share,
    `guardian` of a parent or guardian of somebody who is not of age."""

    EXCHANGE = "exchange"
    IDENTITY_CHECK = "identity_check"
    RELEASE = "release"
    GUARDIAN = "guardian"


NEEDED = (ConsentPurpose.EXCHANGE, ConsentPurpose.IDENTITY_CHECK)


@dataclass(frozen=True)
class Wording:
    """The exact words shown for one purpose in one language."""

    purpose: ConsentPurpose
    language: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 in hex over purpose, language and text."""
        return hashlib.sha256(f"{self.purpose}\n{self.language}\n{self.text}".encode()).hexdigest()
