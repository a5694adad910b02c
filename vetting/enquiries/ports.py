"""What an enquiry needs from outside: a writer of messages, a way to the other authority, and the airlock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn, Protocol

from vetting.identity.ports import Person


class MessageType(StrEnum):
    """The seven letters-of-three of the state-to-state format; others (NOT, NRS, IAL) are refused."""

    REQ = "REQ"
    RDL = "RDL"
    RRS = "RRS"
    RAI = "RAI"
    RAR = "RAR"
    CAN = "CAN"
    FEM = "FEM"


class Item(StrEnum):
    """What an authority may ask more about (the sixteen values of AdditionalInformationRequested, wire spelling)."""

    FORENAME = "Forename"
    SURNAME = "Surname"
    SECOND_SURNAME = "SecondSurname"
    SEX = "Sex"
    BIRTH_DATE = "BirthDate"
    BIRTH_PLACE = "BirthPlace"
    NATIONALITY = "Nationality"
    FORMER_NAME = "FormerName"
    MOTHER_NAME = "MotherName"
    FATHER_NAME = "FatherName"
    IDENTITY_NUMBER = "IdentityNumber"
    IDENTIFICATION_DOCUMENT = "IdentificationDocument"
    ADDRESS = "Address"
    ALIAS = "Alias"
    FINGERPRINTS = "Fingerprints"
    PURPOSE = "MoreInformationOnRequestPurpose"


@dataclass(frozen=True)
class RequestContents:
    """What a REQ says. `sender` and `receiver` are wire codes of States (GR, GB); `at` is aware.

    `purpose` and `authority_name` map a two-letter language to a text (at most 400 and 400 characters).
    """

    message_id: str
    sender: str
    receiver: str
    at: datetime
    person: Person
    purpose: Mapping[str, str]
    authority_name: Mapping[str, str]
    case_reference: str = ""


class MessageWriter(Protocol):
    """Builds outbound documents. Every method raises Unusable when the result would not validate."""

    def request(self, contents: RequestContents) -> bytes: ...
    def more_information(self, *, message_id: str, at: datetime, answers: str, person: Person) -> bytes:
        """An RAR; `answers` is the message id of the RAI it answers."""
        ...

    def cancellation(self, *, message_id: str, at: datetime, cancels: str) -> bytes:
        """A CAN; `cancels` is the message id of our own REQ."""
        ...


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
    """The two signed papers that travel beside a message; `typ` in their headers, so neither passes for the other."""

    ENVELOPE = "at10-envelope+jwt"
    RECEIPT = "at10-receipt+jwt"


@dataclass(frozen=True)
class Envelope:
    """Who sends which bytes to whom, and when; a receipt says the same with sender and receiver exchanged.

    States are wire codes, `digest` is the SHA-256 (hex) of the exact bytes. Without `until` it lives five minutes.
    """

    sender: str
    receiver: str
    message_id: str
    digest: str
    at: datetime
    until: datetime | None = None


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
    """A way to reach one authority. Both methods raise Unavailable (may work later) or Unusable (tell a person)."""

    def send(self, message: OutboundMessage, *, at: datetime) -> Receipt: ...

    def collect(self, message: OutboundMessage, *, sent_at: datetime, at: datetime) -> Iterable[bytes]:
        """Replies to `message` that are waiting at `at`; the same replies may come again. A gateway that is called
        by the other side, or whose replies a clerk gives on screen, has none."""
        ...


@dataclass(frozen=True)
class Expectation:
    """What a reply must fit. `us` and `them` are wire codes; `request` is the exact REQ we sent; `digest_key` is 32
    bytes of the case. Only `read_reply` leaves things empty: without `request`, correlation and person are not
    compared; without `us` and `them`, both are taken from the request's id or else from the reply's own."""

    us: str
    them: str
    request: bytes = field(repr=False)
    digest_key: bytes = field(repr=False)
    cancellable: tuple[str, ...] | None = ()
    """Message ids of replies by `them` that a CAN may name; None means any reply of theirs (only `read_reply`)."""
    also_expects: tuple[str, ...] = ()
    """Ids of our RAR messages of the same enquiry, which a FEM may name."""
    told: bytes = field(default=b"", repr=False)
    """Our latest RAR of the same enquiry, if any: the person as we described them last, whom a reply must be about."""


class Likeness(StrEnum):
    """How the person of a reply compares with the person asked about."""

    SAME = "same"
    NEAR = "near"
    OTHER = "other"


class Disclosure:
    """What a parsed message said, alive only inside the airlock's child process. It cannot be pickled or shown.

    `all_transmittable_flags` and `sanction_codes` have one entry for each conviction, in the same order. `has_extras`:
    there is a remark, an alias, an attachment or a free address, which may say more than the codes. `has_doubtful_ids`:
    identifiers inside the document repeat or lead nowhere. `likeness` is None without a request to compare with.
    """

    __slots__ = (
        "all_transmittable_flags",
        "deadline",
        "error_code",
        "has_doubtful_ids",
        "has_extras",
        "items",
        "likeness",
        "message_id",
        "message_type",
        "other_states",
        "person",
        "response_to",
        "response_type",
        "sanction_codes",
    )
    all_transmittable_flags: tuple[str, ...]
    deadline: date | None
    error_code: str
    has_doubtful_ids: bool
    has_extras: bool
    items: tuple[Item, ...]
    likeness: Likeness | None
    message_id: str
    message_type: MessageType
    other_states: tuple[str, ...]
    person: Person | None
    response_to: str
    response_type: str
    sanction_codes: tuple[frozenset[str], ...]

    def __repr__(self) -> str:
        return "<Disclosure>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a disclosure does not leave the process that read it")


@dataclass(frozen=True)
class Verdict:
    """The fixed small record that leaves the airlock. `kind`: answer, deadline, cancelled, functional_error, rejected,
    or, to a `peek`, named.

    `answer` is the answer in words (see `Answer.words`), only when kind is answer; `code` is a short constant of ours
    (never text of the message); `digest` is HMAC-SHA256 of the received bytes under the expectation's key.
    """

    kind: str
    code: str = ""
    answer: str = ""
    deadline: date | None = None
    message_type: str = ""
    message_id: str = ""
    response_to: str = ""
    digest: bytes = field(default=b"", repr=False)


class Airlock(Protocol):
    """Reduces one inbound message. Never raises for anything the message contains: that is kind `rejected`.

    Raises Unavailable when the child process cannot be had.
    """

    def reduce(self, raw: bytes | memoryview, expectation: Expectation) -> Verdict: ...

    def peek(self, raw: bytes | memoryview) -> Verdict:
        """What the message calls itself, compared with nothing: kind `named` with type and ids, or `rejected`."""
        ...


@dataclass(frozen=True)
class FormContact:
    """Whom the asked authority may ask back about a request on paper; what is empty is left out."""

    name: str = ""
    telephone: str = ""
    email: str = ""
    address: str = ""


class FormPrinter(Protocol):
    """Sets the request form of Framework Decision 2009/315/JHA (Annex). The same contents give the same bytes."""

    def request_form(self, contents: RequestContents, language: str, *, contact: FormContact, digest: str) -> bytes:
        """One or two A4 pages as PDF, in `language`, with the purpose in every language the contents have.

        `digest` is the SHA-256 (64 hex digits) of the message that could not be sent, by which both sides compare.
        Raises Unusable: form-digest, form-purpose, form-too-long.
        """
        ...


class ReplyWriter(Protocol):
    """Builds what the authority of an asked State writes. Raises Unusable when the result would not validate."""

    def deadline(self, answers: str, *, at: datetime, due: date, number: int) -> bytes: ...
    def nothing_recorded(self, request: bytes, *, at: datetime, number: int) -> bytes:
        """An RRS about the person of `request`, which is a whole REQ."""
        ...

    def questions(self, answers: str, *, at: datetime, items: Iterable[Item], number: int) -> bytes: ...
    def functional_error(self, answers: str, *, at: datetime, number: int) -> bytes: ...
