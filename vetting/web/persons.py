"""A person on a page: line by line, and side by side with another description of them."""

import unicodedata
from typing import Any

from vetting.cases.models import Case
from vetting.errors import Refused
from vetting.identity.ports import Address, Document, PartialDate, Person, PersonName, Place
from vetting.identity.queries import person_of
from vetting.identity.rules import full_name
from vetting.web import words

NO_YEAR = 1800
"""What the exchange format writes for a year that nobody knows."""


def _names(names: tuple[PersonName | None, ...]) -> str:
    parts = ((one.forename, one.surname, one.second_surname) for one in names if one)
    return "; ".join(" ".join(filter(None, name)) for name in parts)


def _day(date: PartialDate) -> str:
    return words.partial_day((date.year, date.month, date.day)) if date.year != NO_YEAR else ""


def _state(code: str) -> str:
    return words.state_name(code) if code not in ("", "unknown") else ""


def _place(place: Place) -> str:
    return ", ".join(filter(None, (place.town, _state(place.country))))


def _document(document: Document) -> str:
    return f"{words.DOCUMENT_KINDS.get(document.kind, '')} {document.number}".strip()


def _address(address: Address) -> str:
    town = f"{address.postal_code} {address.town}".strip()
    return ", ".join(filter(None, (address.street, town, _state(address.country))))


def values(person: Person) -> dict[str, str]:
    """Every line of an identity by its code (see `words.PERSON`); empty where nothing is known."""
    document, address = person.document, person.address
    return {
        "name": full_name(person),
        "former_names": _names(person.former_names),
        "birth_date": _day(person.birth_date),
        "birth_place": _place(person.birth_place),
        "sex": str(words.SEXES.get(str(person.sex), "")),
        "nationalities": words.state_names([code for code in person.nationalities if code != "unknown"]),
        "mother": _names((person.mother_name,)),
        "father": _names((person.father_name,)),
        "document": _document(document) if document else "",
        "identity_number": person.identity_number,
        "address": _address(address) if address else "",
    }


def rows_of(person: Person) -> list[dict[str, Any]]:
    """The lines that are known, each with its label and the step in which it was given."""
    found = values(person)
    return [
        {"label": words.PERSON[code][0], "value": value, "step": words.PERSON[code][1]}
        for code, value in found.items()
        if value
    ]


def person_rows(case: Case) -> list[dict[str, Any]]:
    """The identity as it is sent, or nothing before it is whole."""
    try:
        return rows_of(person_of(case))
    except Refused:
        return []


def _plain(value: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def compare(left: Person, right: Person) -> list[dict[str, Any]]:
    """Two descriptions side by side. What only one of them says is no difference: there is nothing to hold it against.

    Capitals and spaces are none either; another alphabet is one, for an eye to judge.
    """
    ours, theirs = values(left), values(right)
    if left.sex == 0 or right.sex == 0:
        ours["sex"], theirs["sex"] = (str(words.SEXES[str(one.sex)]) if one.sex else "" for one in (left, right))
    return [
        {
            "label": words.PERSON[code][0],
            "left": one,
            "right": theirs[code],
            "differs": bool(one and theirs[code]) and _plain(one) != _plain(theirs[code]),
        }
        for code, one in ours.items()
        if one or theirs[code]
    ]
