"""Whether the person of a reply is the person asked about: the same, near enough that somebody must look, or another.

Every doubt makes it `near`, never `same`; only plain contradiction makes it `other`.
"""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from integrations.ecris.codes import UNKNOWN_YEAR
from vetting.enquiries.ports import Likeness
from vetting.identity.ports import PartialDate, Person, PersonName

ALIKE = 0.75
"""Share of letters in common from which two spellings may be one name: Müller, Mueller; Wzorowa, Wzorova."""

# Bulgarian and Greek follow each State's own official transliteration; the other letters, common usage.
_CYRILLIC = """
а a б b в v г g д d е e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х h ц ts ч ch ш sh щ sht ъ a ь y
ю yu я ya ы y э e ё yo є ye і i ї yi ґ g ј j љ lj њ nj ћ c ђ dj џ dz ѓ g ќ k ѕ dz
"""
_GREEK = """
α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o
"""
_OTHER_LATIN = """
ł l ø o đ d ð d þ th æ ae œ oe ı i ħ h ŋ n ĸ k ŧ t
"""
_PAIRS = iter(f"{_CYRILLIC} {_GREEK} {_OTHER_LATIN}".split())
_TABLE = str.maketrans(dict(zip(_PAIRS, _PAIRS, strict=True)))


def folded(text: str) -> tuple[str, ...]:
    """The words of a name without case, marks and script: Zoë, ZOE and Ζωή fold alike where letters allow it."""
    # Compatibility forms first, then case, then letter by letter: й and ή lose their mark only after the table saw й.
    composed = unicodedata.normalize("NFKC", text).casefold()
    composed = composed.replace("ου", "ou").replace("ού", "ou").translate(_TABLE)
    marks_off = "".join(c for c in unicodedata.normalize("NFD", composed) if not unicodedata.combining(c))
    latin = marks_off.translate(_TABLE)
    words = "".join(" " if c.isspace() or unicodedata.category(c) == "Pd" else c for c in latin).split()
    return tuple(filter(None, ("".join(c for c in word if c.isalnum()) for word in words)))


def likeness(asked: Person, given: Person) -> Likeness:
    """How `given`, a person out of a reply, compares with `asked`, the person of our request."""
    marks = {_names(asked, given), _dates(asked.birth_date, given.birth_date)}
    if Likeness.OTHER in marks:
        return Likeness.OTHER
    doubtful = marks != {Likeness.SAME} or any(_doubts(asked, given))
    return Likeness.NEAR if doubtful else Likeness.SAME


def _dates(asked: PartialDate, given: PartialDate) -> Likeness:
    """Birth dates, part by part, at the precision that both sides have.

    Some registers turn a missing month into January and a missing day into the 1st, and a missing year into 1800.
    """
    if int(UNKNOWN_YEAR) in (asked.year, given.year):
        return Likeness.NEAR
    if asked.year != given.year:
        return Likeness.OTHER
    if asked.month is None or given.month is None:
        return Likeness.SAME
    if asked.month != given.month:
        return Likeness.NEAR if given.month == 1 and given.day in (None, 1) else Likeness.OTHER
    if asked.day is None or given.day is None or asked.day == given.day:
        return Likeness.SAME
    return Likeness.NEAR if given.day == 1 else Likeness.OTHER


def _key(*texts: str) -> str:
    return "".join("".join(folded(text)) for text in texts)


def _names(asked: Person, given: Person) -> Likeness:
    ours, theirs = asked.name, given.name
    parts = zip(_parts(ours), _parts(theirs), strict=True)
    if all(one == other or _key(one) == _key(other) for one, other in parts) and _key(theirs.forename, theirs.surname):
        return Likeness.SAME if _full_name_fits(ours, theirs) else Likeness.NEAR
    if any(_may_be(name, theirs) for name in (ours, *_under_former_names(asked))):
        return Likeness.NEAR
    return Likeness.OTHER


def _parts(name: PersonName) -> tuple[str, str, str]:
    return name.forename, name.surname, name.second_surname


def _full_name_fits(ours: PersonName, theirs: PersonName) -> bool:
    if not theirs.full_name:
        return True
    parts = " ".join(_parts(theirs))
    written = sorted(folded(theirs.full_name))
    return written in (sorted(folded(parts)), sorted(folded(ours.full_name)))


def _under_former_names(asked: Person) -> Iterable[PersonName]:
    """The person as a register may still know them: each former name, with today's part where one is missing."""
    for former in asked.former_names:
        yield PersonName(former.forename or asked.name.forename, former.surname or asked.name.surname)
        yield PersonName(asked.name.forename, former.surname or asked.name.surname, former.second_surname)


def _may_be(ours: PersonName, theirs: PersonName) -> bool:
    """Perhaps one name: swapped, one word more, second surname used differently, misspelt, or in an unknown script."""
    our_words, their_words = ([word for part in _parts(name) for word in folded(part)] for name in (ours, theirs))
    if not their_words or not our_words or _latin(our_words) != _latin(their_words):
        return True
    fewer, more = sorted((our_words, their_words), key=len)
    if len(fewer) > 1 or len(more) == 1:
        return all(any(_alike(word, other) for other in more) for word in fewer)
    return all(_alike(_key(one), _key(other)) for one, other in _mandatory(ours, theirs))


def _mandatory(ours: PersonName, theirs: PersonName) -> tuple[tuple[str, str], ...]:
    """The two parts that every name has, side by side; a part that one side does not know says nothing."""
    parts = ((ours.forename, theirs.forename), (ours.surname, theirs.surname))
    return tuple((one, other) for one, other in parts if one and other)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


def _latin(words: Iterable[str]) -> bool:
    return all(character.isascii() for word in words for character in word)


def _doubts(asked: Person, given: Person) -> Iterable[bool]:
    """What makes the same name and birth date doubtful: other things known to both sides that differ."""
    yield {asked.sex, given.sex} == {1, 2}
    places = asked.birth_place, given.birth_place
    yield _differ(*(place.country.replace("unknown", "") for place in places))
    to_the_day = asked.birth_date.day is not None and given.birth_date.day is not None
    yield not to_the_day and _differ(*(_key(place.town) for place in places))
    nations = set(asked.nationalities) - {"unknown"}, set(given.nationalities) - {"unknown"}
    yield all(nations) and nations[0].isdisjoint(nations[1])
    yield _differ(_key(asked.identity_number), _key(given.identity_number))
    for ours, theirs in ((asked.father_name, given.father_name), (asked.mother_name, given.mother_name)):
        if ours and theirs:
            yield _differ(_key(ours.forename), _key(theirs.forename))


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)
