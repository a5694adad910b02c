"""Load where other States' nodes lie and by which keys they sign. Says what would change; does it with --apply.

The file is TOML: a table `[[partner]]` for each State, with `state`, `address`, and the key set as that node publishes
it at /.well-known/node-keys.json: `key_set_file`, beside the file, or `key_set` inline. A set replaces the one before.
"""

import json
import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from vetting.audit.ports import Actor
from vetting.authorities.queries import partner
from vetting.authorities.rules import partner_address
from vetting.authorities.services import load_partner
from vetting.errors import Refused, Unusable
from vetting.exchange.gateways import envelopes

COLUMNS = {"state", "address", "key_set", "key_set_file"}


class Command(BaseCommand):
    help = "Show what a file of partners would change; change it with --apply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="TOML, a table [[partner]] for each State")
        parser.add_argument("--apply", action="store_true", help="load it")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = _rows(Path(options["file"]))
        for row in rows:
            self.stdout.write(_plan(row))
        if not options["apply"]:
            self.stdout.write("Nothing was changed. Run again with --apply to load it.")
            return
        for row in rows:
            try:
                load_partner(
                    row["state"], address=row["address"], key_set=row["key_set"],
                    at=now(), actor=Actor("system", "load_partners"),
                )  # fmt: skip
            except Refused as refusal:
                raise CommandError(f"{row['state']}: {refusal.sentence} The rows before it are loaded.") from refusal
            self.stdout.write(f"{row['state']} is loaded.")


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("partner")
    except (OSError, ValueError) as failure:
        raise CommandError(f"The file {file} cannot be read ({type(failure).__name__}).") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CommandError("The file holds no [[partner]] table.")
    return [_row(row, file.parent) for row in rows]


def _row(row: dict[str, Any], folder: Path) -> dict[str, Any]:
    state = row.get("state")
    if set(row) - COLUMNS or not isinstance(state, str) or ("key_set" in row) == ("key_set_file" in row):
        raise CommandError("A partner has a state, an address, and either a key_set or a key_set_file.")
    try:
        key_set = row.get("key_set") or json.loads((folder / row["key_set_file"]).read_text(encoding="utf-8"))
        address = partner_address(str(row.get("address", "")), plain_loopback=settings.PLAIN_LOOPBACK)
        kids = envelopes().kids(key_set)
    except (OSError, ValueError, TypeError, AttributeError):
        raise CommandError(f"{state}: the key set cannot be read.") from None
    except Unusable as refused:
        raise CommandError(f"{state}: the key set cannot be used ({refused.code}).") from None
    except Refused as refused:
        raise CommandError(f"{state}: {refused.sentence}") from None
    return {"state": state, "address": address, "key_set": key_set, "kids": kids}


def _plan(row: dict[str, Any]) -> str:
    """One line: what is there, what comes, and which keys would no longer be believed."""
    before = partner(row["state"])
    known = {key["kid"] for key in before.key_set["keys"]} if before else set()
    moved = (
        f"{before.address} becomes {row['address']}" if before and before.address != row["address"] else row["address"]
    )
    signs = [f"{kid} (new)" if kid not in known else kid for kid in row["kids"]]
    gone = [f"{kid} no longer" for kid in sorted(known - set(row["kids"]))]
    warning = "" if row["kids"] else " (no key: nothing of theirs is accepted)"
    return f"{row['state']}: {moved}; keys: {', '.join(signs + gone)}{warning}"
