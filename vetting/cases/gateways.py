"""The adapters of this stage, by their names in settings."""

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from vetting.cases.ports import Bounces, Messenger, Spreadsheets, Way


@lru_cache(maxsize=1)
def spreadsheets() -> Spreadsheets:
    """The reader of lists."""
    found: Spreadsheets = import_string(settings.SPREADSHEETS)()
    return found


@lru_cache(maxsize=8)
def _messenger(path: str) -> Messenger:
    found: Messenger = import_string(path)()
    return found


def messenger(way: Way) -> Messenger:
    """The adapter by which letters leave on `way`. What is chosen without one is refused at boot."""
    return _messenger(settings.MESSENGERS[way])


@lru_cache(maxsize=1)
def bounces() -> Bounces:
    """The reader of what comes back."""
    found: Bounces = import_string(settings.BOUNCES)()
    return found
