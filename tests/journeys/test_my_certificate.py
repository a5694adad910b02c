"""The holder in a real browser: a code made, looked up by a stranger, and ended; the file read and erased."""

import re

import pytest
from django.core.cache import cache
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from tests import given

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Walk:
    """The holder of a certificate and a stranger, with a browser each, and the faults of every page they met."""

    def __init__(self, base, new_page, axe, *, width, javascript):
        self.base, self.axe = base, axe if javascript else None
        self.page: Page = new_page(width=width, javascript=javascript)
        self.stranger: Page = new_page(width=width, javascript=javascript)
        self.faults: list[str] = []

    def look(self, page: Page) -> None:
        if self.axe:
            self.faults += [f"{page.title()}: {fault}" for fault in self.axe(page)]
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                self.faults.append(f"{page.title()} is wider than the screen")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()
        self.look(self.page)

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.look(self.page)

    def behind_more(self, name: str) -> None:
        self.page.get_by_text("More", exact=True).click()
        self.follow(name)

    def type_birth_date(self) -> None:
        for place, part in enumerate(("17", "5", "1990")):
            self.page.fill(f"input[name=birth_date_{place}]", part)

    def comes_in(self, case) -> None:
        self.page.goto(f"{self.base}/track/")
        self.page.fill("input[name=reference]", case.tracking)
        self.type_birth_date()
        self.press("Show my check")


def a_code_is_made_used_and_ended(walk: Walk) -> None:
    walk.behind_more("Who may look at your certificate")
    walk.follow("Share with somebody else")
    walk.press("I agree")
    walk.page.get_by_text("A family whose child I look after").click()
    walk.page.get_by_text("30 days").click()
    walk.press("I agree")
    code = re.findall(r"/s/([0-9A-Z-]{19})/", walk.page.content())[0]
    expect(walk.page.get_by_role("img", name="QR code")).to_be_visible()
    walk.stranger.goto(f"{walk.base}/verify/")
    walk.stranger.get_by_role("link", name="I was given a share code").click()
    walk.stranger.fill("input[name=code]", code.replace("-", " ").lower())
    walk.stranger.get_by_role("button", name="Check").click()
    expect(walk.stranger.get_by_role("heading", name="Current", exact=True)).to_be_visible()
    walk.look(walk.stranger)
    walk.follow("I have it")
    walk.follow("End this code")
    walk.press("End this code")
    walk.stranger.goto(f"{walk.base}/s/{code}/")
    expect(walk.stranger.get_by_role("heading", name="Not current")).to_be_visible()
    walk.look(walk.stranger)
    walk.follow("Back")


def the_file_is_read(walk: Walk) -> None:
    walk.behind_more("Who looked at your file")
    expect(walk.page.get_by_text("1 time", exact=True)).to_be_visible()
    walk.follow("Back")
    walk.behind_more("Receipt of your consent")
    walk.follow("Back")
    walk.behind_more("Download my data")
    walk.type_birth_date()
    walk.press("Show it")
    expect(walk.page.get_by_text("Измислен град")).to_be_visible()
    walk.follow("Back to my check")


@pytest.mark.parametrize("javascript", [False, True], ids=["on a phone without JavaScript", "at a desk"])
def test_a_holder_shares_by_a_code_reads_the_file_and_erases_it(live_server, new_page, axe, settings, javascript):
    settings.BASE_URL = live_server.url
    cache.clear()
    world = given.world()
    world.clock.now = now()
    walk = Walk(live_server.url, new_page, axe, width=1280 if javascript else 360, javascript=javascript)
    walk.comes_in(given.case_cleared(world))
    a_code_is_made_used_and_ended(walk)
    the_file_is_read(walk)
    walk.behind_more("Erase my file")
    walk.page.get_by_text("It ends too").click()
    walk.type_birth_date()
    walk.press("Erase my file")
    expect(walk.page.get_by_role("heading", name="Your file is erased")).to_be_visible()
    assert walk.faults == []
