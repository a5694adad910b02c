"""From many durations to an honest range. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

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


class Stage(StrEnum):
    """What a published time is about. None of them depends on what anybody answered, and none ends with an outcome."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    STATE_ANSWERED = "state_answered"
    ALL_ANSWERED = "all_answered"


MONTHS = 12
"""Full months that are shown."""
TENS = 10


def volume_of(count: int) -> int | None:
    """A number as it is published: rounded down to tens, and nothing of fewer than ten.

    So a difference of two published numbers is no number of anybody either: it is a multiple of ten, and never exact.
    """
    return count // TENS * TENS or None


def following(month: date) -> date:
    """The first day of the month after the one that begins on `month`."""
    return (month + timedelta(days=31)).replace(day=1)


def full_months(today: date) -> list[date]:
    """The first days of the last full months, oldest first."""
    months = [today.replace(day=1)]
    for _ in range(MONTHS):
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[:0:-1]


Spell = tuple[str, datetime, datetime]
"""A State, since when the way to it was down, and until when."""


def spells_of(turns: Iterable[tuple[str, bool, datetime]], until: datetime) -> list[Spell]:
    """The spells in which ways were down, from their turns in time (State, whether it went down, when). One that is
    still down lasts until `until`."""
    since: dict[str, datetime] = {}
    spells: list[Spell] = []
    for state, down, at in turns:
        if down:
            since.setdefault(state, at)
        elif state in since:
            spells.append((state, since.pop(state), at))
    return spells + [(state, began, until) for state, began in since.items()]


def hours_down(
    spells: Iterable[Spell], months: Mapping[date, tuple[datetime, datetime]]
) -> dict[tuple[date, str], int]:
    """By month and State how long its way was down, in begun hours; `months` says when each begins and ends."""
    time: defaultdict[tuple[date, str], timedelta] = defaultdict(timedelta)
    for state, began, ended in spells:
        for month, (first, last) in months.items():
            time[month, state] += max(min(ended, last) - max(began, first), timedelta())
    return {key: -(-span // timedelta(hours=1)) for key, span in time.items() if span}
