"""The forms' common manners: names in any script, dates known in part, and a sentence for everything that is wrong."""

import unicodedata
from calendar import monthrange
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vetting.identity.ports import PartialDate

NAME_LENGTH = 200
EARLIEST_YEAR = 1900
YEAR_DIGITS = 4
LAST_MONTH = 12
DAY, MONTH, YEAR = range(3)


looking_over: ContextVar[bool] = ContextVar("looking_over", default=False)
"""True while a form is only shown again with what was typed into it (see `vetting.web.unsent`)."""


class CalmForm(forms.Form):
    """A form whose mistakes are explained by our sentences, not by the browser's: it may always be sent."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _missing(field)
            if isinstance(field, forms.EmailField):
                field.error_messages.setdefault(
                    "invalid", _("This is not an e-mail address. It looks like name@example.org.")
                )

    def is_valid(self) -> bool:
        """Whether it can be acted on: never while it is only looked over."""
        return super().is_valid() and not looking_over.get()


def _missing(field: forms.Field) -> str:
    label = field.label or _("this field")
    if isinstance(field, forms.ChoiceField):
        return _("Choose an answer: %(label)s") % {"label": label}
    if isinstance(field, forms.BooleanField):
        return _("Tick the box to go on.")
    return _("This is empty. Fill in: %(label)s") % {"label": label}


class RadioCards(forms.RadioSelect):
    """Radio buttons as cards, each with room for a line that explains it: `hints` by value."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, hints: Mapping[str, Any] | None = None) -> None:
        super().__init__({"data-cards": "", **(attrs or {})})
        self.hints = hints or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"].pop("data-cards", None)
        if hint := self.hints.get(str(value)):
            option["hint"] = hint
            if option["attrs"].get("id"):
                option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class NameField(forms.CharField):
    """A name in any script. Stray spaces go; hyphens, apostrophes, dots, titles and single letters are names too."""

    def __init__(self, *, max_length: int = NAME_LENGTH, **kwargs: Any) -> None:
        self.limit = max_length
        super().__init__(**kwargs)  # no maxlength in the page: a browser would cut a long name without a word
        self.widget.attrs.update({"data-limit": str(self.limit), "spellcheck": "false", "autocapitalize": "words"})

    def to_python(self, value: Any) -> str:
        # Spaces of every kind, and line breaks, become one space; everything else stays as it was written.
        return unicodedata.normalize("NFC", " ".join(str(value or "").split()))

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                ngettext(
                    "This name has %(length)s characters; at most %(limit)s character is accepted.",
                    "This name has %(length)s characters; at most %(limit)s characters are accepted.",
                    self.limit,
                )
                % {"length": len(value), "limit": self.limit},
                code="too-long",
            )
        for character in value:
            if character in "<>":
                raise ValidationError(
                    _("The name contains the sign %(sign)s. Write it without: letters of any alphabet are accepted.")
                    % {"sign": character},
                    code="sign",
                )
            if unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"} or character in BIDI_CONTROLS:
                raise ValidationError(
                    _("The name contains an invisible sign that is not a letter. Delete it and type the name again."),
                    code="invisible",
                )


BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of what follows: they make one name look like another. Joiners are part of letters."""


class DatePartsWidget(forms.MultiWidget):
    """Day, month and year in three inputs of one group."""

    template_name = "django/forms/widgets/date_parts.html"
    use_fieldset = True
    LABELS = (gettext_lazy("Day"), gettext_lazy("Month"), gettext_lazy("Year"))

    def __init__(self, attrs: dict[str, Any] | None = None, *, autocomplete: str = "") -> None:
        super().__init__([self._input(part, autocomplete) for part in ("day", "month", "year")], attrs)

    @staticmethod
    def _input(part: str, autocomplete: str) -> forms.TextInput:
        attrs = {"inputmode": "numeric", "size": "4" if part == "year" else "2"}
        attrs["autocomplete"] = f"{autocomplete}-{part}" if autocomplete else "off"
        return forms.TextInput(attrs)

    def decompress(self, value: Any) -> list[str]:
        if not isinstance(value, PartialDate):
            return ["", "", ""]
        return [f"{part}" if part else "" for part in (value.day, value.month, value.year)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for label, part in zip(self.LABELS, context["widget"]["subwidgets"], strict=True):
            part["label"] = label
        return context


def _wrong(sentence: str, part: int, **values: object) -> NoReturn:
    """The sentence, and which of the three inputs it is about."""
    raise ValidationError(sentence % values, code="date", params={"part": part})


def _number(typed: str, part: int) -> int | None:
    """What was typed as a number; None where nothing was."""
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > YEAR_DIGITS:
        names = (_("day"), _("month"), _("year"))
        examples = ("9", "3", "1984")
        sentence = _("The %(name)s must be written in digits, for example %(example)s. You wrote “%(typed)s”.")
        _wrong(sentence, part, name=names[part], example=examples[part], typed=typed[:20])
    return int(typed)


class PartialDateField(forms.Field):
    """A date in the past, known to the year, the month or the day: cleans to a `PartialDate`, or None if empty."""

    widget = DatePartsWidget

    def clean(self, value: Any) -> PartialDate | None:
        if isinstance(value, PartialDate):
            return value
        typed = [" ".join(str(part or "").split()).rstrip(".") for part in value or ("", "", "")]
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required", params={"part": YEAR})
            return None
        day, month, year = (_number(part, place) for place, part in enumerate(typed))
        known = PartialDate(self._year(year, typed[YEAR]), self._month(month, day), day)
        self._day(known)
        return known

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = DatePartsWidget().decompress(initial)
        return [str(part or "") for part in data or ("", "", "")] != before

    def _year(self, year: int | None, typed: str) -> int:
        today = localdate()
        if year is None:
            _wrong(_("The year is missing. Give at least the year, in four digits, for example 1984."), YEAR)
        if len(typed) < YEAR_DIGITS:
            _wrong(_("The year must have four digits, for example 1984. You wrote %(typed)s."), YEAR, typed=typed)
        if year < EARLIEST_YEAR:
            sentence = _("The year %(year)s is too long ago. Years from %(earliest)s on are accepted.")
            _wrong(sentence, YEAR, year=year, earliest=EARLIEST_YEAR)
        if year > today.year:
            sentence = _("The year %(year)s is in the future. Years up to %(latest)s are accepted.")
            _wrong(sentence, YEAR, year=year, latest=today.year)
        return year

    def _month(self, month: int | None, day: int | None) -> int | None:
        if month is None and day is not None:
            _wrong(_("The month is missing. Give the month too, or leave the day empty."), MONTH)
        if month is not None and not 1 <= month <= LAST_MONTH:
            _wrong(_("There is no month %(month)s. Months from 1 to 12 are accepted."), MONTH, month=month)
        return month

    def _day(self, known: PartialDate) -> None:
        today = localdate()
        if known.month is not None and known.day is not None:
            last = monthrange(known.year, known.month)[1]
            if not 1 <= known.day <= last:
                sentence = _(
                    "There is no day %(day)s in month %(month)s of %(year)s. Days from 1 to %(last)s are accepted."
                )
                _wrong(sentence, DAY, day=known.day, month=known.month, year=known.year, last=last)
        if (known.year, known.month or 1, known.day or 1) > (today.year, today.month, today.day):
            _wrong(_("This date is in the future. Dates up to today are accepted."), DAY if known.day else MONTH)


def link_target(field: forms.BoundField, error: ValidationError) -> str:
    """The id of the input to go to for this error: in a group, the very part that is wrong, else the first."""
    if not field.use_fieldset:
        return field.id_for_label or ""
    params: Mapping[str, Any] = error.params or {}
    return f"{field.auto_id}_{params.get('part', 0)}"


def error_links(form: forms.BaseForm) -> Sequence[tuple[str, str]]:
    """Every sentence with the id of the input that it is about; the id is empty for those about the whole form."""
    links: list[tuple[str, str]] = [("", str(sentence)) for sentence in form.non_field_errors()]
    for field in form:
        for error in form.errors.get(field.name, forms.utils.ErrorList()).as_data():
            target = "" if field.is_hidden else link_target(field, error)
            # Other people's forms say "This field is required" of every field.
            which = "" if isinstance(form, CalmForm) else f"{field.label}: "
            links += [(target, f"{which}{sentence}") for sentence in error.messages]
    return links
