"""The adapters of this stage, by their names in settings."""

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from vetting.cases.ports import Spreadsheets


@lru_cache(maxsize=1)
def spreadsheets() -> Spreadsheets:
    """The reader of lists."""
    found: Spreadsheets = import_string(settings.SPREADSHEETS)()
    return found
