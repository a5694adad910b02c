"""Recompute every chain of the audit record, and the newest checkpoint."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from vetting.audit.queries import broken_links
from vetting.certificates.checkpoints import broken_checkpoints, write_checkpoint


class Command(BaseCommand):
    help = "Prove that no audit entry was changed, removed or added; --checkpoint also signs the present state."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--checkpoint", action="store_true", help="sign the present state after verifying it")

    def handle(self, *args: object, checkpoint: bool, **options: object) -> None:
        broken = [*broken_links(), *broken_checkpoints()]
        for line in broken:
            self.stderr.write(line)
        if broken:
            raise CommandError(f"{len(broken)} places of the audit record do not recompute.")
        if checkpoint:
            write_checkpoint(at=now())
        self.stdout.write("Every chain and every checkpoint recomputes.")
