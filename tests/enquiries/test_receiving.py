"""Replies that come late, twice, from the wrong place, or after the case is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import given
from vetting import pipeline
from vetting.audit.ports import SYSTEM
from vetting.audit.queries import entries_of
from vetting.cases.access import APPLICANT
from vetting.cases.rules import CaseState
from vetting.certificates.queries import live_certificate
from vetting.consent import services as consents
from vetting.enquiries import receiving
from vetting.enquiries import services as enquiries
from vetting.enquiries.gateways import airlock, gateway_for
from vetting.enquiries.models import Inbound, Outbound
from vetting.enquiries.ports import Verdict
from vetting.enquiries.queries import expectation_of, message_of
from vetting.enquiries.rules import AnswerKind, EnquiryState
from vetting.errors import Refused

pytestmark = pytest.mark.django_db


def replies(world, enquiry):
    """What the sandbox authority says to our request, through the airlock."""
    sent = list(enquiry.outbox.filter(done_at__isnull=False))
    later = world.clock.now + timedelta(days=1)
    return [
        airlock().reduce(raw, expectation_of(enquiry, sent))
        for raw in gateway_for(enquiry).collect(message_of(sent[0]), sent_at=sent[0].done_at, at=later)
    ]


def codes(case):
    return [entry.facts["code"] for entry in entries_of(case.ref) if entry.event == "message.refused"]


def test_a_duplicate_reply_changes_nothing_and_is_audited():
    world = given.world()
    case = given.case_asked(world)
    bulgaria = given.enquiry(case, "BG")
    answer = replies(world, bulgaria)[-1]
    assert receiving.receive(bulgaria.ref, answer, actor=SYSTEM, at=world.clock.now) == "answer"
    assert receiving.receive(bulgaria.ref, answer, actor=SYSTEM, at=world.clock.now) == "duplicate"
    assert codes(case) == ["duplicate"]


def test_a_late_reply_before_the_case_is_over_still_counts():
    world = given.world()
    case = given.case_asked(world)
    bulgaria = given.enquiry(case, "BG")
    answer = replies(world, bulgaria)[-1]
    world.clock.forward(days=40)
    assert receiving.receive(bulgaria.ref, answer, actor=SYSTEM, at=world.clock.now) == "answer"


def test_a_reply_for_a_withdrawn_case_is_refused_with_a_code():
    world = given.world()
    case = given.case_asked(world)
    bulgaria = given.enquiry(case, "BG")
    answer = replies(world, bulgaria)[-1]
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.now)
    assert receiving.receive(bulgaria.ref, answer, actor=SYSTEM, at=world.clock.now) == "case-over"
    assert codes(case) == ["case-over"]
    assert not given.enquiry(case, "BG").words


def test_a_reply_from_another_authority_is_refused_with_a_code():
    world = given.world()
    case = given.case_asked(world, nationality={"nationalities": ["BG", "FR"]})
    bulgaria, france = given.enquiry(case, "BG"), given.enquiry(case, "FR")
    raw = list(
        gateway_for(france).collect(
            message_of(Outbound.objects.get(enquiry=france)),
            sent_at=world.clock.now,
            at=world.clock.now + timedelta(days=1),
        )
    )[-1]
    verdict = airlock().reduce(raw, expectation_of(bulgaria, bulgaria.outbox.all()))
    assert verdict.kind == "rejected"
    receiving.receive(bulgaria.ref, verdict, actor=SYSTEM, at=world.clock.now)
    assert given.enquiry(case, "BG").state == EnquiryState.SENT


def test_a_second_answer_that_nobody_took_back_suspends_the_clearance():
    world = given.world()
    case = given.case_cleared(world)
    assert live_certificate(case) is not None
    bulgaria = given.enquiry(case, "BG")
    entry = Verdict(
        kind="answer", answer="entry_held", message_type="RRS", message_id="BG-IE-RRS-000000000000009", digest=b"9" * 32
    )
    receiving.receive(bulgaria.ref, entry, actor=SYSTEM, at=world.clock.forward(days=1))
    case = given.advance(world, case, seconds=1)
    assert case.state == CaseState.ASSESSING
    assert live_certificate(case) is None
    assert given.enquiry(case, "BG").words == AnswerKind.NEEDS_PERSON


def test_a_reply_that_is_taken_back_reopens_the_question_and_ends_the_certificate():
    world = given.world()
    case = given.case_cleared(world)
    bulgaria = given.enquiry(case, "BG")
    cancelled = Verdict(kind="cancelled", message_type="CAN", message_id="BG-IE-CAN-000000000000009", digest=b"8" * 32)
    receiving.receive(bulgaria.ref, cancelled, actor=SYSTEM, at=world.clock.forward(days=1))
    case = given.advance(world, case, seconds=1)
    assert given.enquiry(case, "BG").state == EnquiryState.SENT
    assert case.state == CaseState.ENQUIRING
    assert live_certificate(case) is None


def test_a_clerk_cannot_answer_for_another_authority():
    world = given.world()
    case = given.case_asked(world)
    with pytest.raises(Refused, match="not-at-desk"):
        receiving.answer_at_desk(
            given.enquiry(case, "BG").ref,
            kind=AnswerKind.NOTHING_RECORDED,
            actor=given.clerk_of(world),
            at=world.clock.now,
        )


def test_nothing_is_asked_on_an_expired_consent():
    world = given.world()
    case = given.case_submitted(world)
    with pytest.raises(Refused, match="no-consent"):
        enquiries.accept(case.ref, actor=given.clerk_of(world), at=world.clock.forward(days=91))


def test_a_crash_after_sending_repeats_the_same_bytes_under_the_same_id():
    world = given.world()
    case = given.case_accepted(world)
    outbound = Outbound.objects.get(enquiry__case=case, enquiry__asked="BG")
    first = enquiries.claim(outbound.pk, at=world.clock.now)
    assert first is not None
    body = message_of(first).body
    assert enquiries.claim(outbound.pk, at=world.clock.now) is None, "leased by whoever sends it"
    again = enquiries.claim(outbound.pk, at=world.clock.forward(seconds=31))
    assert again is not None
    assert (again.message_id, message_of(again).body) == (first.message_id, body)


def test_an_authority_that_is_down_is_tried_again_later():
    world = given.world()
    case = given.case_asked(world, document={"number": "TEST-DOWN@BG"})
    outbound = Outbound.objects.get(enquiry__case=case, enquiry__asked="BG")
    assert outbound.done_at is None
    assert outbound.attempts == 1
    assert outbound.try_at is not None
    assert outbound.try_at >= world.clock.now + timedelta(seconds=30)


def test_an_authority_that_stays_silent_is_given_up_and_a_person_assesses():
    world = given.world()
    case = given.case_asked(world, document={"number": "TEST-SILENT"})
    given.own_register_answers(world, case)
    case = given.advance(world, case, days=80)
    assert given.enquiry(case, "BG").state == EnquiryState.REFUSED
    assert case.state == CaseState.ASSESSING


def test_a_refused_message_leaves_a_code_and_a_digest_and_nothing_else():
    world = given.world()
    case = given.case_asked(world, document={"number": "TEST-GARBAGE"})
    case = given.advance(world, case, seconds=20)
    case = given.advance(world, case, seconds=20)
    refused = Inbound.objects.filter(enquiry__case=case, kind="refused")
    assert refused.count() == 1, "the same garbage read twice is one fact"
    assert refused.get().message_id == ""


def test_the_sweep_isolates_the_failure_of_one_case():
    world = given.world()
    broken, sound = given.case_accepted(world), given.case_accepted(world)
    from vetting.keys.services import destroy_key

    destroy_key(broken.ref)
    pipeline.sweep(world.clock.forward(minutes=5))
    assert given.enquiry(sound, "BG").state == EnquiryState.SENT


def test_a_verdict_can_only_carry_what_the_words_allow():
    world = given.world()
    case = given.case_asked(world)
    bulgaria = given.enquiry(case, "BG")
    forged = replace(replies(world, bulgaria)[-1], answer="nothing_recorded and a remark")
    with pytest.raises(ValueError, match="not an answer"):
        receiving.receive(bulgaria.ref, forged, actor=SYSTEM, at=world.clock.now)
    assert given.enquiry(case, "BG").state == EnquiryState.SENT
