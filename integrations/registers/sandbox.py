"""A register of invented people, for the demo and for tests. Nothing in it looks like an offence.

| ask about                                             | and the register shows                                  |
|-------------------------------------------------------|---------------------------------------------------------|
| Ivanka Izmislena, 17 May 1990, Izmislen grad (BG)     | definite, nothing                                       |
| Pierre Imaginaire, 29 February 1984, Villexemple (FR) | definite, an entry; from another town: possible         |
| Eleni Fantastiki, 3 November 1979, INVENTED-0003      | definite, a disqualification                            |
| Eva Musterfrau or Imaginaire, 21 July 1988, Musterdorf (AT) | definite, an entry, also under the former name    |
| Jan Voorbeeld, 4 March 1992, no town                  | two persons, both possible, one with an entry           |
| Juergen Muester-Beispiel, 30 January 1975, Musterstadt (DE) | definite, an entry that only Germany may pass on  |
| Stefania Exemplu, 28 March 1987, Satul Inventat (RO)  | definite, an entry, and others that BG and RO pass on   |
| Georgi Izmislen, any day of 1968                      | possible, an entry: the register knows the year alone   |
| anybody else                                          | nobody                                                  |
| whoever has the document or identity number TEST-REGISTER-DOWN | the register does not answer                   |
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from integrations.ecris.likeness import folded, likeness
from vetting.enquiries.ports import Likeness
from vetting.errors import Unavailable
from vetting.identity.ports import PartialDate, Person, PersonName, Place
from vetting.questions.ports import Candidate, Grade, Held

PEOPLE = Path(__file__).with_name("people.toml")
DOWN = "TEST-REGISTER-DOWN"

# Where machine-readable documents write a letter otherwise than it folds: Müller is MUELLER there, Юлия is IULIIA.
# Source: ICAO Doc 9303-3, section 6, tables A and B (B with the Bulgarian exceptions).
_LATIN = "ä ae ö oe ü ue å aa ø oe ß ss ñ n ĳ ij þ th ð d œ oe æ ae ı i"
_CYRILLIC = (
    "а a б b в v г g д d е e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ sht "
    "ъ a ы y ь i э e ю iu я ia ё e є ie і i ї i ґ g ј j љ lj њ nj ћ c ђ d џ dz ѓ g ќ k ѕ dz"
)
_PAIRS = iter(f"{_LATIN} {_CYRILLIC}".split())
_MACHINE = str.maketrans(dict(zip(_PAIRS, _PAIRS, strict=True)))


def as_in_documents(name: PersonName) -> PersonName:
    """The name in the letters of a machine-readable document, as far as they differ from what `folded` makes of it."""
    parts = (name.forename, name.surname, name.second_surname)
    return PersonName(*(part.casefold().translate(_MACHINE) for part in parts))


class SandboxRegister:
    """See `NationalRegister`. Everybody in it was made up (`people.toml`)."""

    def search(self, person: Person) -> tuple[Candidate, ...]:
        """Raises Unavailable for whoever has the number TEST-REGISTER-DOWN."""
        if DOWN in (person.identity_number, person.document.number if person.document else ""):
            raise Unavailable("sandbox-register")
        found = [replace(one, grade=grade) for one in _people() if (grade := grade_of(person, one.person))]
        return tuple(sorted(found, key=lambda one: one.grade is not Grade.DEFINITE))


def grade_of(asked: Person, known: Person) -> Grade | None:
    """How sure it is that `known` is `asked`, or None. Every doubt makes it *possible*.

    Definite takes the name in some spelling, the whole birth date, and the identity number or the birth place.
    """
    marks = {likeness(one, other) for one in _spelt(asked) for other in _spelt(known)}
    if marks == {Likeness.OTHER}:
        return None
    whole = None not in (asked.birth_date.day, known.birth_date.day)
    sure = Likeness.SAME in marks and whole and (_same_number(asked, known) or _same_place(asked, known))
    return Grade.DEFINITE if sure else Grade.POSSIBLE


def _spelt(person: Person) -> Iterable[Person]:
    """The person under each name, each also as a document spells it."""
    formers = [
        PersonName(one.forename or person.name.forename, one.surname or person.name.surname, one.second_surname)
        for one in person.former_names
    ]
    for name in (person.name, *formers):
        yield replace(person, name=name)
        yield replace(person, name=as_in_documents(name))


def _same_number(asked: Person, known: Person) -> bool:
    one, other = ("".join(folded(person.identity_number)) for person in (asked, known))
    return bool(one) and one == other


def _same_place(asked: Person, known: Person) -> bool:
    here, there = asked.birth_place, known.birth_place
    one, other = ({_town(place.town), _town(place.town.casefold().translate(_MACHINE))} for place in (here, there))
    return here.country == there.country and bool(one & other - {""})


def _town(town: str) -> str:
    return "".join(folded(town))


@lru_cache(maxsize=1)
def _people() -> tuple[Candidate, ...]:
    return tuple(_known(row) for row in tomllib.loads(PEOPLE.read_text(encoding="utf-8"))["person"])


def _known(row: Mapping[str, Any]) -> Candidate:
    country, town = row["place"]
    person = Person(
        name=PersonName(*row["name"]),
        sex=row["sex"],
        birth_date=PartialDate(*(int(part) for part in row["born"].split("-"))),
        birth_place=Place(country, town),
        nationalities=(country,),
        former_names=tuple(PersonName("", surname) for surname in row.get("former", ())),
        identity_number=row.get("identity_number", ""),
    )
    lines = tuple(f"Entry {number}, register extract" for number in range(1, row.get("entries", 0) + 1))
    return Candidate(Grade.POSSIBLE, person, Held(row["held"]), lines, tuple(row.get("elsewhere", ())))
