"""The reading process: what it cannot do, what comes out of it, and what happens when it dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from integrations.airlock.client import ROOT, ChildAirlock
from integrations.airlock.record import CODES, RECORD_SIZE, pack, unpack
from integrations.ecris.message import EcrisWriter
from integrations.ecris.replies import deadline, questions, response
from integrations.ecris.verdict import verdict
from tests.integrations.invented import AT, PERSON, REQUEST_ID, expectation, request
from vetting.enquiries.ports import Expectation, Item, Verdict
from vetting.errors import Unavailable
from vetting.identity.ports import Place

REQ = request()
CLEAN = response(REQ, at=AT)


@pytest.fixture
def airlock() -> Iterator[ChildAirlock]:
    made = ChildAirlock()
    yield made
    made.close()


def hardened(code: str) -> str:
    """What a process prints that hardened itself as the child does and then runs `code`."""
    script = f"import sys, os, resource, socket\nfrom integrations.airlock import child\nchild.harden()\n{code}"
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_a_verdict_is_the_same_inside_and_outside_the_airlock(airlock: ChildAirlock) -> None:
    for body in (
        CLEAN,
        response(REQ, at=AT, other_states=["DE", "SK", "AT"]),
        response(REQ, at=AT, response_type="RRT-00-05"),
        deadline(REQUEST_ID, at=AT, due=date(2026, 12, 1)),
        questions(REQUEST_ID, at=AT, items=list(Item)),
        REQ,
        b"<!DOCTYPE a>",
        b"",
    ):
        found = airlock.reduce(body, expectation())
        assert found == verdict(body, expectation())
        assert len(found.digest) == 32


def test_the_person_is_compared_as_we_described_them_last(airlock: ChildAirlock) -> None:
    corrected = replace(PERSON, birth_place=Place("DE", "Inne Miasto"))
    told = EcrisWriter().more_information(
        message_id="EE-PL-RAR-000000000000043", at=AT, answers="PL-EE-RAI-000000000000042", person=corrected
    )
    reply = response(told, answers=REQUEST_ID, at=AT)
    assert airlock.reduce(reply, expectation()).answer == "needs_person"
    assert airlock.reduce(reply, expectation(told=told)).answer == "nothing_recorded"
    assert airlock.reduce(CLEAN, expectation(told=told)).answer == "needs_person"
    assert airlock.reduce(CLEAN, expectation(told=REQ)).code == "request-unreadable"


def test_a_peek_learns_the_name_and_nothing_else(airlock: ChildAirlock) -> None:
    asked = airlock.peek(memoryview(bytearray(REQ)))
    assert asked == Verdict("named", message_type="REQ", message_id=REQUEST_ID, digest=bytes(32))
    found = airlock.peek(CLEAN)
    assert (found.kind, found.message_type, found.response_to) == ("named", "RRS", REQUEST_ID)
    assert (found.answer, found.code, found.deadline, found.digest) == ("", "", None, bytes(32))
    assert airlock.peek(b"<!DOCTYPE a>").code == "dtd"
    assert airlock.peek(bytes(3_000_000)).code == "too-large"


def test_a_memoryview_is_read_like_bytes(airlock: ChildAirlock) -> None:
    assert airlock.reduce(memoryview(bytearray(CLEAN)), expectation()).answer == "nothing_recorded"


def test_a_record_has_a_fixed_size_whatever_was_said() -> None:
    long = pack(verdict(questions(REQUEST_ID, at=AT, items=list(Item)), expectation()))
    assert len(long) == len(pack(Verdict("rejected", "empty"))) == RECORD_SIZE <= 128


def test_every_code_crosses() -> None:
    assert [unpack(pack(Verdict("rejected", code))).code for code in CODES] == list(CODES)


@pytest.mark.parametrize("verdict_", [Verdict("rejected", "some text"), Verdict("answer", message_id="Wzorowa")])
def test_text_does_not_cross(verdict_: Verdict) -> None:
    with pytest.raises(ValueError, match="not"):
        pack(verdict_)


@pytest.mark.parametrize("record", [b"", b"\xff" * RECORD_SIZE, b"x" * RECORD_SIZE, bytes(RECORD_SIZE - 1)])
def test_a_damaged_record_is_not_believed(record: bytes) -> None:
    with pytest.raises(ValueError, match="not a"):
        unpack(record)


def test_the_child_cannot_open_or_write_a_file(tmp_path: Path) -> None:
    assert hardened(f"try: open({str(tmp_path / 'a')!r}, 'wb')\nexcept OSError: print('refused')") == "refused\n"
    written = tmp_path / "b"
    with written.open("wb") as file:
        script = "import os\nfrom integrations.airlock import child\nchild.harden()\nos.write(1, b'a')"
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=file, stderr=subprocess.DEVNULL, check=False)
    assert written.read_bytes() == b""


def test_the_child_opens_no_socket_and_leaves_no_core() -> None:
    assert hardened("try: socket.socket()\nexcept OSError: print('refused')") == "refused\n"
    assert hardened("print(resource.getrlimit(resource.RLIMIT_CORE))") == "(0, 0)\n"
    assert hardened("import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))") == "0\n"


def test_the_child_knows_neither_django_nor_logging_nor_a_database() -> None:
    script = (
        "import sys, integrations.airlock.child\nprint({'django', 'logging', 'sqlite3', 'psycopg'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_the_child_has_no_environment_and_no_other_open_file(airlock: ChildAirlock) -> None:
    airlock.reduce(CLEAN, expectation())
    process = Path(f"/proc/{airlock.pid}")
    assert (process / "environ").read_bytes() == b""
    assert sorted(path.name for path in (process / "fd").iterdir()) == ["0", "1", "2"]


def test_a_killed_child_is_replaced(airlock: ChildAirlock) -> None:
    airlock.reduce(CLEAN, expectation())
    first = airlock.pid
    assert first
    os.kill(first, signal.SIGKILL)
    assert airlock.reduce(CLEAN, expectation()).answer == "nothing_recorded"
    assert airlock.pid != first


def test_a_child_is_replaced_after_its_number_of_messages() -> None:
    airlock = ChildAirlock(recycle_after=2)
    seen = []
    for _ in range(4):
        airlock.reduce(b"<a/>", expectation())
        seen.append(airlock.pid)
    airlock.close()
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_a_child_that_does_not_answer_in_time_is_killed() -> None:
    airlock = ChildAirlock(timeout=0.5)
    airlock.reduce(CLEAN, expectation())
    stuck = airlock.pid
    assert stuck
    os.kill(stuck, signal.SIGSTOP)
    with pytest.raises(Unavailable):
        airlock.reduce(CLEAN, expectation())
    assert airlock.pid is None
    assert not Path(f"/proc/{stuck}").exists()


def test_an_oversized_document_does_not_reach_the_child(airlock: ChildAirlock) -> None:
    assert airlock.reduce(bytes(3_000_000), expectation()).code == "too-large"
    assert airlock.pid is None


def test_the_child_outlives_the_thread_that_started_it(airlock: ChildAirlock) -> None:
    thread = threading.Thread(target=airlock.reduce, args=(CLEAN, expectation()))
    thread.start()
    thread.join()
    first = airlock.pid
    time.sleep(0.1)
    assert airlock.reduce(CLEAN, expectation()).answer == "nothing_recorded"
    assert airlock.pid == first


def test_threads_share_one_child(airlock: ChildAirlock) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(airlock.reduce(CLEAN, expectation()).answer)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["nothing_recorded"] * 8


def test_the_child_dies_with_its_parent_and_a_fork_has_its_own() -> None:
    script = """
import os, sys
from integrations.airlock.client import ChildAirlock
from vetting.enquiries.ports import Expectation
airlock, nothing = ChildAirlock(), Expectation("EE", "PL", b"", b"")
airlock.reduce(b"<a/>", nothing)
first = airlock.pid
if os.fork() == 0:
    assert airlock.pid is None
    airlock.reduce(b"<a/>", nothing)
    code = 7 if airlock.pid != first else 8
    airlock.close()
    os._exit(code)
assert os.waitstatus_to_exitcode(os.wait()[1]) == 7
assert airlock.reduce(b"<a/>", nothing).code == "unknown-message" and airlock.pid == first
print(first, flush=True)
os.kill(os.getpid(), 9)
"""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    child = Path(f"/proc/{run.stdout.strip()}/cmdline")
    for _ in range(50):
        if not child.exists() or not child.read_bytes():
            break
        time.sleep(0.05)
    assert not child.exists() or not child.read_bytes(), run.stderr


def test_a_quiet_end_leaves_no_warning() -> None:
    script = """
from integrations.airlock.client import ChildAirlock
from vetting.enquiries.ports import Expectation
ChildAirlock().reduce(b"<a/>", Expectation("EE", "PL", b"", b""))
kept = ChildAirlock()
kept.reduce(b"<a/>", Expectation("EE", "PL", b"", b""))
"""
    run = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == run.stderr == ""


def test_the_digest_needs_the_key_of_the_case(airlock: ChildAirlock) -> None:
    other = Expectation("EE", "PL", REQ, b"o" * 32)
    assert airlock.reduce(CLEAN, expectation()).digest != airlock.reduce(CLEAN, other).digest
