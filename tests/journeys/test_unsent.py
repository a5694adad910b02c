"""A session that ends while somebody types, in a real browser and without a script."""

from contextlib import suppress

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Error, expect

from tests import given
from vetting.cases.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server, settings):
    cache.clear()
    settings.BASE_URL = live_server.url
    return given.world()


def signs_in(page, user):
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(given.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def session_ends():
    Session.objects.all().delete()
    cache.clear()


def signs_in_beside(page, user, axe):
    """In a new tab, as the page says; then back."""
    expect(page.get_by_role("heading", name="What you typed is not lost")).to_be_visible()
    assert axe(page) == []
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in, in a new tab").click()
    tab = opened.value
    signs_in(tab, user)
    expect(tab.get_by_role("heading", name="You are signed in")).to_be_visible()
    assert axe(tab) == []
    tab.close()
    page.get_by_role("button", name="Show what I typed").click()
    expect(page.get_by_text("This is what you typed. Nothing was sent yet")).to_be_visible()


# axe itself is a script, so that the pages are looked at where scripts run.
@pytest.mark.parametrize("javascript", [True, False], ids=["with-scripts", "without"])
def test_a_secretary_loses_nothing_of_a_new_request(live_server, new_page, axe, world, javascript):
    page = new_page(width=360, javascript=javascript)
    looked = axe if javascript else lambda _page: []
    page.goto(f"{live_server.url}/organisation/new/")
    signs_in(page, world.secretary)
    page.get_by_label("What will the person do?").select_option("sport_coaching")
    page.get_by_label("Voluntary role").check()
    page.get_by_label("first name").fill("Ivanka")
    page.get_by_label("Surname").fill("Izmislena")
    page.get_by_label("E-mail address").fill("ivanka@invented.example")
    session_ends()
    page.get_by_role("button", name="Send the invitation").click()
    signs_in_beside(page, world.secretary, looked)
    expect(page.get_by_label("E-mail address")).to_have_value("ivanka@invented.example")
    expect(page.get_by_label("What will the person do?")).to_have_value("sport_coaching")
    assert looked(page) == []
    assert not Case.objects.exists()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way to the applicant.")).to_be_visible()
    with suppress(Error):  # Chromium asks first whether to send again what the page behind was made of
        page.go_back()
    assert Case.objects.count() == 1


def test_a_clerk_loses_nothing_of_the_reason_to_open_a_file(live_server, page, axe, world):
    case = given.case_submitted(world)
    page.goto(f"{live_server.url}/desk/cases/{case.ref}/")
    signs_in(page, world.clerk)
    page.get_by_label("Somebody asked about this case").check()
    session_ends()
    page.get_by_role("button", name="Open the file").click()
    signs_in_beside(page, world.clerk, axe)
    expect(page.get_by_label("Somebody asked about this case")).to_be_checked()
    assert axe(page) == []
    page.get_by_role("button", name="Open the file").click()
    expect(page.get_by_text("Accept: ask these authorities")).to_be_visible()
