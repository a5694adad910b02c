"""Finding the vault named in the settings."""

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from vetting.keys.ports import Vault


@lru_cache(maxsize=1)
def _vault(path: str, folder: str) -> Vault:
    return cast(Vault, import_string(path)(folder))


def vault() -> Vault:
    """The vault of this installation."""
    return _vault(settings.VAULT, str(settings.KEY_DIR))
