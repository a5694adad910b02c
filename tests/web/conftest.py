"""What tests of pages share: a world at its own time, counters that begin anew, and the applicant's browser."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests import given


@pytest.fixture
def fresh_limits(db):
    cache.clear()


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


@pytest.fixture
def as_applicant(time_machine):
    """The browser of the applicant of a case, at the world's time."""

    def enter(world, case):
        time_machine.move_to(world.clock.now)
        browser = Client()
        session = browser.session
        session["applicant_case"] = str(case.ref)
        session.save()
        return browser

    return enter
