"""Why an inbound document is refused to its sender. Constants only: a code never quotes what was refused."""

from enum import StrEnum


class Rejection(StrEnum):
    """Stable: senders see them, and their order is the index that crosses the airlock. Append, never insert."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    UNKNOWN_ENCODING = "unknown-encoding"
    BAD_ENCODING = "bad-encoding"
    NOT_WELL_FORMED = "not-well-formed"
    DTD = "dtd"
    TOO_DEEP = "too-deep"
    TOO_MANY_ELEMENTS = "too-many-elements"
    TOO_MANY_ATTRIBUTES = "too-many-attributes"
    TOO_MANY_NAMESPACES = "too-many-namespaces"
    XSI_NIL = "xsi-nil"
    XSI_TYPE = "xsi-type"
    UNKNOWN_MESSAGE = "unknown-message"
    WRONG_STRUCTURE = "wrong-structure"
    NOT_A_REPLY = "not-a-reply"
    WRONG_MESSAGE_ID = "wrong-message-id"
    WRONG_SENDER = "wrong-sender"
    WRONG_RECEIVER = "wrong-receiver"
    WRONG_CORRELATION = "wrong-correlation"
    REPEATED_ID = "repeated-id"
    WRONG_DATE = "wrong-date"
    WRONG_PERSON = "wrong-person"
    CONTRADICTION = "contradiction"
    UNKNOWN_RESPONSE_TYPE = "unknown-response-type"
    REQUEST_UNREADABLE = "request-unreadable"
    NOT_A_QUESTION = "not-a-question"
    IDENTITY_INCOMPLETE = "identity-incomplete"


class Rejected(Exception):
    """The document is refused with `code`, and nothing else is known of it."""

    def __init__(self, code: Rejection) -> None:
        super().__init__(code.value)
        self.code = code
