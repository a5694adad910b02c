"""Ireland and Bulgaria on this machine, each with a database, keys and clerks of its own; Ctrl-C stops both."""

import io
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from vetting.management.commands.prepare_node import KEYS
from vetting.management.nodes import Node, pair
from vetting.management.people import WAY_IN
from vetting.management.running import Process, port_is_free, until_interrupted, wait_until_it_answers

PORTS = (8001, 8002, 8441, 8442)
STEPS = """
  A walk through the exchange:

    1. Ireland, the club's secretary: open a vetting request. The mail lies in Ireland's outbox; follow its link as the
       applicant, give an invented Bulgarian identity ({name}), and agree. Confirm the document, submit.
    2. Ireland, a clerk: accept. The question travels to Bulgaria by itself; answer for the own register.
    3. Bulgaria, a clerk: "Questions of other States". Open it, ask for more, for instance the mother's name.
    4. Ireland, the applicant: a mail asks for it; answer. It travels back.
    5. Bulgaria: answer. An entry takes a second clerk.
    6. Ireland: the case goes on, and the applicant shares the certificate.

  Kill what you like meanwhile (kill -9 with a number above): it starts again, and nothing is lost.
"""
NAME = "Иванка Измислена"


def prepare(nodes: Mapping[str, Node]) -> None:
    """Databases, people, and each node as the other's partner. Raises CommandError."""
    for node in nodes.values():
        _manage(node, "prepare_node")
    ireland, bulgaria = nodes.values()
    for node, other in ((ireland, bulgaria), (bulgaria, ireland)):
        _manage(node, "prepare_node", "--partner", other.home.state, other.address, other.file(KEYS))


def _manage(node: Node, *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    ended = subprocess.run(command, env=node.environment(), cwd=settings.BASE_DIR, capture_output=True, text=True)  # noqa: PLW1510
    if ended.returncode:
        raise CommandError(f"{node.home.name} could not be prepared:\n{ended.stderr[-2000:]}")


class Command(BaseCommand):
    """`manage.py two_nodes`."""

    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep", action="store_true", help="go on with what both nodes hold; else they begin anew")
        parser.add_argument(
            "--ports", nargs=4, type=int, default=PORTS, metavar=("IE", "BG", "IE-NODE", "BG-NODE"),
            help="for people in Ireland and Bulgaria, then for the nodes (default 8001 8002 8441 8442)",
        )  # fmt: skip

    def handle(self, *args: object, keep: bool, ports: list[int], **options: Any) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)
        for port in ports:
            port_is_free(port, "make two-nodes ARGS='--ports 8011 8012 8451 8452'")
        folder = Path(settings.VAR_DIR) / "nodes"
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
        nodes = pair(folder, (ports[0], ports[1], ports[2], ports[3]))
        self.stdout.write("Preparing two databases, keys, certificates and invented people …")
        prepare(nodes)
        parts = [(node, part) for node in nodes.values() for part in node.parts]
        processes = [node.start(part) for node, part in parts]

        def revive(place: int) -> Process:
            node, part = parts[place]
            self.stdout.write(f"{node.home.name}: {part} was killed; it starts again in three seconds.")
            time.sleep(3)
            return node.start(part)

        with until_interrupted(processes, revive):
            for port in ports:
                wait_until_it_answers(port, processes)
            self._say_where(nodes, {state: processes[3 * place :][:3] for place, state in enumerate(nodes)})
        self.stdout.write("\nBoth are stopped. `two_nodes --keep` goes on where they were.")

    def _say_where(self, nodes: Mapping[str, Node], running: Mapping[str, list[Process]]) -> None:
        say = self.stdout.write
        say(f"\nTwo nodes run. Everybody in them is invented; the password is always: {WAY_IN}\n")
        for state, node in nodes.items():
            home, numbers = node.home, [process.pid for process in running[state]]
            say(f"\n  {home.name} ({state})  {node.base}/  mails {node.base}/outbox/")
            say(f"    {home.secretary[1]:30} secretary of {home.club}")
            for full_name, address in home.clerks:
                say(f"    {address:30} clerk of the authority, {full_name}")
            said = ", ".join(f"{part} {number}" for part, number in zip(node.parts, numbers, strict=True))
            say(f"    processes: {said}; messages at {node.address}")
        say(STEPS.format(name=NAME))
        say("  Stop with Ctrl-C.\n\n")
