"""The human decision, and the applicant's dispute. Reasons come from closed lists; there is no free text."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from vetting.cases.models import Case, choices
from vetting.outcomes.rules import ClearReason, DisputeGround, NotClearReason, Verdict


class Assessment(models.Model):
    """A clerk's proposal, and, where it needs one, the confirmation by somebody else."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assessments")
    verdict = models.CharField(max_length=12, choices=choices(Verdict))
    reason = models.CharField(max_length=32, choices=choices([*ClearReason, *NotClearReason]))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="decider_is_not_confirmer",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(confirmed_at__isnull=True, dropped_at__isnull=True),
                name="one_open_assessment",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"assessment of {self.case_id}"


class Dispute(models.Model):
    """The applicant says that the outcome is wrong."""

    ref = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="disputes")
    ground = models.CharField(max_length=20, choices=choices(DisputeGround))
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case"], condition=Q(closed_at__isnull=True), name="one_open_dispute"),
        )

    def __str__(self) -> str:
        return f"dispute of {self.case_id}"
