"""Write down that a mail could not be delivered, from the notification that a mail server sends back.

A mail server pipes each notification in:  manage.py bounces --apply < notification
Whatever it holds ends well, so that nothing is sent back about what was sent back; only when the database cannot be
reached it ends with 75, which asks the mail server to keep it and to come again (sysexits, EX_TEMPFAIL).
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseTrouble
from django.utils.timezone import now

from vetting.audit.ports import SYSTEM
from vetting.cases import services
from vetting.cases.gateways import bounces
from vetting.cases.models import Letter
from vetting.cases.ports import MOST_BOUNCE, Bounce
from vetting.errors import Unusable

COME_AGAIN = 75
SENTENCES = {
    "bounce-too-long": f"It is longer than {MOST_BOUNCE} bytes, and no notification is.",
    "bounce-unreadable": "It is no delivery status notification (RFC 3464, multipart/report).",
    "bounce-not-final": "It says that the mail is late or has arrived, not that it failed.",
    "bounce-not-ours": "It names no mail of this installation.",
}


class Command(BaseCommand):
    help = "Show which letter a delivery status notification is about; record that it came back with --apply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", help="the notification; standard input without one")
        parser.add_argument("--apply", action="store_true", help="record it")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            bounce = bounces().read(_raw(options["file"]))
        except Unusable as unusable:
            self.stdout.write(f"Nothing to record. {SENTENCES[unusable.code]}")
            return
        try:
            self.stdout.write(_noted(bounce, apply=options["apply"]))
        except DatabaseTrouble:
            self.stderr.write("The database cannot be reached. Nothing was recorded; bring the notification again.")
            sys.exit(COME_AGAIN)


def _raw(file: str | None) -> bytes:
    """One byte more than is accepted, at most: what is longer is refused, not read."""
    if file is None:
        return sys.stdin.buffer.read(MOST_BOUNCE + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MOST_BOUNCE + 1)
    except OSError as failure:
        raise CommandError(f"The file {file} cannot be read ({type(failure).__name__}).") from None


def _noted(bounce: Bounce, *, apply: bool) -> str:
    letter = Letter.objects.select_related("case").filter(token=bounce.mark.partition(".")[0]).first()
    if letter is None:
        return f"Nothing to record. {SENTENCES['bounce-not-ours']}"
    about = f"Letter {letter.kind} of vetting request {letter.case.reference}, status {bounce.status_class}"
    if letter.bounced_at is not None:
        return f"{about}: recorded before."
    if not apply:
        return f"{about}. Nothing was recorded; --apply does it."
    services.letter_bounced(letter.pk, status_class=bounce.status_class, actor=SYSTEM, at=now())
    return f"{about}: recorded."
