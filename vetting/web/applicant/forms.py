"""The short steps of the form. Each says what it keeps (`said`) and how it is filled again (`initial_of`)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from vetting.authorities.rules import ISO_CODES
from vetting.identity.ports import PartialDate
from vetting.identity.rules import YOUNGEST, age_on
from vetting.web import words
from vetting.web.forms import CalmForm, DatePartsWidget, NameField, PartialDateField


def _states(optional: bool, *, nobody: bool = False) -> list[tuple[str, Any]]:
    head = [("", _("None") if optional else _("Choose a State"))]
    tail = [("stateless", _("Stateless")), ("unknown", _("Not known"))] if nobody else []
    return [*head, *words.state_choices(ISO_CODES), *tail]


class StepForm(CalmForm):
    """One step. `title` and `why` stand above it."""

    title: Any = ""
    why: Any = ""
    heads: ClassVar[dict[str, tuple[Any, Any]]] = {}
    """Headings above fields: by the field's name, the heading and a line below it."""
    fills: ClassVar[dict[str, str]] = {}
    """What a browser may fill in, by the field's name (WCAG 1.3.5)."""
    states: tuple[tuple[str, bool, bool], ...] = ()
    """Fields that choose a State: name, optional, with the choices for people without a nationality."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, token in self.fills.items():
            self.fields[name].widget.attrs["autocomplete"] = token
        for name, optional, nobody in self.states:
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = _states(optional, nobody=nobody)

    def said(self) -> dict[str, Any]:
        """What is kept of this step."""
        return dict(self.cleaned_data)

    @property
    def open_fields(self) -> list[forms.BoundField]:
        """The fields that may be changed, in their order."""
        return [field for field in self if not field.field.disabled]

    @classmethod
    def initial_of(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        """What fills the form again."""
        return dict(said)


class NameForm(StepForm):
    title = _("Your name")
    why = _("Write your names exactly as on your documents, in any script.")
    heads = {
        "former_forename_1": (
            _("Names you had before"),
            _(
                "For instance your name at birth. Leave empty if there is none. "
                "The organisation never sees them, and they are not on the certificate."
            ),
        )
    }
    fills = {"forename": "given-name", "surname": "family-name"}
    forename = NameField(label=_("All first names"), max_length=200)
    surname = NameField(label=_("Surname"), max_length=200)
    second_surname = NameField(
        label=_("Second surname"),
        required=False,
        help_text=_("Only if your documents show one, as in Spain or Portugal."),
    )
    former_forename_1 = NameField(label=_("Former first names"), required=False)
    former_surname_1 = NameField(label=_("Former surname"), required=False)
    former_forename_2 = NameField(label=_("Other former first names"), required=False)
    former_surname_2 = NameField(label=_("Other former surname"), required=False)

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        former = [
            {
                "forename": data[f"former_forename_{place}"],
                "surname": data[f"former_surname_{place}"] or data["surname"],
            }
            for place in (1, 2)
            if data[f"former_forename_{place}"] or data[f"former_surname_{place}"]
        ]
        for name in former:
            name["forename"] = name["forename"] or data["forename"]
        return {
            "forename": data["forename"],
            "surname": data["surname"],
            "second_surname": data["second_surname"],
            "former": former,
        }

    @classmethod
    def initial_of(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        former = {
            f"former_{part}_{place}": name[part]
            for place, name in enumerate(said.get("former", ()), start=1)
            for part in ("forename", "surname")
        }
        return {**said, **former}


class BirthForm(StepForm):
    title = _("Your date and place of birth")
    why = _("They tell you apart from people with the same name.")
    states = (("country", False, False),)
    date = PartialDateField(
        label=_("Date of birth"),
        help_text=_("For instance 27 3 1984. If your documents show less, give only that."),
        widget=DatePartsWidget(autocomplete="bday"),
    )
    town = NameField(label=_("Town of birth"), max_length=200)
    country = forms.ChoiceField(label=_("State of birth"), help_text=_("By today's borders."))
    sex = forms.ChoiceField(
        label=_("Sex as on your documents"), choices=list(words.SEXES.items()), widget=forms.RadioSelect
    )

    def clean_date(self) -> PartialDate:
        date: PartialDate = self.cleaned_data["date"]
        if age_on(date, localdate()) < YOUNGEST:
            sentence = _("This service is for people of %(years)s and over. If the date is right, ask the authority.")
            raise ValidationError(sentence, "too-young", {"years": YOUNGEST})
        return date

    def said(self) -> dict[str, Any]:
        date: PartialDate = self.cleaned_data["date"]
        return {**self.cleaned_data, "date": [date.year, date.month, date.day]}

    @classmethod
    def initial_of(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        return {**said, "date": PartialDate(*said["date"])} if said else {}


def _distinct(codes: list[str]) -> list[str]:
    return list(dict.fromkeys(code for code in codes if code))


class NationalityForm(StepForm):
    title = _("Your nationalities")
    why = _("They decide which States are asked. Give every one you have.")
    heads = {"former_1": (_("Nationalities you had before"), _("Leave at None if there is none."))}
    states = (
        ("nationality_1", False, True),
        ("nationality_2", True, False),
        ("nationality_3", True, False),
        ("former_1", True, False),
        ("former_2", True, False),
    )
    nationality_1 = forms.ChoiceField(label=_("Nationality"))
    nationality_2 = forms.ChoiceField(label=_("Second nationality"), required=False)
    nationality_3 = forms.ChoiceField(label=_("Third nationality"), required=False)
    former_1 = forms.ChoiceField(label=_("Former nationality"), required=False)
    former_2 = forms.ChoiceField(label=_("Other former nationality"), required=False)

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "nationalities": _distinct([data[f"nationality_{place}"] for place in (1, 2, 3)]),
            "former_nationalities": _distinct([data[f"former_{place}"] for place in (1, 2)]),
        }

    @classmethod
    def initial_of(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        now = {f"nationality_{place}": code for place, code in enumerate(said.get("nationalities", ()), start=1)}
        before = {f"former_{place}": code for place, code in enumerate(said.get("former_nationalities", ()), start=1)}
        return {**now, **before}


class DocumentForm(StepForm):
    title = _("Your identity document")
    why = _("Show this same document to the organisation later. Its number helps to find the right person.")
    states = (("issuing_country", False, False),)
    kind = forms.ChoiceField(
        label=_("Kind of document"), choices=list(words.DOCUMENT_KINDS.items()), widget=forms.RadioSelect
    )
    number = forms.CharField(label=_("Number of the document"), max_length=50)
    issuing_country = forms.ChoiceField(label=_("Issued by"))
    identity_number = forms.CharField(
        label=_("National identity number"),
        max_length=50,
        required=False,
        help_text=_("If your State gave you one. With it you are rarely taken for somebody else."),
    )


class AddressForm(StepForm):
    title = _("Where you live")
    why = _("Where you live and lived decides, too, which States are asked.")
    heads = {
        "lived_1": (
            _("Other States in which you lived"),
            _("As an adult, for a year or more, in the last twenty years."),
        )
    }
    fills = {"street": "street-address", "postal_code": "postal-code", "town": "address-level2", "country": "country"}
    states = (
        ("country", False, False),
        ("lived_1", True, False),
        ("lived_2", True, False),
        ("lived_3", True, False),
    )
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    town = NameField(label=_("Town"), max_length=200)
    country = forms.ChoiceField(label=_("State"))
    lived_1 = forms.ChoiceField(
        label=_("Another State"),
        required=False,
    )
    lived_2 = forms.ChoiceField(label=_("A second State"), required=False)
    lived_3 = forms.ChoiceField(label=_("A third State"), required=False)

    def said(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        lived = _distinct([data.pop(f"lived_{place}") for place in (1, 2, 3)])
        return {**data, "past_residences": lived}

    @classmethod
    def initial_of(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        lived = {f"lived_{place}": code for place, code in enumerate(said.get("past_residences", ()), start=1)}
        return {**said, **lived}


class ParentsForm(StepForm):
    title = _("Your parents' names")
    why = _("A State that is asked needs them to find you. Leave empty what you do not know.")
    mother_forename = NameField(label=_("Mother's first names"), required=False)
    mother_surname = NameField(label=_("Mother's surname at birth"), required=False)
    father_forename = NameField(label=_("Father's first names"), required=False)
    father_surname = NameField(label=_("Father's surname"), required=False)

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            parent: {"forename": data[f"{parent}_forename"], "surname": data[f"{parent}_surname"]}
            for parent in ("mother", "father")
            if data[f"{parent}_surname"]
        }

    @classmethod
    def initial_of(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        return {
            f"{parent}_{part}": name.get(part, "") for parent, name in said.items() for part in ("forename", "surname")
        }


class GuardianForm(StepForm):
    title = _("A parent or guardian")
    why = _("You are not 18 yet, so one of them has to agree too. They get a mail with a page of their own.")
    email = forms.EmailField(label=_("E-mail address of a parent or guardian"))


FORMS: dict[str, type[StepForm]] = {
    "name": NameForm,
    "birth": BirthForm,
    "nationality": NationalityForm,
    "document": DocumentForm,
    "address": AddressForm,
    "parents": ParentsForm,
    "guardian": GuardianForm,
}

ASKED_FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Forename": ("name", ("forename",)),
    "Surname": ("name", ("surname",)),
    "SecondSurname": ("name", ("second_surname",)),
    "FormerName": ("name", ("former_forename_1", "former_surname_1", "former_forename_2", "former_surname_2")),
    "Sex": ("birth", ("sex",)),
    "BirthDate": ("birth", ("date",)),
    "BirthPlace": ("birth", ("town", "country")),
    "Nationality": ("nationality", ("nationality_1", "nationality_2", "nationality_3")),
    "IdentityNumber": ("document", ("identity_number",)),
    "IdentificationDocument": ("document", ("kind", "number", "issuing_country")),
    "Address": ("address", ("street", "postal_code", "town", "country")),
    "MotherName": ("parents", ("mother_forename", "mother_surname")),
    "FatherName": ("parents", ("father_forename", "father_surname")),
}
"""What an applicant can say about each item. Other items (aliases, fingerprints, purpose) go to a clerk."""


def partly(step: str, fields: set[str], data: Any, said: Mapping[str, Any]) -> StepForm:
    """The form of a step in which only the fields an authority asked about are open; the rest keeps what was said."""
    form = FORMS[step](data, prefix=step, initial=FORMS[step].initial_of(said))
    for name in set(form.fields) - fields:
        form.fields[name].disabled = True
        form.fields[name].required = False
    return form
