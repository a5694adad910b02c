"""Try another authority's node: every type of message, valid and broken, forged envelopes, and a table of the answers.

The node must know the tester as the partner of an invented exchange: load the key set that the first run writes beside
the key. Everybody in the messages is invented; the questions it puts are taken back at the end.
"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from vetting.authorities.rules import state_code
from vetting.errors import Refused, Unavailable, Unusable

SENTENCES = {
    "network": "Nobody answers at that address.",
    "address": "The address of a node begins with https:// or http://.",
    "question": "The file given with --question is no request (REQ) of that node to the State that tests.",
}


class Command(BaseCommand):
    help = "Test a node of another authority from outside, and print what passed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--against", required=True, metavar="URL", help="the address of the node")
        parser.add_argument("--to", required=True, metavar="STATE", help="the State whose node that is")
        parser.add_argument("--as", dest="us", default="LU", metavar="STATE", help="the State that tests (default LU)")
        parser.add_argument("--key", required=True, metavar="FILE", help="PEM of the tester's key; made when missing")
        parser.add_argument("--question", metavar="REQ", help="a request which that node sent to the State that tests")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            us, them = state_code(options["us"]), state_code(options["to"])
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        pem = self._key(Path(options["key"]), us)
        question = _content(options["question"]) if options["question"] else None
        kit = import_module(settings.CONFORMANCE)
        rows = []
        try:
            for row in kit.examine(kit.tester(options["against"], us=us, them=them, pem=pem, at=now()), question):
                rows.append(asdict(row))
                if not options["json"]:
                    self.stdout.write(_line(rows[-1]))
        except (Unavailable, Unusable) as trouble:
            raise CommandError(SENTENCES.get(str(trouble), f"The test could not go on: {trouble}.")) from None
        counts = {word: sum(row["passed"] is said for row in rows) for word, said in WORDS.items()}
        if options["json"]:
            self.stdout.write(json.dumps({"counts": counts, "rows": rows}, indent=2))
        else:
            self.stdout.write(f"\n{counts['pass']} passed, {counts['FAIL']} failed, {counts['not run']} not run.")
        if counts["FAIL"]:
            raise CommandError("The node does not conform; the rows above say where.")

    def _key(self, path: Path, us: str) -> bytes:
        """The tester's key; a fresh one, with the set that the node has to load, where there is none."""
        if path.is_file():
            return path.read_bytes()
        pem, key_set = import_module(settings.CONFORMANCE).fresh_key()
        beside = path.with_suffix(".json")
        try:
            path.write_bytes(pem)
            path.chmod(0o600)
            beside.write_text(json.dumps(key_set), encoding="ascii")
        except OSError as failure:
            raise CommandError(f"The key {path} cannot be written: {failure.strerror}.") from None
        raise CommandError(
            f"A key was made. Let the node load {beside} as the key set of {us} (in this product: load_partners), "
            "then run this again."
        )


WORDS = {"pass": True, "FAIL": False, "not run": None}


def _line(row: dict[str, Any]) -> str:
    word = next(word for word, said in WORDS.items() if row["passed"] is said)
    came = "" if row["passed"] else f"  came: {row['came']}"
    return f"{word:8} {row['group']:9} {row['name']:44} {row['expected']}{came}"


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as failure:
        raise CommandError(f"The file {name} cannot be read: {failure.strerror}.") from None
