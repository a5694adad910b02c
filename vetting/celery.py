"""Celery, for installations with a broker. Without one the sweep alone does the work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vetting.settings")

app = Celery("vetting")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    task_default_queue="doorbell",
    imports=("vetting.tasks",),
    beat_schedule={
        "sweep": {"task": "vetting.tasks.sweep", "schedule": 15.0},
        "expire": {"task": "vetting.tasks.expire", "schedule": 3600.0},
    },
)
app.config_from_object("django.conf:settings", namespace="CELERY")
