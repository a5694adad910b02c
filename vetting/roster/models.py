"""The list that clubs keep in spreadsheets, with an end."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from vetting.cases.models import Case, choices
from vetting.certificates.models import Share
from vetting.organisations.models import Organisation
from vetting.roster.rules import Arrangement


class Seat(models.Model):
    """Somebody's place at an organisation: a member looked at the certificate that the person shared.

    The name lies sealed under a key of its own, which is destroyed when the person leaves.
    """

    ref = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="seats")
    share = models.OneToOneField(Share, on_delete=models.CASCADE, related_name="seat")
    sealed_person = models.BinaryField()
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    left_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["organisation", "-id"], name="seat_taken", condition=Q(left_at__isnull=True)),)

    def __str__(self) -> str:
        return f"seat {self.pk}"


class Interim(models.Model):
    """One thing an organisation arranged for somebody whose certificate it has not seen; over with `ended_at`."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="interim")
    arrangement = models.CharField(max_length=16, choices=choices(Arrangement))
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "arrangement"], condition=Q(ended_at__isnull=True), name="arranged_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.arrangement} for {self.case_id}"
