"""The parent's side of the airlock: keeps one reading process, hands it bytes, and gets a small record back."""

import atexit
import hashlib
import hmac
import os
import select
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeVar, cast

from integrations.airlock.questions import ASKED_SIZE, unpack_asked
from integrations.airlock.record import RECORD_SIZE, Verb, question, unpack
from integrations.ecris.codes import MAX_BYTES
from integrations.ecris.rejections import Rejection
from vetting.enquiries.ports import Asked, Expectation, Verdict
from vetting.errors import Unavailable

Found = TypeVar("Found")
ROOT = Path(__file__).resolve().parents[2]
RECYCLE_AFTER = 500
"""Messages that one process reads before a fresh one takes over: its memory held what they said."""
TIMEOUT = 10.0
"""Seconds for one message, the start of a process included; then it is killed."""


class _Gone(Exception):
    """The process ended, or its pipe broke."""


class _Process:
    """One reading process and the two pipes to it. It gets neither our environment nor any open file of ours."""

    def __init__(self) -> None:
        command = [sys.executable, "-B", "-m", "integrations.airlock.child"]
        self._popen = subprocess.Popen(
            command, cwd=ROOT, env={}, bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._pipes = cast("tuple[IO[bytes], IO[bytes]]", (self._popen.stdin, self._popen.stdout))
        self._to, self._from = (pipe.fileno() for pipe in self._pipes)
        os.set_blocking(self._to, False)
        self.pid = self._popen.pid
        self.served = 0

    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def ask(self, parts: list[memoryview], size: int, deadline: float) -> bytes:
        """The record for one question, `size` bytes. Raises _Gone, or TimeoutError at `deadline` (monotonic clock)."""
        self.served += 1
        for part in parts:
            self._write(part, deadline)
        record = b""
        while len(record) < size:
            self._wait(self._from, select.POLLIN, deadline)
            found = os.read(self._from, size - len(record))
            if not found:
                raise _Gone
            record += found
        return record

    def _write(self, part: memoryview, deadline: float) -> None:
        while part:
            self._wait(self._to, select.POLLOUT, deadline)
            try:
                part = part[os.write(self._to, part) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise _Gone from None

    @staticmethod
    def _wait(descriptor: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimeoutError

    def stop(self) -> None:
        """Kill it and wait for its end; it has nothing to lose."""
        self._popen.kill()
        self._popen.wait()
        for pipe in self._pipes:
            pipe.close()

    def forget(self) -> None:
        """In a fork: let go of a process that belongs to the parent, without touching it."""
        for pipe in self._pipes:
            pipe.close()
        self._popen.returncode = 0


class ChildAirlock:
    """See `Airlock`. Safe for threads (one message at a time) and for forks (each process has a child of its own)."""

    def __init__(self, *, recycle_after: int = RECYCLE_AFTER, timeout: float = TIMEOUT) -> None:
        self._recycle_after = recycle_after
        self._timeout = timeout
        self._lock = threading.Lock()
        self._process: _Process | None = None
        _airlocks.add(self)

    def reduce(self, raw: bytes | memoryview, expectation: Expectation) -> Verdict:
        """The verdict on `raw`. Raises Unavailable when no process answers within the time limit."""
        if len(raw) > MAX_BYTES:
            digest = hmac.new(expectation.digest_key, raw, hashlib.sha256).digest()
            return Verdict("rejected", Rejection.TOO_LARGE.value, digest=digest)
        parts = question(raw, expectation)
        del raw
        return self._asked(parts, RECORD_SIZE, unpack)

    def peek(self, raw: bytes | memoryview) -> Verdict:
        """What `raw` calls itself. Raises Unavailable when no process answers within the time limit."""
        if len(raw) > MAX_BYTES:
            return Verdict("rejected", Rejection.TOO_LARGE.value)
        parts = question(raw, Verb.PEEK)
        del raw
        return self._asked(parts, RECORD_SIZE, unpack)

    def question(self, raw: bytes | memoryview) -> Asked:
        """What `raw` asks of us. Raises Unavailable when no process answers within the time limit."""
        if len(raw) > MAX_BYTES:
            return Asked(code=Rejection.TOO_LARGE.value)
        parts = question(raw, Verb.ASK)
        del raw
        return self._asked(parts, ASKED_SIZE, unpack_asked)

    def _asked(self, parts: list[memoryview], size: int, opened: Callable[[bytes], Found]) -> Found:
        with self._lock:
            try:
                return self._answered(parts, size, opened)
            finally:
                parts.clear()

    def _answered(self, parts: list[memoryview], size: int, opened: Callable[[bytes], Found]) -> Found:
        """Ask, once more when the process was already gone: it may have ended since the last message."""
        deadline = time.monotonic() + self._timeout
        for _attempt in range(2):
            try:
                return opened(self._ready().ask(parts, size, deadline))
            except _Gone:
                self._stop()
            except (TimeoutError, ValueError, OSError):
                self._stop()
                break
        raise Unavailable("airlock")

    def _ready(self) -> _Process:
        if self._process and (self._process.served >= self._recycle_after or not self._process.is_alive()):
            self._stop()
        if self._process is None:
            self._process = _Process()
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process:
            process.stop()

    @property
    def pid(self) -> int | None:
        """The process id of the child, while there is one."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the child, if there is one; the next message starts another."""
        with self._lock:
            self._stop()

    def after_fork(self) -> None:
        """Begin anew in a forked process: the lock may be held by a thread that does not exist here."""
        self._lock = threading.Lock()
        process, self._process = self._process, None
        if process:
            process.forget()

    def __del__(self) -> None:
        self.close()


_airlocks: weakref.WeakSet[ChildAirlock] = weakref.WeakSet()


def _after_fork() -> None:
    for airlock in list(_airlocks):
        airlock.after_fork()


def _close_all() -> None:
    for airlock in list(_airlocks):
        airlock.close()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_close_all)
