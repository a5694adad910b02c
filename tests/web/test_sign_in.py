"""Signing in, and a forgotten password."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from tests import given

pytestmark = pytest.mark.django_db


def test_who_forgot_a_password_chooses_a_new_one_by_the_link_in_the_mail(client):
    cache.clear()
    world = given.world()
    client.post(reverse("account_reset_password"), {"email": world.secretary.email})
    (letter,) = mail.outbox
    link = re.findall(r"http://[^/]+(/\S+)", str(letter.body))[0]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    password = "another invented way in 8"
    client.post(form, {"password1": password, "password2": password})
    client.post(reverse("account_login"), {"login": world.secretary.email, "password": password})
    assert client.get(reverse("organisation:home")).status_code == 200
    client.logout()
    assert "no longer works" in client.get(link, follow=True).content.decode()
