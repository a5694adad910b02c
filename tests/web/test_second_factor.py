"""A second factor: needed where somebody decides about people or records, and its secret is stored sealed."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse

from tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    cache.clear()
    settings.SECOND_FACTOR = True
    return given.world()


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def signs_in(client, user):
    cache.clear()
    return client.post(reverse("account_login"), {"login": user.email, "password": given.PASSWORD})


def activates(client):
    """The secret of an authenticator app that was just set up, after the password was given once more."""
    client.post(reverse("account_reauthenticate"), {"password": given.PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.findall(r'value="([A-Z2-7]{32})"', page)[0]
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret


def test_a_clerk_without_a_second_factor_is_led_to_set_one_up(client, world):
    signs_in(client, world.clerk)
    for address in (reverse("desk:queue"), reverse("desk:questions")):
        assert client.get(address)["Location"] == reverse("mfa_index")
    activates(client)
    assert client.get(reverse("desk:queue")).status_code == 200


def test_a_manager_needs_one_to_decide_about_people_and_a_secretary_none_to_open_cases(client, world):
    signs_in(client, world.secretary)
    assert client.get(reverse("organisation:new")).status_code == 200
    assert client.get(reverse("organisation:people"))["Location"] == reverse("mfa_index")


def test_with_a_second_factor_the_password_alone_opens_nothing(client, world):
    signs_in(client, world.clerk)
    secret = activates(client)
    client.logout()
    signs_in(client, world.clerk)
    assert client.get(reverse("desk:queue")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert client.get(reverse("desk:queue")).status_code == 302
    cache.clear()
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get(reverse("desk:queue")).status_code == 200


def test_the_secret_is_not_in_the_database_as_it_is(client, world):
    signs_in(client, world.clerk)
    secret = activates(client)
    assert secret not in str(list(Authenticator.objects.values("data")))


def test_whoever_lost_the_app_comes_in_by_a_code_on_paper_once(client, world):
    signs_in(client, world.clerk)
    activates(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"\b[0-9a-f]{8}\b", page)
    assert codes
    client.logout()
    signs_in(client, world.clerk)
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert client.get(reverse("desk:queue")).status_code == 200
    client.logout()
    signs_in(client, world.clerk)
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert client.get(reverse("desk:queue")).status_code == 302
