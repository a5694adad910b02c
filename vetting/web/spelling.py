"""What looks odd about a name, said before it is sent, and how machines at other authorities write it.

Nothing here changes a name: the original is kept and sent as it was typed.
"""

import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

TITLES = frozenset("dr prof professor mr mrs ms miss herr frau mme mlle sr sra dott ing mgr phdr д-р pan pani".split())
LONG_ENOUGH = 2


@dataclass(frozen=True)
class Advice:
    """One thing to look at again."""

    code: str
    sentence: str


def advice(given: str, surname: str) -> list[Advice]:
    """What may be wrong with a name; empty for most. A person may have any name, so nothing here refuses one."""
    found = []
    whole = f"{given} {surname}"
    if "," in whole:
        sentence = _("There is a comma in the name. Is the surname in the field of the first name?")
        found.append(Advice("comma", sentence))
    if _capitals(given) and not _capitals(surname):
        found.append(
            Advice("swapped", _("The first name is in capitals. Are first name and surname the right way round?"))
        )
    if {word.rstrip(".").casefold() for word in given.split()} & TITLES:
        found.append(
            Advice("title", _("Leave out titles and forms of address, unless the identity document has them."))
        )
    if any(character.isdigit() for character in whole):
        found.append(Advice("digit", _("There is a digit in the name.")))
    if odd := mixed_scripts(whole):
        sentence = _("“%(word)s” has letters of two alphabets that look alike. Type it again in one alphabet.")
        found.append(Advice("scripts", sentence % {"word": odd}))
    if given and given.casefold() == surname.casefold():
        found.append(Advice("same", _("First name and surname are the same.")))
    return found


def _capitals(name: str) -> bool:
    letters = [one for one in name if one.isalpha()]
    return len(letters) > LONG_ENOUGH and all(one.isupper() for one in letters)


def mixed_scripts(text: str) -> str:
    """The first word with letters of more than one of the Union's three alphabets; empty where there is none."""
    for word in text.split():
        scripts = {unicodedata.name(one, "").split(" ")[0] for one in word if one.isalpha()}
        if len(scripts & {"LATIN", "GREEK", "CYRILLIC"}) > 1:
            return word
    return ""


_LATIN = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ð": "D", "Đ": "D", "Ħ": "H", "Ĳ": "IJ", "Ł": "L", "Ñ": "N", "Ö": "OE", "Ø": "OE",
    "Œ": "OE", "ẞ": "SS", "SS": "SS", "Þ": "TH", "Ü": "UE", "Ŋ": "N", "ĸ": "Q", "Ŧ": "T", "ı": "I", "İ": "I",
}  # fmt: skip
"""ICAO Doc 9303, part 3, section 6 A: the letters that are more than a letter with a mark."""
_CYRILLIC = dict(zip(
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЭЮЯЁЄІЇЈЉЊЋЂЏҐЎ",
    "A B V G D E ZH Z I I K L M N O P R S T U F KH TS CH SH SHCH IE Y E IU IA E IE I I J LJ NJ C D DZ G U".split(),
    strict=True,
))  # fmt: skip
"""ICAO Doc 9303, part 3, section 6 B."""
_GREEK = dict(zip(
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", "A V G D E Z I TH I K L M N X O P R S T Y F CH PS O".split(), strict=True
))  # fmt: skip
"""ELOT 743 (ISO 843), letter by letter: ICAO Doc 9303 has no table for Greek."""
TABLE = {**_LATIN, **_CYRILLIC, **_GREEK, "Ь": "", "’": "", "'": "", "ʼ": ""}


def in_passport_letters(name: str) -> str:
    """A name in the letters A to Z, as the machine-readable lines of a passport have it.

    Other registers may hold another spelling. Source: ICAO Doc 9303, part 3, section 6; letters it does not know are
    left out.
    """
    said = []
    for letter in unicodedata.normalize("NFC", name).upper():
        if letter in TABLE:
            said.append(TABLE[letter])
            continue
        plain = unicodedata.normalize("NFD", letter)[0]
        said.append(TABLE.get(plain, plain if plain.isascii() and plain.isalpha() else " "))
    return " ".join("".join(said).split())
