"""The codes of the roster."""

from enum import StrEnum


class Arrangement(StrEnum):
    """How an organisation keeps children safe while somebody works there without a certificate: a closed list, so that
    nothing about the person can be written down."""

    ACCOMPANIED = "accompanied"
    NO_CARE = "no_care"
    NO_TRIPS = "no_trips"
    NO_MESSAGES = "no_messages"
    NO_CHILDREN = "no_children"
    REFERENCES = "references"
