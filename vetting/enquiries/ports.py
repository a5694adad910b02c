"""What an enquiry needs from outside: a writer of messages, and the airlock in which they are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NoReturn, Protocol

from vetting.exchange.ports import MessageType
from vetting.identity.ports import Person


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
    """Builds outbound documents, those of who asks and those of who is asked; `at` is aware, ids are whole.

    Every method raises Unusable when the result would not validate.
    """

    def request(self, contents: RequestContents) -> bytes: ...
    def more_information(self, *, message_id: str, at: datetime, answers: str, person: Person) -> bytes:
        """An RAR; `answers` is the message id of the RAI it answers."""
        ...

    def cancellation(self, *, message_id: str, at: datetime, cancels: str) -> bytes:
        """A CAN; `cancels` is the message id of our own REQ, or of an RRS of ours."""
        ...

    def deadline(self, *, message_id: str, at: datetime, answers: str, due: date) -> bytes:
        """An RDL; `answers` is the message id of the REQ, `due` the day by which its sender hears."""
        ...

    def questions(self, *, message_id: str, at: datetime, answers: str, items: Iterable[Item]) -> bytes:
        """An RAI: more is wanted about the person of the REQ `answers`."""
        ...

    def reply(self, *, message_id: str, at: datetime, answers: str, person: Person, words: str) -> bytes:
        """An RRS about `person`, saying no more than an answer in its fixed words (see `Answer.words`).

        What is held is one entry of the format's own placeholders: no offence, sentence, court, date or number.
        Raises Unusable("not-a-reply") for words that an RRS cannot say.
        """
        ...

    def functional_error(self, *, message_id: str, at: datetime, answers: str) -> bytes:
        """A FEM: the message `answers` cannot be used."""
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

    `consent` and `purpose` (a category) are those of a REQ. `all_transmittable_flags` and `sanction_codes` have one
    entry for each conviction, in the same order. `has_extras`: there is a remark, an accusation, an alias, an
    attachment or a free address, which may say more than the codes. `has_doubtful_ids`: identifiers inside the document
    repeat or lead nowhere. `likeness` is None without a request to compare with.
    """

    __slots__ = (
        "all_transmittable_flags",
        "consent",
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
        "purpose",
        "response_to",
        "response_type",
        "sanction_codes",
    )
    all_transmittable_flags: tuple[str, ...]
    consent: str
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
    purpose: str
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


class SaidConsent(StrEnum):
    """What a request says of the person's consent: three different facts, in the wire's own spelling."""

    YES = "Yes"
    NO = "No"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Asked:
    """What a question of another State says, as far as it leaves the airlock. `code` says why it was refused, or is
    empty; then the rest counts.

    `purpose` is the category code of a REQ (P-00-NNNNNN), `consent` is what a REQ says; an RAR has neither, and may
    have no person. `says_more`: there is a remark, an accusation, an alias or an attachment, which stayed inside.
    `digest` is HMAC-SHA256 of the received bytes under the given key.
    """

    message_type: str = ""
    message_id: str = ""
    response_to: str = ""
    person: Person | None = field(default=None, repr=False)
    consent: SaidConsent = SaidConsent.UNKNOWN
    purpose: str = ""
    says_more: bool = False
    code: str = ""


class Airlock(Protocol):
    """Reduces one inbound message. Never raises for anything the message contains: that is kind `rejected`.

    Raises Unavailable when the child process cannot be had.
    """

    def reduce(self, raw: bytes | memoryview, expectation: Expectation) -> Verdict: ...

    def peek(self, raw: bytes | memoryview) -> Verdict:
        """What the message calls itself, compared with nothing: kind `named` with type and ids, or `rejected`."""
        ...

    def question(self, raw: bytes | memoryview) -> Asked:
        """What a REQ or RAR to this node asks, without a word beyond the person and the codes."""
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
