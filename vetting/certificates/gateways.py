"""Finding the signer, the printer, the seal and the painter of QR codes named in the settings."""

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from vetting.certificates.ports import KeyKeeper, Printer, PublicForms, QrPainter, Seal, Signer, StandardFormPrinter


@lru_cache(maxsize=1)
def signer() -> Signer:
    """The signer of this installation; its keys are read once. Raises Unusable("no-signing-key")."""
    return cast(Signer, import_string(settings.SIGNER)())


@lru_cache(maxsize=1)
def printer() -> Printer:
    """The printer of certificates."""
    return cast(Printer, import_string(settings.PRINTER)())


@lru_cache(maxsize=1)
def authority_seal() -> Seal:
    """The seal of this installation's authority; its key is found once. Raises Unusable("no-seal-key")."""
    return cast(Seal, import_string(settings.SEAL)())


@lru_cache(maxsize=1)
def painter() -> QrPainter:
    """The painter of QR codes on pages."""
    return cast(QrPainter, import_string(settings.QR_PAINTER)())


@lru_cache(maxsize=1)
def public_forms() -> PublicForms:
    """The certificate for other administrations."""
    return cast(PublicForms, import_string(settings.PUBLIC_FORMS)())


@lru_cache(maxsize=1)
def standard_form_printer() -> StandardFormPrinter:
    """The printer of multilingual forms."""
    return cast(StandardFormPrinter, import_string(settings.STANDARD_FORM_PRINTER)())


def key_keeper() -> KeyKeeper:
    """Who changes the signer's key; never kept, because an operator's command asks once."""
    return cast(KeyKeeper, import_string(settings.KEY_KEEPER)())
