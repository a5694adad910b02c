"""Roles in an organisation, what each may do, how one comes to be, and what its own identity provider may be."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from vetting.errors import Refused
from vetting.organisations.ports import Told


class Role(StrEnum):
    """A viewer follows cases; a submitter opens and submits them too; a manager also decides who else may."""

    MANAGER = "manager"
    SUBMITTER = "submitter"
    VIEWER = "viewer"


PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.MANAGER: ("see_cases", "handle_cases", "manage_people"),
    Role.SUBMITTER: ("see_cases", "handle_cases"),
    Role.VIEWER: ("see_cases",),
}


WHILE_OFF = frozenset({"see_cases"})
"""What stays while an organisation is switched off. Its running cases go on: their applicants agreed to them, and
certificates are theirs. Whoever works there follows them as a viewer does, to the same word on the same day, and
begins, submits and changes nothing. Shut out, they would keep what they saw, and every letter would lead nowhere."""


class SignUpPolicy(StrEnum):
    """Whether an organisation that signed itself up may ask for checks at once, or after a supervisor looked at it."""

    OPEN = "open"
    APPROVED = "approved"


SIGN_UP_LASTS = timedelta(days=3)
"""How long the link of a sign-up works; what nobody confirmed by then is deleted."""


def digest_of(secret: str) -> str:
    """The SHA-256 of the secret of a link, in hexadecimal: all that is kept of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


_LINK = re.compile(r"://|www\.|@|\w\.[^\W\d_]{2}|\d\.\d+\.\d", re.IGNORECASE)


def looks_like_link(text: str) -> bool:
    """Whether a mail program might make a link of it: in our mails, it would lead people wherever a stranger wants."""
    return _LINK.search(unicodedata.normalize("NFKC", text).replace("。", ".")) is not None


SECRET_NAME = re.compile(r"SIGN_IN_SECRET_[A-Z0-9_]{1,64}")
"""Variables of the environment that may be sent to an identity provider: no other one ever is."""
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def sign_in_code(letters: Sequence[int]) -> str:
    """A code that leads to an organisation's own sign-in, from twelve numbers below 32: nobody guesses one."""
    text = "".join(_LETTERS[number] for number in letters)
    return "-".join(text[start : start + 4] for start in range(0, 12, 4))


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, by its number: a name may lead anywhere."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def provider_address(address: str, *, plain_loopback: bool) -> str:
    """An address of an identity provider: https, or http to this very machine where that is allowed.

    Raises Refused("provider-address") for anything else, and for one that carries a name or a fragment.
    """
    trouble = Refused("provider-address", "An address of a provider begins with https:// and has no user in it.")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise trouble from None
    if not host or parts.username is not None or parts.fragment or not address.isprintable() or " " in address:
        raise trouble
    if parts.scheme == "https" or (parts.scheme == "http" and plain_loopback and is_loopback(host)):
        return address
    raise trouble


def counts_as_second_factor(told: Told, acr: Sequence[str], amr: Sequence[str]) -> bool:
    """Whether the provider says that two factors were used, in one of the words agreed with it; without any, never."""
    return told.acr in acr or bool(set(told.amr) & set(amr))
