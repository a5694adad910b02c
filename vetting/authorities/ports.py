"""What deadlines need from outside: to know on which days an authority works."""

from datetime import date
from typing import Protocol


class WorkingCalendar(Protocol):
    """The working days of one State: not a Saturday, a Sunday or one of its national public holidays.

    Both methods raise Unusable(code) for a year the calendar does not know: a guess would move a legal deadline.
    """

    def is_working(self, day: date) -> bool: ...

    def holiday_name(self, day: date) -> str | None:
        """The name, in English, of the public holiday `day` is; None when it is not one, whatever day of the week."""
        ...
