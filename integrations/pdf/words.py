"""Words, names of States and dates in the language of a certificate."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton

WORDING = Path(__file__).parent / "wording"
SOURCE = "en"
_LOCALE = {"en": "en_IE", "pt": "pt_PT"}
"""The European manner where CLDR's default for a language is not: 24 November 2026, not November 24, 2026."""
_CLDR = {"EL": "GR", "UK": "GB"}
"""The two States that the EU's own codes write otherwise than ISO 3166-1."""
_LONG_MEDIUM = {"lv"}
"""Languages whose medium date is no shorter than the long one: 2026. gada 28. marts."""
_YEAR_AND_MONTH = 2


def said(answer: str) -> str:
    """The key of the words for an answer: what an authority held is never told from any other reason to look."""
    return "nothing_recorded" if answer == "nothing_recorded" else "considered"


@dataclass(frozen=True)
class Words:
    """The wording of one language, and the language it is in (ISO 639-1)."""

    language: str
    table: dict[str, Any]

    def __getitem__(self, key: str) -> str:
        return str(self.table[key])

    def of(self, group: str, key: str) -> str:
        """The word for a code of `activities`, `roles`, `channels` or `answers`. Raises KeyError."""
        return str(self.table[group][key])

    @property
    def locale(self) -> Locale:
        return Locale.parse(_LOCALE.get(self.language, self.language))

    def state(self, code: str) -> str:
        """The name of a State after CLDR, or the code when CLDR has none."""
        return str(self.locale.territories.get(_CLDR.get(code, code), code))

    def day(self, day: date | None, form: str = "long") -> str:
        """A date in the manner of the language; a dash for none."""
        return format_date(day, form, locale=self.locale) if day else "–"

    def short_day(self, day: date | None) -> str:
        """A date for a narrow column, always with four digits of the year; a dash for none."""
        if day and self.language in _LONG_MEDIUM:
            return format_skeleton("yMd", day, locale=self.locale)
        return self.day(day, "medium")

    def birth_date(self, iso: str) -> str:
        """A date of birth as precisely as it is known: 1990, 1990-05 or 1990-05-17. Raises ValueError."""
        parts = [int(part) for part in iso.split("-")]
        if len(parts) > _YEAR_AND_MONTH:
            return self.day(date(*parts))
        first = date(parts[0], parts[-1] if len(parts) == _YEAR_AND_MONTH else 1, 1)
        return format_skeleton("yMMMM" if len(parts) == _YEAR_AND_MONTH else "y", first, locale=self.locale)


@lru_cache(maxsize=64)
def words_of(language: str) -> Words:
    """The words of `language`. Where nobody has translated them the whole page is English, dates and names too."""
    present = {path.stem: path for path in WORDING.glob("*.toml")}
    chosen = language if language in present else SOURCE
    return Words(chosen, tomllib.loads(present[chosen].read_text(encoding="utf-8")))
