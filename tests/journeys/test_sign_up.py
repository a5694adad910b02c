"""A stranger comes, signs a club up and asks for a first check; a supervisor looks after both, in a real browser."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from tests import given
from tests.journeys.test_browser import Walk, letter_to, opens_a_case
from vetting.authorities.access import give_supervision
from vetting.authorities.models import Authority
from vetting.organisations import services
from vetting.organisations.models import Organisation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NINA = "nina@chess.example"


def chooses_a_password(walk, page):
    for name in ("password1", "password2"):
        page.fill(f"input[name={name}]", "an invented way in 8")
    walk.go_on(page, "Save the new password")
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    page.fill("input[name=login]", NINA)
    page.fill("input[name=password]", "an invented way in 8")
    page.get_by_role("button", name="Sign in", exact=True).click()


def signs_up(walk):
    page = walk.person("/")
    page.get_by_role("link", name="Sign your organisation up").click()
    walk.look(page)
    walk.go_on(page, "Send me the link")
    expect(page.get_by_role("heading", name=re.compile("to correct"))).to_be_visible()
    for name, text in (("organisation", "Invented Chess Club"), ("first_name", "Nina"), ("last_name", "Sample")):
        page.fill(f"input[name={name}]", text)
    page.fill("input[name=email]", NINA)
    page.check("input[name=children]")
    walk.go_on(page, "Send me the link")
    page.goto(walk.base + letter_to(NINA))
    walk.look(page)
    walk.go_on(page, "Confirm")
    chooses_a_password(walk, page)
    expect(page.get_by_role("heading", name="Vetting requests")).to_be_visible()
    walk.look(page)
    return page


@pytest.fixture(params=[1280, 360], ids=["wide", "phone"])
def walk(request, live_server, new_page, axe, settings):
    cache.clear()
    settings.BASE_URL = live_server.url
    return Walk(live_server.url, new_page, axe, width=request.param)


def test_a_stranger_signs_up_and_asks_for_a_first_check(walk, settings):
    settings.ORGANISATION_SIGN_UP = "open"
    given.world()
    page = signs_up(walk)
    opens_a_case(walk, page)
    letter_to("ivanka@invented.example")
    assert [one.to for one in mail.outbox] == [[NINA], ["ivanka@invented.example"]]
    assert walk.faults == []


def test_a_supervisor_switches_it_on_and_agrees_with_another_on_what_stands_below_the_mails(walk, settings):
    settings.ORGANISATION_SIGN_UP = "approved"
    world = given.world()
    for user in (world.clerk, world.other_clerk):
        give_supervision(user, Authority.objects.get(state="IE"))
    actor = given.clerk_of(world)
    services.open_branch(world.organisation, name="Harbour House", actor=actor, at=world.clock.now)
    theirs = signs_up(walk)
    expect(theirs.get_by_text("waits for the authority")).to_be_visible()
    page = walk.signed_in(world.clerk.email)
    page.get_by_role("link", name="Supervision").click()
    walk.look(page)
    page.get_by_role("link", name="Organisations").click()
    walk.look(page)
    page.get_by_role("link", name="Invented Chess Club").first.click()
    walk.look(page)
    page.get_by_text("Refuse it").click()
    walk.look(page)
    walk.go_on(page, "Switch it on")
    expect(page.get_by_text("is switched on")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_role("link", name="New vetting request")).to_be_visible()
    agree_on_a_footer(walk, page, world)
    assert Organisation.objects.get(name="Invented Chess Club").is_on
    assert walk.faults == []


def agree_on_a_footer(walk, page, world):
    page.goto(f"{walk.base}/desk/supervision/letters/")
    walk.look(page)
    page.get_by_text("Propose a text").click()
    page.fill("input[name=name]", "Invented Authority")
    page.fill("input[name=telephone]", "ask for Clara")
    walk.go_on(page, "Propose it")
    expect(page.get_by_role("heading", name=re.compile("to correct"))).to_be_visible()
    page.fill("input[name=telephone]", "+000 0000 0000")
    walk.go_on(page, "Propose it")
    expect(page.get_by_text("You proposed it")).to_be_visible()
    other = walk.signed_in(world.other_clerk.email)
    other.goto(f"{walk.base}/desk/supervision/letters/")
    walk.look(other)
    walk.go_on(other, "Activate it")
    other.get_by_text("Versions", exact=True).click()
    walk.look(other)
