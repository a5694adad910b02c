"""Reads of enquiries for the pipeline and for screens."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate

from vetting.audit.models import Entry
from vetting.cases.models import Case
from vetting.enquiries.models import Channel, Enquiry, Inbound, Outbound
from vetting.enquiries.ports import Expectation, Verdict
from vetting.enquiries.rules import EnquiryState
from vetting.exchange.ports import MessageType, OutboundMessage
from vetting.exchange.queries import travelling
from vetting.keys.queries import digest_key

WAITING = (EnquiryState.OPENED, EnquiryState.SENT, EnquiryState.MORE_INFORMATION)


PAUSES = {"case.return": "case.submit", "enquiry.ask_us": "enquiry.tell_them"}
"""Acts after which a case waits for the organisation or the applicant, each with the act that ends the wait."""


def paused(case_ref: UUID, until: datetime) -> timedelta:
    """How long a case waited for others than authorities, up to `until`; overlapping pauses count once."""
    waits: dict[str, datetime] = {}
    pauses: list[tuple[datetime, datetime]] = []
    for entry in Entry.objects.filter(chain=case_ref, event__in=[*PAUSES, *PAUSES.values()]).order_by("sequence"):
        key = entry.facts.get("authority", "case")
        if entry.event in PAUSES:
            waits.setdefault(key, entry.at)
        elif key in waits:
            pauses.append((waits.pop(key), entry.at))
    pauses += [(since, until) for since in waits.values()]
    total, reached = timedelta(), datetime.min.replace(tzinfo=until.tzinfo)
    for since, end in sorted(pauses):
        total += max(timedelta(), end - max(since, reached))
        reached = max(reached, end)
    return total


def enquiries_of(case: Case) -> list[Enquiry]:
    """The questions of one case: its own register first, then by State."""
    return sorted(case.enquiries.all(), key=lambda one: (one.channel != Channel.OWN_REGISTER, one.asked))


def waiting_on(case: Case) -> list[Enquiry]:
    """Enquiries that have no end yet."""
    return list(Enquiry.objects.filter(case=case, state__in=WAITING))


def message_of(outbound: Outbound) -> OutboundMessage:
    """The stored bytes, ready to travel. Raises KeyGone after erasure."""
    return travelling(outbound, outbound.enquiry.case.ref, outbound.enquiry.asked)


def expectation_of(enquiry: Enquiry, sent: Iterable[Outbound]) -> Expectation:
    """What a reply to this enquiry must fit, from the messages we sent in it."""
    outbox = list(sent)
    request = next((one for one in outbox if one.kind == "REQ"), None)
    told = [one for one in outbox if one.kind == "RAR"]
    replies = enquiry.inbox.filter(kind="answer").exclude(message_id="").values_list("message_id", flat=True)
    return Expectation(
        us=enquiry.case.home,
        them=enquiry.asked,
        request=message_of(request).body if request else b"",
        digest_key=digest_key(enquiry.case.ref),
        cancellable=tuple(message_id for message_id in replies if message_id[6:9] == "RRS"),
        told=message_of(told[-1]).body if told else b"",
        also_expects=tuple(one.message_id for one in told),
    )


def enquiry_about(named: Verdict, sender: str) -> Enquiry | None:
    """The enquiry a message of `sender` is about: by the message of ours that it answers, or by the reply of theirs
    that it takes back. None where there is no such message."""
    rows = Inbound.objects.all() if named.message_type == MessageType.CAN else Outbound.objects.all()
    about = rows.filter(
        message_id=named.response_to, enquiry__asked=sender, enquiry__channel__in=[Channel.EXCHANGE, Channel.PAPER]
    ).select_related("enquiry__case")
    found = about.order_by("-pk").first()
    return found.enquiry if found else None


def read_before(message_id: str, sender: str) -> Inbound | None:
    """What became of a message of `sender` that was acted on under this id."""
    return Inbound.objects.filter(message_id=message_id, enquiry__asked=sender).order_by("-pk").first()


def evidence_of(enquiry: Enquiry, message_id: str, digest: bytes) -> str:
    """The acknowledgement that was given for these very bytes; empty for other bytes under the same id."""
    rows = enquiry.inbox.filter(message_id=message_id, digest=digest.hex())
    return rows.values_list("evidence", flat=True).first() or ""


def overdue(case_ref: UUID, at: datetime) -> list[Enquiry]:
    """The enquiries of a case whose authority is late and may be asked after its answer at `at`."""
    found = Enquiry.objects.select_related("case").filter(
        Q(ask_after_at=None) | Q(ask_after_at__lte=at),
        case__ref=case_ref, channel=Channel.EXCHANGE, state=EnquiryState.SENT,
    )  # fmt: skip
    return [enquiry for enquiry in found if is_late(enquiry, localdate(at))]


def is_late(enquiry: Enquiry, today: date) -> bool:
    """True when the day on which an answer was due has passed and no answer is here."""
    due = enquiry.announced_on or enquiry.due_on
    return enquiry.state == EnquiryState.SENT and due is not None and due < today
