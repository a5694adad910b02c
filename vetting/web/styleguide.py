"""Every component in every state on one page, for whoever designs or reviews: only the demo shows it."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vetting.organisations.access import public
from vetting.web.forms import CalmForm, NameField, PartialDateField, RadioCards

STATES = [("", "Choose a State"), ("IE", "Ireland"), ("PL", "Poland"), ("PT", "Portugal")]


class ExampleForm(CalmForm):
    """One field of each kind."""

    forename = NameField(label="All first names", help_text="Exactly as on your documents, in any script.")
    former = NameField(label="Former surname", required=False)
    email = forms.EmailField(label="E-mail address")
    born = PartialDateField(label="Date of birth", help_text="If your documents show only the year, give only that.")
    country = forms.ChoiceField(label="State of birth", choices=STATES)
    lived = forms.MultipleChoiceField(label="States you lived in", choices=STATES[1:], required=False)
    role = forms.ChoiceField(
        label="Kind of role",
        choices=[("paid", "Paid role"), ("voluntary", "Voluntary role")],
        widget=RadioCards(hints={"voluntary": "Without pay, for instance a coach of a club."}),
    )
    reason = forms.ChoiceField(
        label="Decision and reason",
        choices=[
            ("Yes", [("a", "The records do not matter"), ("b", "Too old to matter")]),
            ("No", [("c", "It matters")]),
        ],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="Days", choices=[("1", "Monday"), ("2", "Tuesday")], widget=forms.CheckboxSelectMultiple, required=False
    )
    remark = forms.CharField(label="Address", widget=forms.Textarea({"rows": 3, "data-limit": "300"}), required=False)
    seen = forms.BooleanField(label="I have seen the original document", help_text="Passport or identity card.")


WRONG = {"forename": "Ana <b>", "email": "ana@", "born_0": "30", "born_1": "2", "born_2": "1984"}
STAGES = [
    {"title": "You were invited", "date": "3 March 2026", "status": "done"},
    {"title": "You gave your details and agreed", "date": "5 March 2026", "status": "done"},
    {
        "title": "The organisation sees your document",
        "date": "by 12 March 2026",
        "status": "current",
        "turn": "Sunny Side School",
        "text": "Bring your passport or identity card.",
    },
    {"title": "The authorities are asked", "date": "", "status": "upcoming"},
]


def _table() -> dict[str, Any]:
    columns = ["Reference", "Applicant", "Where it is", "Since"]
    people = [
        ("A10-7F3K", "Łucja Żółć", "With you", "warning"),
        ("A10-9Q2M", "Ελένη Παπαδοπούλου", "Shared", "success"),
    ]
    rows = [
        {
            "url": "#table",
            "cells": [
                {"label": columns[0], "value": reference},
                {"label": columns[1], "value": name},
                {"label": columns[2], "value": status, "kind": kind},
                {"label": columns[3], "value": "5 March 2026"},
            ],
        }
        for reference, name, status, kind in people
    ]
    return {"columns": columns, "rows": rows}


def examples() -> dict[str, Any]:
    """What the page shows."""
    return {
        "empty_form": ExampleForm(prefix="fresh"),
        "wrong_form": ExampleForm(WRONG),
        "stages": STAGES,
        "table": _table(),
        "facts": [
            {"label": "Surname", "value": "Ó Súilleabháin", "change": "#summary"},
            {"label": "Nationalities", "lines": ["Ireland", "Portugal"], "change": "#summary"},
            {"label": "Second surname", "value": "", "change": "#summary"},
        ],
        "differences": [
            {"label": "Surname", "left": "Müller", "right": "Mueller", "differs": True},
            {"label": "Date of birth", "left": "9 March 1984", "right": "9 March 1984"},
            {"label": "Mother's surname", "left": "", "right": "Novák", "differs": True},
        ],
    }


@public
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page itself."""
    if not settings.DEMO:
        raise Http404
    return render(request, "components/styleguide.html", examples())
