"""Finding the printer of receipts named in the settings."""

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from vetting.consent.ports import ReceiptPrinter


@lru_cache(maxsize=1)
def receipt_printer() -> ReceiptPrinter:
    """The printer of receipts."""
    return cast(ReceiptPrinter, import_string(settings.RECEIPT_PRINTER)())
