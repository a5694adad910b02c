"""What may stand below a mail: four lines about an authority, never a word about a person. Pure."""

import re
import unicodedata
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from typing import NamedTuple

from vetting.errors import Refused
from vetting.organisations.rules import looks_like_link


class FooterState(StrEnum):
    """Where one version of a mail footer stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    REPLACED = "replaced"
    DROPPED = "dropped"


class Move(StrEnum):
    """What can happen to a version. Taken up again, an old one is proposed as a new version."""

    ACTIVATE = "activate"
    DROP = "drop"
    REPLACE = "replace"


class Step(NamedTuple):
    """One row of the table."""

    sources: frozenset[FooterState]
    target: FooterState


S = FooterState
MOVES: dict[Move, Step] = {
    Move.ACTIVATE: Step(frozenset({S.PROPOSED}), S.ACTIVE),
    Move.DROP: Step(frozenset({S.PROPOSED}), S.DROPPED),
    Move.REPLACE: Step(frozenset({S.ACTIVE}), S.REPLACED),
}


def after(state: FooterState, move: Move) -> FooterState:
    """The state `move` leads to. Raises Refused("footer-moved-on") when the table has no such arrow."""
    step = MOVES[move]
    if state not in step.sources:
        raise Refused("footer-moved-on", "Somebody has decided about this version already.")
    return step.target


class Trouble(StrEnum):
    """Why a part cannot be taken."""

    TOO_LONG = "too_long"
    TOO_MANY_LINES = "too_many_lines"
    SIGN = "sign"
    LINK = "link"
    TELEPHONE = "telephone"


@dataclass(frozen=True)
class Block:
    """The parts, in the order in which they are written; any may be empty. Lines end with a line feed."""

    name: str = ""
    address: str = ""
    telephone: str = ""
    hours: str = ""

    def text(self) -> str:
        """The lines as they stand below a mail; empty when there are none."""
        return "\n".join(filter(None, astuple(self)))


PARTS = tuple(field.name for field in fields(Block))
MOST = {"name": 120, "address": 200, "telephone": 40, "hours": 137}
"""Characters of each part; with the line ends between them, 500."""
LINES = {"name": 1, "address": 4, "telephone": 1, "hours": 3}
_TELEPHONE = re.compile(r"[0-9+()/ .\-]*")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(part: str) -> str:
    """Without stray spaces and empty lines, in composed letters."""
    lines = (" ".join(line.split()) for line in part.splitlines())
    return unicodedata.normalize("NFC", "\n".join(filter(None, lines)))


def troubles_of(block: Block) -> dict[str, Trouble]:
    """What is wrong with each part that cannot be taken; empty when all can."""
    found = {part: _trouble(part, getattr(block, part)) for part in PARTS}
    return {part: trouble for part, trouble in found.items() if trouble is not None}


def _trouble(part: str, text: str) -> Trouble | None:
    if len(text) > MOST[part]:
        return Trouble.TOO_LONG
    if len(text.splitlines()) > LINES[part]:
        return Trouble.TOO_MANY_LINES
    if any(one in _BIDI or unicodedata.category(one) in {"Cc", "Cs", "Co", "Cn"} for one in text.replace("\n", "")):
        return Trouble.SIGN
    if part == "telephone":
        return None if _TELEPHONE.fullmatch(text) else Trouble.TELEPHONE
    return Trouble.LINK if looks_like_link(text) else None
