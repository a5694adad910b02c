"""Doorbells: each carries a reference or nothing, and decides nothing. Losing every one of them loses no case."""

import logging
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from vetting import pipeline
from vetting.celery import app
from vetting.errors import Unavailable

log = logging.getLogger("vetting.tasks")

__all__ = ["advance", "app", "expire", "ring", "sweep"]


@shared_task(autoretry_for=(Unavailable,), retry_backoff=30, max_retries=8, acks_late=True)
def advance(case_ref: str) -> None:
    """Look at one case now."""
    pipeline.advance(UUID(case_ref), at=now())


@shared_task
def sweep() -> None:
    """Look at every case that is due."""
    pipeline.sweep(at=now())


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
            pipeline.advance(case_ref, at=now())
    except Exception as failure:  # the act itself is committed; only the bell failed
        log.warning("ring-failed %s", type(failure).__name__)
