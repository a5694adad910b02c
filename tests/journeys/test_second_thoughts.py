"""Second thoughts: what changes after an agreement, an answer or an outcome clears nobody and destroys nothing."""

import pytest

from tests import given
from vetting import pipeline
from vetting.audit.ports import SYSTEM, Actor
from vetting.cases import services as cases
from vetting.cases.access import APPLICANT
from vetting.cases.models import Letter
from vetting.cases.rules import CaseState, LetterKind, ReturnReason
from vetting.certificates import services as certificates
from vetting.certificates.queries import live_certificate
from vetting.consent import services as consents
from vetting.consent.rules import ConsentPurpose
from vetting.enquiries import receiving
from vetting.enquiries import services as enquiries
from vetting.enquiries.models import Enquiry, Outbound
from vetting.enquiries.ports import Verdict
from vetting.enquiries.rules import AnswerKind, EnquiryState
from vetting.errors import Refused
from vetting.identity import services as identity
from vetting.identity.models import Identity
from vetting.keys.queries import seal_document
from vetting.outcomes import services as outcomes
from vetting.outcomes.rules import ClearReason, DisputeGround, NotClearReason
from vetting.web.applicant.progress import progress_of
from vetting.web.applicant.wording import wording_for

pytestmark = pytest.mark.django_db


def mended(world, case, **changes):
    """The case after a clerk returned it and the applicant changed these details, without agreeing again."""
    reason = ReturnReason.IDENTITY_INCOMPLETE
    cases.return_case(case.ref, reason=reason, actor=given.clerk_of(world), at=world.clock.forward(hours=1))
    for step, said in given.steps(**changes).items():
        identity.save_step(case.ref, step=step, said=said, actor=APPLICANT, at=world.clock.forward(minutes=1))
    case.refresh_from_db()
    return case


def submitted_again(world, case):
    """The organisation submits what it has compared."""
    version = Identity.objects.get(case=case).version
    by = Actor("member", str(world.secretary.ref))
    return identity.submit(case.ref, version=version, user=world.secretary, actor=by, at=world.clock.forward(hours=1))


def test_details_changed_after_the_agreement_are_not_submitted_before_the_applicant_agrees_again():
    world = given.world()
    case = mended(world, given.case_submitted(world), nationality={"nationalities": ["FR"]})
    with pytest.raises(Refused, match="no-consent"):
        submitted_again(world, case)
    given.agree(world, case)
    case = submitted_again(world, case)
    enquiries.accept(case.ref, actor=given.clerk_of(world), at=world.clock.forward(minutes=1))
    assert {one.asked for one in Enquiry.objects.filter(case=case)} == {"IE", "FR"}


def test_a_case_whose_plan_is_not_the_one_agreed_to_is_not_accepted():
    world = given.world()
    case = given.case_submitted(world)
    told = given.steps(nationality={"nationalities": ["BG", "FR"]})
    Identity.objects.filter(case=case).update(sealed=seal_document(case.ref, "identity", told))
    with pytest.raises(Refused, match="plan-changed"):
        enquiries.accept(case.ref, actor=given.clerk_of(world), at=world.clock.forward(minutes=1))
    assert not Enquiry.objects.filter(case=case).exists()


@pytest.mark.parametrize(
    "told",
    [
        {"nationality": {"nationalities": ["BG", "FR"]}},
        {"name": {"surname": "Druga"}},
        {"birth": {"date": [1991, 5, 17]}},
        {"address": {"country": "DE"}},
    ],
    ids=["a nationality", "a surname", "a birth date", "a residence"],
)
def test_another_person_or_plan_told_to_one_authority_is_never_cleared_by_rule(told):
    world = given.world()
    case = given.case_asked(world, document={"number": "TEST-MOREINFO"})
    case = given.advance(world, case, seconds=10)
    given.own_register_answers(world, case)
    steps = {step: given.steps(**told, document={"number": "TEST-MOREINFO"})[step] for step in told}
    steps["parents"] = given.steps()["parents"]
    bulgaria = given.enquiry(case, "BG")
    receiving.tell_more(bulgaria.ref, steps=steps, actor=APPLICANT, at=world.clock.forward(hours=1))
    said = Verdict(kind="answer", answer="nothing_recorded", message_type="RRS",
                   message_id="BG-IE-RRS-000000000000009", digest=b"9" * 32)  # fmt: skip
    receiving.receive(bulgaria.ref, said, actor=SYSTEM, at=world.clock.forward(hours=1))
    enquiries.finish(case.ref, actor=SYSTEM, at=world.clock.now)
    assert outcomes.conclude(case.ref, actor=SYSTEM, at=world.clock.now).state == CaseState.ASSESSING


def test_a_withdrawn_dispute_does_not_keep_the_case_for_ever():
    world = given.world()
    case = given.case_not_cleared(world)
    outcomes.dispute(case.ref, ground=DisputeGround.OTHER, actor=APPLICANT, at=world.clock.forward(hours=1))
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.forward(hours=1))
    assert given.advance(world, case, days=121).state == CaseState.CLOSED


@pytest.mark.parametrize("reason", [ClearReason.OTHER_PERSON, NotClearReason.BAR])
def test_the_outcome_of_a_late_dispute_is_there_to_be_seen_as_long_as_any_other(reason):
    world = given.world()
    case = given.case_not_cleared(world)
    outcomes.dispute(case.ref, ground=DisputeGround.OTHER, actor=APPLICANT, at=world.clock.forward(hours=1))
    case = given.advance(world, case, days=130)
    by = given.clerk_of(world)
    outcomes.assess(case.ref, reason=reason, user=world.clerk, actor=by, at=world.clock.forward(hours=1))
    if reason in set(NotClearReason):
        by = Actor("clerk", str(world.other_clerk.ref))
        outcomes.confirm(case.ref, user=world.other_clerk, actor=by, at=world.clock.forward(hours=1))
    case = given.advance(world, case, days=1)
    assert case.state == (CaseState.CLEARED if reason is ClearReason.OTHER_PERSON else CaseState.NOT_CLEARED)
    assert given.advance(world, case, days=61).state == CaseState.CLOSED


def test_the_closing_letter_is_owed_at_the_same_moment_whenever_the_outcome_came():
    owed = set()
    for hours, ending in ((3, given.case_not_cleared), (7, given.case_cleared), (5, given.case_asked)):
        world = given.world()
        world.clock.forward(hours=hours)
        case = ending(world)
        letters = Letter.objects.filter(case=case, kind=LetterKind.CLOSED)
        while not letters.exists():
            case.refresh_from_db()
            assert case.wake_at is not None
            pipeline.advance(case.ref, at=case.wake_at)
        owed.add(letters.get().owed_at)
    assert len(owed) == 1


def second_reply(world, case):
    """Bulgaria contradicts what it said."""
    said = Verdict(kind="answer", answer="entry_held", message_type="RRS",
                   message_id="BG-IE-RRS-000000000000008", digest=b"8" * 32)  # fmt: skip
    receiving.receive(given.enquiry(case, "BG").ref, said, actor=SYSTEM, at=world.clock.forward(hours=1))


def release(case):
    return wording_for(case, ConsentPurpose.RELEASE)


def test_a_certificate_whose_ground_is_gone_is_not_shared_even_before_the_pipeline_has_looked():
    world = given.world()
    case = given.case_cleared(world)
    second_reply(world, case)
    with pytest.raises(Refused, match="nothing-to-share"):
        certificates.share(case.ref, wording=release(case), actor=APPLICANT, at=world.clock.now)


def test_a_certificate_whose_ground_is_gone_ends_also_when_the_applicant_withdraws_at_once():
    world = given.world()
    case = given.case_cleared(world)
    second_reply(world, case)
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.forward(seconds=1))
    case = given.advance(world, case, seconds=1)
    assert case.state == CaseState.WITHDRAWN
    assert live_certificate(case) is None


def test_a_certificate_won_after_a_shared_one_ended_can_be_shared_too():
    world = given.world()
    case = given.case_cleared(world)
    certificates.share(case.ref, wording=release(case), actor=APPLICANT, at=world.clock.forward(hours=1))
    second_reply(world, case)
    case = given.advance(world, case, seconds=1)
    assert not progress_of(case, world.clock.now)["shared"]
    reason, by = ClearReason.OTHER_PERSON, given.clerk_of(world)
    outcomes.assess(case.ref, reason=reason, user=world.clerk, actor=by, at=world.clock.forward(hours=1))
    case = given.advance(world, case, seconds=1)
    assert not progress_of(case, world.clock.now)["shared"]
    certificates.share(case.ref, wording=release(case), actor=APPLICANT, at=world.clock.forward(hours=1))
    assert progress_of(case, world.clock.now)["shared"]


def test_a_proposal_made_on_answers_that_changed_since_is_dropped():
    world = given.world()
    case = given.case_decided_by_answers(world, document={"number": "TEST-ENTRY"})
    by, reason = given.clerk_of(world), NotClearReason.BAR
    outcomes.assess(case.ref, reason=reason, user=world.clerk, actor=by, at=world.clock.forward(hours=1))
    second_reply(world, case)
    case = given.advance(world, case, seconds=1)
    assert case.state == CaseState.ASSESSING
    with pytest.raises(Refused, match="nothing-proposed"):
        outcomes.confirm(case.ref, user=world.other_clerk, actor=by, at=world.clock.forward(hours=1))


def test_nobody_new_is_asked_once_the_agreement_has_expired():
    world = given.world()
    case = given.case_asked(world)
    said = Verdict(kind="answer", answer="ask_elsewhere FR", message_type="RRS",
                   message_id="BG-IE-RRS-000000000000008", digest=b"8" * 32)  # fmt: skip
    receiving.receive(given.enquiry(case, "BG").ref, said, actor=SYSTEM, at=world.clock.forward(days=91))
    assert not Enquiry.objects.filter(case=case, asked="FR").exists()


def test_a_request_that_could_not_leave_in_time_does_not_leave_on_an_expired_agreement():
    world = given.world()
    case = given.case_accepted(world)
    case = given.advance(world, case, days=91)
    assert {(one.state, one.words) for one in Enquiry.objects.filter(case=case)} == {(EnquiryState.REFUSED, "")}
    assert not Outbound.objects.filter(enquiry__case=case, done_at__isnull=False).exists()
    assert case.state == CaseState.ASSESSING


def test_the_same_answer_recorded_twice_at_the_desk_is_one_answer_and_another_one_is_for_a_person():
    world = given.world()
    case = given.case_asked(world, document={"number": "TEST-SILENT"})
    for _ in range(2):
        given.own_register_answers(world, case)
    assert given.enquiry(case, "IE").is_clean
    given.own_register_answers(world, case, AnswerKind.ENTRY_HELD)
    assert given.enquiry(case, "IE").words == AnswerKind.NEEDS_PERSON
