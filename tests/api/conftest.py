"""The scene of every test of messages from other nodes."""

import pytest

from tests.asking import Asking
from tests.two_nodes import Scene


@pytest.fixture
def quick(settings):
    """Signing in is no part of these tests: their people's passwords are hashed quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def scene(db, quick, time_machine):
    return Scene(time_machine)


@pytest.fixture
def asking(db, quick, time_machine):
    return Asking(time_machine)
