"""Reads of outcomes for screens."""

from datetime import date, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import localdate

from vetting.cases.models import Case
from vetting.organisations.models import User
from vetting.outcomes.models import Assessment, Dispute


def proposed_by(user: User) -> "QuerySet[Assessment, int]":
    """Keys of the cases in which a proposal of this clerk waits for somebody else."""
    waiting = Assessment.objects.filter(proposed_by=user, confirmed_at=None, dropped_at=None)
    return waiting.values_list("case_id", flat=True)


def sharing_ends_on(case: Case) -> date:
    """The day on which sharing and disputing end: what a late dispute led to is there as long as any other outcome."""
    settled = Dispute.objects.filter(case=case, closed_at__isnull=False).order_by("-closed_at").first()
    if settled is None or settled.closed_at is None:
        return case.ends_on
    return max(case.ends_on, localdate(settled.closed_at) + timedelta(days=settings.SHARING_DAYS))
