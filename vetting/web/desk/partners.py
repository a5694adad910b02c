"""The other authorities: can they be reached, what waits to be sent, who is late, with what, and what they said."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from vetting.audit.models import Entry
from vetting.authorities.access import clerk
from vetting.authorities.models import Partner
from vetting.enquiries.models import Channel, Enquiry, Outbound
from vetting.exchange.models import Circuit
from vetting.questions.models import Said
from vetting.web import words
from vetting.web.desk import question_rows
from vetting.web.desk import words as desk_words
from vetting.web.desk.queries import late_of


@clerk
@require_safe
def partners(request: HttpRequest, states: list[str]) -> HttpResponse:
    """Every State something is to be said about, those that cannot be reached first."""
    today = localdate()
    late = late_of(states, today)
    theirs = question_rows.late_questions(today) if settings.HOME_STATE in states else []
    context = {
        "rows": _rows(Counter(one.asked for one in late), Counter(one.asker for one in theirs)),
        "late": _late_rows(late, today),
        "theirs": [question_rows.queue_row(one, today) for one in theirs],
    }
    return render(request, "desk/partners.html", context)


def _waiting() -> Counter[str]:
    """Messages that want to be sent and were not taken yet, by State."""
    found: Counter[str] = Counter()
    ours = Outbound.objects.filter(try_at__isnull=False, enquiry__channel=Channel.EXCHANGE)
    for state, number in ours.values_list("enquiry__asked").annotate(Count("pk")):
        found[state] += number
    for state, number in Said.objects.filter(try_at__isnull=False).values_list("question__asker").annotate(Count("pk")):
        found[state] += number
    return found


def _rows(late: Counter[str], theirs: Counter[str]) -> list[dict[str, Any]]:
    """One line for each State that is a partner, or about which there is something to say."""
    circuits = {one.state: one for one in Circuit.objects.filter(failures__gt=0)}
    waiting = _waiting()
    partner_states = Partner.objects.values_list("authority__state", flat=True)
    known = {*partner_states, *circuits, *waiting, *late, *theirs}
    rows = [
        {
            "state_name": words.state_name(state),
            **_way(circuits.get(state)),
            "waiting": waiting[state],
            "late": late[state],
            "theirs": theirs[state],
        }
        for state in known
    ]
    return sorted(rows, key=lambda row: (not row["down"], row["state_name"]))


def _way(circuit: Circuit | None) -> dict[str, Any]:
    """Whether the way is open, or since when it is down and when it is tried again."""
    if circuit is None or not circuit.is_open:
        return {"down": False, "failing": circuit is not None}
    return {"down": True, "since": words.moment(circuit.failing_since), "again": words.moment(circuit.probe_at)}


def _late_rows(late: list[Enquiry], today: date) -> list[dict[str, Any]]:
    """Our questions whose answer is late, the longest first."""
    reminded = _reminded(late)
    return [
        {
            "enquiry": one,
            "state_name": words.state_name(one.asked),
            "due": words.day(due),
            "days": (today - due).days,
            "reminded": words.day(reminded.get((one.case.ref, one.asked))),
            "standing": desk_words.STANDINGS[one.standing] if one.standing else "",
        }
        for one in late
        if (due := one.announced_on or one.due_on)
    ]


def _reminded(late: Iterable[Enquiry]) -> dict[tuple[object, str], datetime]:
    """When each of these was last asked after and said something, from the record."""
    chains = {one.case.ref for one in late}
    entries = Entry.objects.filter(chain__in=chains, event="enquiry.standing").order_by("sequence")
    return {(one.chain, one.facts["authority"]): one.at for one in entries}
