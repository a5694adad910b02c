"""The network between two nodes, which does to the next message whatever it is told."""

import http.client
import json
import socket
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any

FAULTS = (
    "request lost", "answer lost", "delivered twice", "delivered late", "500", "503", "half a request",
    "half an answer", "slow answer", "no receipt", "another receipt", "redirected",
)  # fmt: skip
DRIP = 0.25
"""Seconds for each byte of a slow answer: none is whole before its reader leaves."""
ENOUGH = 8


@dataclass
class Way:
    """One direction: where it leads, what waits to go wrong on it, and what was held back."""

    target: int
    planned: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    held: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    last_receipt: bytes = b""
    down: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_fault(self) -> str:
        with self.lock:
            if not self.planned:
                return ""
            self.done.append(self.planned.pop(0))
            return self.done[-1]


Answer = tuple[int, bytes]


def deliver(way: Way, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
    """Hand one request to the node; None when nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", way.target, timeout=20)
    try:
        line.request("POST", path, body=body, headers=headers)
        found = line.getresponse()
        return found.status, found.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


class Handler(BaseHTTPRequestHandler):
    """One request of one node to the other."""

    server: "Wire"

    def do_POST(self) -> None:
        way, body = self.server.way, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        with suppress(OSError):
            self._act(way, "request lost" if way.down else way.next_fault(), headers, body)

    def _act(self, way: Way, fault: str, headers: dict[str, str], body: bytes) -> None:
        self.close_connection = True
        if fault in ("500", "503"):
            self._say((int(fault), b"down"))
        elif fault == "delivered late":
            way.held.append((self.path, headers, body))
        elif fault == "redirected":
            self._say((302, b""), Location="http://127.0.0.1:1/")
        elif fault == "half a request":
            self._torn(way, headers, body)
        elif fault != "request lost":
            self._delivered(way, fault, headers, body)

    def _delivered(self, way: Way, fault: str, headers: dict[str, str], body: bytes) -> None:
        answer = deliver(way, self.path, headers, body)
        if fault == "delivered twice":
            answer = deliver(way, self.path, headers, body)
        held, way.held = way.held, []
        for late in held:
            deliver(way, *late)
        before = way.last_receipt
        if answer and answer[0] == http.HTTPStatus.OK:
            way.last_receipt = answer[1]
        if answer is None or fault == "answer lost":
            return
        self._answered(fault, answer, before)

    def _answered(self, fault: str, answer: Answer, before: bytes) -> None:
        if fault == "slow answer":
            for byte in b"HTTP/1.1 200 OK"[:ENOUGH]:
                self.wfile.write(bytes([byte]))
                time.sleep(DRIP)
        elif fault == "half an answer":
            self._say(answer, cut=len(answer[1]) // 2)
        elif fault == "no receipt":
            self._say((200, b"<html>Maintenance</html>"))
        elif fault == "another receipt":
            self._say((200, before or b"e30.e30.e30"))
        else:
            self._say(answer)

    def _torn(self, way: Way, headers: dict[str, str], body: bytes) -> None:
        """Half of a body under the length of the whole."""
        with socket.create_connection(("127.0.0.1", way.target), timeout=5) as line:
            front = f"POST {self.path} HTTP/1.0\r\n" + "".join(
                f"{name}: {value}\r\n" for name, value in headers.items()
            )
            line.sendall(front.encode() + b"\r\n" + body[: len(body) // 2])
            line.shutdown(socket.SHUT_WR)
            with suppress(OSError):
                line.recv(1)

    def _say(self, answer: Answer, *, cut: int | None = None, **headers: str) -> None:
        self.send_response(answer[0])
        for name, value in {"Content-Length": str(len(answer[1])), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(answer[1][:cut])

    def log_message(self, format: str, *_args: Any) -> None:  # noqa: A002 (the name is the library's)
        """Nothing: the report says what was done."""


class Wire(ThreadingHTTPServer):
    """A listener in front of one node."""

    daemon_threads = True

    def __init__(self, port: int, target: int) -> None:
        self.way = Way(target)
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, *_: object) -> None:
        """Whoever hung up has hung up."""


def serve(listens: dict[str, tuple[int, int]], told: IO[str], said: IO[str]) -> None:
    """Listen for both nodes: {"IE": [port, target]}. A line of JSON plans a fault, or asks what was done."""
    wires = {state: Wire(*ports) for state, ports in listens.items()}
    for wire in wires.values():
        threading.Thread(target=wire.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    for line in told:
        order = json.loads(line)
        way = wires[order["to"]].way
        if "fault" in order:
            way.planned.append(order["fault"])
        if "down" in order:
            way.down = order["down"]
        if order.get("clear"):
            way.planned.clear()
            for late in way.held:
                deliver(way, *late)
            way.held.clear()
        done, way.done = way.done, []
        said.write(json.dumps(done) + "\n")
        said.flush()


if __name__ == "__main__":
    serve(json.loads(sys.argv[1]), sys.stdin, sys.stdout)
