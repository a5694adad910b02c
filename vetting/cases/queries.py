"""Reads of cases for screens and for later stages."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db.models import QuerySet

from vetting.cases.models import Case, Link
from vetting.cases.rules import WITH_ORGANISATION
from vetting.keys.models import KeyGone
from vetting.keys.queries import unseal_document


@dataclass(frozen=True)
class Contact:
    """How to reach the applicant, as the organisation gave it."""

    given_name: str
    surname: str
    email: str


def contact_of(case: Case) -> Contact:
    """Who was invited. Raises KeyGone after erasure; after one that the applicant asked for before its time, the name
    is there until that time, without an address."""
    sealed = bytes(case.sealed_contact)
    try:
        return Contact(**unseal_document(case.ref, "contact", sealed))
    except KeyGone:
        return Contact(**unseal_document(name_key(case.ref), "contact", sealed))


def name_key(case_ref: UUID) -> UUID:
    """Whose key seals the name alone, once the case's own key is gone (see `retention.services.forget`)."""
    return uuid5(case_ref, "name")


def waiting_for(organisations: list[int], today: date, most: int = 25) -> "QuerySet[Case]":
    """Cases in which it is the organisation's turn, oldest first."""
    cases = Case.objects.of(organisations).filter(state__in=WITH_ORGANISATION, left_at=None, closes_on__gt=today)
    return cases.select_related("organisation").order_by("opened_at", "pk")[:most]


def digest_of(secret: str) -> str:
    """What is kept of a link's secret: SHA-256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def link_for(secret: str, *, for_guardian: bool = False) -> Link | None:
    """The link of this secret, current or expired."""
    found = Link.objects.select_related("case").filter(digest=digest_of(secret), for_guardian=for_guardian)
    return found.first()


def is_current(link: Link, at: datetime) -> bool:
    """True while the link may still be used."""
    return link.expires_at > at
