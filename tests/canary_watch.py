"""Fixtures of the canary tests: everything that could keep a reply is watched; the authority says what a test likes."""

import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from kombu.transport.memory import Channel

from tests import canary, given, marked
from tests.marked import MarkedGateway
from vetting.exchange.ports import OutboundMessage

Reply = Callable[[OutboundMessage], bytes]


@pytest.fixture
def watch(  # noqa: PLR0917  # pytest gives what is named
    transactional_db: None, tmp_path: Path, monkeypatch: Any, settings: Any, capfd: Any, time_machine: Any
) -> Iterator[canary.Watch]:
    """Everything in which a reply could stay, from here to the end of the test."""
    time_machine.move_to(given.START + timedelta(minutes=30))
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setitem(os.environ, "REPLY", "")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # only to be fast
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.EXCHANGE_GATEWAY = "tests.marked.MarkedGateway"
    monkeypatch.setattr(MarkedGateway, "script", staticmethod(lambda _: ()))
    monkeypatch.setattr(MarkedGateway, "served", 0)
    monkeypatch.setattr(marked, "MADE", {})
    monkeypatch.setattr(Channel, "queues", {})
    watch = canary.Watch(since=folder.stat().st_mtime)
    monkeypatch.setattr(logging.root, "handlers", [watch.log, *logging.root.handlers])
    monkeypatch.setattr(logging.root, "level", logging.DEBUG)
    for handler in canary.streams():
        monkeypatch.setattr(handler, "stream", watch.stream)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint=0")  # the write-ahead log keeps all that was ever in it
    with connection.execute_wrapper(watch.note):
        yield watch


@pytest.fixture
def assert_nothing_stays(watch: canary.Watch, capfd: Any) -> Callable[[], None]:
    """Searches everything for every mark that was made, and would notice if none had been made."""

    def search() -> None:
        watch.printed += capfd.readouterr()
        assert marked.MADE
        assert watch.leaks(marked.MADE) == []

    return search


@pytest.fixture
def authority_says(watch: canary.Watch, monkeypatch: Any) -> Callable[..., None]:
    """The authority gives these replies to every request, the same ones whenever it is asked."""

    def says(*replies: Reply) -> None:
        told: dict[str, list[bytes]] = {}

        def script(message: OutboundMessage) -> list[bytes]:
            if message.message_id not in told:
                told[message.message_id] = [reply(message) for reply in replies]
            return told[message.message_id]

        monkeypatch.setattr(MarkedGateway, "script", staticmethod(script))

    return says


_ERROR_ON = {
    "sqlite": ("CREATE TRIGGER canary BEFORE UPDATE ON enquiries_enquiry BEGIN SELECT RAISE(ABORT, 'canary'); END",),
    "postgresql": (
        "CREATE FUNCTION canary() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'canary'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER canary BEFORE UPDATE ON enquiries_enquiry FOR EACH ROW EXECUTE FUNCTION canary()",
    ),
}
_ERROR_OFF = {"sqlite": "DROP TRIGGER canary", "postgresql": "DROP FUNCTION canary() CASCADE"}


@pytest.fixture
def refused_by_the_database(watch: canary.Watch) -> Callable[[], AbstractContextManager[None]]:
    """For as long as the block lasts, no outcome can be written: the error comes after the reply was read."""

    @contextmanager
    def refused() -> Iterator[None]:
        with connection.cursor() as cursor:
            for statement in _ERROR_ON[connection.vendor]:
                cursor.execute(statement)
            yield
            cursor.execute(_ERROR_OFF[connection.vendor])

    return refused
