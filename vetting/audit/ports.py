"""Who acts. A word and an opaque reference, never a name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`kind` is applicant, member, clerk, authority, system or public; `ref` is an opaque reference or empty."""

    kind: str
    ref: str = ""


SYSTEM = Actor("system")
