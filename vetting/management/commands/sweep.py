"""Look at every case that is due: once, or for ever where no broker rings."""

import logging
import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.timezone import now

from vetting import pipeline

log = logging.getLogger("vetting.sweep")


class Command(BaseCommand):
    """`sweep` once, `sweep --forever` as the embedded default's worker."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forever", action="store_true", help="go on until stopped")
        parser.add_argument("--every", type=float, default=0.5, help="seconds between looks (default 0.5)")

    def handle(self, *args: object, forever: bool, every: float, **options: object) -> None:
        if not forever:
            self.stdout.write(f"{pipeline.sweep(at=now())} cases and letters were looked at.")
            pipeline.publish_lists(at=now())
            return
        hourly = time.monotonic()
        while True:
            try:
                pipeline.sweep(at=now())
                pipeline.publish_lists(at=now())
                if time.monotonic() >= hourly:
                    pipeline.expire(at=now())
                    hourly = time.monotonic() + 3600
            except Exception as failure:
                log.error("sweep-failed %s", type(failure).__name__)
                connection.close()
            time.sleep(every)
