"""The sandbox authorities: the rule is in the document's number, and time and bytes decide everything."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.ecris.message import EcrisWriter
from integrations.ecris.replies import message_id_of
from integrations.ecris.verdict import verdict
from integrations.gateways.desk import DeskGateway
from integrations.gateways.sandbox import RULES, SandboxGateway
from tests.integrations.invented import AT, PERSON, expectation, outbound
from vetting.errors import Unavailable, Unusable
from vetting.exchange.ports import OutboundMessage

GATEWAY = SandboxGateway()
LATER = AT + timedelta(seconds=3)


def said(message: OutboundMessage, *, after: timedelta = timedelta(seconds=3)) -> list[str]:
    """The words for everything that waits `after` the sending."""
    expected = expectation(message.body, them=message.receiver)
    found = [verdict(reply, expected) for reply in GATEWAY.collect(message, sent_at=AT, at=AT + after)]
    return [verdict_.answer or f"{verdict_.kind} {verdict_.code}".strip() for verdict_ in found]


@pytest.mark.parametrize(
    "number,words",
    [
        ("ORDINARY-1", "nothing_recorded"),
        ("TEST-CLEAN", "nothing_recorded"),
        ("test-entry", "entry_held"),
        ("TEST-ENTRY@PL", "entry_held"),
        ("TEST-ENTRY@BG", "nothing_recorded"),
        ("TEST-DISQUALIFIED", "disqualification_held"),
        ("TEST-ELSEWHERE-DE", "ask_elsewhere DE"),
        ("TEST-ELSEWHERE-DE@PL", "ask_elsewhere DE"),
        ("TEST-MOREINFO", "more_information BirthPlace MotherName"),
        ("TEST-NOTIDENTIFIED", "not_identified several_persons"),
        ("TEST-NOTNATIONAL", "not_identified not_a_national"),
        ("TEST-DECEASED", "not_identified deceased"),
        ("TEST-FINGERPRINTS", "not_identified fingerprints_differ"),
        ("TEST-REFUSED", "refused"),
        ("TEST-OTHER", "rejected wrong-person"),
        ("TEST-CONTRADICTION", "rejected contradiction"),
        ("TEST-UNKNOWNTYPE", "rejected unknown-response-type"),
        ("TEST-GARBAGE", "rejected not-well-formed"),
        ("TEST-REMARK", "needs_person"),
    ],
)
def test_the_number_of_the_document_decides_the_reply(number: str, words: str) -> None:
    assert said(outbound(number)) == ["deadline", words]


def test_the_state_that_was_named_elsewhere_is_clean_itself() -> None:
    assert said(outbound("TEST-ELSEWHERE-DE", receiver="DE")) == ["deadline", "nothing_recorded"]


def test_a_date_is_announced_at_once_and_the_reply_comes_after_the_delay() -> None:
    assert said(outbound("TEST-CLEAN"), after=timedelta(0)) == ["deadline"]
    assert said(outbound("TEST-CLEAN"), after=timedelta(seconds=2)) == ["deadline"]


def test_a_late_reply_comes_after_thirty_days() -> None:
    assert said(outbound("TEST-LATE"), after=timedelta(days=29)) == ["deadline"]
    assert said(outbound("TEST-LATE"), after=timedelta(days=30)) == ["deadline", "nothing_recorded"]


def test_silence_is_silence() -> None:
    assert said(outbound("TEST-SILENT"), after=timedelta(days=400)) == []


def test_a_duplicate_is_the_same_bytes_again() -> None:
    replies = list(GATEWAY.collect(outbound("TEST-DUPLICATE"), sent_at=AT, at=LATER))
    assert len(replies) == 3
    assert replies[1] == replies[2]


def test_an_authority_that_is_down_takes_nothing() -> None:
    with pytest.raises(Unavailable):
        GATEWAY.send(outbound("TEST-DOWN"), at=AT)
    assert GATEWAY.send(outbound("TEST-DOWN@BG"), at=AT).received_at == AT


def test_every_reply_is_the_same_when_collected_again() -> None:
    first, again = (
        list(GATEWAY.collect(outbound("TEST-ENTRY"), sent_at=AT, at=at)) for at in (LATER, LATER + timedelta(days=9))
    )
    assert first == again


def test_the_answer_to_its_questions_leads_to_a_clean_reply_to_the_request() -> None:
    asked = outbound("TEST-MOREINFO")
    _, questions = GATEWAY.collect(asked, sent_at=AT, at=LATER)
    message_id = "EE-PL-RAR-000000000000077"
    body = EcrisWriter().more_information(
        message_id=message_id, at=LATER, answers=message_id_of(questions), person=PERSON
    )
    answer = OutboundMessage(message_id, "PL", body)
    assert not list(GATEWAY.collect(answer, sent_at=LATER, at=LATER))
    (reply,) = GATEWAY.collect(answer, sent_at=LATER, at=LATER + timedelta(seconds=3))
    assert verdict(reply, expectation(asked.body)).answer == "nothing_recorded"


def test_a_cancellation_is_taken_and_brings_nothing() -> None:
    message_id = "EE-PL-CAN-000000000000078"
    body = EcrisWriter().cancellation(message_id=message_id, at=AT, cancels="EE-PL-REQ-000000000000042")
    message = OutboundMessage(message_id, "PL", body)
    assert GATEWAY.send(message, at=AT).reference
    assert not list(GATEWAY.collect(message, sent_at=AT, at=LATER))


def test_a_state_that_nobody_can_ask_is_unusable() -> None:
    message = outbound("TEST-CLEAN")
    with pytest.raises(Unusable):
        GATEWAY.send(OutboundMessage(message.message_id, "CH", message.body), at=AT)


def test_the_desk_holds_the_question_at_once_and_brings_no_document() -> None:
    message = outbound("TEST-CLEAN")
    assert DeskGateway().send(message, at=AT).received_at == AT
    assert not list(DeskGateway().collect(message, sent_at=AT, at=LATER))


def test_a_busy_authority_takes_the_question_after_two_minutes() -> None:
    with pytest.raises(Unavailable):
        GATEWAY.send(outbound("TEST-BUSY"), at=AT + timedelta(seconds=119))
    assert GATEWAY.send(outbound("TEST-BUSY"), at=AT + timedelta(seconds=120)).received_at == AT + timedelta(
        seconds=120
    )


def test_the_handbook_lists_every_rule_and_no_other() -> None:
    handbook = (Path(__file__).parents[2] / "docs" / "conformance.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `TEST-([A-Z-]+)` \| (.+) \|$", handbook, re.MULTILINE))
    assert rows == RULES
