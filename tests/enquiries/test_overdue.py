"""A late authority is asked after its answer: it is reminded, and both sides find out what the other does not have."""

from datetime import timedelta

import pytest

from tests import given
from vetting import courier
from vetting.audit.models import Entry
from vetting.cases.access import APPLICANT
from vetting.enquiries import receiving
from vetting.enquiries.models import Outbound
from vetting.enquiries.services import ASKED_AFTER_EVERY, asked_after, intend_to_ask_after
from vetting.exchange.ports import Standing


@pytest.fixture
def world(db):
    return given.world()


@pytest.fixture
def case(world):
    """Bulgaria has the question, and says nothing until the day on which it was to answer is over."""
    found = given.case_asked(world, document={"number": "TEST-SILENT@BG"})
    world.clock.forward(days=20)
    return found


def bulgaria(case):
    return given.enquiry(case, "BG")


def questions_asked(case):
    return Entry.objects.filter(chain=case.ref, event="enquiry.ask_after").count()


def test_a_late_authority_is_asked_after_its_answer_once_a_week(world, case):
    given.advance(world, case)
    assert (questions_asked(case), bulgaria(case).standing) == (1, "waiting")
    given.advance(world, case, days=6)
    assert questions_asked(case) == 1
    given.advance(world, case, days=2)
    assert questions_asked(case) == 2


def test_one_that_has_time_left_is_left_in_peace(world):
    case = given.case_asked(world, document={"number": "TEST-SILENT@BG"})
    given.advance(world, case, days=5)
    assert questions_asked(case) == 0


def test_the_intent_is_on_the_record_before_the_other_side_is_reached(world, case):
    at = world.clock.now
    assert intend_to_ask_after(bulgaria(case).ref, at=at)
    assert not intend_to_ask_after(bulgaria(case).ref, at=at), "another process has it"
    assert bulgaria(case).ask_after_at == at + timedelta(hours=1)
    assert questions_asked(case) == 1


def test_while_they_cannot_be_reached_it_is_tried_again_each_hour(world):
    case = given.case_asked(world, document={"number": "TEST-SILENT@BG"})
    world.clock.forward(days=20)
    enquiry = bulgaria(case)
    enquiry.outbox.update(sealed_body=None)  # bytes that nobody can read: the sandbox says so
    courier.ask_after(case.ref, at=world.clock.now)
    assert (bulgaria(case).ask_after_at, bulgaria(case).standing) == (world.clock.now + timedelta(hours=1), "")


def test_a_question_they_do_not_hold_goes_out_again_with_the_same_bytes(world, case):
    before = Outbound.objects.get(enquiry=bulgaria(case), kind="REQ")
    asked_after(bulgaria(case).ref, Standing.UNKNOWN, at=world.clock.now)
    again = Outbound.objects.get(enquiry=bulgaria(case), kind="REQ")
    assert (again.message_id, again.digest, again.sealed_body) == (before.message_id, before.digest, before.sealed_body)
    assert (again.done_at, again.try_at) == (None, world.clock.now)
    given.advance(world, case)
    sent = Outbound.objects.get(enquiry=bulgaria(case), kind="REQ")
    assert sent.done_at == world.clock.now
    assert bulgaria(case).due_on > world.clock.now.date(), "and their time begins anew"


def test_one_they_take_for_taken_back_is_a_persons(world, case):
    asked_after(bulgaria(case).ref, Standing.TAKEN_BACK, at=world.clock.now)
    assert (bulgaria(case).state, bulgaria(case).words) == ("refused", "")


@pytest.mark.parametrize("standing", [Standing.WAITING, Standing.ASKED_BACK, Standing.ANSWERED, Standing.NOT_SAID])
def test_whatever_else_they_say_is_no_answer(world, case, standing):
    asked_after(bulgaria(case).ref, standing, at=world.clock.now)
    found = bulgaria(case)
    assert (found.state, found.words, found.standing) == ("sent", "", standing)
    assert found.ask_after_at == world.clock.now + ASKED_AFTER_EVERY


def test_what_was_told_goes_again_when_they_still_wait_for_it(world):
    case = given.case_asked(world, document={"number": "TEST-MOREINFO@BG"})
    given.advance(world, case, seconds=10)
    receiving.tell_more(bulgaria(case).ref, steps={}, actor=APPLICANT, at=world.clock.forward(minutes=1))
    given.advance(world, case)
    before = Outbound.objects.get(enquiry=bulgaria(case), kind="RAR")
    assert (bulgaria(case).state, before.done_at) == ("sent", world.clock.now)
    asked_after(bulgaria(case).ref, Standing.ASKED_BACK, at=world.clock.forward(days=20))
    again = Outbound.objects.get(enquiry=bulgaria(case), kind="RAR")
    assert (again.message_id, again.digest, again.done_at) == (before.message_id, before.digest, None)
