"""Two nodes, the wire between them, and what goes wrong: one scene is one exchange of four questions."""

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from integrations.jose.signer import generate_private_pem
from tests.faults.judge import disagreements
from tests.faults.life import live
from tests.faults.wire import FAULTS

ENQUIRIES, RECEIVING = "vetting.enquiries.services", "vetting.enquiries.receiving"
QUESTIONS, ASKED = "vetting.questions.services", "vetting.questions.receiving"
WAY, DOOR = "integrations.gateways.https.HttpsGateway.send", "vetting.api.messages.take"
POINTS = {
    "IE": [f"{ENQUIRIES}.claim", f"{ENQUIRIES}.compose", f"{ENQUIRIES}.sent", f"{ENQUIRIES}.move_enquiry",
           f"{RECEIVING}.receive", f"{RECEIVING}.move_enquiry", f"{RECEIVING}.put_out", WAY, DOOR,
           "vetting.exchange.services.answered", "vetting.outcomes.services.conclude"],
    "BG": [f"{QUESTIONS}.claim", f"{QUESTIONS}.sent", f"{QUESTIONS}.say", f"{QUESTIONS}.move_question",
           f"{QUESTIONS}.record", f"{ASKED}.ask", f"{ASKED}.tell", f"{ASKED}.make_key", f"{ASKED}.say",
           f"{ASKED}.record", "vetting.api.questions.take", WAY, DOOR],
}  # fmt: skip
"""Where a process is killed: before or after one of the first calls of these."""
ROUNDS = 9
LOOKS = 90
DAY = 86400.0


class Node:
    """One node, through all its lives."""

    def __init__(self, state: str, folder: Path, port: int) -> None:
        self.state, self.folder, self.port = state, folder, port
        self.pid = self.lives = 0
        self.armed = False
        self.told: IO[str]
        self.said: IO[str]

    def begin(self) -> None:
        """Begin a life."""
        orders, answers = os.pipe(), os.pipe()
        if (pid := os.fork()) == 0:
            os.close(orders[1])
            os.close(answers[0])
            with suppress(BaseException):
                live(self.folder, self.state, self.port, os.fdopen(orders[0]), os.fdopen(answers[1], "w"))
            os._exit(1)
        os.close(orders[0])
        os.close(answers[1])
        self.told, self.said, self.pid = os.fdopen(orders[1], "w"), os.fdopen(answers[0]), pid
        self.lives += 1
        self.armed = False

    def order(self, do: str, **more: Any) -> dict[str, Any]:
        """Have something done; {"killed": true} when it died of it or before."""
        if not self.pid:
            self.begin()
        try:
            self.told.write(json.dumps({"do": do, **more}) + "\n")
            self.told.flush()
            line = self.said.readline()
        except BrokenPipeError:
            line = ""
        if line:
            found: dict[str, Any] = json.loads(line)
            return found
        self.end()
        return {"killed": True}

    def end(self) -> None:
        """Kill it, if it lives."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            for pipe in (self.told, self.said):
                with suppress(OSError):
                    pipe.close()
            self.pid = 0


class Player:
    """Two nodes, the wire between them, and scenes one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.template = folder, folder / "template"
        probes = [socket.socket() for _ in range(4)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        numbers = [probe.getsockname()[1] for probe in probes]
        for probe in probes:
            probe.close()
        self.ports, self.wires = (
            dict(zip(("IE", "BG"), numbers, strict=False)),
            dict(zip(("IE", "BG"), numbers[2:], strict=True)),
        )
        listens = {state: (self.wires[state], self.ports[state]) for state in self.ports}
        self.wire = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.wire", json.dumps(listens)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.injected: Counter[str] = Counter()
        self.found: list[str] = []

    def network(self, to: str, **order: Any) -> None:
        """Plan something for the requests to `to`, and count what was done since."""
        assert self.wire.stdin
        assert self.wire.stdout
        self.wire.stdin.write(json.dumps({"to": to, **order}) + "\n")
        self.wire.stdin.flush()
        self.injected.update(json.loads(self.wire.stdout.readline()))

    def prepare(self) -> None:
        """Both nodes as every scene finds them."""
        keys = {}
        nodes = {state: Node(state, self.template / state, port) for state, port in self.ports.items()}
        for state, node in nodes.items():
            node.folder.mkdir(parents=True)
            (node.folder / "node.pem").write_bytes(generate_private_pem())
            answers = [node.order(do) for do in ("seed_asker" if state == "IE" else "seed_asked", "keys")]
            if not all("said" in answer for answer in answers):
                raise SystemExit(f"{state} could not be prepared: {answers}")
            keys[state] = answers[-1]["said"]
        for state, other in (("IE", "BG"), ("BG", "IE")):
            nodes[state].order(
                "partner", state=other, address=f"http://127.0.0.1:{self.wires[other]}", key_set=keys[other]
            )
            nodes[state].end()

    def scene(self, number: int, chance: random.Random) -> None:
        """One exchange of four questions, disturbed, then left in peace, then judged."""
        folder = self.folder / f"scene-{number}"
        shutil.copytree(self.template, folder)
        play = Scene(self, folder, chance)
        try:
            play.disturbed()
            quiet = play.in_peace()
        finally:
            for node in play.nodes.values():
                node.end()
        trouble = [*([] if quiet else ["it never came to rest"]), *disagreements(folder)]
        self.found += [f"scene {number}, after {play.log}: {one}" for one in trouble]
        if not trouble and number > 1:
            shutil.rmtree(folder)

    def close(self) -> None:
        assert self.wire.stdin
        self.wire.stdin.close()
        self.wire.wait()


class Scene:
    """Rounds of beats, with faults between and inside them."""

    def __init__(self, player: Player, folder: Path, chance: random.Random) -> None:
        self.player, self.chance = player, chance
        self.nodes = {state: Node(state, folder / state, port) for state, port in player.ports.items()}
        self.seconds = 3600.0
        self.log: list[str] = []
        self.acts: dict[str, Any] = {
            "kill at a point": self._arm, "kill at random": self._kill_inside, "disk full": self._disk_full,
            "database locked": self._locked, "down for days": self._down,
        }  # fmt: skip

    def beat(self, state: str, do: str) -> None:
        """One order at the present moment; whoever died is alive again by the next."""
        node = self.nodes[state]
        armed = node.armed
        if node.order(do, at=self.seconds).get("killed") and armed:
            self.player.injected["kill at a point"] += 1

    def round(self, step: float = 40.0) -> None:
        """Everybody does what there is to do."""
        self.seconds += step
        for node in self.nodes.values():
            if not node.pid:
                node.begin()
        for state, do in (("IE", "sweep"), ("BG", "sweep"), ("BG", "asked_acts"), ("IE", "asker_acts")):
            for each in self.nodes:  # both clocks show the same
                self.beat(each, "is_done")
            self.beat(state, do)

    def disturbed(self) -> None:
        """Some rounds, with a fault before most of them."""
        kinds = [*FAULTS, *self.acts, *["kill at a point"] * 8]
        for _ in range(ROUNDS):
            for kind in self.chance.sample(kinds, self.chance.choice((0, 1, 1, 2))):
                self.log.append(kind)
                if kind in FAULTS:
                    self.player.network(self.chance.choice(("IE", "BG")), fault=kind)
                else:
                    self.acts[kind]()
            self.round()
        for state in self.nodes:
            self.player.network(state, clear=True)

    def in_peace(self) -> bool:
        """Go on until nothing is left to do, with longer and longer steps."""
        for state in self.nodes:
            self.nodes[state].end()  # no point stays armed
        for look in range(LOOKS):
            self.round(40.0 if look < LOOKS // 6 else 3600.0)
            if all(node.order("is_done", at=self.seconds).get("said") is True for node in self.nodes.values()):
                return all("failed" not in node.order("verify") for node in self.nodes.values())
        return False

    def _arm(self) -> None:
        state = self.chance.choice(("IE", "BG"))
        node = self.nodes[state]
        when, path, call = (
            self.chance.choice(("before", "after")),
            self.chance.choice(POINTS[state]),
            self.chance.randint(1, 3),
        )
        self.log.append(f"{when} {path} {call}")
        node.order("arm", when=when, path=path, call=call)
        node.armed = True

    def _kill_inside(self) -> None:
        """Kill a worker somewhere inside its look, and whatever it serves with it."""
        node = self.nodes[self.chance.choice(("IE", "BG"))]
        if not node.pid:
            node.begin()
        node.told.write(json.dumps({"do": "sweep", "at": self.seconds + 20}) + "\n")
        node.told.flush()
        time.sleep(self.chance.uniform(0.0, 0.08))
        node.end()
        self.player.injected["kill at random"] += 1

    def _disk_full(self) -> None:
        node = self.nodes[self.chance.choice(("IE", "BG"))]
        node.order("disk", full=True)
        self.round()
        node.order("disk", full=False)
        self.player.injected["disk full"] += 1

    def _locked(self) -> None:
        node = self.nodes[self.chance.choice(("IE", "BG"))]
        held = sqlite3.connect(node.folder / "database", isolation_level=None)
        held.execute("BEGIN IMMEDIATE")
        self.beat(node.state, "sweep")
        self.beat(node.state, "asker_acts" if node.state == "IE" else "asked_acts")
        held.execute("ROLLBACK")
        held.close()
        self.player.injected["database locked"] += 1

    def _down(self) -> None:
        state = self.chance.choice(("IE", "BG"))
        self.player.network(state, down=True)
        for _ in range(3):
            self.round(DAY / 2)
        self.player.network(state, down=False)
        self.player.injected["down for days"] += 1
