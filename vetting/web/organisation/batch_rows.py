"""Rows of a list: which column is what, and what is wrong with each person, in a sentence beside the row."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from vetting.cases.models import Case
from vetting.cases.queries import Contact, contact_of
from vetting.keys.models import KeyGone
from vetting.web.forms import CalmForm, NameField
from vetting.web.spelling import advice

FIELDS = ("given_name", "surname", "email")
LABELS = {
    "given_name": gettext_lazy("First name"),
    "surname": gettext_lazy("Surname"),
    "email": gettext_lazy("E-mail address"),
}
ALSO = {
    "given_name": "given name|forename|first_name|given_name|vorname|prénom|prenom|nombre|име|imię".split("|"),
    "surname": ("last name|family name|last_name|name|nachname|familienname|nom|apellidos|фамилия|nazwisko".split("|")),
    "email": "email|e-mail|mail|email address".split("|"),
}
"""What people write over such columns besides our own words."""
MOST_COMPARED = 500


@lru_cache(maxsize=1)
def _headings() -> dict[str, str]:
    """Field by every heading that is understood, in every language."""
    known = {word: field for field, others in ALSO.items() for word in others}
    for code, _name in settings.LANGUAGES:
        with override(code):
            known |= {str(label).casefold(): field for field, label in LABELS.items()}
    return known


def people_of(rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """The people of a list: by its headings where the first row has them, else first name, surname, address.

    `once` names each for good, so that sent twice it opens one request.
    """
    headings = [_headings().get(cell.casefold().rstrip(":* "), "") for cell in rows[0]] if rows else []
    named = len(set(headings) - {""}) > 1
    columns = headings if named else list(FIELDS)
    return [
        {**dict.fromkeys(FIELDS, ""), **{field: cell for field, cell in zip(columns, row, strict=False) if field},
         "once": str(uuid4())}
        for row in rows[1 if named else 0 :]
    ]  # fmt: skip


class RowForm(CalmForm):
    """One person of a list."""

    given_name = NameField(label=LABELS["given_name"])
    surname = NameField(label=LABELS["surname"])
    email = forms.EmailField(label=LABELS["email"])


def looked_at(people: Iterable[dict[str, str]], known: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each person with what is wrong and what looks odd; `contact` when nothing is wrong.

    `known`: references of open requests, by address.
    """
    people = list(people)
    often = Counter(person["email"].strip().casefold() for person in people)
    rows = []
    for number, person in enumerate(people, 1):
        address = person["email"].strip().casefold()
        form = RowForm(person)
        problems = [sentence for field in FIELDS for sentence in form.errors.get(field, ())]
        if address and often[address] > 1:
            problems.append(_("This address is in the list more than once."))
        contact = None if problems else Contact(**form.cleaned_data)
        doubts = [one.sentence for one in advice(contact.given_name, contact.surname)] if contact else []
        if address in known:
            doubts.append(_("Has been invited already: %(reference)s") % {"reference": known[address]})
        rows.append({"number": number, "problems": problems, "doubts": doubts, "contact": contact, **person})
    return rows


def open_addresses(organisation: int) -> dict[str, str]:
    """Reference by address, for the newest requests of an organisation that are open to its knowledge: by its own acts
    and the date that was fixed at submission, whatever has come of them."""
    known = {}
    newest = Case.objects.filter(organisation=organisation, left_at=None, closes_on__gt=localdate(), shares=None)
    for case in newest.order_by("-opened_at")[:MOST_COMPARED]:
        try:
            known[contact_of(case).email.casefold()] = case.reference
        except KeyGone:
            continue
    return known
