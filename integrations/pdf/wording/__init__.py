"""What is printed, in the 24 official languages: one file a language, English the source of the others."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton

from vetting.errors import Unusable

LANGUAGES = tuple("bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split())
TERRITORIES = {"EL": "GR", "UK": "GB"}
"""Two codes of the Union that the tables of country names do not know."""
LOCALES = {"en": "en_GB", "pt": "pt_PT"}
"""Where the bare language would mean its usage outside the Union."""
YEAR_MONTH = 7


class Wording:
    """The words of one language, and the codes in those words."""

    def __init__(self, language: str, strings: Mapping[str, Any]) -> None:
        self._strings, self._locale = strings, Locale.parse(LOCALES.get(language, language))

    def __getitem__(self, key: str) -> str:
        return str(self._strings[key])

    def _of(self, table: str, code: str) -> str:
        return str(self._strings[table].get(code, code))

    def said(self, answer: str) -> str:
        """What a State said. Every answer but nothing_recorded reads the same, whatever it was."""
        return self._of("answers", answer if answer == "nothing_recorded" else "considered")

    def channel(self, code: str) -> str:
        """How the answer came."""
        return self._of("channels", code)

    def activity(self, code: str) -> str:
        """The activity."""
        return self._of("activities", code)

    def role(self, code: str) -> str:
        """Paid or voluntary."""
        return self._of("roles", code)

    def country(self, code: str) -> str:
        """The State's name. Source: Unicode CLDR."""
        return str(self._locale.territories.get(TERRITORIES.get(code, code), code))

    def day(self, day: date) -> str:
        """A date in full. Source: Unicode CLDR."""
        return format_date(day, "long", locale=self._locale)

    def birth(self, iso: str) -> str:
        """A date of birth in ISO 8601, of which the day, or the month too, may be unknown."""
        try:
            if len(iso) == YEAR_MONTH:
                return format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"), locale=self._locale)
            return self.day(date.fromisoformat(iso))
        except ValueError:
            return iso


@cache
def wording(language: str) -> Wording:
    """The words of an official language. Raises Unusable("certificate-language") for any other."""
    if language not in LANGUAGES:
        raise Unusable("certificate-language")
    return Wording(language, tomllib.loads((files(__name__) / f"{language}.toml").read_text(encoding="utf-8")))
