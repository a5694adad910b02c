"""The whole product on this machine, with invented people: one command, stopped with Ctrl-C."""

import io
import os
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from vetting.management.people import WAY_IN, seed
from vetting.management.running import SWEEP, port_is_free, start, until_interrupted, wait_until_it_answers, web
from vetting.organisations.rules import Role

CLUBS = {
    "Invented Rovers Football Club": (
        ("Mara Muster", "secretary@club.example", Role.MANAGER),
        ("Tom Sample", "coach@club.example", Role.SUBMITTER),
    ),
    "Invented Primary School": (("Nora Example", "office@school.example", Role.MANAGER),),
}
CLERKS = (("Clara Clerk", "clara@authority.example"), ("Colm Clerk", "colm@authority.example"))


class Command(BaseCommand):
    """`manage.py demo --port 8000`."""

    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: object, port: int, **options: object) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)  # the addresses are read while the demo runs, also from a file
        port_is_free(port, "make demo PORT=8010")
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "ARTICLE_TEN_DEMO": "1",
            "BASE_URL": f"http://localhost:{port}",
            "CERTIFICATE_KEY_FILE": str(Path(settings.KEY_DIR) / "certificate.pem"),
            "SEAL_KEY_FILE": str(Path(settings.KEY_DIR) / "seal.pem"),
            "CERTIFICATE_KEYS_RETIRED_DIR": str(Path(settings.KEY_DIR) / "retired"),
        }
        os.environ.update(environment)
        self.stdout.write("Preparing the database and the invented people …")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        import_string(settings.SIGNER)(create=True)
        made_up = import_string(settings.SEAL)(create=True).made_up
        seed(CLUBS, CLERKS)
        processes = [start(command, environment) for command in (web(port), SWEEP)]
        with until_interrupted(processes):
            wait_until_it_answers(port, processes)
            self._say_where(port, made_up)
        self.stdout.write("\nStopped. What you did is kept; `make clean` forgets it.")

    def _say_where(self, port: int, made_up: bool) -> None:
        base = f"http://localhost:{port}"
        say = self.stdout.write
        say(f"\n{settings.SITE_NAME} runs. Everybody in it is invented.\n\n")
        say(f"  Start page            {base}/")
        say(f"  Mails (outbox)        {base}/outbox/")
        say(f"  Verify a certificate  {base}/verify/")
        say(f"  Track a check         {base}/track/\n\n")
        say(f"  Sign in at {base}/accounts/login/ with the password: {WAY_IN}\n\n")
        for club, people in CLUBS.items():
            for full_name, address, role in people:
                say(f"    {address:26} {full_name:14} {role} of {club}")
        for full_name, address in CLERKS:
            say(f"    {address:26} {full_name:14} clerk and supervisor of the home authority ({settings.HOME_STATE})")
        say("\n  The number of the applicant's identity document decides what the sandbox States answer:\n\n")
        for word, meaning in import_string(settings.EXCHANGE_GATEWAY).rules.items():
            say(f"    TEST-{word:16} {meaning}")
        say("\n  TEST-ENTRY@BG makes only Bulgaria say it; the same holds for every other.\n")
        if made_up:
            say("  The seal on certificates is made up too: no reader of PDF files trusts it unless it is told to, by")
            say(f"  {base}/.well-known/seal.pem")
        if "TIMESTAMP_URL" not in os.environ:
            say("  Seals have no time stamp of a third party: TIMESTAMP_URL names none.")
        say("\n  Stop with Ctrl-C.\n\n")
