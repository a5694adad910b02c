"""Where the electronic route is down a question goes on paper, once, and never past the applicant's agreement."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests import given
from vetting.cases.access import APPLICANT
from vetting.cases.rules import CaseState
from vetting.consent import services as consents
from vetting.enquiries import receiving
from vetting.enquiries.gateways import form_of
from vetting.enquiries.models import Channel, Outbound
from vetting.enquiries.rules import AnswerKind
from vetting.enquiries.services import by_paper
from vetting.errors import Refused


@pytest.fixture
def world(db):
    return given.world()


@pytest.fixture
def case(world):
    """Bulgaria is asked, and its node does not answer."""
    return given.case_asked(world, document={"number": "TEST-DOWN@BG"})


def request_of(case):
    return Outbound.objects.select_related("enquiry__case").get(enquiry__case=case, enquiry__asked="BG", kind="REQ")


def on_paper(world, case):
    at = world.clock.forward(hours=1)
    return by_paper(given.enquiry(case, "BG").ref, actor=given.clerk_of(world), at=at)


def test_the_message_rests_and_the_clock_of_the_reply_starts(world, case):
    enquiry = on_paper(world, case)
    assert (enquiry.channel, enquiry.state, enquiry.sent_at) == (Channel.PAPER, "sent", world.clock.now)
    assert enquiry.due_on is not None
    assert enquiry.due_on > world.clock.now.date()
    attempts = request_of(case).attempts
    given.advance(world, case, days=1)
    assert (request_of(case).dead_code, request_of(case).attempts) == ("on-paper", attempts)


def test_the_form_names_the_message_that_could_not_be_sent(world, case):
    on_paper(world, case)
    request = request_of(case)
    page = form_of(request)
    assert page == form_of(request), "the same question, the same bytes"
    said = "".join("".join(sheet.extract_text() for sheet in PdfReader(BytesIO(page)).pages).split())
    assert request.digest in said
    assert request.message_id in said
    assert "Измисленград" in said, "the person as they wrote it"


def test_a_clerk_records_the_answer_that_came_on_paper(world, case):
    enquiry = on_paper(world, case)
    given.own_register_answers(world, case)
    given.advance(world, case)
    assert case.state == CaseState.ENQUIRING, "silence is no answer"
    answered = receiving.answer_at_desk(
        enquiry.ref, kind=AnswerKind.NOTHING_RECORDED, actor=given.clerk_of(world), at=world.clock.forward(days=3)
    )
    assert answered.is_clean
    assert given.advance(world, case).state == CaseState.CLEARED


def test_what_was_given_up_is_asked_on_paper_from_the_assessment_too(world, case):
    given.own_register_answers(world, case)
    for _ in range(20):
        given.advance(world, case, days=1)
    assert case.state == CaseState.ASSESSING
    assert on_paper(world, case).state == "sent"
    case.refresh_from_db()
    assert case.state == CaseState.ENQUIRING


def test_an_authority_that_has_the_request_is_not_asked_on_paper_as_well(world):
    case = given.case_asked(world)
    with pytest.raises(Refused, match="delivered"):
        on_paper(world, case)
    own = given.enquiry(case, "IE")
    with pytest.raises(Refused, match="not-by-message"):
        by_paper(own.ref, actor=given.clerk_of(world), at=world.clock.now)


def test_without_agreement_nobody_is_asked_on_paper(world, case):
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.forward(minutes=1))
    with pytest.raises(Refused, match="case-over"):
        on_paper(world, case)


def test_after_the_agreement_has_run_out_nobody_is_asked_on_paper(world, case, settings):
    settings.CLOSING_DAYS = 400
    world.clock.forward(days=100)
    with pytest.raises(Refused, match="no-consent"):
        on_paper(world, case)
