"""Which identity data the request form needs, and how it travels between a sealed document and a `Person`."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from vetting.errors import Refused
from vetting.identity.ports import Address, Document, PartialDate, Person, PersonName, Place

DOCUMENT_KINDS = ("passport", "identity_card", "residence_permit")
ALWAYS = ("name", "birth", "nationality", "document", "address")
STEPS = (*ALWAYS, "parents", "guardian")
"""The short steps of the form, in order. `parents` appears only when an asked State needs the names, `guardian` only
for somebody who is not of age."""
YOUNGEST, OF_AGE = 16, 18
"""Years. From the first on somebody may agree together with a parent or guardian, from the second on alone."""


def steps_for(*, parents_needed: bool, minor: bool) -> tuple[str, ...]:
    """The steps this applicant walks through."""
    return (*ALWAYS, *(["parents"] if parents_needed else []), *(["guardian"] if minor else []))


def age_on(birth: PartialDate, today: date) -> int:
    """Whole years on `today`; of a date known in part, those of the youngest person it fits."""
    month_and_day = (birth.month or 12, birth.day or 31)
    return today.year - birth.year - ((today.month, today.day) < month_and_day)


def _name(said: Mapping[str, Any] | None) -> PersonName | None:
    if not said or not said.get("surname"):
        return None
    return PersonName(
        forename=said.get("forename", ""), surname=said["surname"], second_surname=said.get("second_surname", "")
    )


def person_from(document: Mapping[str, Any]) -> Person:
    """The person a complete draft describes. Raises Refused("identity-incomplete") when a required step is missing."""
    missing = [step for step in ALWAYS if step not in document]
    if missing:
        raise Refused("identity-incomplete", "Some steps of the form are still empty.")
    name, birth, nationality = document["name"], document["birth"], document["nationality"]
    papers, address = document["document"], document["address"]
    parents = document.get("parents", {})
    return Person(
        name=_name(name) or PersonName("", ""),
        sex=int(birth["sex"]),
        birth_date=PartialDate(*birth["date"]),
        birth_place=Place(country=birth["country"], town=birth["town"]),
        nationalities=tuple(nationality["nationalities"]),
        former_names=tuple(former for former in map(_name, name.get("former", ())) if former),
        father_name=_name(parents.get("father")),
        mother_name=_name(parents.get("mother")),
        identity_number=papers.get("identity_number", ""),
        document=Document(
            kind=papers["kind"],
            number=papers["number"],
            issuing_country=papers.get("issuing_country", ""),
            valid_until=papers.get("valid_until", ""),
        ),
        address=Address(
            country=address["country"],
            town=address["town"],
            street=address.get("street", ""),
            postal_code=address.get("postal_code", ""),
        ),
    )


def full_name(person: Person) -> str:
    """The name as one reads it: forenames, surname, second surname."""
    return " ".join(part for part in (person.name.forename, person.name.surname, person.name.second_surname) if part)


def iso_date(day: PartialDate) -> str:
    """The date to the precision it is known: 1990, 1990-05 or 1990-05-17."""
    parts = [f"{day.year:04d}"]
    if day.month:
        parts.append(f"{day.month:02d}")
        if day.day:
            parts.append(f"{day.day:02d}")
    return "-".join(parts)


def person_document(person: Person) -> dict[str, Any]:
    """The person as a JSON object, whole; `person_of_document` reads it."""
    return asdict(person)


def person_of_document(said: Mapping[str, Any]) -> Person:
    """The person a `person_document` holds. Raises TypeError or KeyError for anything else."""
    return Person(
        name=PersonName(**said["name"]),
        sex=said["sex"],
        birth_date=PartialDate(**said["birth_date"]),
        birth_place=Place(**said["birth_place"]),
        nationalities=tuple(said["nationalities"]),
        former_names=tuple(PersonName(**one) for one in said["former_names"]),
        father_name=PersonName(**said["father_name"]) if said["father_name"] else None,
        mother_name=PersonName(**said["mother_name"]) if said["mother_name"] else None,
        identity_number=said["identity_number"],
        document=Document(**said["document"]) if said["document"] else None,
        address=Address(**said["address"]) if said["address"] else None,
    )
