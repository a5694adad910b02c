"""Processes of the product on this machine, started together and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError

Process = subprocess.Popen[bytes]


def web(port: int, *more: str) -> list[str]:
    """The command of a web server on this machine's own address."""
    return [sys.executable, "-m", "gunicorn", "vetting.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "6",
            "--worker-class", "gthread", "--log-level", "warning", "--no-control-socket", *more]  # fmt: skip


SWEEP = [sys.executable, "manage.py", "sweep", "--forever"]


def start(command: Sequence[str], environment: Mapping[str, str]) -> Process:
    """One process in a session of its own, so that Ctrl-C reaches us first."""
    return subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, start_new_session=True)


def port_is_free(port: int, advice: str) -> None:
    """Raises CommandError with `advice` when something else has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise CommandError(
                f"Port {port} is taken or not allowed. Stop what uses it, or choose another: {advice}"
            ) from None


def wait_until_it_answers(port: int, processes: Sequence[Process]) -> None:
    """Raises CommandError when a process ends meanwhile, or nothing listens on `port` after 30 seconds."""
    for _attempt in range(120):
        if any(process.poll() is not None for process in processes):
            raise CommandError("It could not start; the lines above say why.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.25)
    raise CommandError("The web server did not answer within 30 seconds.")


def stop(processes: Sequence[Process]) -> None:
    """Ask each to end, with whatever it started; end those that do not within ten seconds."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def until_interrupted(processes: list[Process], revive: Callable[[int], Process] | None = None) -> Iterator[None]:
    """The block, and then waiting for Ctrl-C; whatever happens, all of them are stopped.

    One that ends by itself is replaced by what `revive` gives for its place; without it, raises CommandError.
    """
    endings = (signal.SIGINT, signal.SIGTERM)
    for ending in endings:  # also where a shell started us with Ctrl-C ignored
        signal.signal(ending, signal.default_int_handler)
    try:
        yield
        while True:
            time.sleep(0.3)
            for place, process in enumerate(processes):
                if process.poll() is None:
                    continue
                if revive is None:
                    raise CommandError("A part of it stopped by itself; the lines above say why.")
                processes[place] = revive(place)
    except KeyboardInterrupt:
        pass
    finally:
        for ending in endings:  # a second Ctrl-C must not leave them behind
            signal.signal(ending, signal.SIG_IGN)
        stop(processes)
