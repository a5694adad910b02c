"""What answering another State needs from outside: the national register, searched and shown, never copied."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn, Protocol

from vetting.identity.ports import Person


class Grade(StrEnum):
    """How sure the register is that somebody it knows is the person asked about. *Possible* never leaves the office."""

    DEFINITE = "definite"
    POSSIBLE = "possible"


class Held(StrEnum):
    """What the register holds about somebody, as far as a reply depends on it."""

    NOTHING = "nothing"
    ENTRY = "entry"
    DISQUALIFICATION = "disqualification"


@dataclass(frozen=True)
class Candidate:
    """Somebody the register knows who is, or may be, the person asked about. Lives for one page or act, never stored.

    `lines` are the register's own words for a clerk's eyes; `elsewhere` are the States (wire codes) that forbid passing
    their entries on and have to be asked themselves. It cannot be pickled.
    """

    grade: Grade
    person: Person = field(repr=False)
    held: Held = field(default=Held.NOTHING, repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)
    elsewhere: tuple[str, ...] = field(default=(), repr=False)

    def __reduce__(self) -> NoReturn:
        raise TypeError("what the register shows is not kept")


class NationalRegister(Protocol):
    """The register of this State."""

    def search(self, person: Person) -> tuple[Candidate, ...]:
        """Whom the register knows, the surest first; empty when there is nobody.

        Raises Unavailable when it does not answer, Unusable when what it says cannot be read. Neither quotes it.
        """
        ...
