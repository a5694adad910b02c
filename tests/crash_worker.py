"""The processes that tests/journeys/test_kill.py kills: production code, wrapped from outside, on files of its own.

Started once; every process that is killed is a fork of it. Reads a plan from its standard input:
{"folder": where, "scenes": {name: [before or after, dotted path, which call] or how many kills at random}}.
"""

import contextlib
import functools
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 (after the set-up)
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from integrations.gateways.sandbox import SandboxGateway  # noqa: E402
from tests import given  # noqa: E402
from vetting import pipeline  # noqa: E402
from vetting.audit.ports import Actor  # noqa: E402
from vetting.cases.models import Case, Letter  # noqa: E402
from vetting.certificates.models import Certificate  # noqa: E402
from vetting.enquiries import receiving  # noqa: E402
from vetting.enquiries.models import Channel, Enquiry  # noqa: E402
from vetting.enquiries.rules import AnswerKind, EnquiryState  # noqa: E402
from vetting.exchange.ports import OutboundMessage, Receipt  # noqa: E402
from vetting.management.commands import sweep as command  # noqa: E402

CLERK = Actor("clerk", "the one of this test")
STEP = 7.0
"""Seconds of the test's clock between two looks."""
FASTER = 30.0
"""How much faster than a real one the clock runs while processes are killed at random."""
TO_ASK = [["BG"], ["BG", "RO"], ["FR", "DE", "LT"]]


class RecordingGateway(SandboxGateway):
    """The other side: what reached it is on its own disk before it says so."""

    def send(self, message: OutboundMessage, *, at: datetime) -> Receipt:
        receipt = super().send(message, at=at)
        digest = hashlib.sha256(message.body).hexdigest()
        line = json.dumps({"id": message.message_id, "digest": digest, "at": at.timestamp()}) + "\n"
        received = os.open(os.environ["RECEIVED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(received, line.encode())
        os.fsync(received)
        os.close(received)
        return receipt


def fork(act: Callable[..., None], *told: object) -> int:
    """Start `act` in a process of its own, which runs no exit handlers of this one; gives its number."""
    if pid := os.fork():
        return pid
    try:
        act(*told)
    except BaseException:  # a fork must never return into the parent's work
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    connections.close_all()
    os._exit(0)


def ended(pid: int) -> int:
    """How a process ended: its code, or minus the signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def move_to(folder: Path) -> None:
    """Work on the database, the mails and the other side of one scene."""
    connections["default"].settings_dict["NAME"] = str(folder / "database")
    settings.OUTBOX_DIR = folder / "mails"
    os.environ["RECEIVED"] = str(folder / "received")


def seed(folder: Path) -> None:
    """Cases that were accepted, and that somebody was told are accepted: they must never be lost."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    move_to(folder)
    call_command("migrate", verbosity=0)
    world = given.world()
    told = {}
    for states in TO_ASK:
        case = given.case_accepted(world, nationality={"nationalities": states}, birth={"country": states[0]})
        told[case.ref.hex] = sorted([world.organisation.state, *states])
    (folder / "accepted").write_text(json.dumps(told))


def tick(folder: Path) -> datetime:
    """The next moment of a scene's clock, which goes on where the killed process stopped."""
    file = folder / "clock"
    passed = (float(file.read_text()) if file.exists() else 3600.0) + STEP
    file.write_text(str(passed))
    return given.START + timedelta(seconds=passed)


def answer_as_clerk(at: datetime) -> None:
    """The home clerk answers what lies on the desk."""
    waiting = Enquiry.objects.filter(channel=Channel.OWN_REGISTER, state=EnquiryState.SENT)
    for ref in list(waiting.values_list("ref", flat=True)):
        receiving.answer_at_desk(ref, kind=AnswerKind.NOTHING_RECORDED, actor=CLERK, at=at)


def finished() -> bool:
    """Nothing is left to do but wait for people."""
    current = Certificate.objects.filter(state="current").count()
    return current == Case.objects.count() and not Letter.objects.filter(sent_at=None).exists()


def arm(when: str, path: str, call: int) -> None:
    """Kill this very process before or after the `call`th call of a function, as no handler can prevent."""
    holder_path, _, name = path.rpartition(".")
    holder = import_string(holder_path)
    real = getattr(holder, name)
    calls = iter(range(1, 1_000_000))

    @functools.wraps(real)
    def deadly(*args: Any, **named: Any) -> Any:
        mine = next(calls) == call
        if mine and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **named)
        if mine:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(holder, name, deadly)


def live(folder: Path, *deadly: Any) -> None:
    """Sweep until everything is done, or until the armed point."""
    move_to(folder)
    if deadly:
        arm(*deadly)
    for _look in range(60):
        at = tick(folder)
        pipeline.sweep(at=at)
        answer_as_clerk(at)
        if finished():
            return
    raise AssertionError("it never came to an end")


def live_for_ever(folder: Path, began: float) -> None:
    """`manage.py sweep --forever` with a fast clock and a clerk who answers at once."""
    move_to(folder)
    sweep_once = pipeline.sweep

    def sweep_and_answer(at: datetime, most: int = 50) -> int:
        done = sweep_once(at, most)
        answer_as_clerk(at)
        return done

    pipeline.sweep = sweep_and_answer
    command.now = lambda: given.START + timedelta(seconds=3600 + (time.monotonic() - began) * FASTER)  # type: ignore[attr-defined]
    call_command("sweep", forever=True, every=0.01)


def kill_at_random(folder: Path, kills: int) -> list[int]:
    """Start, kill after some tenths of a second, start again."""
    chance, began, ends = random.Random(20111393), time.monotonic(), []  # noqa: S311 (the same pauses in every run)
    for _kill in range(kills):
        pid = fork(live_for_ever, folder, began)
        time.sleep(chance.choice([chance.uniform(0.0, 0.1), chance.uniform(0.1, 0.7)]))
        os.kill(pid, signal.SIGKILL)
        ends.append(ended(pid))
    (folder / "clock").write_text(str(3600 + (time.monotonic() - began) * FASTER))
    return ends


def verify_audit(folder: Path) -> None:
    """The product's own proof of its record."""
    move_to(folder)
    with contextlib.redirect_stdout(sys.stderr):
        call_command("verify_audit")


def scene(template: Path, folder: Path, deadly: list[Any] | int) -> None:
    """Kill, start again, run to the end, verify; how each process ended is written down."""
    folder.mkdir()
    shutil.copy(template / "database", folder / "database")
    killed = kill_at_random(folder, deadly) if isinstance(deadly, int) else [ended(fork(live, folder, *deadly))]
    ends = {"killed": killed, "went_on": ended(fork(live, folder)), "verified": ended(fork(verify_audit, folder))}
    (folder / "ends").write_text(json.dumps(ends))


def play(template: Path, top: Path, scenes: list[tuple[str, Any]]) -> None:
    """One scene after the other."""
    for name, deadly in scenes:
        scene(template, top / name, deadly)


def main() -> None:
    """All scenes, two at a time."""
    plan = json.load(sys.stdin)
    top = Path(plan["folder"])
    template = top / "template"
    template.mkdir()
    if ended(fork(seed, template)) != 0:
        raise SystemExit("the cases could not be made")
    scenes = list(plan["scenes"].items())
    players = [fork(play, template, top, scenes[first::2]) for first in (0, 1)]
    ends = [ended(player) for player in players]
    if any(ends):
        raise SystemExit("a scene could not be played")
