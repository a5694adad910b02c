"""What a certificate needs from outside: a signer and a page setter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Coverage:
    """What one State said: `answer` in the words of `AnswerKind`, `channel` own_register, exchange or document."""

    state: str
    authority: str
    asked_on: date
    answered_on: date | None
    answer: str
    channel: str


@dataclass(frozen=True)
class CertificateContents:
    """Everything printed on a certificate, and nothing else. `language` is one of the 24 official languages."""

    number: str
    jti: str
    holder_name: str
    holder_birth_date: str
    activity: str
    role: str
    coverage: tuple[Coverage, ...]
    issued_on: date
    valid_until: date
    issuer: str
    issuer_state: str
    language: str
    verify_url: str
    code: str
    decided_by_person: bool = False
    """True when a clerk decided instead of the rule. Never printed as a reason; kept for the record only."""


class Signer(Protocol):
    """Signs and opens claims as a compact JWS with ES256. Raises Unusable(code) for every token it does not accept."""

    def sign(self, claims: Mapping[str, Any], *, typ: str) -> str: ...
    def open(self, token: str, *, typ: str) -> dict[str, Any]: ...
    def public_keys(self) -> dict[str, Any]:
        """The JWK set (RFC 7517) of every key that may still verify something."""
        ...


@dataclass(frozen=True)
class PublishedKey:
    """A public key by its thumbprint (RFC 7638), and since when it is what it is."""

    name: str
    since: datetime


@dataclass(frozen=True)
class KeyState:
    """Every key that is published: one signs, at most one is to follow, the others have signed."""

    present: PublishedKey
    following: PublishedKey | None
    retired: tuple[PublishedKey, ...]


class KeyKeeper(Protocol):
    """Changes the key of the `Signer`, a step at a time; each is whole or did not happen. Raises Unusable(code)."""

    def state(self) -> KeyState: ...
    def prepare(self) -> None:
        """Make and publish the key that is to follow; where there is one already, nothing."""
        ...

    def switch(self) -> None:
        """Let the following key sign, and publish the present one as retired."""
        ...

    def forget(self, name: str) -> None:
        """Publish a retired key no longer. Raises Unusable("no-such-key")."""
        ...


class Printer(Protocol):
    """Sets the certificate page. The same contents give the same bytes."""

    def certificate(self, contents: CertificateContents) -> bytes:
        """The page with an empty place for its token: what the token's digest is about."""
        ...

    def carrying(self, page: bytes, token: str) -> bytes:
        """The same page with the token in that place. Raises Unusable("certificate-token") when it does not fit."""
        ...
