"""Reads of outcomes for screens."""

from django.db.models import QuerySet

from vetting.organisations.models import User
from vetting.outcomes.models import Assessment


def proposed_by(user: User) -> "QuerySet[Assessment, int]":
    """Keys of the cases in which a proposal of this clerk waits for somebody else."""
    waiting = Assessment.objects.filter(proposed_by=user, confirmed_at=None, dropped_at=None)
    return waiting.values_list("case_id", flat=True)
