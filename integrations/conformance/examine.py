"""Runs the vectors against a node, then a whole exchange of messages, and judges each answer."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus

from integrations.conformance.tester import NOBODY, Came, Sending, Tester
from integrations.conformance.vectors import FLOW, OF_BODIES, OF_ENVELOPES, RECEIPT, SAME_RECEIPT
from integrations.ecris.convictions import HeldEntry
from integrations.ecris.message import EcrisWriter
from integrations.ecris.rejections import Rejected
from integrations.ecris.replies import message_id_of, opposite, response
from vetting.enquiries.ports import Item
from vetting.errors import Unavailable, Unusable
from vetting.exchange.ports import TokenType

NOT_RUN = "not run"
NEEDS_A_QUESTION = "needs a question of theirs: give it with --question"


@dataclass(frozen=True)
class Row:
    """One line of the table. `passed` is None for what was not run: that is no success."""

    group: str
    name: str
    expected: str
    came: str
    passed: bool | None


def examine(tester: Tester, question: bytes | None) -> Iterator[Row]:
    """Every row, as it is made. `question` is a REQ that the node sent to our State. Raises Unavailable."""
    for vector in (*OF_ENVELOPES, *OF_BODIES):
        came = _judged(tester, vector.name, vector.make(tester), vector.expected, vector.status)
        yield replace(came, group=vector.group)
    yield from _asking(tester)
    yield from _strangers(tester)
    yield from _answering(tester, question)


def _judged(tester: Tester, name: str, sending: Sending, expected: str, status: int = 200) -> Row:
    came = tester.post(sending)
    said = _said(tester, sending, came)
    whole = expected if status == HTTPStatus.OK else f"{expected} ({status})"
    return Row(FLOW, name, whole, said, said == whole)


def _said(tester: Tester, sending: Sending, came: Came) -> str:
    """An answer in the words of the table: a receipt only when the node signed it for these very bytes."""
    if came.status != HTTPStatus.OK:
        return f"{came.code or 'no code'} ({came.status})"
    kind = TokenType.STANDING if sending.path.endswith("/standing/") else TokenType.RECEIPT
    try:
        paper = tester.opened(came.paper, kind)
    except (Unusable, Unavailable) as trouble:
        return f"a paper that does not open: {trouble}"
    if (paper.sender, paper.receiver) != (tester.them, tester.us):
        return "a paper of other States"
    if kind is TokenType.STANDING:
        return f"standing {paper.standing}"
    if paper.digest != hashlib.sha256(sending.body).hexdigest():
        return "a receipt of other bytes"
    before = tester.receipts.setdefault(paper.message_id, came.paper)
    return RECEIPT if before is came.paper else SAME_RECEIPT if before == came.paper else "another receipt"


def _message(tester: Tester, body: bytes) -> Sending:
    own = message_id_of(body)
    return Sending(tester.seal(own, body), body)


def _standing(tester: Tester, own: str, body: bytes) -> Sending:
    return Sending(tester.query(own, body), path="/api/standing/")


def _asking(tester: Tester) -> Iterator[Row]:
    """We ask: each word of consent, a duplicate, other bytes, how it stands, and the end."""
    write = tester.writer
    for word in ("Yes", "No", "UNKNOWN"):
        own = tester.id("REQ")
        body = tester.request(own, consent=word)
        yield _judged(tester, f"REQ, consent {word}", _message(tester, body), RECEIPT)
        if word == "Yes":
            yield from _about(tester, own, body)
        end = write.cancellation(message_id=tester.id("CAN"), at=tester.at, cancels=own)
        yield _judged(tester, f"CAN of the REQ, consent {word}", _message(tester, end), RECEIPT)
        yield _judged(tester, "asked after: taken back", _standing(tester, own, body), "standing taken_back")


def _about(tester: Tester, own: str, body: bytes) -> Iterator[Row]:
    yield _judged(tester, "the same REQ again", _message(tester, body), SAME_RECEIPT)
    other = body.replace(b"Proba", b"Drugata", 1)
    yield _judged(tester, "other bytes under its id", _message(tester, other), "message-id-used", 409)
    yield _judged(tester, "asked after: waiting", _standing(tester, own, body), "standing waiting")
    yield _judged(tester, "asked after, other bytes", _standing(tester, own, other), "message-id-used", 409)
    old = Sending(tester.query(own, body, at=tester.at - timedelta(minutes=6)), path="/api/standing/")
    yield _judged(tester, "asked after six minutes ago", old, "too-old", 403)
    encoded = tester.request(tester.id("REQ"))
    wide = encoded.decode().partition("?>")[2].strip()
    utf_16 = ("<?xml version='1.0' encoding='UTF-16'?>" + wide).encode("utf-16")
    yield _judged(tester, "REQ in UTF-16", Sending(tester.seal(message_id_of(encoded), utf_16), utf_16), RECEIPT)
    end = tester.writer.cancellation(message_id=tester.id("CAN"), at=tester.at, cancels=message_id_of(encoded))
    yield _judged(tester, "CAN of the REQ in UTF-16", _message(tester, end), RECEIPT)


def _strangers(tester: Tester) -> Iterator[Row]:
    """Every other type, about nothing that the node knows."""
    write, at = tester.writer, tester.at
    theirs = {letters: opposite(tester.id("REQ"), letters) for letters in ("REQ", "RAI", "RRS")}
    unknown = {
        "RRS": (write.reply(message_id=tester.id("RRS"), at=at, answers=theirs["REQ"], person=NOBODY,
                            words="nothing_recorded"), "unknown-enquiry"),
        "RDL": (write.deadline(message_id=tester.id("RDL"), at=at, answers=theirs["REQ"],
                               due=at.date() + timedelta(days=14)), "unknown-enquiry"),
        "RAI": (write.questions(message_id=tester.id("RAI"), at=at, answers=theirs["REQ"], items=[Item.SEX]),
                "unknown-enquiry"),
        "FEM": (write.functional_error(message_id=tester.id("FEM"), at=at, answers=theirs["RRS"]), "unknown-enquiry"),
        "RAR": (write.more_information(message_id=tester.id("RAR"), at=at, answers=theirs["RAI"], person=NOBODY),
                "unknown-question"),
        "CAN": (write.cancellation(message_id=tester.id("CAN"), at=at, cancels=tester.id("REQ")), "unknown-question"),
    }  # fmt: skip
    for letters, (body, code) in unknown.items():
        yield _judged(tester, f"{letters} about nothing they know", _message(tester, body), code, 404)
    nothing = tester.id("REQ")
    yield _judged(tester, "asked after what they never got", _standing(tester, nothing, b"x"), "standing unknown")


def _answering(tester: Tester, question: bytes | None) -> Iterator[Row]:
    """They ask, we answer: broken answers first, then a date, a question back, and an answer that is taken back."""
    names = ("RDL", "RRS about somebody else", "RRS of an unknown type", "RRS that denies and lists", "RRS",
             "the same RRS again", "CAN of the RRS", "RAI")  # fmt: skip
    if question is None:
        yield from (Row(FLOW, f"{name} to their question", NOT_RUN, NEEDS_A_QUESTION, None) for name in names)
        return
    try:
        asked = message_id_of(question)
    except Rejected:
        raise Unusable("question") from None
    if asked[:5] != f"{tester.them}-{tester.us}":
        raise Unusable("question")
    for name, body, expected, status in zip(names, *_answers(tester, asked, question), strict=True):
        yield _judged(tester, f"{name} to their question", _message(tester, body), expected, status)


def _answers(tester: Tester, asked: str, question: bytes) -> tuple[list[bytes], list[str], list[int]]:
    write: EcrisWriter = tester.writer
    at, number = tester.at, int(tester.id("RRS")[-15:])
    reply = response(question, at=at, number=number)
    bodies = [
        write.deadline(message_id=tester.id("RDL"), at=at, answers=asked, due=at.date() + timedelta(days=14)),
        response(question, at=at, number=(number + 1) % 10**15, person=NOBODY),
        reply.replace(b"RRT-00-00", b"RRT-00-77"),
        response(question, at=at, number=(number + 2) % 10**15, response_type="RRT-00-01", entries=[HeldEntry()]),
        response(question, at=at, number=(number + 3) % 10**15),
    ]
    bodies.append(bodies[-1])
    bodies.append(write.cancellation(message_id=tester.id("CAN"), at=at, cancels=message_id_of(bodies[-1])))
    bodies.append(write.questions(message_id=tester.id("RAI"), at=at, answers=asked, items=[Item.BIRTH_PLACE]))
    refused = ["wrong-person", "unknown-response-type", "contradiction"]
    expected = [RECEIPT, *refused, RECEIPT, SAME_RECEIPT, RECEIPT, RECEIPT]
    return bodies, expected, [200, 422, 422, 422, 200, 200, 200, 200]
