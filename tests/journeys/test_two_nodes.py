"""Ireland asks Bulgaria: two installations in processes of their own, over mutual TLS, also when one is killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO, cast

import pytest
from django.conf import settings

from vetting.management.commands.two_nodes import prepare
from vetting.management.nodes import pair
from vetting.management.running import stop, wait_until_it_answers

PATIENCE = 180.0
"""Seconds for what takes less than one. A message that was on its way when a node was killed waits for its lease, half
a minute, and for the pauses of those who found nobody; and the machine may have other things to do."""


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return tuple(ports)


class State:
    """One node as it runs, and its people."""

    def __init__(self, node):
        self.node, self.processes = node, []
        ours = {"PYTHONPATH": str(settings.BASE_DIR), "DJANGO_SETTINGS_MODULE": "vetting.settings"}
        self.hand = subprocess.Popen(
            [sys.executable, "-m", "tests.hand"], env={**node.environment(), **ours}, cwd=settings.BASE_DIR, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.told, self.said = cast("tuple[IO[str], IO[str]]", (self.hand.stdin, self.hand.stdout))
        self.start()

    def start(self):
        self.processes = [self.node.start("messages"), self.node.start("worker")]
        wait_until_it_answers(self.node.gateway, self.processes)

    def kill(self):
        """End both processes, and theirs, as no handler can prevent."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def do(self, name, **told):
        self.told.write(json.dumps({"do": name, **told}) + "\n")
        self.told.flush()
        line = self.said.readline()
        assert line, "the people of this node have left"
        return json.loads(line)

    def until(self, name, state, **told):
        """Look until it stands so."""
        ends = time.monotonic() + PATIENCE
        while (found := self.do(name, **told))["state"] != state:
            assert time.monotonic() < ends, found
            time.sleep(0.2)
        return found

    def end(self):
        self.told.close()
        self.hand.wait()
        self.said.close()
        stop(self.processes)


@pytest.fixture
def nodes(tmp_path):
    made = pair(tmp_path, free_ports(4))
    prepare(made)
    ireland, bulgaria = (State(node) for node in made.values())
    yield ireland, bulgaria
    ireland.end()
    bulgaria.end()


@pytest.mark.parametrize("killed", [False, True], ids=["undisturbed", "and Bulgaria is killed twice"])
def test_a_case_opened_in_ireland_is_answered_by_a_clerk_in_bulgaria(nodes, killed):
    ireland, bulgaria = nodes
    case = ireland.do("open")["case"]
    asked = bulgaria.until("question", "waiting")
    assert asked["about"] == "Izmislena"
    if killed:
        bulgaria.kill()
    bulgaria.do("ask_back")
    if killed:
        bulgaria.start()
    wanted = ireland.until("enquiry", "more_information", case=case)
    assert wanted["words"] == "more_information BirthPlace"
    ireland.do("tell", case=case)
    bulgaria.until("question", "waiting")
    if killed:
        bulgaria.kill()
    bulgaria.do("answer", words="nothing_recorded")
    if killed:
        bulgaria.start()
    ireland.until("enquiry", "answered", case=case)
    ireland.do("own", case=case)
    assert ireland.until("case", "cleared", case=case)
    eventually(lambda: ireland.do("case", case=case)["certificates"] == 1)
    eventually(lambda: receipts(ireland.do("enquiry", case=case)) == 2 and receipts(bulgaria.do("question")) == 3)
    both_agree(ireland.do("enquiry", case=case), bulgaria.do("question"))


def eventually(holds):
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.2)


def receipts(side):
    """How many of its messages the other side has acknowledged."""
    return sum(bool(evidence) for _, _, evidence in side["sent"])


def both_agree(here, there):
    """Each message that one says it sent, the other says it took, once; each has the other's receipt."""
    assert (here["state"], there["state"]) == ("answered", "answered")
    assert here["words"] == there["words"] == "nothing_recorded"
    for one, other in ((here, there), (there, here)):
        assert sorted(message_id for message_id, _, _ in one["sent"]) == other["taken"]
        assert all(len(digest) == 64 and evidence.count(".") == 2 for _, digest, evidence in one["sent"])
    assert [message_id[6:9] for message_id, _, _ in here["sent"]] == ["REQ", "RAR"]
    assert [message_id[6:9] for message_id, _, _ in there["sent"]] == ["RDL", "RAI", "RRS"]
