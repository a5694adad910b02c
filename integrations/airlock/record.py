"""What crosses the airlock's pipe: a question with its lengths in front, and a record of fixed size without text."""

import struct
from collections.abc import Sequence
from datetime import date
from enum import IntEnum
from typing import BinaryIO

from integrations.ecris.codes import MESSAGE_ID, STATES
from integrations.ecris.rejections import Rejection
from vetting.enquiries.ports import Expectation, Item, Verdict
from vetting.enquiries.rules import Answer, AnswerKind, NotIdentified
from vetting.exchange.ports import MessageType


class Verb(IntEnum):
    """What is wanted of a message: its name, its verdict, or what it asks."""

    PEEK = 0
    REDUCE = 1
    ASK = 2


KINDS = ("answer", "deadline", "cancelled", "functional_error", "rejected", "named")
CODES = ("", *(code.value for code in Rejection))
ANSWERS = (None, *AnswerKind)
REASONS = (None, *NotIdentified)
TYPES = ("", *(letters.value for letters in MessageType))
ITEMS = tuple(Item)

_RECORD = struct.Struct("!5B I H I 25s 25s 32s")
RECORD_SIZE = _RECORD.size
"""97 bytes: five indexes, the States, the items, a day, two message ids, a keyed digest."""

_HEADER = struct.Struct("!B 3I 3B H H")
_ID_SIZE = 25
_ANY_REPLY = 0xFFFF
_MAX_PART = 1 << 20


def _ids(ids: Sequence[str]) -> bytes:
    packed = "".join(ids).encode("ascii")
    if len(packed) != _ID_SIZE * len(ids):
        raise ValueError("not message ids")
    return packed


def question(raw: bytes | memoryview, wanted: Expectation | Verb) -> list[memoryview]:
    """The parts to write, in order; `raw` is not copied. An expectation asks for the verdict.

    Raises ValueError for an expectation of the wrong form.
    """
    if isinstance(wanted, Verb):
        return [memoryview(_HEADER.pack(wanted, len(raw), *[0] * 7)), memoryview(raw)]
    expectation = wanted
    us, them, key = expectation.us.encode("ascii"), expectation.them.encode("ascii"), expectation.digest_key
    cancellable = expectation.cancellable
    header = _HEADER.pack(
        Verb.REDUCE, len(raw), len(expectation.request), len(expectation.told), len(us), len(them), len(key),
        _ANY_REPLY if cancellable is None else len(cancellable), len(expectation.also_expects),
    )  # fmt: skip
    names = us + them + key + _ids(cancellable or ()) + _ids(expectation.also_expects)
    return [memoryview(part) for part in (header, names, expectation.request, expectation.told, raw)]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    found = stream.read(size)
    if len(found) != size:
        raise EOFError
    return found


def _read_ids(stream: BinaryIO, count: int) -> tuple[str, ...]:
    return tuple(_exactly(stream, _ID_SIZE).decode("ascii") for _ in range(count))


def read_question(stream: BinaryIO) -> tuple[bytes, Expectation | Verb]:
    """The next question: a message, and what it must fit or what else is wanted. Raises EOFError when the other end is
    gone."""
    verb, raw_size, request_size, told_size, us, them, key, cancellable, also = _HEADER.unpack(
        _exactly(stream, _HEADER.size)
    )
    if max(raw_size, request_size, told_size) > _MAX_PART:
        raise EOFError
    if verb != Verb.REDUCE:
        return _exactly(stream, raw_size), Verb(verb)
    names = [_exactly(stream, size) for size in (us, them, key)]
    allowed = None if cancellable == _ANY_REPLY else _read_ids(stream, cancellable)
    expected = _read_ids(stream, also)
    request, told = _exactly(stream, request_size), _exactly(stream, told_size)
    expectation = Expectation(
        us=names[0].decode("ascii"),
        them=names[1].decode("ascii"),
        request=request,
        digest_key=names[2],
        cancellable=allowed,
        also_expects=expected,
        told=told,
    )
    return _exactly(stream, raw_size), expectation


def pack(verdict: Verdict) -> bytes:
    """The record. Raises ValueError for a verdict that holds anything but our own constants and message ids."""
    answer = Answer.from_words(verdict.answer) if verdict.answer else None
    if not all(MESSAGE_ID.fullmatch(found) for found in (verdict.message_id, verdict.response_to) if found):
        raise ValueError("not a message id")
    return _RECORD.pack(
        KINDS.index(verdict.kind),
        CODES.index(verdict.code),
        ANSWERS.index(answer.kind if answer else None),
        REASONS.index(answer.reason if answer else None),
        TYPES.index(verdict.message_type),
        sum(1 << STATES.index(state) for state in answer.states) if answer else 0,
        sum(1 << ITEMS.index(item) for item in answer.items) if answer else 0,
        verdict.deadline.toordinal() if verdict.deadline else 0,
        verdict.message_id.encode("ascii"),
        verdict.response_to.encode("ascii"),
        verdict.digest,
    )


def _message_id(field: bytes) -> str:
    found = field.rstrip(b"\0").decode("ascii")
    if found and not MESSAGE_ID.fullmatch(found):
        raise ValueError("not a message id")
    return found


def unpack(record: bytes) -> Verdict:
    """The verdict in a record, every index and id checked. Raises ValueError for what `pack` cannot have made."""
    try:
        kind, code, answer, reason, letters, states, items, day, own, answered, digest = _RECORD.unpack(record)
        found = ANSWERS[answer] and Answer(
            kind=AnswerKind(ANSWERS[answer]),
            states=tuple(state for bit, state in enumerate(STATES) if states >> bit & 1),
            items=tuple(item for bit, item in enumerate(ITEMS) if items >> bit & 1),
            reason=REASONS[reason],
        )
        return Verdict(
            kind=KINDS[kind],
            code=CODES[code],
            answer=found.words() if found else "",
            deadline=date.fromordinal(day) if day else None,
            message_type=TYPES[letters],
            message_id=_message_id(own),
            response_to=_message_id(answered),
            digest=digest,
        )
    except (struct.error, IndexError, UnicodeError, OverflowError) as damaged:
        raise ValueError("not a record") from damaged
