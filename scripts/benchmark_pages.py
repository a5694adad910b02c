"""What pages cost with two million cases, beside the same pages with a thousand; and a list of five hundred people."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import IO, cast

from django.conf import settings
from django.test import Client
from django.urls import reverse

from scripts.scale import PAGES
from tests import given

FEW, MANY = 1_000, 2_000_000
PEOPLE = 500
BUDGET = 2.0
"""Seconds within which a list of five hundred people has to be on the page."""


def pages(rounds: int) -> Iterator[tuple[str, list[float], list[float]]]:
    """Per page its name, and the seconds with many and with few cases, taken in turns."""
    with ExitStack() as stack:
        many, few = (stack.enter_context(_installation(stack, cases)) for cases in (MANY, FEW))
        for child in (few, many):
            _line(child)  # it says that it is ready
        for page in PAGES:
            found: tuple[list[float], list[float]] = ([], [])
            for child in (many, few):
                _ask(child, page)  # what is only done once is done
            for _ in range(rounds):
                for child, seconds in zip((many, few), found, strict=True):
                    seconds.append(_ask(child, page))
            yield page, *found


def _installation(stack: ExitStack, cases: int) -> "subprocess.Popen[str]":
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="article-ten-scale-"))
    Path(folder, "static").mkdir()
    environment = {**os.environ, "VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/cases.sqlite3"}
    command = [sys.executable, "-m", "scripts.scale", str(cases)]
    return subprocess.Popen(
        command, env=environment, cwd=settings.BASE_DIR, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )  # fmt: skip


def _line(child: "subprocess.Popen[str]") -> str:
    return cast("IO[str]", child.stdout).readline().strip()


def _ask(child: "subprocess.Popen[str]", page: str) -> float:
    told = cast("IO[str]", child.stdin)
    told.write(f"{page}\n")
    told.flush()
    return float(_line(child))


def preview(rounds: int) -> float:
    """Seconds from a pasted list of five hundred people to its rows on the page."""
    world, client = given.world(), Client(SERVER_NAME="localhost")
    client.force_login(world.secretary)
    people = "\n".join(f"Ann\tInvented\tann{place}@invented.example" for place in range(PEOPLE))
    told = {"organisation": world.organisation.pk, "activity": "sport_coaching", "role": "voluntary", "language": "en"}
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = client.post(reverse("organisation:many"), {**told, "pasted": people})
        seconds.append(time.perf_counter() - began)
        if answer.content.decode().count('name="email"') != PEOPLE:
            sys.exit("The list is not on the page.")
    return median(seconds)
