"""What an organisation types."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vetting.cases.rules import ACTIVITIES
from vetting.organisations.models import Organisation
from vetting.organisations.rules import looks_like_link
from vetting.web import words
from vetting.web.forms import CalmForm, NameField
from vetting.web.organisation.words import ARRANGEMENTS, MEMBER_ROLES
from vetting.web.spelling import advice


class RoleForm(CalmForm):
    """What is asked for, in whose name: the activity first, because it decides whether one may ask at all."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    activity = forms.ChoiceField(
        label=_("What will the person do?"),
        choices=[("", _("Choose an activity")), *((code, words.ACTIVITIES[code]) for code in ACTIVITIES)],
        help_text=_("Only activities with direct and regular contact with children may be checked."),
    )
    role = forms.ChoiceField(
        label=_("Kind of role"), choices=list(words.ROLES.items()), widget=forms.RadioSelect, initial="voluntary"
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        choices=settings.LANGUAGES,
        initial=settings.LANGUAGE_CODE,
        help_text=_("The applicant can change it later."),
    )

    def __init__(self, *args: Any, organisations: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.filter(pk__in=organisations).order_by("name")
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = mine
        if len(mine) == 1:
            field.initial = mine[0].pk
            field.widget = forms.HiddenInput()


class OpenCaseForm(RoleForm):
    """A new vetting request for one person. What looks odd about the name is said once; sent again, it is taken."""

    given_name = NameField(label=_("Applicant's first name"), help_text=_("The applicant gives the full name later."))
    surname = NameField(label=_("Applicant's surname"))
    email = forms.EmailField(
        label=_("Applicant's e-mail address"), help_text=_("The invitation goes there. Check every letter.")
    )
    once = forms.UUIDField(widget=forms.HiddenInput)
    advised = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("organisation", "activity", "role", "given_name", "surname", "email", "once", "language")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        given, surname = said.get("given_name", ""), said.get("surname", "")
        odd = advice(given, surname) if given and surname else []
        if odd and said.get("advised") != f"{given} {surname}":
            again = _("If it is right, send it again.")
            for one in odd:
                self.add_error("given_name", f"{one.sentence} {again}")
            typed = cast("QueryDict", self.data).copy()
            typed["advised"] = f"{given} {surname}"
            self.data = typed
        return said


class ListForm(RoleForm):
    """A list of people, for one activity."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput,
        help_text=_("XLSX, ODS or CSV, up to 500 people: first name, surname, e-mail address."),
    )
    pasted = forms.CharField(
        label=_("Or paste rows from a spreadsheet"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("activity") and not ACTIVITIES[said["activity"]].eligible:
            self.add_error("activity", _("This activity has no direct and regular contact with children."))
        if not said.get("file") and not said.get("pasted", "").strip() and "file" not in self.errors:
            self.add_error("file", _("Choose a file, or paste the rows below."))
        return said


class BatchForm(RoleForm):
    """What is the same for every row of a list."""


class SubmitForm(CalmForm):
    """The organisation's word about the document."""

    seen = forms.BooleanField(
        label=_("I have seen the original document, and name and date of birth are the same"),
        error_messages={"required": _("Tick the box once you have seen the original document.")},
    )


class InterimForm(CalmForm):
    """What holds for a person until their certificate is seen."""

    arrangements = forms.MultipleChoiceField(
        label=_("Until you have seen a certificate"),
        help_text=_("For somebody who works with you already. Nothing else about a person can be noted."),
        choices=list(ARRANGEMENTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class PersonForm(CalmForm):
    """Somebody who will work here."""

    first_name = NameField(label=_("First name"), max_length=150)
    last_name = NameField(label=_("Surname"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=list(MEMBER_ROLES.items()))


class PlainNameField(NameField):
    """A name that goes into a mail to an address which anybody may have typed."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if looks_like_link(value):
            raise ValidationError(
                gettext("Write the name without an address of a page or a mailbox. After a full stop, write a space."),
                code="link",
            )


class SignUpForm(CalmForm):
    """A stranger signs an organisation up."""

    organisation = PlainNameField(label=_("Name of the organisation"))
    first_name = PlainNameField(label=_("Your first name"), max_length=150)
    last_name = PlainNameField(label=_("Your surname"), max_length=150)
    email = forms.EmailField(
        label=_("Your e-mail address"), help_text=_("We send a link there. It is also your name for signing in.")
    )
    children = forms.BooleanField(
        label=_("This organisation recruits people, paid or voluntary, for work with children"),
        error_messages={
            "required": _("Only organisations that recruit for work with children may ask for checks. Tick the box.")
        },
    )


class BranchForm(CalmForm):
    """A branch of an organisation."""

    name = NameField(label=_("Name of the branch"))
