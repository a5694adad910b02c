"""The running provider of a club, for every test that asks for `theirs`."""

import pytest
from django.core.cache import cache

from tests import given
from tests.identity_provider import SECRET, provider


@pytest.fixture
def theirs(db, monkeypatch):
    """A provider, loaded as the operator's command loads it; the club's secretary is signed in there."""
    from tests.own_sign_in import load

    cache.clear()
    monkeypatch.setenv("SIGN_IN_SECRET_CLUB", SECRET)
    with provider() as running:
        running.world = given.world()
        load(running.world.organisation, running)
        running.email = running.world.secretary.email
        yield running
