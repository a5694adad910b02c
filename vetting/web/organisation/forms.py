"""What an organisation types."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vetting.cases.rules import ACTIVITIES
from vetting.organisations.models import Organisation
from vetting.web import words
from vetting.web.forms import CalmForm, NameField


class OpenCaseForm(CalmForm):
    """A new vetting request: the activity first, because it decides whether one may be asked for at all."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    activity = forms.ChoiceField(
        label=_("What will the person do?"),
        choices=[("", _("Choose an activity")), *((code, words.ACTIVITIES[code]) for code in ACTIVITIES)],
        help_text=_("Only activities with direct and regular contact with children may be checked."),
    )
    role = forms.ChoiceField(label=_("Kind of role"), choices=list(words.ROLES.items()), widget=forms.RadioSelect)
    given_name = NameField(label=_("Applicant's first name"), help_text=_("The applicant gives the full name later."))
    surname = NameField(label=_("Applicant's surname"))
    email = forms.EmailField(
        label=_("Applicant's e-mail address"), help_text=_("The invitation goes there. Check every letter.")
    )
    once = forms.UUIDField(widget=forms.HiddenInput)
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        choices=settings.LANGUAGES,
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


class SubmitForm(CalmForm):
    """The organisation's word about the document."""

    seen = forms.BooleanField(
        label=_("I have seen the original document, and name and date of birth are the same"),
        error_messages={"required": _("Tick the box once you have seen the original document.")},
    )
