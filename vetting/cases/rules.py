"""THE state table, which activities are eligible, and what an organisation may be told. Pure: no clock, no Django."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from vetting.errors import Refused


class CaseState(StrEnum):
    """Where a vetting request stands."""

    INVITED = "invited"
    CONSENTED = "consented"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ENQUIRING = "enquiring"
    ANSWERED = "answered"
    ASSESSING = "assessing"
    CLEARED = "cleared"
    NOT_CLEARED = "not_cleared"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    CLOSED = "closed"
    ERASED = "erased"


class Move(StrEnum):
    """What can happen to a vetting request."""

    CONSENT = "consent"
    REUSE = "reuse"
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    ALL_ANSWERED = "all_answered"
    ASK_AGAIN = "ask_again"
    ASSESS = "assess"
    CLEAR = "clear"
    NOT_CLEAR = "not_clear"
    DISPUTE = "dispute"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    LAPSE = "lapse"
    CLOSE = "close"
    FORGET = "forget"
    ERASE = "erase"


class Step(NamedTuple):
    """One row of the table."""

    sources: frozenset[CaseState]
    target: CaseState


class IllegalMove(Refused):
    """The table has no such arrow."""

    def __init__(self, state: str, move: str) -> None:
        super().__init__(f"case-{move}-from-{state}", "This vetting request has moved on; the page was out of date.")


S = CaseState
OPEN = frozenset({S.INVITED, S.CONSENTED, S.SUBMITTED, S.RETURNED, S.ENQUIRING, S.ANSWERED, S.ASSESSING})
DECIDED = frozenset({S.CLEARED, S.NOT_CLEARED})
STOPPED = frozenset({S.WITHDRAWN, S.CANCELLED, S.LAPSED})
WITH_ORGANISATION = frozenset({S.CONSENTED, S.RETURNED})
MOVES: dict[Move, Step] = {
    Move.CONSENT: Step(frozenset({S.INVITED}), S.CONSENTED),
    Move.REUSE: Step(frozenset({S.INVITED}), S.CLOSED),
    Move.SUBMIT: Step(frozenset({S.CONSENTED, S.RETURNED}), S.SUBMITTED),
    Move.RETURN: Step(frozenset({S.SUBMITTED}), S.RETURNED),
    Move.ACCEPT: Step(frozenset({S.SUBMITTED}), S.ENQUIRING),
    Move.ALL_ANSWERED: Step(frozenset({S.ENQUIRING}), S.ANSWERED),
    Move.ASK_AGAIN: Step(frozenset({S.ANSWERED, S.ASSESSING, S.CLEARED, S.NOT_CLEARED}), S.ENQUIRING),
    Move.ASSESS: Step(frozenset({S.ANSWERED}), S.ASSESSING),
    Move.CLEAR: Step(frozenset({S.ANSWERED, S.ASSESSING}), S.CLEARED),
    Move.NOT_CLEAR: Step(frozenset({S.ASSESSING}), S.NOT_CLEARED),
    Move.DISPUTE: Step(frozenset({S.NOT_CLEARED}), S.ASSESSING),
    Move.WITHDRAW: Step(OPEN, S.WITHDRAWN),
    Move.CANCEL: Step(OPEN, S.CANCELLED),
    Move.LAPSE: Step(OPEN, S.LAPSED),
    Move.CLOSE: Step(DECIDED | STOPPED, S.CLOSED),
    Move.FORGET: Step(DECIDED | STOPPED | {S.CLOSED}, S.WITHDRAWN),
    Move.ERASE: Step(frozenset({S.CLOSED}), S.ERASED),
}


def after(state: CaseState, move: Move) -> CaseState:
    """The state `move` leads to. Raises IllegalMove when the table has no such arrow."""
    step = MOVES[move]
    if state not in step.sources:
        raise IllegalMove(state, move)
    return step.target


class OrganisationWord(StrEnum):
    """All that an organisation is ever told about a vetting request."""

    WITH_APPLICANT = "with_applicant"
    WITH_YOU = "with_you"
    WITH_AUTHORITIES = "with_authorities"
    SHARED = "shared"
    CLOSED = "closed"


@dataclass(frozen=True)
class Standing:
    """The facts that decide the organisation's word. No fact about an answer or an outcome is among them."""

    state: CaseState
    submitted: bool
    shared: bool
    left: bool
    closes_on: date


def organisation_word(standing: Standing, today: date) -> OrganisationWord:
    """The word for `today`. After submission it depends on sharing, the organisation's own act, and a date fixed at
    submission; before it, on whose turn it is. Withdrawing, lapsing and every outcome leave it unchanged."""
    if standing.shared:
        return OrganisationWord.SHARED
    if standing.left or today >= standing.closes_on:
        return OrganisationWord.CLOSED
    if standing.state in WITH_ORGANISATION:
        return OrganisationWord.WITH_YOU
    return OrganisationWord.WITH_AUTHORITIES if standing.submitted else OrganisationWord.WITH_APPLICANT


def lapses(standing: Standing, *, ends_on: date, today: date) -> bool:
    """Whether nobody acted in time: before the authorities were asked, by the closing date; after it, by `ends_on`."""
    if standing.state not in OPEN:
        return False
    asked = standing.state in (S.ENQUIRING, S.ANSWERED, S.ASSESSING)
    return today >= (ends_on if asked else standing.closes_on)


class RoleKind(StrEnum):
    """Article 10(2) covers professional and organised voluntary activities alike."""

    PAID = "paid"
    VOLUNTARY = "voluntary"


@dataclass(frozen=True)
class Activity:
    """One line of the list. Only an eligible activity involves direct and regular contact with children."""

    code: str
    eligible: bool


ACTIVITIES = {
    activity.code: activity
    for activity in (
        Activity("teaching", True),
        Activity("childcare", True),
        Activity("sport_coaching", True),
        Activity("youth_work", True),
        Activity("health_care_children", True),
        Activity("residential_care", True),
        Activity("transport_children", True),
        Activity("religious_instruction", True),
        Activity("other_direct_regular", True),
        Activity("office_no_contact", False),
        Activity("occasional_contact", False),
        Activity("adults_only", False),
    )
}
GROUND = "directive-2011-93-art-10-2"


def purpose_of(role: RoleKind) -> str:
    """The purpose a request for this role is frozen to. Source: Directive 2011/93/EU, art. 10(2)-(3)."""
    return "art10-employment-children" if role is RoleKind.PAID else "art10-voluntary-children"


def eligible(code: str) -> Activity:
    """The activity, when Article 10(2) covers it. Raises Refused otherwise."""
    activity = ACTIVITIES.get(code)
    if activity is None:
        raise Refused("activity-unknown", "Choose an activity from the list.")
    if not activity.eligible:
        raise Refused("activity-not-eligible", "This activity has no direct and regular contact with children.")
    return activity


class OpeningReason(StrEnum):
    """Why a clerk opens a file."""

    DECIDE = "decide"
    QUESTION = "question"
    SUPERVISION = "supervision"


class Finding(StrEnum):
    """What a supervisor says of an opening that was drawn."""

    FOUNDED = "founded"
    UNFOUNDED = "unfounded"
    ASK = "ask"


MOST_HELD = 20
"""Cases that wait for one clerk, at most; what waits for others does not count."""
ASSESS_WITHIN = timedelta(days=7)
"""A clerk decides within a week of the last answer. The law sets no day; this one orders the desk's queue."""


def due_at_desk(state: CaseState, *, accept_by: date | None, today: date) -> date | None:
    """The day by which a clerk has to act after a case came into `state`; None when none has to.

    While authorities are asked, it follows from the enquiries that the desk itself answers.
    """
    if state is S.SUBMITTED:
        return accept_by
    return today + ASSESS_WITHIN if state is S.ASSESSING else None


class ReturnReason(StrEnum):
    """Why a clerk gives a case back: a closed list, each with somebody who can mend it."""

    DOCUMENT_DIFFERS = "document_differs"
    IDENTITY_INCOMPLETE = "identity_incomplete"
    ROLE_UNCLEAR = "role_unclear"
    CONSENT_EXPIRED = "consent_expired"


APPLICANT_MENDS = frozenset({ReturnReason.IDENTITY_INCOMPLETE, ReturnReason.CONSENT_EXPIRED})


class LetterKind(StrEnum):
    """The mails this product sends. None of them carries an outcome."""

    INVITATION = "invitation"
    NEWS = "news"
    QUESTIONS = "questions"
    CONFIRM = "confirm"
    RETURNED = "returned"
    SHARED = "shared"
    CLOSED = "closed"
    RENEW = "renew"
    GUARDIAN = "guardian"
    REMIND = "remind"
    UNDELIVERED = "undelivered"


class ViewName(StrEnum):
    """What a clerk may call a view of the queue. No free text: a name typed by hand could come to say something about a
    person. One view for each name, so that there are never more than twelve."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    BEFORE_LEAVING = "before_leaving"
    BEFORE_THE_WEEKEND = "before_the_weekend"
    QUIET = "quiet"
    BUSY = "busy"
    HELPING_OUT = "helping_out"
    COLLEAGUE_AWAY = "colleague_away"
    FIRST_LOOK = "first_look"
    SECOND_LOOK = "second_look"
    WEEKLY = "weekly"
    OTHER = "other"


TO_APPLICANT = frozenset({LetterKind.INVITATION, LetterKind.NEWS, LetterKind.QUESTIONS, LetterKind.REMIND})


def reader_of(kind: str) -> str:
    """Whom a mail is written to: the applicant, a guardian, or the organisation."""
    if kind == LetterKind.GUARDIAN:
        return "guardian"
    return "applicant" if kind in TO_APPLICANT else "organisation"


REMIND_BEFORE = timedelta(days=14)
"""So long before the closing date, and before sharing ends, the applicant of every case gets the same reminder."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def grouped(number: int, groups: int) -> str:
    """`number` in Crockford's base 32, in `groups` of four: 20 bits a group."""
    letters = "".join(_ALPHABET[(number >> 5 * place) & 31] for place in reversed(range(groups * 4)))
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def tidy_reference(typed: str) -> str:
    """A reference as stored, from one typed by a person: any case, spaces or dashes, O for 0, I and L for 1."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    letters = letters.translate(str.maketrans("OIL", "011"))
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
