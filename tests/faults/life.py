"""One life of one node: its server and its people in one process, until the end or until it is killed.

A fork of a process that is ready; orders come as lines of JSON, and every order gets one line back.
"""

import json
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import IO, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402

from integrations.gateways.https import HttpsGateway  # noqa: E402
from tests import given  # noqa: E402
from tests.crash_worker import arm  # noqa: E402
from vetting import pipeline, tasks  # noqa: E402
from vetting.api import messages  # noqa: E402
from vetting.audit.ports import SYSTEM  # noqa: E402
from vetting.authorities.services import load_partner  # noqa: E402
from vetting.cases.access import APPLICANT  # noqa: E402
from vetting.cases.models import Case  # noqa: E402
from vetting.enquiries import receiving  # noqa: E402
from vetting.enquiries.models import Channel, Enquiry, Outbound  # noqa: E402
from vetting.enquiries.ports import Item  # noqa: E402
from vetting.enquiries.rules import Answer, AnswerKind, EnquiryState  # noqa: E402
from vetting.exchange.gateways import envelopes  # noqa: E402
from vetting.exchange.ports import Partners  # noqa: E402
from vetting.organisations.models import User  # noqa: E402
from vetting.questions import services as questions  # noqa: E402
from vetting.questions.models import Question, Said  # noqa: E402
from vetting.questions.queries import person_asked  # noqa: E402
from vetting.questions.rules import QuestionState  # noqa: E402

PLANS = {
    "PLAN-CLEAN": "nothing_recorded",
    "PLAN-MORE": "nothing_recorded",
    "PLAN-ENTRY": "entry_held",
    "PLAN-NATIONAL": "not_identified not_a_national",
}
"""What the Bulgarian clerks answer, by the number of the document; the second asks back first."""
QUICK = 1.0


class QuickGateway(HttpsGateway):
    """The real way, with less patience."""

    def __init__(self, partners: Partners) -> None:
        super().__init__(partners, deadline=QUICK)


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the library's)
        """Nothing."""


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each request; an address can be taken again at once."""

    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_: object) -> None:
        """Whoever hung up has hung up."""


class Life:
    """A node as it lives: `at` is its clock, `full` whether its disk is."""

    def __init__(self, folder: Path, state: str, port: int) -> None:
        self.at, self.full = given.START, False
        settings.HOME_STATE = state
        settings.VAR_DIR, settings.KEY_DIR, settings.OUTBOX_DIR = folder, folder / "keys", folder / "mails"
        settings.EXCHANGE_GATEWAY = f"{__name__}.QuickGateway"
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        database = connections["default"].settings_dict
        database["NAME"], database["OPTIONS"] = str(folder / "database"), {**database["OPTIONS"], "timeout": 1}
        os.environ["NODE_KEY"] = (folder / "node.pem").read_text()
        for module in (messages, tasks):  # one clock for the whole node, whatever the day is
            module.now = lambda: self.at  # type: ignore[attr-defined]
        connection_created.connect(self._bounded, weak=False)
        self.server = Server(("127.0.0.1", port), Quiet)
        self.server.set_app(get_wsgi_application())
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def _bounded(self, connection: Any, **_: object) -> None:
        """A full disk, as SQLite meets it: no page can be added."""
        if self.full:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA page_count")
                cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")

    def seed_asker(self) -> None:
        """Four cases of Bulgarians, accepted: they must never be lost."""
        call_command("migrate", verbosity=0)
        world = given.world("IE")
        for number in PLANS:
            given.case_accepted(world, document={"number": number, "issuing_country": "BG"})

    def seed_asked(self) -> None:
        call_command("migrate", verbosity=0)
        given.world("BG")

    def keys(self) -> dict[str, Any]:
        return envelopes().public_keys()

    def partner(self, state: str, address: str, key_set: dict[str, Any]) -> None:
        load_partner(state, address=address, key_set=key_set, at=given.START, actor=SYSTEM)

    def disk(self, full: bool) -> None:
        self.full = full
        connections.close_all()

    def arm(self, when: str, path: str, call: int) -> None:
        arm(when, path, call)

    def sweep(self) -> None:
        """What the worker does at every look."""
        pipeline.sweep(at=self.at)

    def asker_acts(self) -> None:
        """The home clerk answers for the own register, and applicants tell what is asked."""
        own = Enquiry.objects.filter(channel=Channel.OWN_REGISTER, state=EnquiryState.SENT)
        for ref in list(own.values_list("ref", flat=True)):
            receiving.answer_at_desk(ref, kind=AnswerKind.NOTHING_RECORDED, actor=SYSTEM, at=self.at)
        asked = Enquiry.objects.filter(state=EnquiryState.MORE_INFORMATION)
        for ref in list(asked.values_list("ref", flat=True)):
            receiving.tell_more(ref, steps={}, actor=APPLICANT, at=self.at)

    def asked_acts(self) -> None:
        """Two clerks do what the plan of each person says, one step at a time."""
        clerk, other = User.objects.filter(email__contains="clerk").get(), User.objects.get(email__contains="other")
        for question in Question.objects.exclude(state__in=["answered", "taken_back", "asked_back"]).order_by("pk"):
            document = person_asked(question).document
            plan = document.number if document else ""
            if question.state == QuestionState.PROPOSED:
                questions.confirm(question.ref, candidates=(), user=other, actor=SYSTEM, at=self.at)
            elif plan == "PLAN-MORE" and not question.outbox.filter(kind="RAI").exists():
                questions.ask_back(question.ref, (Item.BIRTH_PLACE, Item.SEX), actor=SYSTEM, at=self.at)
            else:
                answer = Answer.from_words(PLANS[plan])
                questions.answer(question.ref, answer, candidates=(), user=clerk, actor=SYSTEM, at=self.at)

    def is_done(self) -> bool:
        """Nothing is left to do here but wait for others."""
        owed = (
            Outbound.objects.filter(try_at__isnull=False).exists() or Said.objects.filter(try_at__isnull=False).exists()
        )
        open_ones = Enquiry.objects.filter(state__in=["opened", "sent", "more_information"]).exists()
        waiting = Question.objects.filter(state__in=["waiting", "asked_back", "proposed"]).exists()
        concluded = not Case.objects.filter(state__in=["enquiring", "answered"]).exists()
        return not owed and not open_ones and not waiting and concluded

    def verify(self) -> None:
        call_command("verify_audit", stdout=StringIO())


def live(folder: Path, state: str, port: int, told: IO[str], said: IO[str]) -> None:
    """Do what is ordered until there are no more orders. A failure is answered with its kind alone."""
    life = Life(folder, state, port)
    for line in told:
        order = json.loads(line)
        if "at" in order:
            life.at = given.START + timedelta(seconds=order.pop("at"))
        act: Callable[..., object] = getattr(life, order.pop("do"))
        try:
            answer = {"said": act(**order)}
        except Exception as failure:
            answer = {"failed": type(failure).__name__}
            connections.close_all()
        said.write(json.dumps(answer) + "\n")
        said.flush()
