"""The whole product on this machine, with invented people: one command, stopped with Ctrl-C."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from django.utils.timezone import now

from vetting.audit.ports import SYSTEM
from vetting.authorities.access import give_desk
from vetting.authorities.models import Authority
from vetting.authorities.services import load_edition
from vetting.organisations.access import give_role
from vetting.organisations.models import Organisation, User
from vetting.organisations.rules import Role

WAY_IN = "invented people only"
CLUBS = {
    "Invented Rovers Football Club": (
        ("Mara Muster", "secretary@club.example", Role.MANAGER),
        ("Tom Sample", "coach@club.example", Role.SUBMITTER),
    ),
    "Invented Primary School": (("Nora Example", "office@school.example", Role.MANAGER),),
}
CLERKS = (("Clara Clerk", "clara@authority.example"), ("Colm Clerk", "colm@authority.example"))
IDENTITIES = (
    ("TEST-CLEAN", "every State: nothing recorded"),
    ("TEST-ENTRY", "every State holds an entry; TEST-ENTRY@BG only Bulgaria does"),
    ("TEST-MOREINFO@FR", "France first asks for place of birth and mother's name"),
    ("TEST-LATE, TEST-REFUSED, TEST-ELSEWHERE-DE, TEST-NOTIDENTIFIED", "as they say"),
)


def seed() -> None:
    """The demo's organisations and people; doing it again changes nothing."""
    load_edition(at=now(), actor=SYSTEM)
    for name, people in CLUBS.items():
        club, _ = Organisation.objects.get_or_create(name=name, state=settings.HOME_STATE)
        for full_name, address, role in people:
            give_role(_person(full_name, address), club, role)
    home = Authority.objects.get(state=settings.HOME_STATE)
    for full_name, address in CLERKS:
        give_desk(_person(full_name, address), home)


def _person(full_name: str, address: str) -> User:
    first, last = full_name.split(" ")
    known = User.objects.filter(email=address).first()
    return known or User.objects.create_user(address, WAY_IN, first_name=first, last_name=last)


class Command(BaseCommand):
    """`manage.py demo --port 8000`."""

    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: object, port: int, **options: object) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)  # the addresses are read while the demo runs, also from a file
        self._port_is_free(port)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "ARTICLE_TEN_DEMO": "1",
            "BASE_URL": f"http://localhost:{port}",
            "CERTIFICATE_KEY_FILE": str(Path(settings.KEY_DIR) / "certificate.pem"),
        }
        os.environ.update(environment)
        self.stdout.write("Preparing the database and the invented people …")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        import_string(settings.SIGNER)(create=True)
        seed()
        self._serve(port, environment)

    def _port_is_free(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except (OSError, OverflowError):
                sentence = (
                    f"Port {port} is taken or not allowed. Stop what uses it, or choose another: make demo PORT=8010"
                )
                raise CommandError(sentence) from None

    def _serve(self, port: int, environment: dict[str, str]) -> None:
        web = [sys.executable, "-m", "gunicorn", "vetting.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "6",
               "--worker-class", "gthread", "--log-level", "warning", "--no-control-socket"]  # fmt: skip
        sweep = [sys.executable, "manage.py", "sweep", "--forever"]
        processes = [
            subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, start_new_session=True)
            for command in (web, sweep)
        ]
        for ending in (signal.SIGINT, signal.SIGTERM):  # also where a shell started us with Ctrl-C ignored
            signal.signal(ending, signal.default_int_handler)
        try:
            self._wait_until_it_answers(port, processes)
            self._say_where(port)
            while all(process.poll() is None for process in processes):
                time.sleep(0.3)
            raise CommandError("A part of the demo stopped by itself; the lines above say why.")
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
        self.stdout.write("Stopped. What you did is kept; `make clean` forgets it.")

    def _wait_until_it_answers(self, port: int, processes: list[subprocess.Popen[bytes]]) -> None:
        for _attempt in range(120):
            if any(process.poll() is not None for process in processes):
                raise CommandError("The demo could not start; the lines above say why.")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.25)
        raise CommandError("The web server did not answer within 30 seconds.")

    def _say_where(self, port: int) -> None:
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
            say(f"    {address:26} {full_name:14} clerk of the home authority ({settings.HOME_STATE})")
        say("\n  The number of the applicant's identity document decides what the sandbox States answer:\n\n")
        for number, meaning in IDENTITIES:
            say(f"    {number}: {meaning}")
        say("\n  Stop with Ctrl-C.\n\n")
