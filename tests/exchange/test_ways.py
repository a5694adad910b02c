"""A way that does not answer is left alone but for a probe; what waits is not lost, and the record says so."""

from datetime import timedelta

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from tests import given
from vetting import courier
from vetting.audit.models import Entry
from vetting.enquiries.models import Outbound
from vetting.errors import Unavailable, Unusable
from vetting.exchange import services
from vetting.exchange.models import Circuit
from vetting.exchange.queries import ways_down
from vetting.exchange.rules import LONGEST_PROBE, LONGEST_WAIT, TRIPS_AFTER, pause

DOWN = {"number": "TEST-DOWN@BG"}


def circuit():
    return Circuit.objects.get(state="BG")


def request_of(case):
    return Outbound.objects.get(enquiry__case=case, enquiry__asked="BG", kind="REQ")


def tried(world, case, times):
    for _ in range(times):
        given.advance(world, case, hours=5)


@pytest.fixture
def down(db):
    """A case whose question to Bulgaria failed until the way counted as down."""
    world = given.world()
    case = given.case_accepted(world, document=DOWN)
    tried(world, case, TRIPS_AFTER)
    return world, case


def test_after_five_failures_in_a_row_a_way_counts_as_down_and_the_record_says_so(db):
    world = given.world()
    case = given.case_accepted(world, document=DOWN)
    tried(world, case, TRIPS_AFTER - 1)
    assert ways_down() == []
    tried(world, case, 1)
    assert [way.state for way in ways_down()] == ["BG"]
    opened = Entry.objects.get(event="circuit.open")
    assert opened.facts == {"authority": "BG", "number": str(TRIPS_AFTER)}


def test_while_it_is_down_messages_wait_and_no_attempt_is_counted(down):
    world, case = down
    before, failures = request_of(case).attempts, circuit().failures
    other = given.case_accepted(world)
    given.advance(world, other, seconds=1)
    waiting = request_of(other)
    assert (waiting.attempts, waiting.done_at, waiting.dead_code) == (0, None, "")
    assert waiting.try_at == circuit().probe_at
    assert (request_of(case).attempts, circuit().failures) == (before, failures)


def test_one_message_that_gets_through_opens_the_way_for_all(down):
    world, _ = down
    other = given.case_accepted(world)
    given.advance(world, other, seconds=1)
    given.advance(world, other, minutes=20)
    assert request_of(other).done_at is not None
    assert ways_down() == []
    assert circuit().failing_since is None
    assert Entry.objects.filter(event="circuit.close").count() == 1
    third = given.case_asked(world)
    assert request_of(third).attempts == 1


def test_in_each_interval_one_message_probes_whoever_asks_first(down):
    assert down
    at = circuit().probe_at
    assert services.let_through("BG", at=at - timedelta(seconds=1)) == at
    assert services.let_through("BG", at=at) is None
    following = services.let_through("BG", at=at)
    assert following is not None
    assert following > at


def test_a_way_that_is_down_keeps_no_other_from_being_asked(down):
    world, _ = down
    case = given.case_asked(world, nationality={"nationalities": ["RO"]})
    asked = Outbound.objects.get(enquiry__case=case, enquiry__asked="RO")
    assert asked.done_at is not None


def test_a_no_is_an_answer_only_silence_counts_against_a_way(db):
    at = given.START

    def refuse():
        raise Unusable("no")

    def silent():
        raise Unavailable("silence")

    for _ in range(TRIPS_AFTER):
        with pytest.raises(Unavailable):
            courier.reach("RO", silent, at=at)
    assert [way.state for way in ways_down()] == ["RO"]
    with pytest.raises(Unusable):
        courier.reach("RO", refuse, at=at)
    assert ways_down() == []


def test_when_a_reply_would_be_due_a_question_that_never_left_is_a_persons(db):
    world = given.world()
    case = given.case_accepted(world, document=DOWN)
    for _ in range(20):
        given.advance(world, case, days=1)
    assert request_of(case).dead_code == "not-delivered"
    assert given.enquiry(case, "BG").state == "refused"
    assert not given.enquiry(case, "BG").is_clean


@any_of(st.integers(min_value=0, max_value=10_000), st.sampled_from([LONGEST_WAIT, LONGEST_PROBE]))
def test_a_pause_grows_is_never_nothing_and_never_much_over_the_longest(attempts, longest):
    waited = pause(attempts, longest)
    assert timedelta(seconds=30) <= waited <= longest * 1.25
    assert pause(attempts + 1, longest) >= waited / 1.25
