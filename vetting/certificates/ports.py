"""What a certificate needs from outside: a signer, a page setter, and the seal of the authority."""

from collections.abc import Mapping, Sequence
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


class SealKey(Protocol):
    """The key of the authority's seal, wherever it is kept: a file, a hardware module, a service. EC P-256."""

    def chain(self) -> Sequence[bytes]:
        """Its certificate and those of its issuers up to the root, X.509 in DER."""
        ...

    def sign(self, data: bytes) -> bytes:
        """ECDSA with SHA-256 over `data`, in DER. Raises Unavailable when the key cannot be reached now."""
        ...


class Timestamps(Protocol):
    """A time-stamping authority (RFC 3161)."""

    def stamp(self, digest: bytes) -> bytes:
        """A token over a SHA-256, in DER. Raises Unavailable when none comes in time, Unusable when a bad one comes."""
        ...

    def moment(self, token: bytes, digest: bytes) -> datetime:
        """When the token was made. Raises Unusable("timestamp-…") when it is not one over this digest to be trusted."""
        ...


class Seal(Protocol):
    """Seals a file as the issuing authority, so that no byte of it can change unseen. Two seals of one file differ."""

    @property
    def made_up(self) -> bool:
        """True when set-up made its certificate: nobody trusts it."""
        ...

    def certificates(self) -> bytes:
        """Its certificate and those of its issuers up to the root, in PEM: what a stranger needs to know it by."""
        ...

    def seal(self, file: bytes, *, at: datetime) -> bytes:
        """The sealed file, which begins with `file`. Raises Unusable("seal-certificate-expired"), Unavailable, and
        Unusable("page-form") for a file that is not as a `Printer` makes it."""
        ...

    def open(self, sealed: bytes) -> bytes:
        """The file that was sealed. Raises Unusable(code) for every file that is not exactly as a seal left it."""
        ...


class QrPainter(Protocol):
    """Draws an address as a QR code (ISO/IEC 18004) for a page: a `data:` address of a picture with its quiet zone."""

    def picture(self, address: str) -> str: ...


@dataclass(frozen=True)
class Holder:
    """The parts of the holder's name, as they gave them; each may be empty where a person has no such part."""

    given_name: str
    family_name: str


class PublicForms(Protocol):
    """The same certificate in the forms of public administrations. The same contents give the same bytes.

    They say of each State what the certificate says: that nothing is recorded, or one third value for every other
    reason: no channel, no answer, an answer that a person looked at. "There is a record" cannot be said in them.
    """

    def evidence_xml(self, contents: CertificateContents, holder: Holder) -> bytes:
        """Evidence of the absence of a criminal record as XML after our schema. Raises Unusable."""
        ...

    def evidence_json(self, contents: CertificateContents, holder: Holder) -> bytes:
        """The same as JSON-LD, after our context."""
        ...

    def schema(self) -> bytes:
        """The XML schema."""
        ...

    def context(self) -> bytes:
        """The JSON-LD context."""
        ...


class StandardFormPrinter(Protocol):
    """Sets the multilingual form."""

    def standard_form(self, contents: CertificateContents, *, own: str, other: str) -> bytes:
        """A4 pages as PDF: the form with its headings in two languages, then every heading in all 24.

        `own` is a language of the issuing State and `other` one of the State where it is shown; the same one is set
        once. Source: Regulation (EU) 2016/1191, art. 10(2). Raises Unusable.
        """
        ...
