"""Reads of the roster."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from vetting.cases.queries import Contact
from vetting.keys.queries import unseal_document
from vetting.roster.models import Seat

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
