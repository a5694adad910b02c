"""Finding the signer and the printer named in the settings."""

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from vetting.certificates.ports import KeyKeeper, Printer, Signer


@lru_cache(maxsize=1)
def signer() -> Signer:
    """The signer of this installation; its keys are read once. Raises Unusable("no-signing-key")."""
    return cast(Signer, import_string(settings.SIGNER)())


@lru_cache(maxsize=1)
def printer() -> Printer:
    """The printer of certificates."""
    return cast(Printer, import_string(settings.PRINTER)())


def key_keeper() -> KeyKeeper:
    """Who changes the signer's key; never kept, because an operator's command asks once."""
    return cast(KeyKeeper, import_string(settings.KEY_KEEPER)())
