"""Reads of cases for screens and for later stages."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from vetting.cases.models import Case, KeptView, Link
from vetting.cases.rules import WITH_ORGANISATION
from vetting.keys.queries import unseal_document
from vetting.organisations.models import User


@dataclass(frozen=True)
class Contact:
    """How to reach the applicant, as the organisation gave it."""

    given_name: str
    surname: str
    email: str


def contact_of(case: Case) -> Contact:
    """Who was invited. Raises KeyGone after erasure."""
    return Contact(**unseal_document(case.ref, "contact", bytes(case.sealed_contact)))


def waiting_for(organisations: list[int], today: date, most: int = 25) -> "QuerySet[Case]":
    """Cases in which it is the organisation's turn, oldest first."""
    cases = Case.objects.of(organisations).filter(state__in=WITH_ORGANISATION, left_at=None, closes_on__gt=today)
    return cases.select_related("organisation").order_by("opened_at", "pk")[:most]


def digest_of(secret: str) -> str:
    """What is kept of a link's secret: SHA-256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def link_for(secret: str) -> Link | None:
    """The link of this secret, current or expired."""
    return Link.objects.select_related("case").filter(digest=digest_of(secret)).first()


def is_current(link: Link, at: datetime) -> bool:
    """True while the link may still be used."""
    return link.expires_at > at


def kept_views(user: User) -> list[KeptView]:
    """The views of the queue that this clerk kept, in the order in which they were kept: one query."""
    return list(KeptView.objects.filter(user=user).order_by("pk"))
