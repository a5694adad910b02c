"""What of a question to us crosses the airlock's pipe: codes, ids, and the fields of a person, each bounded."""

import json
import re
import unicodedata
from dataclasses import asdict, fields
from typing import Any

from integrations.airlock.record import CODES
from integrations.ecris.codes import MESSAGE_ID
from integrations.ecris.rejections import Rejection
from vetting.enquiries.ports import Asked, SaidConsent
from vetting.exchange.ports import MessageType
from vetting.identity.ports import Address, Document, PartialDate, Person, PersonName, Place

ASKED_SIZE = 16 * 1024
"""Bytes of a record, whatever it says: JSON filled up with spaces."""
LONGEST = 450
"""Characters of one field of a person: the wire's longest text, and a little for two that travel as one."""
MOST_NAMES = 20
"""Former names and nationalities, each."""

_PURPOSE = re.compile(r"P-[0-9]{2}-[0-9]{6}")
_FORBIDDEN = frozenset({"Cc", "Cs", "Co", "Cn"})
_TYPES = frozenset({"", MessageType.REQ.value, MessageType.RAR.value})


def pack_asked(asked: Asked) -> bytes:
    """The record; one that is too large is a refusal. Raises ValueError for what `unpack_asked` would not take."""
    said = json.dumps(asdict(asked), ensure_ascii=False, separators=(",", ":")).encode()
    if len(said) > ASKED_SIZE:
        return pack_asked(Asked(code=Rejection.TOO_LARGE.value))
    record = said.ljust(ASKED_SIZE)
    unpack_asked(record)
    return record


def unpack_asked(record: bytes) -> Asked:
    """What a record says, every code, id and field checked. Raises ValueError for what a record cannot say."""
    try:
        said = json.loads(record)
        found = Asked(**{**said, "consent": SaidConsent(said["consent"]), "person": _person(said["person"])})
    except (KeyError, TypeError, UnicodeError, RecursionError) as damaged:
        raise ValueError("not a record") from damaged
    ids = [one for one in (found.message_id, found.response_to) if one != ""]
    fits = (
        found.code in CODES
        and found.message_type in _TYPES
        and all(MESSAGE_ID.fullmatch(one) for one in ids)
        and (found.purpose == "" or _PURPOSE.fullmatch(found.purpose))
        and isinstance(found.says_more, bool)
    )
    if not fits:
        raise ValueError("not a record")
    return found


def _person(said: dict[str, Any] | None) -> Person | None:
    if said is None:
        return None
    former, nations = said["former_names"], said["nationalities"]
    if max(len(former), len(nations)) > MOST_NAMES:
        raise ValueError("too many names")
    return Person(
        name=_made(PersonName, said["name"]),
        sex=_number(said["sex"], 9),
        birth_date=_date(said["birth_date"]),
        birth_place=_made(Place, said["birth_place"]),
        nationalities=tuple(_text(nation) for nation in nations),
        former_names=tuple(_made(PersonName, name) for name in former),
        father_name=_maybe(PersonName, said["father_name"]),
        mother_name=_maybe(PersonName, said["mother_name"]),
        identity_number=_text(said["identity_number"]),
        document=_maybe(Document, said["document"]),
        address=_maybe(Address, said["address"]),
    )


def _made(kind: Any, said: dict[str, Any]) -> Any:
    """One of the small groups of texts that a person is made of."""
    if set(said) != {field.name for field in fields(kind)}:
        raise ValueError("not such a group")
    return kind(**{name: _text(value) for name, value in said.items()})


def _maybe(kind: Any, said: dict[str, Any] | None) -> Any:
    return None if said is None else _made(kind, said)


def _date(said: dict[str, Any]) -> PartialDate:
    month, day = said["month"], said["day"]
    return PartialDate(
        _number(said["year"], 9999),
        None if month is None else _number(month, 12),
        None if day is None else _number(day, 31),
    )


def _number(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("not such a number")
    return value


def _text(value: Any) -> str:
    """A field of a person: short, and nothing that a page or a log could stumble over."""
    if type(value) is not str or len(value) > LONGEST or any(unicodedata.category(c) in _FORBIDDEN for c in value):
        raise ValueError("not such a text")
    return value
