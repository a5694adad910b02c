"""Ways that are down: the public page says so, the desk shows what waits, and a question can go on paper."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tests import given
from vetting.cases.rules import CaseState
from vetting.enquiries.models import Channel
from vetting.exchange.rules import TRIPS_AFTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


@pytest.fixture
def down(world, time_machine):
    """Bulgaria does not answer, and counts as down."""
    case = given.case_accepted(world, document={"number": "TEST-DOWN@BG"})
    for _ in range(TRIPS_AFTER):
        given.advance(world, case, hours=5)
    time_machine.move_to(world.clock.now)
    return case


def opened(client, world, case, user=None):
    client.force_login(user or world.clerk)
    client.post(reverse("desk:open", args=[case.ref]), {"reason": "decide"})
    return page(client, case)


def page(client, case):
    return client.get(reverse("desk:case", args=[case.ref])).content.decode()


def at(verb, case):
    return reverse(f"desk:{verb}", args=[case.ref, given.enquiry(case, "BG").ref])


def status(client):
    return client.get(reverse("status")).content.decode()


def test_everybody_can_see_which_authorities_cannot_be_reached_and_since_which_hour(client, down):
    html = status(client)
    assert "Bulgaria" in html
    assert "24 Nov 2026, 14:00" in html, "not to the minute"
    assert down.reference not in html


def test_while_all_can_be_reached_the_page_says_that(client, world):
    assert "Yes, all of them" in status(client)
    assert reverse("status") in client.get(reverse("front")).content.decode()


def test_the_desk_shows_which_ways_are_down_and_what_waits(client, world, down):
    client.force_login(world.clerk)
    assert "One cannot be reached." in client.get(reverse("desk:queue")).content.decode()
    html = client.get(reverse("desk:partners")).content.decode()
    row = html[html.index("Bulgaria") :]
    assert row.index("cannot be reached") < row.index("tried again at")
    assert ">1</td>" in row


def test_late_authorities_stand_with_what_they_say_and_when_they_were_reminded(client, world, time_machine):
    case = given.case_asked(world, document={"number": "TEST-SILENT@BG"})
    given.advance(world, case, days=20)
    time_machine.move_to(world.clock.now)
    client.force_login(world.clerk)
    html = client.get(reverse("desk:partners")).content.decode()
    assert case.reference in html
    assert "They have the question and are working on it" in html
    assert "14 December 2026" in html
    assert "days late" in html
    assert reverse("desk:partners") in client.get(reverse("desk:queue")).content.decode()


def test_with_nothing_to_say_the_page_of_partners_says_so(client, world):
    client.force_login(world.clerk)
    assert "Nothing to say" in client.get(reverse("desk:partners")).content.decode()


def test_another_desk_sees_nothing_of_our_cases(client, world, down):
    other = given.world(home="EE")
    client.force_login(other.clerk)
    assert down.reference not in client.get(reverse("desk:partners")).content.decode()
    assert client.get(at("form", down)).status_code == 404
    assert client.post(at("paper", down)).status_code == 404
    assert given.enquiry(down, "BG").channel == Channel.EXCHANGE


def test_a_question_that_is_not_delivered_goes_on_paper_is_printed_and_answered(client, world, down):
    assert "Ask on paper" in opened(client, world, down)
    assert client.get(at("form", down)).status_code == 404, "nothing to print yet"
    client.post(at("paper", down))
    html = page(client, down)
    assert "Print the form and send it" in html
    assert at("form", down) in html
    printed = client.get(at("form", down))
    assert (printed["Content-Type"], printed["Cache-Control"]) == ("application/pdf", "no-store")
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(printed.content)).pages)
    assert "Izmislena" in text
    assert "What does the answer on paper from Bulgaria say?" in html
    client.post(at("answer", down), {"kind": "nothing_recorded"})
    assert given.enquiry(down, "BG").is_clean


def test_paper_that_is_on_its_way_is_nobodys_task(client, world, down):
    opened(client, world, down)
    client.post(at("paper", down))
    given.own_register_answers(world, down)
    queue = client.get(reverse("desk:queue")).content.decode()
    assert down.reference not in queue
    down.refresh_from_db()
    assert down.state == CaseState.ENQUIRING


def test_the_form_is_printed_only_by_who_said_why_they_look(client, world, down):
    opened(client, world, down)
    client.post(at("paper", down))
    client.force_login(world.other_clerk)
    assert client.get(at("form", down))["Location"] == reverse("desk:case", args=[down.ref])


def test_a_question_that_was_taken_is_not_offered_on_paper(client, world):
    case = given.case_asked(world)
    assert "Ask on paper" not in opened(client, world, case)
    client.post(at("paper", case))
    assert given.enquiry(case, "BG").channel == Channel.EXCHANGE


def test_when_they_do_not_know_the_person_the_clerk_sees_what_they_were_told(client, world, time_machine):
    case = given.case_decided_by_answers(world, document={"number": "TEST-NOTNATIONAL@BG"})
    time_machine.move_to(world.clock.now)
    html = opened(client, world, case)
    told = html[html.index("What they were told") :]
    assert told.count("Ivanka Izmislena") >= 2
    assert "Differs" not in told[: told.index("</table>")]


def test_a_clear_answer_needs_no_comparison(client, world, time_machine):
    case = given.case_asked(world)
    given.advance(world, case, minutes=1)
    time_machine.move_to(world.clock.now)
    assert "What they were told" not in opened(client, world, case)
