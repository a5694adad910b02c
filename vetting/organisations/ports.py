"""What signing in by an organisation's own identity provider needs from outside."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Places:
    """Where a provider lets people sign in, gives its answer for a code, and publishes its keys."""

    authorize: str
    token: str
    keys: str


@dataclass(frozen=True)
class Client:
    """Us, as the provider knows us. Without a secret the proof of the code alone (PKCE) ties it to us."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Begun:
    """What this browser began with: the proof of the code, and the number that the answer repeats."""

    verifier: str = field(repr=False)
    nonce: str = field(repr=False)
    address: str
    """To which the provider sends the person back."""


@dataclass(frozen=True)
class Told:
    """What the provider says of who signed in there (OpenID Connect Core 1.0, section 2)."""

    email: str
    email_verified: bool
    acr: str = ""
    amr: tuple[str, ...] = ()


class SignIn(Protocol):
    """An identity provider by OpenID Connect.

    Raises Unavailable when it does not answer, Unusable("…") for an answer that cannot be believed.
    """

    def discover(self, issuer: str, *, secret: bool) -> Places: ...
    def told(self, places: Places, client: Client, begun: Begun, *, code: str, at: datetime) -> Told: ...
