"""Reads of cases for screens and for later stages."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db.models import QuerySet

from vetting.cases.models import Case, KeptView, Letter, Link
from vetting.cases.ports import Way
from vetting.cases.rules import WITH_ORGANISATION, LetterKind
from vetting.keys.models import KeyGone
from vetting.keys.queries import unseal_document
from vetting.organisations.models import User


@dataclass(frozen=True)
class Contact:
    """How to reach the applicant, as the organisation gave it. Nothing asks for the last two yet."""

    given_name: str
    surname: str
    email: str
    telephone: str = ""
    postal: str = ""

    def address(self, wanted: Way) -> tuple[Way, str]:
        """Where a letter goes that should go by `wanted`: there, or by e-mail when no such address is known."""
        known = {Way.SMS: self.telephone, Way.POST: self.postal}.get(wanted, "")
        return (wanted, known) if known else (Way.EMAIL, self.email)


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


def undelivered(cases: Iterable[Case]) -> set[int]:
    """Which of these cases have an invitation, the latest one, that came back. One query for a page of rows.

    Only the invitation: that it fails is about the address that the organisation typed. Whether and when another
    letter to an applicant fails, no organisation learns.
    """
    letters = Letter.objects.filter(case__in=[case.pk for case in cases], kind=LetterKind.INVITATION)
    latest = dict(letters.order_by("pk").values_list("case_id", "bounced_at"))
    return {case_id for case_id, bounced_at in latest.items() if bounced_at is not None}


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


def kept_views(user: User) -> list[KeptView]:
    """The views of the queue that this clerk kept, in the order in which they were kept: one query."""
    return list(KeptView.objects.filter(user=user).order_by("pk"))
