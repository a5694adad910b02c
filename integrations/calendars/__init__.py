"""Working days by the `holidays` package: national public holidays, without those of one region only."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays

from vetting.authorities.ports import WorkingCalendar
from vetting.errors import Unusable

SATURDAY = 5


@lru_cache(maxsize=1024)
def _year(state: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year, made whole at once: the package's own lazy table is not thread-safe."""
    table = getattr(holidays, state)
    if not table.start_year <= year <= table.end_year:
        raise Unusable("calendar-year")
    english = "en_US" if "en_US" in table.supported_languages else None
    return dict(holidays.country_holidays(state, years=year, expand=False, language=english))


class National:
    """The calendar of one State, region-free."""

    def __init__(self, state: str) -> None:
        self.state = state

    def is_working(self, day: date) -> bool:
        return day.weekday() < SATURDAY and self.holiday_name(day) is None

    def holiday_name(self, day: date) -> str | None:
        return _year(self.state, day.year).get(day)


def national(state: str) -> WorkingCalendar:
    """The calendar of `state` (ISO 3166-1 alpha-2). Raises Unusable for a State the package does not know."""
    if state not in holidays.list_supported_countries(include_aliases=False):
        raise Unusable("calendar-state")
    return National(state)
