"""Signing in with the account of one's own organisation, in a real browser and over real HTTP to a provider."""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import expect

from tests import given
from tests.identity_provider import CLIENT, SECRET, provider
from vetting.organisations.models import IdentityProvider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def theirs(live_server, settings, monkeypatch, tmp_path):
    cache.clear()
    settings.BASE_URL = live_server.url
    monkeypatch.setenv("SIGN_IN_SECRET_CLUB", SECRET)
    world = given.world()
    with provider() as running:
        file = tmp_path / "providers.toml"
        file.write_text(
            f'[[provider]]\norganisation = "{world.organisation.ref}"\nissuer = "{running.issuer}"\n'
            f'client_id = "{CLIENT}"\nsecret = "SIGN_IN_SECRET_CLUB"\n'
        )
        call_command("load_sign_in", str(file), "--apply")
        running.email, running.world, running.home = world.secretary.email, world, live_server.url
        yield running


@pytest.mark.parametrize("width,javascript", [(360, True), (1280, False)])
def test_a_secretary_comes_in_by_the_code_and_goes_on_where_they_wanted(new_page, axe, theirs, width, javascript):
    page = new_page(width=width, javascript=javascript)
    looked = axe if javascript else lambda _page: []
    page.goto(f"{theirs.home}/organisation/roster/")
    page.get_by_role("link", name="Sign in with your organisation's account").click()
    assert looked(page) == []
    page.get_by_label("Code of your organisation").fill(IdentityProvider.objects.get().code.lower())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text(theirs.world.organisation.name)).to_be_visible()
    assert looked(page) == []
    page.get_by_role("link", name="Go to my organisation's sign-in").click()
    expect(page.get_by_role("heading", name="Roster")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{theirs.home}/accounts/organisation/")
    theirs.email = "stranger@invented.example"
    page.get_by_role("link", name="The organisation of last time").click()
    page.get_by_role("link", name="Go to my organisation's sign-in").click()
    expect(page.get_by_text("Ask your manager to invite you.")).to_be_visible()
    assert looked(page) == []
    page.reload()
    expect(page.get_by_role("link", name="Go to my organisation's sign-in")).to_be_visible()
