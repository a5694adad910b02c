"""A person between our words and the wire's, both ways."""

import re
from itertools import zip_longest

from lxml import etree

from integrations.ecris.codes import (
    DOCUMENT_CATEGORY,
    DOCUMENT_TITLES,
    UNKNOWN_TEXT,
    UNKNOWN_YEAR,
    country_from_wire,
    country_to_wire,
)
from integrations.ecris.elements import Fields, add, add_texts, collapse, text_at
from vetting.identity.ports import Address, Document, PartialDate, Person, PersonName, Place

_YEAR = re.compile(r"(-?[0-9]+)")
_MONTH_OR_DAY = re.compile(r"-+([0-9]+)")
_SUBDIVISION = re.compile(r"CS-[0-9]{2}-[A-Z]{2}-([0-9]{1,3}|[A-Z]{1,3})")
_KINDS = {title: kind for kind, title in DOCUMENT_TITLES.items()}


def write_person(parent: etree._Element, person: Person) -> None:
    """Add MessageDataPerson. Raises KeyError for an unknown country or document, ValueError for unfit characters."""
    element = add(parent, "m:MessageDataPerson")
    _write_name(add(element, "d:PersonName"), person.name)
    add(element, "d:PersonSex", str(person.sex))
    _write_date(add(element, "d:PersonBirthDate"), person.birth_date)
    _write_place(add(element, "d:PersonBirthPlace"), person.birth_place)
    for reference in dict.fromkeys(country_to_wire(country) for country in person.nationalities):
        add(element, "d:PersonNationalityReference", reference)
    _write_former(element, person.former_names)
    _write_parent(element, "Father", person.father_name)
    _write_parent(element, "Mother", person.mother_name)
    if person.identity_number:
        add(element, "d:PersonIdentityNumber", person.identity_number)
    if person.document:
        _write_document(add(element, "d:PersonIdentificationDocument"), person.document)
    if person.address:
        _write_address(add(element, "d:PersonAddress"), person.address)


def _write_former(element: etree._Element, names: tuple[PersonName, ...]) -> None:
    """All forenames, then all surnames, then all second surnames: the wire knows no other way."""
    for part, attribute in (("Forename", "forename"), ("Surname", "surname"), ("SecondSurname", "second_surname")):
        for former in names:
            if value := getattr(former, attribute):
                add(element, f"d:PersonFormer{part}", value)


def _write_name(element: etree._Element, person_name: PersonName) -> None:
    """Both parts are mandatory on the wire; who has one name only has the format's own placeholder for the other."""
    if not collapse(person_name.forename) and not collapse(person_name.surname):
        raise ValueError("no name")
    add(element, "d:Forename", collapse(person_name.forename) or UNKNOWN_TEXT)
    add(element, "d:Surname", collapse(person_name.surname) or UNKNOWN_TEXT)
    if person_name.second_surname:
        add(element, "d:SecondSurname", person_name.second_surname)
    if person_name.full_name:
        add(element, "d:FullName", person_name.full_name)


def _write_parent(element: etree._Element, word: str, parent: PersonName | None) -> None:
    if parent:
        parts = ("Forename", parent.forename), ("Surname", parent.surname), ("SecondSurname", parent.second_surname)
        for part, value in parts:
            if value:
                add(element, f"d:Person{word}{part}", value)


def _write_date(element: etree._Element, partial: PartialDate) -> None:
    add(element, "k:DateYear", f"{partial.year:04d}")
    if partial.month is not None:
        month_day = add(element, "k:DateMonthDay")
        add(month_day, "k:DateMonth", f"--{partial.month:02d}")
        if partial.day is not None:
            add(month_day, "k:DateDay", f"---{partial.day:02d}")


def _write_place(element: etree._Element, place: Place) -> None:
    add(element, "d:PlaceCountryReference", country_to_wire(place.country))
    town = place.town
    if _SUBDIVISION.fullmatch(place.subdivision):
        add(element, "d:PlaceCountrySubdivisionReference", place.subdivision)
    elif place.subdivision:
        # The wire knows subdivisions by code only, so free words travel with the town.
        town = f"{town}, {place.subdivision}"
    add_texts(element, "d:PlaceTownName", {"": collapse(town) or UNKNOWN_TEXT})


def _write_document(element: etree._Element, document: Document) -> None:
    add(element, "d:IdentificationDocumentCategoryReference", DOCUMENT_CATEGORY)
    add_texts(element, "d:IdentificationDocumentType", {"en": DOCUMENT_TITLES[document.kind]})
    add(element, "d:IdentificationDocumentNumber", document.number)
    if document.issuing_country:
        # There is no element for the issuing State; its two letters stand where the authority's name would.
        add_texts(element, "d:IdentificationDocumentIssuingAuthority", {"": document.issuing_country})
    if document.valid_until:
        parts = [int(part) for part in document.valid_until.split("-")]
        _write_date(add(element, "d:IdentificationDocumentValidUntil"), PartialDate(*parts))


def _write_address(element: etree._Element, address: Address) -> None:
    _write_place(add(element, "d:AddressPlace"), Place(address.country, address.town))
    if address.street:
        add_texts(element, "d:AddressStreet", {"": address.street})
    if address.postal_code:
        add_texts(element, "d:AddressPostCode", {"": address.postal_code})


def read_person(element: etree._Element) -> Person:
    """The person that a valid MessageDataPerson describes, placeholders read as absent."""
    said = Fields(element)
    document, address = said.first("d:PersonIdentificationDocument"), said.first("d:PersonAddress")
    return Person(
        name=_read_name(Fields(said.first("d:PersonName")), "d:"),
        sex=int(said.text("d:PersonSex")),
        birth_date=_read_date(said.first("d:PersonBirthDate")) or PartialDate(int(UNKNOWN_YEAR)),
        birth_place=_read_place(said.first("d:PersonBirthPlace")),
        nationalities=tuple(country_from_wire(reference) for reference in said.texts("d:PersonNationalityReference")),
        former_names=_read_former(said),
        father_name=_read_parent(said, "Father"),
        mother_name=_read_parent(said, "Mother"),
        identity_number=said.text("d:PersonIdentityNumber"),
        document=None if document is None else _read_document(Fields(document)),
        address=None if address is None else _read_address(Fields(address)),
    )


def _read_name(said: Fields, prefix: str) -> PersonName:
    values = (said.text(prefix + part) for part in ("Forename", "Surname", "SecondSurname", "FullName"))
    return PersonName(*("" if value == UNKNOWN_TEXT else value for value in values))


def _read_parent(said: Fields, word: str) -> PersonName | None:
    found = _read_name(said, f"d:Person{word}")
    return found if found != PersonName("", "") else None


def _read_former(said: Fields) -> tuple[PersonName, ...]:
    """Former names by position: the wire lists forenames, then surnames, and does not say what belongs together."""
    columns = (said.texts(f"d:PersonFormer{part}") for part in ("Forename", "Surname", "SecondSurname"))
    return tuple(PersonName(*row) for row in zip_longest(*columns, fillvalue=""))


def _read_date(element: etree._Element | None) -> PartialDate | None:
    """Part by part and never as a calendar date: 30 February passes, and a zone or a trailing `--` is not read."""
    if element is None:
        return None
    said = Fields(element)
    inner = Fields(said.first("k:DateMonthDay"))
    found = [_YEAR.match(said.text("k:DateYear"))]
    found += [_MONTH_OR_DAY.match(inner.text(short)) for short in ("k:DateMonth", "k:DateDay")]
    year, month, day = (int(match[1]) if match else None for match in found)
    return PartialDate(year or int(UNKNOWN_YEAR), month, day)


def _read_place(element: etree._Element | None) -> Place:
    if element is None:
        return Place("unknown", "")
    said = Fields(element)
    towns = said.first("d:PlaceTownName")
    town = "" if towns is None else text_at(towns, "k:MultilingualTextLinguisticRepresentation")
    country = country_from_wire(said.text("d:PlaceCountryReference"))
    return Place(country, "" if town == UNKNOWN_TEXT else town, said.text("d:PlaceCountrySubdivisionReference"))


def _read_document(said: Fields) -> Document:
    until = _read_date(said.first("d:IdentificationDocumentValidUntil"))
    parts = (f"{until.year:04d}", until.month, until.day) if until else ()
    return Document(
        kind=_KINDS.get(said.text("d:IdentificationDocumentType"), ""),
        number=said.text("d:IdentificationDocumentNumber"),
        issuing_country=said.text("d:IdentificationDocumentIssuingAuthority"),
        valid_until="-".join(f"{part:02d}" if isinstance(part, int) else part for part in parts if part),
    )


def _read_address(said: Fields) -> Address:
    place = _read_place(said.first("d:AddressPlace"))
    return Address(place.country, place.town, said.text("d:AddressStreet"), said.text("d:AddressPostCode"))
