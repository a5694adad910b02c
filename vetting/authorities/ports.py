"""What deadlines need from outside: to know on which days an authority works; and days that count otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 2000, 2099


class WorkingCalendar(Protocol):
    """The working days of one State: not a Saturday, a Sunday or one of its national public holidays.

    Both methods raise Unusable(code) for a year the calendar does not know: a guess would move a legal deadline.
    """

    def is_working(self, day: date) -> bool: ...

    def holiday_name(self, day: date) -> str | None:
        """The name, in English, of the public holiday `day` is; None when it is not one, whatever day of the week."""
        ...


class ExceptionReason(StrEnum):
    """Why a day counts otherwise than the calendar says. Only what makes or unmakes a public holiday is a reason: that
    an office is closed moves no deadline (Regulation (EEC, Euratom) 1182/71, art. 2)."""

    HOLIDAY_MADE = "holiday_made"
    HOLIDAY_ONCE = "holiday_once"
    HOLIDAY_MISSED = "holiday_missed"
    HOLIDAY_ENDED = "holiday_ended"
    HOLIDAY_MOVED = "holiday_moved"
    HOLIDAY_REGIONAL = "holiday_regional"

    @property
    def works(self) -> bool:
        """Whether the day is a working day for this reason."""
        return self in (self.HOLIDAY_ENDED, self.HOLIDAY_MOVED, self.HOLIDAY_REGIONAL)


@dataclass(frozen=True, order=True)
class CalendarException:
    """One day from Monday to Friday, in this century, that counts otherwise than the calendar of its State says."""

    day: date
    reason: ExceptionReason

    def __post_init__(self) -> None:
        if self.day.weekday() >= SATURDAY or not FIRST_YEAR <= self.day.year <= LAST_YEAR:
            raise ValueError("an exception is a day from Monday to Friday, from 2000 to 2099")

    @classmethod
    def of(cls, said: "CalendarException | Mapping[str, Any]") -> "CalendarException":
        """An exception as a file or a row of the database holds it. Raises ValueError, TypeError, KeyError."""
        if isinstance(said, cls):
            return said
        if not isinstance(said, Mapping) or said.keys() != {"day", "reason"}:
            raise ValueError("an exception has a day and a reason")
        day = said["day"]
        if type(day) is not date:  # a moment is a date too, to Python
            day = date.fromisoformat(day)
        return cls(day, ExceptionReason(said["reason"]))

    def as_row(self) -> dict[str, str]:
        """What a row of the database holds of it."""
        return {"day": self.day.isoformat(), "reason": self.reason.value}


@dataclass(frozen=True)
class Excepted:
    """A calendar with its exceptions. Its exceptions speak of weekdays only, so that a weekend never works."""

    usual: WorkingCalendar
    exceptions: Mapping[date, ExceptionReason]

    def is_working(self, day: date) -> bool:
        usual = self.usual.is_working(day)  # asked first: an unknown year stays unknown
        reason = self.exceptions.get(day)
        return usual if reason is None else reason.works

    def holiday_name(self, day: date) -> str | None:
        name = self.usual.holiday_name(day)
        reason = self.exceptions.get(day)
        if reason is None:
            return name
        return None if reason.works else name or "Public holiday by the edition of national rules"
