"""Load the packaged directory of authorities. Says what would change; does it with --apply."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from vetting.audit.ports import Actor
from vetting.authorities.queries import active_directory, packaged_directory
from vetting.authorities.services import load_edition
from vetting.editions.rules import differences
from vetting.errors import Refused


class Command(BaseCommand):
    help = "Show what the packaged directory of authorities would change; change it with --apply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="load it")

    def handle(self, *_args: Any, **options: Any) -> None:
        active, packaged = active_directory(), packaged_directory()
        if active and active.digest == packaged.digest:
            self.stdout.write(f"Edition {packaged.number} is in force already. Nothing to do.")
            return
        self.stdout.write(f"Edition in force: {active.number if active else 'none'}. Packaged: {packaged.number}.")
        for line in differences(active, packaged):
            self.stdout.write(f"  {line}")
        if not options["apply"]:
            self.stdout.write("Nothing was changed. Run again with --apply to load it.")
            return
        try:
            edition = load_edition(at=now(), actor=Actor("system", "load_authorities"))
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Edition {edition.number} is in force.")
