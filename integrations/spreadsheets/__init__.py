"""Lists from spreadsheets: XLSX, XLS and ODS by calamine, in a process of its own; CSV and pasted text here."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress

from django.conf import settings

from vetting.cases.ports import MOST_CHARACTERS, MOST_COLUMNS
from vetting.errors import Unusable

PATIENCE = 10.0
CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of spreadsheet programs begin: a ZIP archive, or the container of the older ones."""
SEPARATORS = ",;\t|"
WINDOWS = {
    "cp1250": ("cs", "hr", "hu", "pl", "ro", "sk", "sl"), "cp1251": ("bg",), "cp1253": ("el",),
    "cp1257": ("et", "lt", "lv"),
}  # fmt: skip
"""The code page in which a spreadsheet program of that language writes CSV; for all others it is Windows-1252."""


class Reader:
    """`Spreadsheets` for what people have."""

    def rows(self, raw: bytes, *, most: int, language: str) -> list[list[str]]:
        found = _by_calamine(raw, most) if raw.startswith(CONTAINERS) else _separated(_text(raw, language), most)
        if not found:
            raise Unusable("spreadsheet-empty")
        return found


def _by_calamine(raw: bytes, most: int) -> list[list[str]]:
    """Read by the child, which may use little memory and time: a small file can unpack to a very large one."""
    command = [sys.executable, "-B", "-m", "integrations.spreadsheets.child", str(most)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file goes in by standard input only
            command, input=raw, capture_output=True, cwd=settings.BASE_DIR, timeout=PATIENCE, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unusable("spreadsheet-too-big") from None
    if done.returncode != 0:
        raise Unusable("spreadsheet-unreadable" if done.returncode == 1 else "spreadsheet-too-big")
    return _tidy(json.loads(done.stdout), most)


def _text(raw: bytes, language: str) -> str:
    """The text of a file that says in itself how it is written, or is UTF-8, or is of the reader's code page."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            with suppress(UnicodeDecodeError):
                return raw.decode(encoding)
            raise Unusable("spreadsheet-unreadable")
    with suppress(UnicodeDecodeError):
        return raw.decode()
    page = next((page for page, languages in WINDOWS.items() if language in languages), "cp1252")
    return raw.decode(page, errors="replace")


def _separated(text: str, most: int) -> list[list[str]]:
    """Rows of CSV or of what was pasted. The separator is the one that most lines of the beginning have."""
    if "\0" in text:
        raise Unusable("spreadsheet-unreadable")
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    separator = max(SEPARATORS, key=lambda one: sum(one in line for line in lines))
    csv.field_size_limit(1 << 20)
    try:
        return _tidy(csv.reader(io.StringIO(text), delimiter=separator), most)
    except csv.Error:
        raise Unusable("spreadsheet-unreadable") from None


def _tidy(rows: Iterable[list[str]], most: int) -> list[list[str]]:
    kept: list[list[str]] = []
    for row in rows:
        cells = [" ".join(cell.split())[:MOST_CHARACTERS] for cell in row[:MOST_COLUMNS]]
        if any(cells):
            kept.append(cells)
        if len(kept) > most:
            break
    return kept
