"""The main journey in a real browser, as its people walk it: with axe, without JavaScript, and 320 pixels wide, which
is what is left of 1280 at a zoom of 400 % (WCAG 2.2, 1.4.10)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from tests import given
from vetting import pipeline, post
from vetting.cases.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Walk:
    """People with a browser each, and the accessibility faults of every page they met."""

    def __init__(self, base, new_page, axe, *, width, javascript=True):
        self.base, self.new_page, self.axe = base, new_page, axe if javascript else None
        self.options = {"width": width, "javascript": javascript}
        self.faults: list[str] = []
        self.seen: list[str] = []

    def person(self, path: str) -> Page:
        page: Page = self.new_page(**self.options)
        page.goto(self.base + path)
        return page

    def signed_in(self, email: str) -> Page:
        page = self.person("/accounts/login/")
        self.look(page)
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", given.PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        return page

    def look(self, page: Page) -> None:
        """What everybody must be able to take for granted of a page."""
        title = page.title()
        self.seen.append(title)
        body = page.locator("body").inner_text()
        assert not re.search(r"\b(with_you|not_cleared|nothing_recorded|art10-|own_register)\b", body), title
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth") if self.axe else False
        assert not wide, f"{title} is wider than the screen"
        if self.axe:
            self.faults += [f"{title}: {fault}" for fault in self.axe(page)]

    def go_on(self, page: Page, button: str | re.Pattern[str]) -> None:
        page.get_by_role("button", name=button).first.click()
        self.look(page)


def letter_to(address: str) -> str:
    """The link in the newest mail to somebody."""
    post.deliver_due(now())
    body = next(str(one.body) for one in reversed(mail.outbox) if one.to == [address])
    path: str = re.findall(r"https?://[^/]+(/\S+)", body)[0]
    return path


def opens_a_case(walk: Walk, page: Page) -> str:
    page.get_by_role("link", name="New vetting request").click()
    walk.look(page)
    walk.go_on(page, "Send the invitation")
    expect(page.get_by_role("heading", name=re.compile("to correct"))).to_be_visible()
    page.select_option("select[name=activity]", "adults_only")
    page.check("input[name=role][value=voluntary]")
    page.fill("input[name=given_name]", "Ivanka")
    page.fill("input[name=surname]", "Izmislena")
    page.fill("input[name=email]", "ivanka@invented.example")
    walk.go_on(page, "Send the invitation")
    expect(page.get_by_role("heading", name="This activity may not be checked")).to_be_visible()
    page.select_option("select[name=activity]", "sport_coaching")
    walk.go_on(page, "Send the invitation")
    return page.url


def agrees(walk: Walk, number: str) -> Page:
    page = walk.person(letter_to("ivanka@invented.example"))
    walk.look(page)
    page.get_by_role("link", name="Start").click()
    walk.look(page)
    walk.go_on(page, "Save and go on")
    page.fill("input[name=forename]", "Ivanka")
    page.fill("input[name=surname]", "Izmislena")
    walk.go_on(page, "Save and go on")
    for place, part in enumerate(("30", "2", "1990")):
        page.fill(f"input[name=date_{place}]", part)
    page.fill("input[name=town]", "Измислен град")
    page.select_option("select[name=country]", "BG")
    page.check("input[name=sex][value='2']")
    walk.go_on(page, "Save and go on")
    expect(page.locator("input[name=town]")).to_have_value("Измислен град")
    page.fill("input[name=date_0]", "28")
    walk.go_on(page, "Save and go on")
    page.select_option("select[name=nationality_1]", "BG")
    walk.go_on(page, "Save and go on")
    page.check("input[name=kind][value=passport]")
    page.fill("input[name=number]", number)
    page.select_option("select[name=issuing_country]", "BG")
    walk.go_on(page, "Save and go on")
    page.fill("input[name=town]", "Dublin")
    page.select_option("select[name=country]", "IE")
    walk.go_on(page, "Save and go on")
    page.fill("input[name=mother_surname]", "Izmislena")
    walk.go_on(page, "Save and go on")
    walk.go_on(page, "I agree")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    walk.go_on(page, "I agree")
    return page


def works_at_the_desk(walk: Walk, page: Page) -> None:
    walk.look(page)
    page.locator("main table a").first.click()
    walk.look(page)
    walk.go_on(page, "Open the file")
    walk.go_on(page, re.compile("^Accept"))
    page.check("input[name=kind][value=nothing_recorded]")
    walk.go_on(page, "Record the answer")


def submits(walk: Walk, page: Page, address: str) -> None:
    page.goto(address)
    walk.look(page)
    page.check("input[name=seen]")
    walk.go_on(page, "Submit to the authority")


@pytest.fixture
def start(live_server, new_page, axe, settings):
    cache.clear()
    world = given.world()
    settings.BASE_URL = live_server.url

    def walk(**options):
        return world, Walk(live_server.url, new_page, axe, **options)

    return walk


def time_passes() -> None:
    """The sweep of a few seconds later."""
    for seconds in (5, 10, 15):
        pipeline.sweep(now() + timedelta(seconds=seconds))


@pytest.mark.parametrize("width,javascript", [(1280, True), (320, True), (360, False)])
def test_a_bulgarian_volunteer_in_an_irish_club_is_cleared(start, width, javascript):
    world, walk = start(width=width, javascript=javascript)
    secretary = walk.signed_in(world.secretary.email)
    walk.look(secretary)
    address = opens_a_case(walk, secretary)
    applicant = agrees(walk, "TEST-CLEAN")
    submits(walk, secretary, address)
    works_at_the_desk(walk, walk.signed_in(world.clerk.email))
    time_passes()
    applicant.reload()
    walk.look(applicant)
    expect(applicant.get_by_role("link", name=re.compile("Download the certificate"))).to_be_visible()
    applicant.get_by_role("link", name=re.compile("^Share with")).click()
    walk.look(applicant)
    walk.go_on(applicant, re.compile("share it"))
    secretary.goto(address)
    walk.look(secretary)
    expect(secretary.get_by_text("Certificate shared")).to_be_visible()
    stranger = walk.person("/verify/")
    walk.look(stranger)
    assert walk.faults == []
    assert len(walk.seen) > 25


def test_a_person_with_an_entry_held_looks_to_the_club_like_one_who_did_not_share(start):
    world, walk = start(width=1280)
    secretary = walk.signed_in(world.secretary.email)
    address = opens_a_case(walk, secretary)
    applicant = agrees(walk, "TEST-ENTRY")
    submits(walk, secretary, address)
    before = secretary.locator("main").inner_text().replace("Submitted. The authority takes over now.", "")
    clerk = walk.signed_in(world.clerk.email)
    works_at_the_desk(walk, clerk)
    time_passes()
    clerk.reload()
    walk.look(clerk)
    clerk.check("input[name=reason][value=bar_under_national_law]")
    walk.go_on(clerk, "Decide")
    other = walk.signed_in(world.other_clerk.email)
    other.locator("main table a").first.click()
    walk.go_on(other, "Open the file")
    other.on("dialog", lambda dialog: dialog.accept())
    walk.go_on(other, "Confirm")
    assert Case.objects.get().state == "not_cleared"
    applicant.reload()
    walk.look(applicant)
    expect(applicant.get_by_text("does not say that you are unsuitable").first).to_be_visible()
    secretary.goto(address)
    after = secretary.locator("main").inner_text()
    assert after.split() == [word for word in before.split() if word != "Done:"]
    assert walk.faults == []
