"""Prepare the database and the people of one of two nodes, and write down the keys that the other one loads."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from vetting.exchange.gateways import envelopes
from vetting.management.nodes import HOMES
from vetting.management.people import seed

KEYS = "node-keys.json"


class Command(BaseCommand):
    help = "For two_nodes: prepare this node; with --partner, load the other one."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", nargs=3, metavar=("STATE", "ADDRESS", "KEYS"))

    def handle(self, *args: object, partner: list[str] | None, **options: Any) -> None:
        if not settings.DEMO or settings.HOME_STATE not in HOMES:
            raise CommandError("This makes invented people: it is for `two_nodes` alone.")
        folder = Path(settings.VAR_DIR)
        if partner is None:
            home = HOMES[settings.HOME_STATE]
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
            import_string(settings.SEAL)(create=True)
            seed(home.clubs, home.clerks)
            (folder / KEYS).write_text(json.dumps(envelopes().public_keys()), encoding="ascii")
            return
        state, address, keys = partner
        rows = folder / "partners.toml"
        row = {"state": state, "address": address, "key_set_file": keys}
        rows.write_text(
            "[[partner]]\n" + "".join(f"{name} = {json.dumps(said)}\n" for name, said in row.items()), encoding="utf-8"
        )
        call_command("load_partners", str(rows), apply=True, stdout=self.stdout)
