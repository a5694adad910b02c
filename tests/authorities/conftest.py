"""An installation in which the packaged directory is in force."""

from datetime import UTC, datetime

import pytest

from vetting.audit.ports import SYSTEM
from vetting.authorities.services import load_edition


@pytest.fixture
def loaded(transactional_db: None) -> None:
    load_edition(at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC), actor=SYSTEM)
