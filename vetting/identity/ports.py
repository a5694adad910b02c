"""Who a person is, as the request form (Framework Decision 2009/315/JHA, Annex, section b) asks it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PersonName:
    """A name as written on a document: all forenames, the surname, and the second surname where one exists."""

    forename: str
    surname: str
    second_surname: str = ""
    full_name: str = ""


@dataclass(frozen=True)
class PartialDate:
    """A birth date known to the year, to the month or to the day."""

    year: int
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True)
class Place:
    """A town and the State it lies in (ISO 3166-1 alpha-2), with an optional subdivision as free words."""

    country: str
    town: str
    subdivision: str = ""


@dataclass(frozen=True)
class Document:
    """An identity document: `kind` is passport, identity_card or residence_permit; dates are ISO 8601 or empty."""

    kind: str
    number: str
    issuing_country: str = ""
    valid_until: str = ""


@dataclass(frozen=True)
class Address:
    """Where the person lives."""

    country: str
    town: str
    street: str = ""
    postal_code: str = ""


@dataclass(frozen=True)
class Person:
    """Everything a request may say about the person concerned. `sex`: 0 not stated, 1 male, 2 female (ISO 5218).

    `nationalities` are ISO 3166-1 alpha-2 codes, or the words `stateless` and `unknown`.
    """

    name: PersonName
    sex: int
    birth_date: PartialDate
    birth_place: Place
    nationalities: tuple[str, ...]
    former_names: tuple[PersonName, ...] = field(default=())
    father_name: PersonName | None = None
    mother_name: PersonName | None = None
    identity_number: str = ""
    document: Document | None = None
    address: Address | None = None
