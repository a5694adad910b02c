"""Two workers on one case, at the same moment: one message, one certificate, and no work undone by a late look."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from integrations.gateways.sandbox import SandboxGateway
from tests import given
from vetting import pipeline
from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM
from vetting.audit.queries import broken_links
from vetting.cases import services as cases
from vetting.cases.access import APPLICANT
from vetting.cases.rules import CaseState
from vetting.certificates import services as certificates
from vetting.certificates.models import Certificate
from vetting.consent import services as consents
from vetting.enquiries import services as enquiries
from vetting.enquiries.models import Enquiry, Outbound
from vetting.enquiries.rules import EnquiryState
from vetting.errors import Refused
from vetting.exchange.ports import Receipt
from vetting.outcomes import services as outcomes

WORKERS = 4


class SlowGateway(SandboxGateway):
    """Takes its time, so that the workers are in the middle of the send together."""

    received: list[str] = []

    def send(self, message, *, at):
        self.received.append(message.message_id)
        time.sleep(0.2)
        return super().send(message, at=at)


@pytest.fixture
def slow(settings):
    settings.EXCHANGE_GATEWAY = f"{__name__}.SlowGateway"
    SlowGateway.received.clear()
    return SlowGateway.received


def at_once(act):
    """The same act in several threads, each with a connection of its own; what the rules refused to the losers."""
    together, troubles = threading.Barrier(WORKERS), []

    def work():
        try:
            together.wait()
            act()
        except Exception as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(trouble, Refused) for trouble in troubles), troubles
    return troubles


@pytest.mark.django_db(transaction=True)
def test_workers_that_advance_one_case_at_once_send_each_message_once_and_issue_one_certificate(slow):
    world = given.world()
    case = given.case_accepted(world, nationality={"nationalities": ["BG", "RO"]})
    at_once(lambda: pipeline.advance(case.ref, at=world.clock.now))
    exchanged = Outbound.objects.filter(enquiry__case=case, enquiry__channel="exchange")
    assert sorted(slow) == sorted(exchanged.values_list("message_id", flat=True))
    assert set(exchanged.values_list("attempts", flat=True)) == {1}

    given.own_register_answers(world, case)
    at = world.clock.forward(minutes=1)
    at_once(lambda: pipeline.advance(case.ref, at=at))
    given.advance(world, case, seconds=30)
    assert case.state == CaseState.CLEARED
    assert Certificate.objects.get(case=case).state == "current"
    assert len(slow) == 2
    events = list(Entry.objects.filter(chain=case.ref).values_list("event", flat=True))
    for once in ("case.all_answered", "case.clear", "certificate.intend", "certificate.publish"):
        assert events.count(once) == 1
    for each in ("message.sent", "enquiry.send", "enquiry.answer"):
        assert events.count(each) == 3
    assert list(broken_links()) == []


@pytest.mark.django_db(transaction=True)
def test_sweepers_at_once_pass_each_other_by(slow):
    world = given.world()
    for _case in range(3):
        given.case_accepted(world)
    assert at_once(lambda: pipeline.sweep(at=world.clock.now)) == []
    assert len(slow) == len(set(slow)) == 3
    assert set(Enquiry.objects.values_list("state", flat=True)) == {EnquiryState.SENT}


@pytest.mark.django_db
def test_a_worker_whose_look_is_old_does_not_end_the_certificate_that_another_has_issued():
    world = given.world()
    case = given.case_cleared(world)
    assert certificates.supersede(case.ref, actor=SYSTEM, at=world.clock.now) == 0
    assert Certificate.objects.get(case=case).state == "current"


@pytest.mark.django_db
def test_a_worker_whose_look_is_old_does_not_conclude_a_second_time():
    world = given.world()
    case = given.case_cleared(world)
    entries = Entry.objects.filter(chain=case.ref).count()
    assert outcomes.conclude(case.ref, actor=SYSTEM, at=world.clock.now).state == CaseState.CLEARED
    assert Entry.objects.filter(chain=case.ref).count() == entries


@pytest.mark.django_db
def test_a_case_that_is_submitted_at_the_last_moment_does_not_lapse():
    world = given.world()
    case = given.case_submitted(world)
    assert cases.lapse(case.ref, actor=SYSTEM, at=world.clock.now).state == CaseState.SUBMITTED


def claimed(world):
    case = given.case_accepted(world)
    outbound = Outbound.objects.get(enquiry=given.enquiry(case, "BG"))
    assert enquiries.claim(outbound.pk, at=world.clock.now) is not None
    return case, outbound


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "no-such-authority"])
def test_a_slow_worker_that_fails_after_its_lease_does_not_undo_what_another_has_sent(code):
    world = given.world()
    case, outbound = claimed(world)
    later = world.clock.forward(seconds=31)
    assert enquiries.claim(outbound.pk, at=later) is not None
    enquiries.sent(outbound.pk, receipt=Receipt(received_at=later), actor=SYSTEM, at=later)
    enquiries.not_sent(outbound.pk, at=world.clock.forward(seconds=5), code=code)
    outbound.refresh_from_db()
    assert (outbound.dead_code, outbound.try_at) == ("", None)
    assert given.enquiry(case, "BG").state == EnquiryState.SENT


@pytest.mark.django_db
def test_a_send_that_fails_after_the_case_was_withdrawn_leaves_nothing_to_look_at_for_ever():
    world = given.world()
    case, outbound = claimed(world)
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.forward(seconds=1))
    case = given.advance(world, case, seconds=1)
    enquiries.not_sent(outbound.pk, at=world.clock.forward(seconds=1))
    outbound.refresh_from_db()
    assert (outbound.dead_code, outbound.try_at) == ("cancelled", None)
    case = given.advance(world, case, hours=5)
    assert case.wake_at is not None
    assert case.wake_at >= world.clock.now + timedelta(days=1)


@pytest.mark.django_db
def test_a_lease_is_not_given_twice_and_ends_by_itself():
    world = given.world()
    _, outbound = claimed(world)
    assert enquiries.claim(outbound.pk, at=world.clock.forward(seconds=29)) is None
    before = Outbound.objects.get(pk=outbound.pk)
    again = enquiries.claim(outbound.pk, at=world.clock.forward(seconds=1))
    assert again is not None
    assert (bytes(again.sealed_body or b""), again.digest) == (bytes(before.sealed_body or b""), before.digest)
    assert again.sealed_body
    assert again.attempts == 2
