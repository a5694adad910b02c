"""From many durations to an honest range. Pure."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

FEWEST = 20
"""Fewer past cases than this say nothing, and one of them could be found in the figure."""
EVERY_ROUTE = "*"
"""In place of a route: all cases of a home State."""


@dataclass(frozen=True)
class Range:
    """Half of all cases take at most `median` days, nine of ten at most `ninth`; both from submission."""

    median: int
    ninth: int

    def after(self, submitted_on: date) -> tuple[date, date]:
        """The days between which a case submitted on that day may be expected."""
        return submitted_on + timedelta(days=self.median), submitted_on + timedelta(days=self.ninth)


def range_of(durations: Counter[int]) -> Range | None:
    """The range of a histogram of whole days (nearest rank); None where there is too little to say."""
    total = durations.total()
    if total < FEWEST:
        return None
    return Range(_rank(durations, -(-total // 2)), _rank(durations, -(-total * 9 // 10)))


def _rank(durations: Counter[int], place: int) -> int:
    seen = 0
    for days in sorted(durations):
        seen += durations[days]
        if seen >= place:
            return days
    raise AssertionError("no rank beyond the total")
