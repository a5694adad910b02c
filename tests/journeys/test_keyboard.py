"""A clerk's day without the mouse, in a real browser."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests import given
from vetting.cases.models import Case
from vetting.cases.rules import CaseState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAITING = 4


@pytest.fixture
def desk(live_server, new_page, settings):
    """The desk in the browser of a clerk who signed in by keyboard, with cases to accept."""
    cache.clear()
    settings.BASE_URL = live_server.url
    world = given.world()
    for _ in range(WAITING):
        given.case_submitted(world)
    page = new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.focus("input[name=login]")
    page.keyboard.type(world.clerk.email)
    page.keyboard.press("Tab")
    page.keyboard.type(given.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
    return page


def test_every_waiting_case_is_accepted_and_answered_by_keys_alone(desk):
    for _ in range(WAITING):
        desk.keyboard.press("n")
        expect(desk.get_by_role("button", name=re.compile("^Accept"))).to_be_visible()
        desk.keyboard.press("a")
        expect(desk.get_by_text("What does your own register say?")).to_be_visible()
        desk.keyboard.press("1")
        expect(desk.get_by_label("Nothing recorded", exact=True)).to_be_checked()
        desk.keyboard.press("a")
        expect(desk.get_by_text("The answer is recorded.")).to_be_visible()
    desk.keyboard.press("n")
    expect(desk.get_by_text("Nothing waits that nobody has.")).to_be_visible()
    assert not Case.objects.filter(state=CaseState.SUBMITTED).exists()


def test_a_case_is_found_by_line_and_returned_by_keys_alone(desk):
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    assert desk.evaluate("document.activeElement.closest('tr') === document.querySelector('[data-rows] tbody tr')")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Why do you open this file?")).to_be_visible()
    desk.keyboard.press("1")
    desk.keyboard.press("a")
    expect(desk.get_by_role("button", name=re.compile("^Accept"))).to_be_visible()
    desk.keyboard.press("r")
    expect(desk.locator("[data-key-open=r] input[type=radio]").first).to_be_focused()
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("[data-key-open=r] input[type=radio]").nth(1)).to_be_checked()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Returned with the reason.")).to_be_visible()
    desk.keyboard.press("u")
    expect(desk.get_by_role("heading", name="Desk")).to_be_visible()


def test_a_view_is_kept_and_opened_by_keys_alone(desk):
    desk.get_by_role("link", name="Nobody's").focus()
    desk.keyboard.press("Enter")
    desk.locator("summary", has_text="Keep this view").focus()
    desk.keyboard.press("Enter")
    desk.get_by_label("Name", exact=True).focus()
    desk.keyboard.type("Once")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("This view is kept.")).to_be_visible()
    desk.get_by_role("link", name="Mine").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Nothing waits in this view.")).to_be_visible()
    desk.keyboard.press("1")
    expect(desk.get_by_role("link", name="Once a week")).to_have_attribute("aria-current", "page")


def test_single_keys_can_be_switched_off_and_never_act_while_somebody_types(desk):
    desk.keyboard.press("/")
    desk.keyboard.type("n-a-1")
    expect(desk.get_by_label("Find by reference")).to_have_value("n-a-1")
    desk.get_by_label("Find by reference").fill("")
    desk.evaluate("document.activeElement.blur()")
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.get_by_label("Use single keys on this device").uncheck()
    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    desk.wait_for_timeout(300)
    expect(desk.get_by_role("heading", name="Desk")).to_be_visible()
    assert not Case.objects.filter(handler__isnull=False).exists()
