"""From answers to an outcome. A rule may only clear; every other end takes a person, and 'not cleared' takes two."""

from collections.abc import Sequence
from enum import StrEnum

from vetting.enquiries.rules import AnswerKind


class Verdict(StrEnum):
    """`not_cleared` says that no certificate can be issued, never that somebody is unsuitable."""

    CLEARED = "cleared"
    NOT_CLEARED = "not_cleared"


def clears_by_rule(words: Sequence[str], *, needs_person: bool) -> bool:
    """True only when somebody was asked, everybody said `nothing_recorded`, and no rule called for a person."""
    return bool(words) and not needs_person and all(word == AnswerKind.NOTHING_RECORDED for word in words)


class ClearReason(StrEnum):
    """Why a clerk clears: a closed list, because free text could say what an authority said."""

    NO_BAR = "no_bar_under_national_law"
    OTHER_PERSON = "not_about_this_person"
    COVERED = "remaining_state_not_needed"
    BY_DOCUMENT = "covered_by_document"


class NotClearReason(StrEnum):
    """Why a clerk proposes that no certificate can be issued."""

    BAR = "bar_under_national_law"
    NO_ANSWER = "no_sufficient_answer"
    NOT_IDENTIFIED = "identity_not_established"


class DisputeGround(StrEnum):
    """What an applicant may dispute."""

    NOT_ME = "not_me"
    NOT_UP_TO_DATE = "not_up_to_date"
    NO_BAR = "no_bar"
    OTHER = "other"
