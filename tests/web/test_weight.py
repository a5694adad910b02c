"""A page is light, and all of it comes from here."""

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from tests import given

pytestmark = pytest.mark.django_db
MOST = 60_000
"""Bytes of a page with all that it loads, compressed."""
LOADED = re.compile(r'<(?:link|script|img|iframe|source|use)\b[^>]*?\b(?:href|src)="([^"]+)"')
INSIDE = re.compile(r"url\(\s*[\"']?(?!data:|#)([^\"')]+)|@import\s+[\"']([^\"']+)")


@pytest.fixture
def pages(client, world):
    """Every kind of reader at a page that is full."""
    case = given.case_cleared(world)
    session = client.session
    session["applicant_case"] = str(case.ref)
    session.save()
    return [reverse("front"), reverse("verifier:lookup"), reverse("applicant:home"), reverse("accessibility")]


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


def weight(page):
    """Compressed bytes of a page and of everything it names. Fails for what lies elsewhere."""
    total = len(gzip.compress(page.encode()))
    named = LOADED.findall(page)
    assert named
    for address in named:
        assert not urlsplit(address).netloc, f"{address} is not ours"
        found = finders.find(address.removeprefix("/static/"))
        assert found, address
        body = Path(str(found)).read_bytes()
        total += len(gzip.compress(body))
        if address.endswith(".css"):
            assert not INSIDE.search(body.decode()), f"{address} loads something more"
    return total


def test_pages_of_applicants_and_verifiers_are_light_and_load_nothing_of_others(client, pages):
    for address in pages:
        assert weight(client.get(address).content.decode()) <= MOST, address


def test_the_screens_of_a_full_desk_and_a_full_club_are_light_too(client, world):
    for _ in range(5):
        given.case_submitted(world)
    for user, address in ((world.secretary, "organisation:home"), (world.clerk, "desk:queue")):
        client.force_login(user)
        page = client.get(reverse(address), follow=True).content.decode()
        rows = re.findall(r"<tr role=\"row\">.*?</tr>", page, re.DOTALL)
        assert len(rows) > 1
        assert weight(page) + 45 * len(gzip.compress(max(rows, key=len).encode())) <= MOST, address


def test_what_does_not_come_from_here_is_found():
    with pytest.raises(AssertionError, match="not ours"):
        weight('<link rel="stylesheet" href="https://fonts.example/one.css">')
