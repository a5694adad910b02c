"""What another State asks of this node arrives once, whole or not at all, and waits for a clerk."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.db import connection

from integrations.airlock.client import ChildAirlock
from tests.asking import ID, WRITER, Asking
from tests.integrations.invented import PERSON
from tests.marked import mark
from tests.two_nodes import NODES, digest, refusals, sealed
from vetting import courier
from vetting.api.inbound import take
from vetting.enquiries.ports import Item
from vetting.errors import Refused, Unusable
from vetting.exchange.gateways import envelopes
from vetting.exchange.ports import TokenType
from vetting.keys.models import CaseKey
from vetting.questions.models import Heard, Question, Said
from vetting.questions.queries import person_asked

pytest_plugins = ["tests.canary_watch"]


def test_a_question_is_taken_with_a_receipt_and_our_day_is_announced(asking):
    answer = asking.post()
    assert answer.status_code == 200
    opened = NODES["BG"].open(answer.content.decode(), TokenType.RECEIPT, {"IE": envelopes().public_keys()})
    assert (opened.message_id, opened.digest) == (ID, digest(asking.body))
    question = asking.question()
    assert (question.asker, question.state, question.consent, question.purpose) == (
        "BG",
        "waiting",
        "Yes",
        "P-00-000000",
    )
    assert person_asked(question) == PERSON
    assert courier.send_answers(asking.at) == 1
    announced = asking.said("RDL")
    assert (announced.done_at, announced.answers) == (asking.at, ID)
    assert asking.words_of(announced).deadline == question.due_on > asking.at.date()


def test_the_person_lies_sealed_and_the_message_nowhere(asking):
    asking.post()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_person FROM questions_question")
        stored = bytes(cursor.fetchone()[0])
    assert PERSON.name.surname.encode() not in stored
    assert not Said.objects.filter(kind="REQ").exists()


def test_the_same_question_again_gets_the_same_receipt_and_is_one_question(asking):
    first = asking.post().content
    asking.go(minutes=2)
    assert asking.post().content == first
    assert (Question.objects.count(), Heard.objects.count(), Said.objects.count()) == (1, 1, 1)
    assert refusals() == ["duplicate"]


def test_other_bytes_under_a_known_id_are_refused(asking):
    asking.post()
    other = asking.body.replace(b"Wzorowa", b"Wzorowska")
    assert (asking.post(other).status_code, asking.post(other).json()) == (409, {"code": "message-id-used"})
    assert person_asked(asking.question()) == PERSON


@pytest.mark.parametrize(
    "spoil, code",
    [
        (lambda body: body.replace(b"Consent>Yes", b"Consent>Perhaps"), "wrong-structure"),
        (lambda body: b"<!DOCTYPE a>" + body, "dtd"),
        (lambda body: re.sub(rb"<d:(Fore|Sur)name>[^<]*", rb"<d:\1name>UNKNOWN", body), "identity-incomplete"),
    ],
)
def test_a_question_that_cannot_be_used_is_refused_and_nobody_is_kept(asking, spoil, code):
    answer = asking.post(spoil(asking.body))
    assert (answer.status_code, answer.json()) == (422, {"code": code})
    assert refusals() == [code]
    assert (Question.objects.count(), CaseKey.objects.count()) == (0, 0)


def test_a_question_is_overwritten_before_the_first_statement_that_writes(asking):
    raw, there = bytearray(asking.body), []

    def watch(execute, sql, params, many, context):
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE")):
            there.append(any(raw))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        take(raw, sealed(ID, asking.body, asking.at), at=asking.at)
    assert asking.question()
    assert there
    assert not any(there)


class Slow(ChildAirlock):
    """Reads so slowly that the sender's patience ends: the same message arrives once more meanwhile, and is taken."""

    meanwhile: ClassVar[list[Callable[[], Any]]] = []
    first: ClassVar[list[Any]] = []

    def question(self, raw):
        if self.meanwhile:
            self.first.append(self.meanwhile.pop()())
        return super().question(raw)


@pytest.mark.parametrize("kind", ["REQ", "RAR"])
def test_the_same_message_twice_at_once_gets_one_receipt_twice(asking, settings, kind):
    settings.AIRLOCK = f"{__name__}.Slow"
    own, body = ID, asking.body
    if kind == "RAR":
        asking.post()
        asking.ask_back(Item.BIRTH_PLACE)
        own, body = asking.rar()
    Slow.meanwhile.append(lambda: asking.post(body, own))
    second = asking.post(body, own)
    first = Slow.first.pop()
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.content == first.content
    assert Heard.objects.filter(message_id=own).count() == 1
    assert refusals() == ["duplicate"]


def test_what_nobody_asked_for_is_refused(asking):
    asking.post()
    asking.ask_back(Item.BIRTH_PLACE)
    own, body = asking.rar(answers="IE-BG-RAI-999999999999999")
    assert asking.post(body, own).json() == {"code": "unknown-question"}
    own, body = asking.rar()
    assert asking.post(body, own).status_code == 200
    again, second = asking.rar(number=5)
    assert (asking.post(second, again).status_code, asking.post(second, again).json()) == (
        409,
        {"code": "nothing-asked"},
    )


def test_another_state_cannot_tell_anything_about_it_or_take_it_back(asking):
    asking.post()
    body = WRITER.cancellation(message_id="RO-IE-CAN-000000000000009", at=asking.at, cancels=ID)
    answer = asking.post(body, "RO-IE-CAN-000000000000009", by="RO", sender="RO")
    assert answer.json() == {"code": "unknown-question"}
    assert asking.question().state == "waiting"
    assert asking.after(by="RO") == "wrong-message-id"


def test_a_question_taken_back_is_over_and_what_had_not_left_stays_here(asking):
    asking.post()
    body = WRITER.cancellation(message_id="BG-IE-CAN-000000000000009", at=asking.at, cancels=ID)
    assert asking.post(body, "BG-IE-CAN-000000000000009").status_code == 200
    question = asking.question()
    assert (question.state, question.ended_at) == ("taken_back", asking.at)
    assert asking.said("RDL").dead_code == "cancelled"
    assert courier.send_answers(asking.at) == 0
    with pytest.raises(Refused):
        asking.answer()


def test_what_a_question_says_beyond_the_person_is_nowhere(watch, assert_nothing_stays, time_machine):
    asking = Asking(time_machine)
    word = mark("a remark about the person")
    remark = (
        "</m:MessageDataPerson><m:MessageDataRemarks><k:MultilingualTextLinguisticRepresentation>"
        f"{word}</k:MultilingualTextLinguisticRepresentation></m:MessageDataRemarks>"
    )
    asking.body = asking.body.replace(b"</m:MessageDataPerson>", remark.encode(), 1)
    watch.pages.append(asking.post().content)
    assert asking.question().says_more
    asking.answer()
    courier.send_answers(asking.at)
    assert_nothing_stays()


class Broken:
    """A writer with a defect."""

    def deadline(self, **_said):
        raise Unusable("defect")


def test_a_failed_act_leaves_no_half_of_it(asking, settings):
    settings.MESSAGE_WRITER = f"{__name__}.Broken"
    assert asking.post().status_code == 503
    assert (Question.objects.count(), Said.objects.count(), Heard.objects.count()) == (0, 0, 0)
    assert CaseKey.objects.count() == 0
