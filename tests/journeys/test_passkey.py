"""A passkey instead of a password, in a real browser with an authenticator of its own."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests import given

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def test_a_clerk_adds_a_passkey_and_comes_in_by_it_alone(live_server, new_page, settings):
    cache.clear()
    settings.BASE_URL, settings.SECOND_FACTOR = live_server.url, True
    world, page = given.world(), new_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("input[name=login]", world.clerk.email)
    page.fill("input[name=password]", given.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Two-Factor Authentication")).to_be_visible()
    page.goto(f"{live_server.url}/accounts/2fa/keys/add/")
    page.fill("input[name=password]", given.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Security key added.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
