"""Closed lists only: a clerk never types about a person."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from vetting.authorities.rules import ISO_CODES
from vetting.enquiries.ports import Item
from vetting.enquiries.receiving import CLERKS_WORDS
from vetting.enquiries.rules import Answer, AnswerKind
from vetting.footers.rules import LINES, MOST, PARTS, Block, tidy, troubles_of
from vetting.web import words
from vetting.web.desk import words as desk_words
from vetting.web.forms import CalmForm, NameField


class OpeningForm(CalmForm):
    """Why a file is opened."""

    reason = forms.ChoiceField(
        label=_("Why do you open this file?"),
        choices=list(desk_words.OPENING_REASONS.items()),
        widget=forms.RadioSelect,
    )


class ReturnForm(CalmForm):
    """Why a case is given back."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(words.RETURN_REASONS.items()), widget=forms.RadioSelect)


class AnswerForm(CalmForm):
    """What the register, or the document that was shown, says."""

    kind = forms.ChoiceField(
        label=_("What does it say?"),
        choices=[(kind.value, words.ANSWERS[kind]) for kind in AnswerKind if kind in CLERKS_WORDS],
        widget=forms.RadioSelect,
    )


class AssessForm(CalmForm):
    """A decision with its reason."""

    reason = forms.ChoiceField(
        label=_("Decision and reason"),
        choices=[
            (_("A certificate can be issued"), list(desk_words.CLEAR_REASONS.items())),
            (_("No certificate can be issued (a second clerk confirms)"), list(desk_words.NOT_CLEAR_REASONS.items())),
        ],
        widget=forms.RadioSelect,
    )


class SeveralSelects(forms.SelectMultiple):
    """A few lists of the same name, one choice each: a long list box is hard to use by touch and by keyboard."""

    template_name = "django/forms/widgets/several_selects.html"
    use_fieldset = True
    LABELS = (_("First"), _("Second"), _("Third"))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = [code for code in value or () if code]
        places = range(max(len(self.LABELS), len(chosen)))
        context["widget"]["offered"] = [("", _("None")), *self.choices]
        context["widget"]["parts"] = [
            {
                "id": f"{context['widget']['attrs'].get('id', name)}_{place}",
                "label": self.LABELS[min(place, len(self.LABELS) - 1)],
                "value": chosen[place] if place < len(chosen) else "",
            }
            for place in places
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [code for code in super().value_from_datadict(data, files, name) or () if code]


class RouteForm(CalmForm):
    """A dry run of the routing. Nothing about a real person is typed here, and nothing is kept."""

    home = forms.ChoiceField(label=_("Home State"))
    nationalities = forms.MultipleChoiceField(label=_("Nationalities"), required=False, widget=SeveralSelects)
    former_nationalities = forms.MultipleChoiceField(
        label=_("Former nationalities"), required=False, widget=SeveralSelects
    )
    residence = forms.ChoiceField(label=_("Lives in"), required=False)
    past_residences = forms.MultipleChoiceField(label=_("Lived in before"), required=False, widget=SeveralSelects)
    tcn_live = forms.BooleanField(
        label=_("Suppose that ECRIS-TCN can be searched"),
        required=False,
        help_text=_("The index of States that hold convictions of people who are no citizens of the Union."),
    )

    def __init__(self, *args: object, homes: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        states = words.state_choices(ISO_CODES)
        nobody = [("stateless", _("Stateless")), ("unknown", _("Unknown"))]
        self.fields["home"].choices = [(code, words.state_name(code)) for code in homes]  # type: ignore[attr-defined]
        self.fields["nationalities"].choices = [*states, *nobody]  # type: ignore[attr-defined]
        self.fields["former_nationalities"].choices = states  # type: ignore[attr-defined]
        self.fields["residence"].choices = [("", _("Not known")), *states]  # type: ignore[attr-defined]
        self.fields["past_residences"].choices = states  # type: ignore[attr-defined]


class QuestionOpeningForm(CalmForm):
    """Why another State's question is opened."""

    reason = forms.ChoiceField(
        label=_("Why do you open this question?"),
        choices=list(desk_words.QUESTION_REASONS.items()),
        widget=forms.RadioSelect,
    )


class ReplyForm(CalmForm):
    """What is answered to another State: what `offered` holds now, each in its fixed words."""

    answer = forms.ChoiceField(label=_("What do you answer?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, offered: Sequence[Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.words(), words.answer_text(one.words())) for one in offered]
        self.fields["answer"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Answer:
        """The answer, once the form is valid."""
        return Answer.from_words(self.cleaned_data["answer"])


ASKABLE = tuple(item for item in Item if item not in (Item.ALIAS, Item.FINGERPRINTS, Item.PURPOSE))
"""What may be asked back: what then stands in the person's lines. No fingerprints are compared here, and other names
used and words about a purpose never leave the airlock."""


class AskBackForm(CalmForm):
    """What is missing about the person."""

    items = forms.MultipleChoiceField(
        label=_("What is missing?"),
        choices=[(item.value, words.ITEMS[item]) for item in ASKABLE],
        widget=forms.CheckboxSelectMultiple,
    )


class RenameForm(CalmForm):
    """Another name for an organisation or a branch."""

    name = NameField(label=_("Name"))


class AppointForm(CalmForm):
    """Somebody who will manage an organisation."""

    first_name = NameField(label=_("First name"), max_length=150)
    last_name = NameField(label=_("Surname"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))


class NewOrganisationForm(AppointForm):
    """An organisation with its first manager."""

    name = NameField(label=_("Name of the organisation"))
    state = forms.ChoiceField(label=_("State"))
    once = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("name", "state", "first_name", "last_name", "email", "once")
    heads: ClassVar[dict[str, Any]] = {
        "first_name": (_("First manager"), _("They get a mail, and decide who else may ask for checks.")),
    }

    def __init__(self, *args: Any, states: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        field.choices = [(code, words.state_name(code)) for code in states]  # type: ignore[attr-defined]
        if len(states) == 1:
            field.initial = states[0]
            field.widget = forms.HiddenInput()


class FooterForm(CalmForm):
    """What stands below every mail: four parts about the authority, all plain text, none about a person or a case."""

    name = forms.CharField(label=desk_words.FOOTER_PARTS["name"], required=False)
    address = forms.CharField(
        label=desk_words.FOOTER_PARTS["address"], required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    telephone = forms.CharField(label=desk_words.FOOTER_PARTS["telephone"], required=False)
    hours = forms.CharField(
        label=desk_words.FOOTER_PARTS["hours"], required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, most in MOST.items():
            self.fields[part].widget.attrs["data-limit"] = str(most)

    @property
    def block(self) -> Block:
        """The parts as they would be kept."""
        return Block(*(tidy(self.cleaned_data.get(part, "")) for part in PARTS))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for part, trouble in troubles_of(self.block).items():
            values = {"most": MOST[part], "lines": LINES[part]}
            self.add_error(part, desk_words.FOOTER_TROUBLES[trouble] % values)
        return said
