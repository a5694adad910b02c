"""Two supervisors, a file of national rules and one day of a calendar, in a browser, large and small."""

from datetime import date

import pytest
from django.core.cache import cache
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests import given
from tests.web.test_editions import file
from vetting.authorities.access import give_supervision
from vetting.authorities.models import Authority
from vetting.authorities.queries import directory
from vetting.web import words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def supervisors(live_server, new_page, settings):
    """The pages of the two, signed in: one with a large screen, one with a telephone."""
    cache.clear()
    settings.BASE_URL = live_server.url
    world = given.world()
    pages = []
    for user, look in ((world.clerk, {}), (world.other_clerk, {"width": 360})):
        give_supervision(user, Authority.objects.get(state="IE"))
        page = new_page(**look)
        page.goto(f"{live_server.url}/accounts/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", given.PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("link", name="Supervision").click()
        page.get_by_role("link", name="National rules").click()
        expect(page.get_by_role("heading", name="National rules")).to_be_visible()
        pages.append(page)
    return pages


def fits(page, axe):
    assert axe(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_one_proposes_a_file_and_the_other_puts_it_in_force(supervisors, axe, tmp_path):
    one, other = supervisors
    one.set_input_files("input[type=file]", {"name": "a.toml", "mimeType": "", "buffer": b"nothing"})
    one.get_by_role("button", name="Read and propose it").click()
    expect(one.get_by_role("alert")).to_contain_text("The file is not TOML")
    raw = file(IE={"note": "Something else"}).encode()
    one.set_input_files("input[type=file]", {"name": "a.toml", "mimeType": "", "buffer": raw})
    one.get_by_role("button", name="Read and propose it").click()
    expect(one.get_by_text("somebody else compares it and puts it in force")).to_be_visible()
    fits(one, axe)
    other.reload()
    other.get_by_role("link", name="2026.3-1").click()
    fits(other, axe)
    other.get_by_role("button", name="Put edition 2026.3-1 in force").click()
    expect(other.get_by_text("Edition 2026.3-1 is in force.")).to_be_visible()
    assert directory().number == "2026.3-1"


def test_a_day_of_a_calendar_is_proposed_without_a_file(supervisors, axe):
    one, other = supervisors
    day = next(day for day in (date(localdate().year, 12, number) for number in (1, 3)) if day.weekday() < 5)
    other.get_by_role("link", name="2026.2").click()
    other.get_by_role("link", name="Ireland").click()
    other.get_by_text("Propose an exception").click()
    fits(other, axe)
    other.get_by_label("Day", exact=True).fill(day.isoformat())
    other.get_by_label("It is a public holiday this once").check()
    other.get_by_role("button", name="Propose it").click()
    expect(other.get_by_role("heading", name="Edition 2026.2-1")).to_be_visible()
    one.reload()
    one.get_by_role("link", name="2026.2-1").click()
    expect(one.get_by_role("rowheader", name=words.day(day))).to_be_visible()
    one.get_by_role("button", name="Put edition 2026.2-1 in force").click()
    expect(one.get_by_text("Edition 2026.2-1 is in force.")).to_be_visible()
    one.get_by_role("link", name="Ireland").click()
    expect(one.get_by_role("button", name="Propose to take it back")).to_be_visible()
    fits(one, axe)
