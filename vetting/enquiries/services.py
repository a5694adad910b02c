"""The outgoing verbs of enquiries: open them, send what lies in the outbox, take them back."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.authorities.queries import due_date
from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.cases.rules import Move as CaseMove
from vetting.cases.services import move_case
from vetting.consent.queries import standing
from vetting.consent.rules import ConsentPurpose
from vetting.enquiries.gateways import compose
from vetting.enquiries.models import Channel, Enquiry, Outbound
from vetting.enquiries.ports import MessageType, Receipt
from vetting.enquiries.queries import WAITING
from vetting.enquiries.rules import EnquiryState, Move, after, evidence_in
from vetting.errors import Refused
from vetting.routing.queries import plan_for

LEASE = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=4)
MOST_ENQUIRIES = 40
"""No case asks more authorities than this, however often it is sent elsewhere."""


def move_enquiry(enquiry: Enquiry, move: Move, *, actor: Actor, at: datetime, **facts: object) -> None:
    """Take one arrow of the table on an enquiry of a locked case, and audit it. Raises IllegalMove."""
    before = EnquiryState(enquiry.state)
    enquiry.state = after(before, move)
    enquiry.save()
    moved = {"authority": enquiry.asked, "from": before, "to": enquiry.state}
    record(f"enquiry.{move}", enquiry.case.ref, actor, at, **moved, **facts)


def message_id(sender: str, receiver: str, kind: MessageType) -> str:
    """A fresh id of the form SS-RR-TTT-<15 digits>. Random, so that it tells nobody how many there are."""
    return f"{sender}-{receiver}-{kind}-{secrets.randbelow(10**15):015d}"


def put_out(enquiry: Enquiry, kind: MessageType, *, at: datetime, answers: str = "") -> Outbound:
    """Lay a message into the outbox, in the transaction of the act that owes it."""
    return Outbound.objects.create(
        enquiry=enquiry,
        kind=kind,
        message_id=message_id(enquiry.case.home, enquiry.asked, kind),
        answers=answers,
        created_at=at,
        try_at=at,
    )


def open_enquiries(case: Case, states: Iterable[str], channel: Channel, *, actor: Actor, at: datetime) -> list[Enquiry]:
    """Open one enquiry per State on a locked case, never twice for the same State, bounded."""
    known = set(Enquiry.objects.filter(case=case).values_list("asked", flat=True))
    opened = []
    for state in sorted(set(states) - known)[: MOST_ENQUIRIES - len(known)]:
        enquiry = Enquiry.objects.create(case=case, asked=state, channel=channel, opened_at=at)
        put_out(enquiry, MessageType.REQ, at=at)
        record("enquiry.open", case.ref, actor, at, authority=state, channel=channel)
        opened.append(enquiry)
    return opened


@transaction.atomic(durable=True)
def accept(case_ref: UUID, *, actor: Actor, at: datetime) -> Case:
    """The home authority accepts: one enquiry per State of the plan the applicant agreed to, and its own register.

    Raises Refused("no-consent") when the consent was withdrawn or has expired, Refused("plan-changed") when the States
    to ask are no longer those that were agreed to, IllegalMove.
    """
    case = Case.objects.lock(case_ref)
    consent = standing(case, ConsentPurpose.EXCHANGE, at)
    expired = "The applicant's agreement has expired. Return the case so that they can renew it."
    if consent is None:
        raise Refused("no-consent", expired)
    route = plan_for(case)
    if (consent.plan["ask"], consent.plan["documents"]) != (list(route.ask), list(route.documents)):
        raise Refused("plan-changed", expired)
    case.needs_person = case.needs_person or route.needs_person
    move_case(case, CaseMove.ACCEPT, actor=actor, at=at)
    open_enquiries(case, [case.home], Channel.OWN_REGISTER, actor=actor, at=at)
    open_enquiries(case, consent.plan["ask"], Channel.EXCHANGE, actor=actor, at=at)
    open_enquiries(case, consent.plan["documents"], Channel.DOCUMENT, actor=actor, at=at)
    return case


@transaction.atomic(durable=True)
def claim(outbound_id: int, *, at: datetime) -> Outbound | None:
    """Lease one outbox row and fix its bytes before the first send; a retry sends the same ones.

    None when another holds it or nothing is left to do. Raises Unusable when the message cannot be built,
    Refused("no-consent") when it is a request and the consent has expired.
    """
    case_ref = Outbound.objects.values_list("enquiry__case__ref", flat=True).get(pk=outbound_id)
    case = Case.objects.lock(case_ref)
    outbound = Outbound.objects.select_related("enquiry__case").get(pk=outbound_id)
    if outbound.done_at or outbound.dead_code or outbound.try_at is None or outbound.try_at > at:
        return None
    if outbound.kind == MessageType.REQ and case.state != CaseState.ENQUIRING:
        return None  # stopped meanwhile: what was asked is taken back, and nothing more is asked
    if outbound.kind == MessageType.REQ and standing(case, ConsentPurpose.EXCHANGE, at) is None:
        raise Refused("no-consent")
    if outbound.sealed_body is None and outbound.enquiry.channel == Channel.EXCHANGE:
        outbound.sealed_body, outbound.digest = compose(outbound, at=at)
    outbound.attempts += 1
    outbound.try_at = at + LEASE
    outbound.save()
    return outbound


def short_code(said: str) -> str:
    """What somebody outside said, when it is a short code; nothing of it otherwise."""
    return said if re.fullmatch(r"[A-Za-z0-9-]{1,40}", said) else ""


def pause(attempts: int) -> timedelta:
    """How long to wait before the next try: 30 s doubling up to four hours, with up to a quarter of jitter."""
    seconds = min(30 * 2 ** min(attempts - 1, 12), LONGEST_WAIT.total_seconds())
    return timedelta(seconds=seconds * (1 + secrets.randbelow(250) / 1000))


@transaction.atomic(durable=True)
def not_sent(outbound_id: int, *, at: datetime, code: str = "") -> None:
    """The send failed: try later, or, with a code, never again, and a person is needed.

    Nothing when the message was taken back meanwhile, or when another, after the lease, has sent it.
    """
    case_ref = Outbound.objects.values_list("enquiry__case__ref", flat=True).get(pk=outbound_id)
    case = Case.objects.lock(case_ref)
    outbound = Outbound.objects.select_related("enquiry__case").get(pk=outbound_id)
    if outbound.done_at is not None or outbound.dead_code:
        return
    if not code:
        outbound.try_at = at + pause(outbound.attempts)
    else:
        outbound.try_at, outbound.dead_code = None, short_code(code) or "unusable"
        if outbound.enquiry.state in WAITING and outbound.kind != MessageType.CAN:
            move_enquiry(outbound.enquiry, Move.GIVE_UP, actor=Actor("system"), at=at, code=outbound.dead_code)
            case.wake_at = at
            case.save(update_fields=["wake_at"])
    outbound.save()


@transaction.atomic(durable=True)
def sent(outbound_id: int, *, receipt: Receipt, actor: Actor, at: datetime) -> None:
    """The other side holds the message. The clock of the reply starts, in the calendar of the asked State."""
    case_ref = Outbound.objects.values_list("enquiry__case__ref", flat=True).get(pk=outbound_id)
    Case.objects.lock(case_ref)
    outbound = Outbound.objects.select_related("enquiry__case").get(pk=outbound_id)
    if outbound.done_at is not None:
        return
    outbound.done_at, outbound.try_at, outbound.receipt = at, None, short_code(receipt.reference)
    outbound.evidence = evidence_in(receipt.token)
    outbound.save()
    enquiry = outbound.enquiry
    named = {"message_type": outbound.kind, "message_id": outbound.message_id, "authority": enquiry.asked}
    record("message.sent", enquiry.case.ref, actor, at, **named)
    if enquiry.state == EnquiryState.OPENED:
        enquiry.sent_at = at
        enquiry.due_on = due_date(enquiry.asked, localdate(receipt.received_at), fallback=enquiry.case.home)
        move_enquiry(enquiry, Move.SEND, actor=actor, at=at)
    elif outbound.kind == MessageType.RAR and enquiry.state == EnquiryState.SENT:
        enquiry.due_on = due_date(enquiry.asked, localdate(receipt.received_at), fallback=enquiry.case.home)
        enquiry.announced_on = None
        enquiry.save(update_fields=["due_on", "announced_on"])


@transaction.atomic(durable=True)
def finish(case_ref: UUID, *, actor: Actor, at: datetime) -> bool:
    """Move the case on when every enquiry has its end. A case without any enquiry is never finished by this."""
    case = Case.objects.lock(case_ref)
    states = list(Enquiry.objects.filter(case=case).values_list("state", flat=True))
    if case.state != CaseState.ENQUIRING or not states or any(state in WAITING for state in states):
        return False
    move_case(case, CaseMove.ALL_ANSWERED, actor=actor, at=at)
    return True


@transaction.atomic(durable=True)
def cancel_all(case_ref: UUID, *, actor: Actor, at: datetime) -> int:
    """Take back what is still open after the case was stopped; authorities that hold a request are told with a CAN."""
    case = Case.objects.lock(case_ref)
    open_ones = list(Enquiry.objects.filter(case=case, state__in=WAITING))
    for enquiry in open_ones:
        request = enquiry.outbox.filter(kind=MessageType.REQ).first()
        if request is not None and request.attempts > 0 and enquiry.channel == Channel.EXCHANGE:
            put_out(enquiry, MessageType.CAN, at=at, answers=request.message_id)
        enquiry.outbox.exclude(kind=MessageType.CAN).filter(done_at=None).update(try_at=None, dead_code="cancelled")
        move_enquiry(enquiry, Move.CANCEL, actor=actor, at=at)
    return len(open_ones)
