"""Reads of the roster."""

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from vetting.cases.models import Case
from vetting.cases.queries import Contact
from vetting.certificates.rules import CertificateState
from vetting.keys.queries import unseal_document
from vetting.roster.models import Interim, Seat
from vetting.roster.rules import Arrangement

SOON = timedelta(days=60)
"""So long before a certificate ends, the roster says that a new check is due."""
KEPT_AFTER = timedelta(days=90)
"""So long after it ended, a seat that nobody renewed is forgotten."""


def seats_of(organisations: list[int]) -> "QuerySet[Seat]":
    """The seats of these organisations, newest first."""
    taken = Seat.objects.filter(organisation__in=organisations, left_at=None)
    return taken.select_related("organisation", "seen_by", "share__certificate__case").order_by("-pk")


def person_at(seat: Seat) -> Contact:
    """Whom the seat is for. Raises KeyGone for one that was left."""
    return Contact(**unseal_document(seat.ref, "person", bytes(seat.sealed_person)))


def seats_over(today: date) -> list[UUID]:
    """Seats whose certificate ended long ago."""
    over = Seat.objects.filter(left_at=None, share__certificate__valid_until__lt=today - KEPT_AFTER)
    return list(over.order_by("pk").values_list("ref", flat=True)[:500])


def seats_ending(today: date) -> list[UUID]:
    """Seats whose organisation is to be told now that the certificate ends soon."""
    ending = Seat.objects.filter(
        left_at=None,
        reminded_at=None,
        share__revoked_at=None,
        share__certificate__state=CertificateState.CURRENT,
        share__certificate__valid_until__range=(today, today + SOON),
    )
    return list(ending.order_by("pk").values_list("ref", flat=True)[:500])


def arranged_for(case: Case) -> frozenset[Arrangement]:
    """What holds for the person of a vetting request until their certificate is seen."""
    standing = Interim.objects.filter(case=case, ended_at=None)
    return frozenset(Arrangement(code) for code in standing.values_list("arrangement", flat=True))


def arranged(organisations: list[int], today: date) -> "QuerySet[Interim]":
    """All that holds in these organisations, one case after the other. It goes on a day that is the same for every
    case, whatever happened in it."""
    open_until = today - timedelta(days=settings.SHARING_DAYS)
    standing = Interim.objects.filter(ended_at=None, case__organisation__in=organisations).filter(
        case__closes_on__gt=open_until
    )
    return standing.select_related("case__organisation").order_by("-case_id", "arrangement")
