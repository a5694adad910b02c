"""Organisation and desk over HTTP: opening, submitting, deciding, and other people's addresses."""

import re

import pytest
from django.urls import reverse

from tests import given
from vetting.cases.access import APPLICANT
from vetting.cases.models import Case
from vetting.cases.rules import CaseState, ReturnReason
from vetting.cases.services import return_case
from vetting.enquiries.rules import EnquiryState
from vetting.identity.queries import version_of
from vetting.identity.services import save_step
from vetting.organisations.access import give_role
from vetting.organisations.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


TYPED = {
    "activity": "sport_coaching", "role": "voluntary", "given_name": "Ivanka", "surname": "Izmislena",
    "email": "ivanka@invented.example", "language": "en", "once": "6f1f2f5e-0000-4000-8000-000000000001",
}  # fmt: skip


def test_a_secretary_opens_a_case_whose_ground_and_purpose_are_frozen(client, world):
    client.force_login(world.secretary)
    answer = client.post(reverse("organisation:new"), {**TYPED, "organisation": world.organisation.pk})
    case = Case.objects.get()
    assert answer["Location"] == reverse("organisation:case", args=[case.ref])
    assert (case.ground, case.purpose) == ("directive-2011-93-art-10-2", "art10-voluntary-children")


def test_a_form_sent_twice_opens_one_case_and_owes_one_invitation(client, world):
    client.force_login(world.secretary)
    for _ in range(2):
        assert (
            client.post(reverse("organisation:new"), {**TYPED, "organisation": world.organisation.pk}).status_code
            == 302
        )
    assert Case.objects.count() == 1
    assert Case.objects.get().letters.count() == 1


def test_an_ineligible_activity_stops_with_the_rule_quoted_and_keeps_what_was_typed(client, world):
    client.force_login(world.secretary)
    typed = {**TYPED, "organisation": world.organisation.pk, "activity": "occasional_contact"}
    answer = client.post(reverse("organisation:new"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Article 10(2)" in page
    assert 'value="ivanka@invented.example"' in page
    assert not Case.objects.exists()


def test_a_secretary_cannot_open_a_case_for_another_organisation(client, world):
    other = given.world()
    client.force_login(world.secretary)
    answer = client.post(reverse("organisation:new"), {**TYPED, "organisation": other.organisation.pk})
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_another_organisations_address_is_the_same_404_as_one_that_does_not_exist(client, world):
    case = given.case_submitted(given.world())
    client.force_login(world.secretary)
    for verb in ("case", "submit", "invite_again", "end"):
        call = client.get if verb in ("case", "end") else client.post
        theirs = call(reverse(f"organisation:{verb}", args=[case.ref]))
        nobodys = call(reverse(f"organisation:{verb}", args=["6f1f2f5e-0000-4000-8000-000000000000"]))
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
        assert theirs.content == nobodys.content or len(theirs.content) == len(nobodys.content)


def test_a_secretary_has_no_desk_and_a_clerk_no_organisation(client, world):
    client.force_login(world.secretary)
    assert client.get(reverse("desk:queue")).status_code == 404
    client.force_login(world.clerk)
    assert client.get(reverse("organisation:home")).status_code == 404


def test_a_clerk_of_another_state_does_not_find_the_case(client, world):
    case = given.case_submitted(world)
    client.force_login(given.world("BG").clerk)
    assert client.get(reverse("desk:case", args=[case.ref])).status_code == 404


def test_confirming_the_document_submits_once_however_often_it_is_clicked(client, world):
    case = given.case_consented(world)
    client.force_login(world.secretary)
    page = client.get(reverse("organisation:case", args=[case.ref])).content.decode()
    assert "17 May 1990" in page
    client.post(reverse("organisation:submit", args=[case.ref]), {})
    assert Case.objects.get().state == CaseState.CONSENTED, "the box was not ticked"
    for _ in range(2):
        client.post(reverse("organisation:submit", args=[case.ref]), {"seen": "on", "version": version_of(case)})
    assert Case.objects.get().state == CaseState.SUBMITTED


def test_the_organisation_never_sees_a_former_name(client, world):
    case = given.case_consented(world, name={"former": [{"forename": "Iva", "surname": "Predishna"}]})
    client.force_login(world.secretary)
    assert "Predishna" not in client.get(reverse("organisation:case", args=[case.ref])).content.decode()


def open_file(client, world, case, user=None):
    client.force_login(user or world.clerk)
    client.post(reverse("desk:open", args=[case.ref]), {"reason": "decide"})


def test_a_file_opens_only_with_a_reason_and_the_opening_is_recorded(client, world):
    case = given.case_submitted(world)
    client.force_login(world.clerk)
    closed = client.get(reverse("desk:case", args=[case.ref])).content.decode()
    assert "Izmislena" not in closed
    client.post(reverse("desk:accept", args=[case.ref]))
    assert Case.objects.get().state == CaseState.SUBMITTED, "an unopened file cannot be acted on"
    open_file(client, world, case)
    assert "Izmislena" in client.get(reverse("desk:case", args=[case.ref])).content.decode()


def test_a_clerk_accepts_answers_for_the_own_register_and_the_case_clears(client, world):
    case = given.case_submitted(world)
    open_file(client, world, case)
    client.post(reverse("desk:accept", args=[case.ref]))
    own = given.enquiry(case, "IE")
    client.post(reverse("desk:answer", args=[case.ref, own.ref]), {"kind": "nothing_recorded"})
    given.advance(world, case, minutes=2)
    assert Case.objects.get().state == CaseState.CLEARED


def test_a_clerk_returns_with_a_reason_in_plain_words(client, world):
    case = given.case_submitted(world)
    open_file(client, world, case)
    client.post(reverse("desk:return", args=[case.ref]), {"reason": "document_differs"})
    client.force_login(world.secretary)
    page = client.get(reverse("organisation:case", args=[case.ref])).content.decode()
    assert "differ from the identity document" in page
    client.post(reverse("organisation:submit", args=[case.ref]), {"seen": "on", "version": version_of(case)})
    assert Case.objects.get().state == CaseState.SUBMITTED


def test_a_return_that_the_applicant_must_mend_opens_the_form_again(client, world):
    case = given.case_submitted(world)
    return_case(case.ref, reason=ReturnReason.IDENTITY_INCOMPLETE, actor=given.clerk_of(world), at=world.clock.now)
    from vetting.identity.services import editable

    case.refresh_from_db()
    assert editable(case)


def test_not_cleared_needs_a_second_clerk_in_the_browser_too(client, world):
    case = given.case_decided_by_answers(world, document={"number": "TEST-ENTRY"})
    open_file(client, world, case)
    client.post(reverse("desk:assess", args=[case.ref]), {"reason": "bar_under_national_law"})
    client.post(reverse("desk:confirm", args=[case.ref]))
    assert Case.objects.get().state == CaseState.ASSESSING
    open_file(client, world, case, world.other_clerk)
    client.post(reverse("desk:confirm", args=[case.ref]))
    assert Case.objects.get().state == CaseState.NOT_CLEARED


def test_the_queue_finds_a_case_by_its_reference_and_shows_what_is_late(client, world):
    case = given.case_asked(world, document={"number": "TEST-SILENT"})
    client.force_login(world.clerk)
    answer = client.get(reverse("desk:queue"), {"reference": case.reference.lower()})
    assert answer["Location"] == reverse("desk:case", args=[case.ref])
    assert "Answer" in client.get(reverse("desk:queue")).content.decode()


def test_a_clerk_stops_waiting_for_a_silent_authority_and_silence_stays_silence(client, world, time_machine):
    case = given.case_asked(world, document={"number": "TEST-SILENT"})
    time_machine.move_to(world.clock.forward(days=30))
    open_file(client, world, case)
    bulgaria = given.enquiry(case, "BG")
    client.post(reverse("desk:stop", args=[case.ref, bulgaria.ref]))
    stopped = given.enquiry(case, "BG")
    assert (stopped.state, stopped.words) == (EnquiryState.REFUSED, "")


def test_the_dry_run_of_the_routing_explains_itself(client, world):
    client.force_login(world.clerk)
    page = client.get(reverse("desk:route")).content.decode()
    assert "dry run" in page


def test_details_that_changed_since_the_page_was_opened_are_not_said_to_be_seen(client, world):
    case = given.case_submitted(world)
    return_case(case.ref, reason=ReturnReason.IDENTITY_INCOMPLETE, actor=given.clerk_of(world), at=world.clock.now)
    client.force_login(world.secretary)
    page = client.get(reverse("organisation:case", args=[case.ref])).content.decode()
    shown = re.findall(r'name="version" value="(\d+)"', page)[0]
    other = given.steps(name={"surname": "Druga"})["name"]
    save_step(case.ref, step="name", said=other, actor=APPLICANT, at=world.clock.now)
    given.agree(world, case)
    for version in (shown, "", "²"):
        client.post(reverse("organisation:submit", args=[case.ref]), {"seen": "on", "version": version})
    assert Case.objects.get().state == CaseState.RETURNED
    client.post(reverse("organisation:submit", args=[case.ref]), {"seen": "on", "version": version_of(case)})
    assert Case.objects.get().state == CaseState.SUBMITTED


def test_a_form_that_opened_a_request_for_another_organisation_opens_no_second_one_and_is_no_error(client, world):
    other = given.world()
    give_role(world.secretary, other.organisation, Role.SUBMITTER)
    client.force_login(world.secretary)
    first, second = (
        client.post(reverse("organisation:new"), {**TYPED, "organisation": organisation.pk})
        for organisation in (world.organisation, other.organisation)
    )
    assert first["Location"] == reverse("organisation:case", args=[Case.objects.get().ref])
    assert second["Location"] == reverse("organisation:new")
    assert Case.objects.count() == 1


@pytest.mark.parametrize("before", ["²", "9" * 5000, "-1", "x"])
def test_an_address_of_older_requests_that_is_no_number_shows_the_newest(client, world, before):
    client.force_login(world.secretary)
    assert client.get(reverse("organisation:home"), {"before": before}).status_code == 200
