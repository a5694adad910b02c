"""The main job, by services alone: from invitation to a certificate that a stranger verifies, and its sad sisters."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from tests import given
from vetting.audit.queries import broken_links
from vetting.cases.access import APPLICANT
from vetting.cases.rules import CaseState, OrganisationWord
from vetting.certificates import services as certificates
from vetting.certificates.queries import contents_of, live_certificate, page_of, shared_cases, standing_of, verify
from vetting.consent.rules import ConsentPurpose
from vetting.enquiries import receiving
from vetting.enquiries.models import Channel, Enquiry, Outbound
from vetting.enquiries.rules import AnswerKind, EnquiryState
from vetting.outcomes import services as outcomes
from vetting.outcomes.rules import ClearReason, DisputeGround
from vetting.web.applicant.wording import wording_for

pytestmark = pytest.mark.django_db


def word(world, case):
    shared = case.pk in shared_cases([case.pk])
    return case.word_for_organisation(localdate(world.clock.now), shared=shared)


def test_a_volunteer_about_whom_nothing_is_recorded_is_cleared_by_rule_and_shares_a_certificate():
    world = given.world()
    case = given.case_cleared(world)
    assert case.state == CaseState.CLEARED
    certificate = live_certificate(case)
    assert certificate is not None
    contents = contents_of(certificate)
    assert [row.state for row in contents.coverage] == ["IE", "BG"]
    assert page_of(certificate).startswith(b"%PDF-")
    assert word(world, case) is OrganisationWord.WITH_AUTHORITIES

    release = wording_for(case, ConsentPurpose.RELEASE)
    certificates.share(case.ref, wording=release, actor=APPLICANT, at=world.clock.forward(hours=1))
    assert word(world, case) is OrganisationWord.SHARED
    found, standing = verify(contents.number.lower(), contents.code, localdate(world.clock.now))
    assert found == certificate
    assert standing.current
    assert list(broken_links()) == []


def test_the_own_register_is_asked_but_never_by_a_message_to_ourselves():
    case = given.case_asked(given.world())
    own = given.enquiry(case, "IE")
    assert own.channel == Channel.OWN_REGISTER
    assert Outbound.objects.get(enquiry=own).sealed_body is None
    assert given.enquiry(case, "BG").channel == Channel.EXCHANGE


def test_a_request_for_more_information_reaches_the_applicant_and_its_answer_goes_back():
    world = given.world()
    case = given.case_asked(
        world,
        nationality={"nationalities": ["FR", "BR"]},
        document={"number": "TEST-MOREINFO@FR"},
        birth={"country": "FR"},
    )
    case = given.advance(world, case, seconds=10)
    france = given.enquiry(case, "FR")
    assert france.state == EnquiryState.MORE_INFORMATION
    assert france.answer is not None
    assert france.answer.items == ("BirthPlace", "MotherName")

    told = given.steps(nationality={"nationalities": ["FR", "BR"]}, document={"number": "TEST-MOREINFO@FR"})
    receiving.tell_more(france.ref, steps=told, actor=APPLICANT, at=world.clock.forward(hours=5))
    case = given.advance(world, case, seconds=1)
    case = given.advance(world, case, seconds=10)
    assert given.enquiry(case, "FR").words == "nothing_recorded"


def test_a_document_from_a_state_without_a_channel_is_answered_by_a_clerk_and_a_person_decides():
    world = given.world()
    case = given.case_asked(world, nationality={"nationalities": ["FR", "BR"]})
    brazil = given.enquiry(case, "BR")
    assert brazil.channel == Channel.DOCUMENT
    given.own_register_answers(world, case)
    receiving.answer_at_desk(
        brazil.ref, kind=AnswerKind.NOTHING_RECORDED, actor=given.clerk_of(world), at=world.clock.forward(minutes=1)
    )
    case = given.advance(world, case, seconds=10)
    assert case.state == CaseState.ASSESSING, "the other States could not be searched for a third-country national"
    outcomes.assess(
        case.ref,
        reason=ClearReason.COVERED,
        user=world.clerk,
        actor=given.clerk_of(world),
        at=world.clock.forward(hours=1),
    )
    case = given.advance(world, case, seconds=1)
    assert live_certificate(case) is not None


@pytest.mark.parametrize(
    "number",
    ["TEST-ENTRY", "TEST-DISQUALIFIED", "TEST-NOTIDENTIFIED", "TEST-REFUSED", "TEST-REMARK", "TEST-ELSEWHERE-DE"],
)
def test_every_other_answer_goes_to_a_person(number):
    world = given.world()
    case = given.case_decided_by_answers(world, document={"number": number})
    case = given.advance(world, case, seconds=10)
    assert case.state in (CaseState.ASSESSING, CaseState.ENQUIRING)
    assert live_certificate(case) is None
    if number == "TEST-ELSEWHERE-DE":
        assert set(Enquiry.objects.filter(case=case).values_list("asked", flat=True)) == {"IE", "BG", "DE"}


def test_silence_and_garbage_never_clear():
    for number in ("TEST-SILENT", "TEST-GARBAGE", "TEST-DOWN", "TEST-LATE"):
        world = given.world()
        case = given.case_decided_by_answers(world, document={"number": number})
        case = given.advance(world, case, days=3)
        assert case.state == CaseState.ENQUIRING
        assert not given.enquiry(case, "BG").is_clean


def test_not_cleared_takes_two_people_and_can_be_disputed_after_the_closing_date():
    world = given.world()
    case = given.case_not_cleared(world)
    assert case.state == CaseState.NOT_CLEARED
    world.clock.forward(days=61)
    case = given.advance(world, case)
    assert word(world, case) is OrganisationWord.CLOSED
    outcomes.dispute(case.ref, ground=DisputeGround.NOT_ME, actor=APPLICANT, at=world.clock.forward(hours=1))
    outcomes.assess(
        case.ref,
        reason=ClearReason.OTHER_PERSON,
        user=world.clerk,
        actor=given.clerk_of(world),
        at=world.clock.forward(days=2),
    )
    case = given.advance(world, case, seconds=1)
    assert word(world, case) is OrganisationWord.CLOSED
    release = wording_for(case, ConsentPurpose.RELEASE)
    certificates.share(case.ref, wording=release, actor=APPLICANT, at=world.clock.forward(hours=1))
    assert word(world, case) is OrganisationWord.SHARED


def test_withdrawing_takes_the_requests_back_and_the_organisation_sees_no_change():
    from vetting.consent import services as consents

    world = given.world()
    case = given.case_asked(world, document={"number": "TEST-SILENT"})
    before = word(world, case)
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.forward(hours=1))
    case = given.advance(world, case, seconds=1)
    case = given.advance(world, case, seconds=1)
    assert word(world, case) is before
    sent = Outbound.objects.filter(enquiry__case=case, kind="CAN")
    assert [(one.message_id[:9], one.done_at is not None) for one in sent] == [("IE-BG-CAN", True)]
    assert {one.state for one in Enquiry.objects.filter(case=case)} == {EnquiryState.CANCELLED}


def test_questions_the_applicant_leaves_open_are_given_up_and_a_person_decides():
    world = given.world()
    case = given.case_asked(world, document={"number": "TEST-MOREINFO"})
    case = given.advance(world, case, seconds=10)
    given.own_register_answers(world, case)
    case = given.advance(world, case, days=31)
    assert given.enquiry(case, "BG").state == EnquiryState.REFUSED
    assert case.state == CaseState.ASSESSING


def test_a_case_that_no_clerk_accepts_lapses_on_the_day_fixed_at_submission():
    world = given.world()
    case = given.case_submitted(world)
    case = given.advance(world, case, days=59)
    assert case.state == CaseState.SUBMITTED
    case = given.advance(world, case, days=2)
    assert case.state == CaseState.LAPSED


def test_a_certificate_is_not_current_after_its_last_day():
    world = given.world()
    certificate = live_certificate(given.case_cleared(world))
    assert certificate is not None
    assert standing_of(certificate, certificate.valid_until).current
    assert not standing_of(certificate, certificate.valid_until + timedelta(days=1)).current
