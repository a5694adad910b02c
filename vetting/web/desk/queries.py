"""What the desk's pages show, formatted once."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.enquiries.models import Channel, Enquiry
from vetting.enquiries.queries import enquiries_of, is_late
from vetting.enquiries.rules import EnquiryState
from vetting.errors import Refused
from vetting.identity.ports import Address, Person, PersonName
from vetting.identity.queries import person_of
from vetting.identity.rules import full_name
from vetting.outcomes.models import Assessment
from vetting.web import words

PAGE = 50
WAITS_FOR_CLERK = (CaseState.SUBMITTED, CaseState.ASSESSING, CaseState.ENQUIRING)


def queue_of(states: list[str]) -> list[Case]:
    """Cases of these home States that want a clerk, oldest due first: to accept, to answer, to assess, late."""
    at_desk = Enquiry.objects.filter(case=OuterRef("pk"), state=EnquiryState.SENT).exclude(channel=Channel.EXCHANGE)
    wanted = Q(state__in=[CaseState.SUBMITTED, CaseState.ASSESSING]) | Q(Exists(at_desk), state=CaseState.ENQUIRING)
    cases = Case.objects.filter(wanted, home__in=states).select_related("organisation", "handler")
    return list(cases.order_by("accept_by", "pk")[:PAGE])


def late_of(states: list[str], today: date) -> list[Enquiry]:
    """Enquiries past their day, by how long they are late."""
    late = Enquiry.objects.annotate(day=Coalesce("announced_on", "due_on")).filter(
        state=EnquiryState.SENT, day__lt=today, channel=Channel.EXCHANGE, case__home__in=states,
        case__state=CaseState.ENQUIRING,
    )  # fmt: skip
    return list(late.select_related("case").order_by("day", "pk")[:PAGE])


def task_of(case: Case) -> str:
    """What the clerk is to do, as a code for the page."""
    return {CaseState.SUBMITTED: "accept", CaseState.ASSESSING: "assess"}.get(CaseState(case.state), "answer")


def queue_row(case: Case, today: date) -> dict[str, Any]:
    """One line of the queue."""
    due = case.accept_by
    return {
        "case": case,
        "task": task_of(case),
        "activity": words.ACTIVITIES[case.activity],
        "due": words.day(due),
        "overdue": due is not None and due < today,
        "due_today": due == today,
        "handler": str(case.handler) if case.handler else "",
    }


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
        "at_desk": enquiry.channel != Channel.EXCHANGE and enquiry.state == EnquiryState.SENT,
        "may_stop": enquiry.state == EnquiryState.MORE_INFORMATION or late,
    }


def enquiry_rows(case: Case, today: date) -> list[dict[str, Any]]:
    """Every enquiry of a case."""
    return [enquiry_row(enquiry, today) for enquiry in enquiries_of(case)]


def _names(names: tuple[PersonName, ...]) -> str:
    return "; ".join(" ".join(filter(None, (one.forename, one.surname, one.second_surname))) for one in names)


def _address(address: Address) -> str:
    town = f"{address.postal_code} {address.town}".strip()
    return ", ".join(filter(None, (address.street, town, words.state_name(address.country))))


def person_rows(case: Case) -> list[dict[str, Any]]:
    """The identity as it is sent: each line with its label, its value, and the step in which it was given."""
    try:
        person: Person = person_of(case)
    except Refused:
        return []
    date = person.birth_date
    document, address = person.document, person.address
    rows = [
        ("name", full_name(person)),
        ("former_names", _names(person.former_names)),
        ("birth_date", words.partial_day((date.year, date.month, date.day))),
        ("birth_place", f"{person.birth_place.town}, {words.state_name(person.birth_place.country)}"),
        ("sex", str(words.SEXES[str(person.sex)])),
        ("nationalities", words.state_names(person.nationalities)),
        ("mother", _names((person.mother_name,)) if person.mother_name else ""),
        ("father", _names((person.father_name,)) if person.father_name else ""),
        ("document", f"{words.DOCUMENT_KINDS[document.kind]} {document.number}" if document else ""),
        ("identity_number", person.identity_number),
        ("address", _address(address) if address else ""),
    ]
    return [
        {"label": words.PERSON[code][0], "value": value, "step": words.PERSON[code][1]} for code, value in rows if value
    ]


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
    return {"label": _("Where it stands"), "who": words.CASE_STATES[state], "text": _("There is nothing to do here.")}


def waiting_proposal(case: Case) -> Assessment | None:
    """The proposal that waits for another clerk."""
    return case.assessments.filter(confirmed_at=None, dropped_at=None).select_related("proposed_by").first()
