"""Rows of a list: which column is what, and what is wrong with each person, in a sentence beside the row."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from vetting.cases.models import Case
from vetting.cases.queries import contact_of
from vetting.cases.rules import OPEN
from vetting.keys.models import KeyGone
from vetting.web.forms import NameField
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


_NAME, _EMAIL = NameField(), forms.EmailField()


def problems_of(person: Mapping[str, str]) -> list[str]:
    """What has to be mended before this person can be invited."""
    found = []
    for field in ("given_name", "surname"):
        try:
            _NAME.clean(person[field])
        except ValidationError as wrong:
            empty = any(one.code == "required" for one in wrong.error_list)
            sentence = _("This is empty. Fill in: %(label)s") % {"label": LABELS[field]} if empty else wrong.messages[0]
            found.append(sentence)
    try:
        _EMAIL.clean(person["email"])
    except ValidationError:
        found.append(_("This is not an e-mail address. It looks like name@example.org."))
    return found


def looked_at(people: Iterable[dict[str, str]], known: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each person with what is wrong and what looks odd. `known`: references of open requests, by address."""
    people = list(people)
    often = Counter(person["email"].strip().casefold() for person in people)
    rows = []
    for number, person in enumerate(people, 1):
        address = person["email"].strip().casefold()
        problems = problems_of(person)
        if address and often[address] > 1:
            problems.append(_("This address is in the list more than once."))
        doubts = [] if problems else [one.sentence for one in advice(person["given_name"], person["surname"])]
        if address in known:
            doubts.append(_("Has been invited already: %(reference)s") % {"reference": known[address]})
        rows.append({"number": number, "problems": problems, "doubts": doubts, **person})
    return rows


def open_addresses(organisation: int) -> dict[str, str]:
    """Reference by address, for the newest open requests of an organisation."""
    known = {}
    newest = Case.objects.filter(organisation=organisation, state__in=OPEN, left_at=None).order_by("-opened_at")
    for case in newest[:MOST_COMPARED]:
        try:
            known[contact_of(case).email.casefold()] = case.reference
        except KeyGone:
            continue
    return known
