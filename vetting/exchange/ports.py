"""What messages between authorities need from outside: a way to each of them, and signed papers beside a message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class MessageType(StrEnum):
    """The seven letters-of-three of the state-to-state format; others (NOT, NRS, IAL) are refused."""

    REQ = "REQ"
    RDL = "RDL"
    RRS = "RRS"
    RAI = "RAI"
    RAR = "RAR"
    CAN = "CAN"
    FEM = "FEM"


@dataclass(frozen=True)
class OutboundMessage:
    """The exact bytes that go out, with the reference on which the other side de-duplicates."""

    message_id: str
    receiver: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Receipt:
    """The other side holds the message. `reference` is a short opaque string of theirs, or empty."""

    received_at: datetime
    reference: str = ""
    token: str = ""
    """Their signed acknowledgement, where the way there gives one: evidence, kept whole."""


class TokenType(StrEnum):
    """The signed papers between nodes; `typ` in their headers, so none passes for another.

    Envelope and receipt travel beside a message; a query asks after one that was sent, and a standing answers it.
    """

    ENVELOPE = "at10-envelope+jwt"
    RECEIPT = "at10-receipt+jwt"
    QUERY = "at10-query+jwt"
    STANDING = "at10-standing+jwt"


class Standing(StrEnum):
    """How a question stands at the authority that was asked; no word of an answer is among them."""

    UNKNOWN = "unknown"
    """They do not hold it: it has to be sent again."""
    WAITING = "waiting"
    ASKED_BACK = "asked_back"
    ANSWERED = "answered"
    """Their answer is on its way, again if it was sent before."""
    TAKEN_BACK = "taken_back"
    NOT_SAID = "not_said"
    """This way gives no such information."""


@dataclass(frozen=True)
class Envelope:
    """Who sends which bytes to whom, and when; a receipt says the same with sender and receiver exchanged.

    States are wire codes, `digest` is the SHA-256 (hex) of the exact bytes. Without `until` it lives five minutes.
    Only the answer to a query has a `standing`.
    """

    sender: str
    receiver: str
    message_id: str
    digest: str
    at: datetime
    until: datetime | None = None
    standing: str = ""


class Envelopes(Protocol):
    """Signs with the key of this node, and opens what a partner signed. A key set is a JWK set (RFC 7517)."""

    def seal(self, envelope: Envelope, kind: TokenType) -> str:
        """A compact JWS. Raises Unusable("no-node-key") where this node has none."""
        ...

    def open(self, token: str, kind: TokenType, keys: Mapping[str, Mapping[str, Any]]) -> Envelope:
        """What a key of one of these States signed, and that State alone as its sender; times are not judged.

        Raises Unusable: token-…, unknown-key, wrong-sender-key, envelope-claims, key-set-….
        """
        ...

    def kids(self, key_set: Mapping[str, Any]) -> tuple[str, ...]:
        """The names of the keys in a set. Raises Unusable("key-set-…") for a set that cannot be used."""
        ...

    def public_keys(self) -> dict[str, Any]: ...


class Partners(Protocol):
    """What a way to other nodes must know of them. Raises Unusable("no-partner") for a State nobody loaded."""

    @property
    def our_state(self) -> str: ...
    @property
    def envelopes(self) -> Envelopes: ...
    def address_of(self, state: str) -> str: ...
    def keys_of(self, state: str) -> Mapping[str, Any]: ...


class AuthorityGateway(Protocol):
    """A way to reach one authority. Every method raises Unavailable (may work later) or Unusable (tell a person)."""

    def send(self, message: OutboundMessage, *, at: datetime) -> Receipt: ...

    def collect(self, message: OutboundMessage, *, sent_at: datetime, at: datetime) -> Iterable[bytes]:
        """Replies to `message` that are waiting at `at`; the same replies may come again. A gateway that is called
        by the other side, or whose replies a clerk gives on screen, has none."""
        ...

    def ask_after(self, message: OutboundMessage, *, at: datetime) -> Standing:
        """How the question in `message` stands over there. Asking reminds them; an answer they gave comes again."""
        ...
