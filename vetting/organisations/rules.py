"""Roles in an organisation, what each may do, and how an organisation comes to be one."""

import hashlib
import re
from datetime import timedelta
from enum import StrEnum


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


_LINK = re.compile(r"://|www\.|@|\w\.[^\W\d_]{2}", re.IGNORECASE)


def looks_like_link(text: str) -> bool:
    """Whether a mail program might make a link of it: in our mails, it would lead people wherever a stranger wants."""
    return _LINK.search(text) is not None
