"""Doorbells: each carries a reference or nothing, and decides nothing. Losing every one of them loses no case."""

import logging
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from vetting import pipeline
from vetting.celery import app

log = logging.getLogger("vetting.tasks")

__all__ = ["advance", "app", "expire", "ring", "sweep"]


@shared_task
def advance(case_ref: str) -> None:
    """Look at one case now. A failure ends in the pipeline: the case says when it wants to be looked at again."""
    pipeline.look(UUID(case_ref), at=now())


@shared_task
def sweep() -> None:
    """Look at every case that is due, and at the status lists."""
    pipeline.sweep(at=now())
    pipeline.publish_lists(at=now())


@shared_task
def expire() -> None:
    """End certificates whose last day has passed."""
    pipeline.expire(at=now())


def ring(case_ref: UUID) -> None:
    """Wake the pipeline for a case that has just changed: by the broker, or in this process on the embedded default.

    Whatever goes wrong here, the case says itself when it wants to be looked at, and the sweep finds it.
    """
    try:
        if settings.CELERY_BROKER_URL:
            advance.delay(str(case_ref))
        elif settings.EMBEDDED:
            pipeline.look(case_ref, at=now())
    except Exception as failure:  # the act itself is committed; only the bell failed
        log.warning("ring-failed %s", type(failure).__name__)
