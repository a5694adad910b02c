"""What the desk's pages show, formatted once."""

from datetime import date
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.enquiries.gateways import airlock
from vetting.enquiries.models import AT_DESK, Channel, Enquiry
from vetting.enquiries.queries import enquiries_of, is_late, message_of
from vetting.enquiries.rules import AnswerKind, EnquiryState
from vetting.errors import Refused, Unavailable
from vetting.exchange.ports import MessageType
from vetting.identity.queries import person_of
from vetting.outcomes.models import Assessment
from vetting.web import words
from vetting.web.desk import words as desk_words
from vetting.web.persons import compare

PAGE = 50
DOUBTS = (AnswerKind.NOT_IDENTIFIED, AnswerKind.NEEDS_PERSON)
"""Answers after which a clerk wants to see what the other side was told."""


def _late(states: list[str], today: date) -> Any:  # annotated, which no stub follows
    return Enquiry.objects.annotate(day=Coalesce("announced_on", "due_on")).filter(
        state=EnquiryState.SENT, day__lt=today, case__home__in=states,
        channel__in=[Channel.EXCHANGE, Channel.PAPER],
        case__state=CaseState.ENQUIRING,
    )  # fmt: skip


def late_of(states: list[str], today: date) -> list[Enquiry]:
    """Enquiries past their day, by how long they are late."""
    return list(_late(states, today).select_related("case").order_by("day", "pk")[:PAGE])


def late_count(states: list[str], today: date) -> int:
    """How many there are."""
    return int(_late(states, today).count())


def enquiry_row(enquiry: Enquiry, today: date) -> dict[str, Any]:
    """One enquiry with its clock and its answer in words."""
    late = is_late(enquiry, today)
    return {
        "enquiry": enquiry,
        "state_name": words.state_name(enquiry.asked),
        "channel": words.CHANNELS[enquiry.channel],
        "status": words.ENQUIRY_STATES[enquiry.state],
        "answer": words.answer_text(enquiry.words),
        "asked_on": words.day(enquiry.sent_at),
        "due": words.day(enquiry.announced_on or enquiry.due_on),
        "answered_on": words.day(enquiry.answered_at),
        "late": late,
        "at_desk": enquiry.channel in AT_DESK and enquiry.state == EnquiryState.SENT,
        "by_hand": enquiry.channel != Channel.EXCHANGE and enquiry.state == EnquiryState.SENT,
        "may_print": enquiry.channel == Channel.PAPER,
        **_delivery(enquiry),
        "told": _told(enquiry),
        "may_stop": enquiry.state == EnquiryState.MORE_INFORMATION or late,
    }


def _delivery(enquiry: Enquiry) -> dict[str, Any]:
    """Whether the question reached them, and where it did not, that it can be asked on paper."""
    request = enquiry.outbox.filter(kind=MessageType.REQ).defer("sealed_body").first()
    if enquiry.channel != Channel.EXCHANGE or request is None or request.done_at is not None:
        return {"not_delivered": False}
    tried = request.attempts > 0 and enquiry.state == EnquiryState.OPENED
    return {"not_delivered": tried or (bool(request.dead_code) and enquiry.state == EnquiryState.REFUSED)}


def _told(enquiry: Enquiry) -> list[dict[str, Any]]:
    """The person as the other authority was told last, beside the person as they stand now; empty where nothing is in
    doubt. Our own message is read in the airlock, like any other."""
    answer = enquiry.answer
    if enquiry.channel != Channel.EXCHANGE or answer is None or answer.kind not in DOUBTS:
        return []
    sent = enquiry.outbox.filter(kind__in=[MessageType.REQ, MessageType.RAR], done_at__isnull=False)
    last = sent.select_related("enquiry__case").order_by("-pk").first()
    if last is None:
        return []
    try:
        person = airlock().question(message_of(last).body).person
        return compare(person, person_of(enquiry.case)) if person else []
    except (Unavailable, Refused):
        return []


def enquiry_rows(case: Case, today: date) -> list[dict[str, Any]]:
    """Every enquiry of a case."""
    return [enquiry_row(enquiry, today) for enquiry in enquiries_of(case)]


def turn_of(case: Case, rows: list[dict[str, Any]], *, confirms: bool | None) -> dict[str, Any]:
    """Whose turn it is on this file and what comes next; `confirms`: whether this clerk may confirm a proposal."""
    state, here = CaseState(case.state), _("Whose turn it is")
    yours = {"label": here, "who": _("You"), "yours": True}
    if state == CaseState.SUBMITTED:
        text = _("Accept or return this request by %(day)s.") % {"day": words.day(case.accept_by)}
        return {**yours, "text": text}
    if state == CaseState.ENQUIRING:
        mine = ", ".join(row["state_name"] for row in rows if row["at_desk"])
        if mine:
            return {**yours, "text": _("Record the answer: %(states)s.") % {"states": mine}}
        asked = any(row["enquiry"].state == EnquiryState.MORE_INFORMATION for row in rows)
        who = _("The applicant") if asked else _("The other authorities")
        return {"label": here, "who": who, "text": _("Nothing to do here until all have answered.")}
    if state == CaseState.ASSESSING:
        if confirms is None:
            return {**yours, "text": _("Look at the answers and decide.")}
        return {**yours, "text": _("Confirm or drop what your colleague proposed.")} if confirms else {
            "label": here, "who": _("Another clerk"), "text": _("It takes two people to say that none can be issued."),
        }  # fmt: skip
    return {
        "label": _("Where it stands"),
        "who": desk_words.CASE_STATES[state],
        "text": _("There is nothing to do here."),
    }


def waiting_proposal(case: Case) -> Assessment | None:
    """The proposal that waits for another clerk."""
    return case.assessments.filter(confirmed_at=None, dropped_at=None).select_related("proposed_by").first()
