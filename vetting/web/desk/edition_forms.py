"""A file of an edition, and an exception of a calendar: a day and a reason of the list."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from vetting.authorities.ports import FIRST_YEAR, LAST_YEAR, CalendarException, ExceptionReason, WorkingCalendar
from vetting.authorities.rules import SATURDAY, AuthorityRow, Directory
from vetting.editions.rules import MOST_BYTES, MOST_FAULTS, Fault, read_edition
from vetting.errors import Unusable
from vetting.web.desk import rule_words
from vetting.web.desk.edition_rows import fault_text
from vetting.web.forms import CalmForm


class EditionForm(CalmForm):
    """A file of national rules; cleans to what it says, or has what is wrong with it in `faults`."""

    faults: Sequence[str] = ()
    most = MOST_FAULTS

    file = forms.FileField(
        label=_("File of an edition"),
        widget=forms.FileInput(attrs={"accept": ".toml"}),
        help_text=_(
            "TOML in the form of the edition in force, at most 128 KiB. Download that one, change it, and give it a "
            "number of its own, like 2026.2-7. Nothing about a person belongs in it."
        ),
        error_messages={
            "required": _("Choose a file of at most 128 KiB."),
            "empty": _("This file is empty. Choose the file of an edition."),
        },
    )

    def clean_file(self) -> Directory:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        said, faults = read_edition(file.read(MOST_BYTES + 1))
        if said is not None and "-" in said.number:
            return said
        faults = faults or (Fault("own-number"),)  # or the product could never bring an edition of that number
        self.faults = [fault_text(fault) for fault in faults]
        if len(faults) == 1:
            raise forms.ValidationError(self.faults[0])
        raise forms.ValidationError(_("This file cannot be used as it is. What is wrong in it is listed below."))


class ExceptionForm(CalmForm):
    """One day on which the calendar of a State is otherwise; cleans to a `CalendarException` in `exception`."""

    day = forms.DateField(
        label=_("Day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is not a day. Write year-month-day, like 2026-12-24.")},
    )
    reason = forms.ChoiceField(
        label=_("What is otherwise, and why"),
        choices=[
            (rule_words.NO_WORK, [(one.value, rule_words.REASONS[one]) for one in ExceptionReason if not one.works]),
            (rule_words.WORKS, [(one.value, rule_words.REASONS[one]) for one in ExceptionReason if one.works]),
        ],
        widget=forms.RadioSelect,
        help_text=_("Only what makes or unmakes a public holiday moves a deadline; a closed office does not."),
    )

    def __init__(self, *args: Any, row: AuthorityRow, usual: WorkingCalendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.usual = row, usual
        self.fields["day"].widget.attrs.update({"min": f"{FIRST_YEAR}-01-01", "max": f"{LAST_YEAR}-12-31"})

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("Give a day of the years 2000 to 2099."))
        if day.weekday() >= SATURDAY:
            raise forms.ValidationError(
                _("This is a Saturday or a Sunday, which never counts. Give a day from Monday to Friday.")
            )
        if any(one.day == day for one in self.row.exceptions):
            raise forms.ValidationError(_("This day has an exception already. Take that one back first."))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "day" not in said or "reason" not in said:
            return said
        reason = ExceptionReason(said["reason"])
        try:
            works = self.usual.is_working(said["day"])
        except Unusable:
            self.add_error("day", _("The calendar of this State does not know that year."))
            return said
        if works and reason.works:
            self.add_error("day", _("This is a working day already. Give a public holiday from Monday to Friday."))
        elif not works and not reason.works:
            self.add_error("day", _("This is a public holiday already. Give a day that counts as a working day."))
        else:
            said["exception"] = CalendarException(said["day"], reason)
        return said
