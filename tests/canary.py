"""Looking for marked words in everything that outlives a reply, in every spelling they could hide in."""

import base64
import json
import logging
import os
import re
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import StringIO
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.dispatch import Signal
from kombu.transport.memory import Channel

from vetting.cases.models import Case
from vetting.cases.queries import contact_of
from vetting.enquiries.models import Outbound
from vetting.enquiries.queries import message_of
from vetting.identity.models import Identity
from vetting.identity.queries import draft_of
from vetting.web.logs import CodesOnly

STEM = 26
"""Characters of a mark that base64 must show at least, whatever stands before and after it."""


def _base64_at(offset: int) -> Callable[[str], bytes]:
    """The characters of base64 that depend on the mark alone when `offset` bytes stand before it."""

    def encode(word: str) -> bytes:
        whole = base64.b64encode(b"\0" * offset + word.encode())
        first = (0, 2, 3)[offset]
        return whole[first : first + STEM]

    return encode


def _each(form: str) -> Callable[[str], bytes]:
    return lambda word: "".join(form.format(ord(letter)) for letter in word).encode()


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "as it is, as repr, in UTF-8": str.encode,
    "in capitals": lambda word: word.upper().encode(),
    "in small letters": lambda word: word.lower().encode(),
    "in UTF-16, little end first": lambda word: word.encode("utf-16-le"),
    "in UTF-16, big end first": lambda word: word.encode("utf-16-be"),
    "in base64": _base64_at(0),
    "in base64 after one byte": _base64_at(1),
    "in base64 after two bytes": _base64_at(2),
    "in hexadecimal": lambda word: word.encode().hex().encode(),
    "in hexadecimal capitals": lambda word: word.encode().hex().upper().encode(),
    "with percent signs": _each("%{:02X}"),
    "with percent signs and small letters": _each("%{:02x}"),
    "in JSON escapes": _each("\\u{:04x}"),
    "in escapes of repr": _each("\\x{:02x}"),
    "in decimal entities": _each("&#{};"),
    "in hexadecimal entities": _each("&#x{:x};"),
    "in hexadecimal entities with capitals": _each("&#x{:X};"),
    "in hexadecimal entities with a capital X": _each("&#X{:X};"),
}
_PACKED = ((b"\x1f\x8b\x08", 31), (b"\x78\x01", 15), (b"\x78\x9c", 15), (b"\x78\xda", 15))


class Search:
    """Finds any of many marks in one pass for each spelling: all marks begin alike, so their common start is sought."""

    def __init__(self, marks: Iterable[str]) -> None:
        known = list(marks)
        self._needles: list[tuple[bytes, set[int], dict[bytes, str]]] = []
        for encode in ENCODINGS.values():
            spelt = {encode(word): word for word in known}
            if spelt:
                same = takewhile(lambda column: len(set(column)) == 1, zip(*spelt, strict=False))
                self._needles.append((bytes(column[0] for column in same), {len(one) for one in spelt}, spelt))

    def found(self, data: bytes, *, inside: bool = True) -> set[str]:
        """The marks in `data`, in any spelling, and in what it holds compressed."""
        marks = set()
        for start, lengths, spelt in self._needles:
            at = data.find(start)
            while at >= 0:
                marks |= {spelt.get(data[at : at + length], "") for length in lengths}
                at = data.find(start, at + 1)
        for hidden in (*_unpacked(data), *_rejoined(data), *_decoded(data)) if inside else ():
            marks |= self.found(hidden, inside=False)
        return marks - {""}


def _unpacked(data: bytes) -> Iterator[bytes]:
    for magic, bits in _PACKED:
        at = data.find(magic)
        while at >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj(bits).decompress(data[at : at + (1 << 20)], 1 << 20)
            at = data.find(magic, at + 1)


def _rejoined(data: bytes) -> Iterator[bytes]:
    """Mail breaks long lines, also in the middle of a word of base64."""
    if len(data) < 1 << 22:
        yield re.sub(rb"=?\r?\n", b"", data)


def _decoded(data: bytes) -> Iterator[bytes]:
    """A cache and a broker wrap what they hold in base64, and it may be spelt differently inside."""
    runs = re.findall(rb"[A-Za-z0-9+/]{40,}", data) if len(data) < 1 << 22 else ()
    yield b"\n".join(base64.b64decode(run[: len(run) // 4 * 4]) for run in runs)


class _Everything(logging.Handler):
    """Writes down all that a handler without our filter could: text, arguments, exception, and what was attached."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        attached = {name: value for name, value in vars(record).items() if name != "request"}  # a live object
        self.said += [self.format(record), repr(attached)]


@dataclass
class Watch:
    """What is collected while a test runs, and read when it is over."""

    since: float = 0.0
    statements: list[str] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    log: _Everything = field(default_factory=_Everything)
    stream: StringIO = field(default_factory=StringIO)

    def note(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Write down a statement as it goes to the database, whether or not its transaction survives."""
        self.statements.append(f"{sql} {_plain(params)}")
        return execute(sql, params, many, context)

    def sinks(self) -> Iterator[tuple[str, bytes]]:
        """Everything that could hold a word, by name."""
        for name, texts in {
            "statements": self.statements,
            "unfiltered log": self.log.said,
            "log stream": [self.stream.getvalue()],
            "error reports": self.reports,
            "stdout and stderr": self.printed,
            "mail": (message.message().as_string() for message in getattr(mail, "outbox", [])),
            "broker": (json.dumps(message) for queue in Channel.queues.values() for message in queue.queue),
            "environment": [repr(dict(os.environ)), repr(sys.argv)],
        }.items():
            yield name, "\n".join(texts).encode(errors="surrogatepass")
        yield "pages", b"\n".join(self.pages)
        yield from _tables()
        yield "sessions", repr([session.get_decoded() for session in Session.objects.all()]).encode()
        yield "sealed documents", b"\n".join(_sealed())
        yield from _files("temporary files", Path(tempfile.gettempdir()))
        yield from _files("VAR_DIR", Path(settings.VAR_DIR))
        yield from _files("mail files", Path(settings.OUTBOX_DIR))
        yield from database_files(self.since)

    def leaks(self, marks: dict[str, str]) -> list[str]:
        """One sentence for each place where a mark was found."""
        search = Search(marks)
        found = ((sink, search.found(data)) for sink, data in self.sinks())
        return sorted(f"{marks[word]} in {sink}" for sink, words in found for word in words)


def _plain(value: Any) -> Any:
    """Bytes of a parameter as themselves, where their repr would be an address."""
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return getattr(value, "obj", getattr(value, "adapted", value))


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode(errors="surrogatepass")


def _tables() -> Iterator[tuple[str, bytes]]:
    """Every column of every table of the database, also of tables that no model knows."""
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor))
        assert {model._meta.db_table for model in apps.get_models() if model._meta.managed} <= names
        for name in sorted(names):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608  # a name from the catalogue
            rows = cursor.fetchall()
            yield f"table {name}", b"\n".join(_bytes(value) for row in rows for value in row)


def _sealed() -> Iterator[bytes]:
    """What lies in the sealed columns, opened."""
    for outbound in Outbound.objects.select_related("enquiry__case").exclude(sealed_body=None):
        yield message_of(outbound).body
    for case in Case.objects.all():
        yield repr(contact_of(case)).encode()
    for identity in Identity.objects.select_related("case"):
        yield repr(draft_of(identity.case)).encode()


def _files(name: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        yield name, str(path.relative_to(folder)).encode(errors="surrogateescape")
        if path.is_file():
            yield name, path.read_bytes()


def postgresql_folder() -> Path | None:
    """Where the server keeps its files; None on SQLite, and for somebody else's server on another machine."""
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    return folder if os.access(folder, os.R_OK | os.X_OK) else None


def database_files(since: float) -> Iterator[tuple[str, bytes]]:
    """The bytes on disk: SQLite's file and whatever lies beside it, or what PostgreSQL has written to its folder."""
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        for path in sorted(file.parent.glob(f"{file.name}*")):
            yield "write-ahead log" if path.name.endswith("-wal") else f"database file {path.suffix}", path.read_bytes()
        return
    if folder := postgresql_folder():
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
            cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
            own = str(cursor.fetchone()[0])
        kinds = {"pg_wal": "write-ahead log", own: "database file"}
        for path in (*(folder / "base" / own).iterdir(), *(folder / "pg_wal").iterdir(), *folder.parent.glob("log")):
            if path.is_file() and path.stat().st_mtime >= since:
                yield kinds.get(path.parent.name, "server log"), path.read_bytes()


def streams() -> list[Any]:
    """The handlers that the product's own logging settings made."""
    return [handler for handler in logging.root.handlers if any(isinstance(one, CodesOnly) for one in handler.filters)]


@contextmanager
def connected(signal: Signal, receiver: Any) -> Iterator[None]:
    """For as long as the block lasts, the signal is heard."""
    signal.connect(receiver)
    try:
        yield
    finally:
        signal.disconnect(receiver)
