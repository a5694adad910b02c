"""An edition as a file: read strictly, with every fault named, written out again, and compared. Pure: no clock."""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from vetting.authorities.ports import CalendarException
from vetting.authorities.rules import (
    FIELDS,
    LONG,
    OPTIONAL,
    SHORT,
    AuthorityRow,
    Channel,
    Directory,
    IdentityField,
    row_from,
    state_code,
)
from vetting.errors import Refused

MOST_BYTES = 128 * 1024
LONGEST_LINE = 2000
LONGEST_TEXT, LONGEST_NAME = 400, 200
MOST_FAULTS = 20
"""So many faults are named at a time."""
MOST_LISTED, MOST_EXCEPTIONS = 40, 400
"""Languages or fields in a list, and exceptions of one State."""
NUMBER = re.compile(r"[0-9]{4}\.[0-9]{1,3}(-[0-9]{1,4})?")
TOP = frozenset({"number", "date", "source", "authority"})
_LANGUAGE = re.compile(r"[a-z]{2}")
_LINE = re.compile(r"line ([0-9]+)")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file: a code, and where: a State, or the number of a line or row, and a field."""

    code: str
    where: str = ""
    field: str = ""


def read_edition(raw: bytes) -> tuple[Directory | None, tuple[Fault, ...]]:
    """The edition of a file of the packaged form, or what is wrong with it: one of the two. Never raises."""
    data, faults = _table(raw)
    if data is None:
        return None, faults
    rows = data.get("authority")
    found = list(_top_faults(data))
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        return None, (Fault("no-rows"), *found)[:MOST_FAULTS]
    seen: set[str] = set()
    for place, row in enumerate(rows, start=1):
        found += _row_faults(row, str(place), seen)
    if found:
        return None, tuple(found[:MOST_FAULTS])
    made = tuple(row_from({**row, "confidence": float(row["confidence"])}) for row in rows)
    return Directory(data["number"], hashlib.sha256(raw).hexdigest(), made), ()


def _table(raw: bytes) -> tuple[dict[str, Any] | None, tuple[Fault, ...]]:
    if len(raw) > MOST_BYTES:
        return None, (Fault("too-big"),)
    # The reader of TOML takes a time that grows with the square of the dots in one line.
    for place, line in enumerate(raw.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            return None, (Fault("long-line", str(place)),)
    try:
        return tomllib.loads(raw.decode()), ()
    except UnicodeDecodeError:
        return None, (Fault("not-text"),)
    except (ValueError, RecursionError) as error:  # tables within tables without end
        found = _LINE.search(str(error))
        return None, (Fault("not-toml", found[1] if found else ""),)


def _top_faults(data: Mapping[str, Any]) -> list[Fault]:
    faults = [Fault("unknown-entry", field=name[:40]) for name in sorted(data.keys() - TOP)]
    number = data.get("number")
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        faults.append(Fault("number"))
    if type(data.get("date", date.min)) is not date:
        faults.append(Fault("date"))
    if not _is_text(data.get("source", ""), LONGEST_TEXT):
        faults.append(Fault("text", field="source"))
    return faults


def _row_faults(row: Mapping[str, Any], place: str, seen: set[str]) -> list[Fault]:
    state = row.get("state")
    if not isinstance(state, str) or not _is_state(state):
        return [Fault("state", place)]
    if state in seen:
        return [Fault("two-rows", state)]
    seen.add(state)
    faults = [Fault("unknown-field", state, name[:40]) for name in sorted(row.keys() - FIELDS)]
    faults += [Fault("missing-field", state, name) for name in sorted(FIELDS - row.keys() - OPTIONAL.keys())]
    for name in sorted(FIELDS & row.keys() - {"state"}):
        code, accepts = CHECKS[name]
        if not accepts(row[name]):
            faults.append(Fault(code, state, name))
    days = (SHORT, LONG) if row.get("channel") == Channel.EXCHANGE else (0,)
    if not faults and row["reply_days"] not in days:
        faults.append(Fault("reply-days", state, "reply_days"))
    return faults


def _is_state(word: str) -> bool:
    try:
        return state_code(word) == word
    except Refused:
        return False


def _is_text(value: Any, longest: int) -> bool:
    """One line that a page can show."""
    return isinstance(value, str) and len(value) <= longest and value.isprintable()


def _is_exceptions(value: Any) -> bool:
    if not isinstance(value, list) or len(value) > MOST_EXCEPTIONS:
        return False
    try:
        made = [CalendarException.of(one) for one in value]
    except (ValueError, TypeError, KeyError):
        return False
    return len({one.day for one in made}) == len(made)


def _number(lowest: int, highest: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and lowest <= value <= highest


def _listed(accepts: Callable[[str], object], least: int) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        if not isinstance(value, list) or not least <= len(value) <= MOST_LISTED:
            return False
        return all(isinstance(one, str) and accepts(one) for one in value) and len(set(value)) == len(value)

    return check


Check = tuple[str, Callable[[Any], bool]]
_TEXT: Check = ("text", lambda value: _is_text(value, LONGEST_TEXT))
_NAME: Check = ("name", lambda value: _is_text(value, LONGEST_NAME) and bool(value.strip()))
_FLAG: Check = ("flag", lambda value: isinstance(value, bool))
CHECKS: dict[str, Check] = {
    **dict.fromkeys(("country", "name", "native_name"), _NAME),
    **dict.fromkeys(("index_note", "instrument", "legal_basis", "recheck", "note"), _TEXT),
    **dict.fromkeys(("member", "bound_by_directive", "in_index", "tells_employer"), _FLAG),
    "languages": ("languages", _listed(_LANGUAGE.fullmatch, 1)),
    "channel": ("channel", lambda value: isinstance(value, str) and value in set(Channel)),
    "reply_days": ("reply-days", lambda value: type(value) is int),
    "needs": ("needs", _listed(lambda one: one in set(IdentityField), 0)),
    "validity_months": ("months", _number(1, 120)),
    "forward_days": ("forward-days", _number(1, 20)),
    "confidence": ("confidence", lambda value: type(value) in (int, float) and 0 <= value <= 1),
    "unverified": ("unverified", _listed(lambda one: one in FIELDS, 0)),
    "exceptions": ("exceptions", _is_exceptions),
}
"""For each field of a row, the code of its fault and what is accepted."""


def written(edition: Directory) -> str:
    """The file of an edition. Reading it gives the same rows again."""
    lines = [f"number = {json.dumps(edition.number)}"]
    for row in edition.rows:
        lines += ["", "[[authority]]", *_lines_of(row)]
    return "\n".join(lines) + "\n"


def _lines_of(row: AuthorityRow) -> list[str]:
    said = {name: value for name, value in asdict(row).items() if value != OPTIONAL.get(name, ...)}
    said.pop("exceptions", None)
    # A JSON text without line breaks or control signs is a TOML text too, and so are its lists, numbers and flags.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in said.items()]
    for one in row.exceptions:
        lines += ["", "[[authority.exceptions]]", f"day = {one.day.isoformat()}", f'reason = "{one.reason.value}"']
    return lines


def next_number(number: str, taken: Iterable[str]) -> str:
    """The number of what a supervisor makes of the edition `number`, above those taken: 2026.2-1, 2026.2-2, …"""
    base = number.partition("-")[0]
    made = [int(one.partition("-")[2] or 0) for one in taken if one.partition("-")[0] == base]
    return f"{base}-{max(made, default=0) + 1}"


def changed(edition: Directory, number: str, state: str, exceptions: tuple[CalendarException, ...]) -> Directory:
    """The same edition under a new number, with other exceptions in the calendar of one State it has."""
    rows = tuple(
        replace(row, exceptions=tuple(sorted(exceptions))) if row.state == state else row for row in edition.rows
    )
    made = replace(edition, number=number, rows=rows)
    return replace(made, digest=hashlib.sha256(written(made).encode()).hexdigest())


@dataclass(frozen=True)
class Change:
    """One field of one State: what it was and what it would be."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class StateChange:
    """What an edition does to one State; `old` or `new` is None where it has no row.

    `gone` and `come` are exceptions of its calendar.
    """

    state: str
    old: AuthorityRow | None
    new: AuthorityRow | None
    fields: tuple[Change, ...]
    gone: tuple[CalendarException, ...]
    come: tuple[CalendarException, ...]


def compare(old: Directory | None, new: Directory) -> tuple[StateChange, ...]:
    """What would change if `new` took the place of `old`, in the order of the States; empty where nothing would."""
    states = sorted({*(old.states() if old else ()), *new.states()})
    found = (_change_of(state, old.find(state) if old else None, new.find(state)) for state in states)
    return tuple(change for change in found if change.old != change.new)


def _change_of(state: str, old: AuthorityRow | None, new: AuthorityRow | None) -> StateChange:
    before, after = old.exceptions if old else (), new.exceptions if new else ()
    fields: list[Change] = []
    if old and new:
        names = (name for name in sorted(FIELDS - {"exceptions"}) if getattr(old, name) != getattr(new, name))
        fields = [Change(name, getattr(old, name), getattr(new, name)) for name in names]
    gone = tuple(one for one in before if one not in after)
    return StateChange(state, old, new, tuple(fields), gone, tuple(one for one in after if one not in before))


def differences(old: Directory | None, new: Directory) -> tuple[str, ...]:
    """What loading `new` would change, one line per State and field, in the order of the States."""
    lines: list[str] = []
    for change in compare(old, new):
        if change.old is None or change.new is None:
            lines.append(f"{change.state}: {'added' if change.old is None else 'no longer listed'}")
            continue
        names = [one.field for one in change.fields] + (["exceptions"] if change.gone or change.come else [])
        lines.extend(f"{change.state}: {name} changes" for name in sorted(names))
    return tuple(lines)
