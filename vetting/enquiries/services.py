"""The outgoing verbs of enquiries: open them, send what lies in the outbox, take them back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min
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
from vetting.enquiries.models import AT_DESK, Channel, Enquiry, Outbound
from vetting.enquiries.queries import WAITING, paused
from vetting.enquiries.rules import EnquiryState, Move, after
from vetting.errors import Refused
from vetting.exchange.ports import MessageType, Receipt, Standing
from vetting.exchange.rules import message_id
from vetting.routing.queries import plan_for

MOST_ENQUIRIES = 40
"""No case asks more authorities than this, however often it is sent elsewhere."""


def move_enquiry(enquiry: Enquiry, move: Move, *, actor: Actor, at: datetime, **facts: object) -> None:
    """Take one arrow of the table on an enquiry of a locked case, and audit it. Raises IllegalMove."""
    before = EnquiryState(enquiry.state)
    enquiry.state = after(before, move)
    enquiry.save()
    moved = {"authority": enquiry.asked, "from": before, "to": enquiry.state}
    record(f"enquiry.{move}", enquiry.case.ref, actor, at, **moved, **facts)
    if enquiry.channel in AT_DESK and enquiry.case.state == CaseState.ENQUIRING:
        _tell_desk(enquiry.case)


def _tell_desk(case: Case) -> None:
    """By when a clerk has to answer for the own register or a document, if one has to."""
    waiting = Enquiry.objects.filter(case=case, channel__in=AT_DESK, state=EnquiryState.SENT)
    case.desk_due = waiting.aggregate(first=Min("due_on"))["first"]
    Case.objects.filter(pk=case.pk).update(desk_due=case.desk_due)


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
    case.route = " ".join(sorted({case.home, *consent.plan["ask"], *consent.plan["documents"]}))
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
    case, outbound = _with_lock(outbound_id)
    if not outbound.is_due(at):
        return None
    if outbound.kind == MessageType.REQ and case.state != CaseState.ENQUIRING:
        return None  # stopped meanwhile: what was asked is taken back, and nothing more is asked
    if outbound.kind == MessageType.REQ and standing(case, ConsentPurpose.EXCHANGE, at) is None:
        raise Refused("no-consent")
    if outbound.sealed_body is None and outbound.enquiry.channel == Channel.EXCHANGE:
        outbound.sealed_body, outbound.digest = compose(outbound, at=at)
    outbound.lease(at)
    return outbound


def _with_lock(outbound_id: int) -> tuple[Case, Outbound]:
    case_ref = Outbound.objects.values_list("enquiry__case__ref", flat=True).get(pk=outbound_id)
    case = Case.objects.lock(case_ref)
    return case, Outbound.objects.select_related("enquiry__case").get(pk=outbound_id)


@transaction.atomic(durable=True)
def not_sent(outbound_id: int, *, at: datetime, code: str = "", until: datetime | None = None) -> None:
    """It was not sent: try later, or, with a code or when a reply would be due by now, never; then a person looks.

    `until` is when the way may be tried again, where it is known to be down. Nothing when the message was taken back
    meanwhile, or when another, after the lease, has sent it.
    """
    case, outbound = _with_lock(outbound_id)
    if outbound.has_ended:
        return
    enquiry = outbound.enquiry
    if not code and localdate(at) > due_date(enquiry.asked, localdate(outbound.created_at), fallback=case.home):
        code = "not-delivered"
    if not code:
        outbound.postpone(at, until)
        return
    outbound.give_up(code)
    if enquiry.state in WAITING and outbound.kind != MessageType.CAN:
        move_enquiry(enquiry, Move.GIVE_UP, actor=Actor("system"), at=at, code=outbound.dead_code)
        case.wake_at = at
        case.save(update_fields=["wake_at"])


@transaction.atomic(durable=True)
def sent(outbound_id: int, *, receipt: Receipt, actor: Actor, at: datetime) -> None:
    """The other side holds the message. The clock of the reply starts, in the calendar of the asked State."""
    _, outbound = _with_lock(outbound_id)
    if outbound.done_at is not None:
        return
    outbound.deliver(receipt, at)
    enquiry = outbound.enquiry
    named = {"message_type": outbound.kind, "message_id": outbound.message_id, "authority": enquiry.asked}
    record("message.sent", enquiry.case.ref, actor, at, **named)
    if enquiry.state == EnquiryState.OPENED:
        enquiry.sent_at = at
        enquiry.due_on = due_date(enquiry.asked, localdate(receipt.received_at), fallback=enquiry.case.home)
        move_enquiry(enquiry, Move.SEND, actor=actor, at=at)
    elif outbound.kind in (MessageType.REQ, MessageType.RAR) and enquiry.state == EnquiryState.SENT:
        enquiry.due_on = due_date(enquiry.asked, localdate(receipt.received_at), fallback=enquiry.case.home)
        enquiry.announced_on = None
        enquiry.save(update_fields=["due_on", "announced_on"])


ASKED_AFTER_EVERY = timedelta(days=7)
"""A late authority is asked after its answer so often; while that fails, every hour."""


@transaction.atomic(durable=True)
def intend_to_ask_after(enquiry_ref: UUID, *, at: datetime) -> bool:
    """Take a late enquiry for asking after it, before the other side is reached. False when another has it."""
    enquiry = _locked(enquiry_ref)
    if enquiry.state != EnquiryState.SENT or (enquiry.ask_after_at and enquiry.ask_after_at > at):
        return False
    enquiry.ask_after_at = at + timedelta(hours=1)
    enquiry.save(update_fields=["ask_after_at"])
    record("enquiry.ask_after", enquiry.case.ref, Actor("system"), at, authority=enquiry.asked)
    return True


@transaction.atomic(durable=True)
def asked_after(enquiry_ref: UUID, standing: Standing, *, at: datetime) -> None:
    """What the other side says of the question. What it does not hold goes out again, with the same bytes: the
    question, or what was told when it asked back. One that it takes for taken back is a person's."""
    enquiry = _locked(enquiry_ref)
    if enquiry.state != EnquiryState.SENT:
        return
    enquiry.standing, enquiry.ask_after_at = standing, at + ASKED_AFTER_EVERY
    record("enquiry.standing", enquiry.case.ref, Actor("system"), at, authority=enquiry.asked, code=standing)
    if standing is Standing.UNKNOWN:
        enquiry.due_on = enquiry.announced_on = None
        _repeat(enquiry, MessageType.REQ, at)
    elif standing is Standing.ASKED_BACK:
        _repeat(enquiry, MessageType.RAR, at)
    enquiry.save()
    if standing is Standing.TAKEN_BACK:
        move_enquiry(enquiry, Move.GIVE_UP, actor=Actor("system"), at=at, code="taken-back-there")
    Case.objects.filter(pk=enquiry.case_id).update(wake_at=at)


def _repeat(enquiry: Enquiry, kind: MessageType, at: datetime) -> None:
    last = enquiry.outbox.filter(kind=kind, dead_code="").order_by("-pk").first()
    if last is not None:
        last.repeat(at)


@transaction.atomic(durable=True)
def by_paper(enquiry_ref: UUID, *, actor: Actor, at: datetime) -> Enquiry:
    """Ask on paper what the electronic route does not deliver: the message rests, and the clock of the reply starts.

    A reply that comes by the electronic route still counts. Raises Refused: not-by-message, delivered, case-over,
    no-consent.
    """
    enquiry = _locked(enquiry_ref)
    case, request = enquiry.case, enquiry.outbox.filter(kind=MessageType.REQ).first()
    if enquiry.channel != Channel.EXCHANGE or request is None:
        raise Refused("not-by-message", "This authority is not asked by message.")
    if request.done_at is not None:
        raise Refused("delivered", "This authority has the request. It cannot be asked on paper as well.")
    if case.state not in (CaseState.ENQUIRING, CaseState.ASSESSING):
        raise Refused("case-over", "This case no longer waits for answers.")
    if standing(case, ConsentPurpose.EXCHANGE, at) is None:
        raise Refused("no-consent", "The applicant's agreement has expired. Nobody more is asked.")
    if request.sealed_body is None:
        request.sealed_body, request.digest = compose(request, at=at)
    request.give_up("on-paper")
    enquiry.channel, enquiry.sent_at = Channel.PAPER, at
    enquiry.due_on = due_date(enquiry.asked, localdate(at), fallback=case.home)
    move = Move.SEND if enquiry.state == EnquiryState.OPENED else Move.REOPEN
    move_enquiry(enquiry, move, actor=actor, at=at, channel=Channel.PAPER)
    if case.state == CaseState.ASSESSING:
        move_case(case, CaseMove.ASK_AGAIN, actor=actor, at=at)
    return enquiry


def _locked(enquiry_ref: UUID) -> Enquiry:
    Case.objects.lock(Enquiry.objects.values_list("case__ref", flat=True).get(ref=enquiry_ref))
    return Enquiry.objects.select_related("case").get(ref=enquiry_ref)


@transaction.atomic(durable=True)
def finish(case_ref: UUID, *, actor: Actor, at: datetime) -> bool:
    """Move the case on when every enquiry has its end. A case without any enquiry is never finished by this."""
    case = Case.objects.lock(case_ref)
    states = list(Enquiry.objects.filter(case=case).values_list("state", flat=True))
    if case.state != CaseState.ENQUIRING or not states or any(state in WAITING for state in states):
        return False
    if case.passed_days is None and case.submitted_at is not None:
        case.passed_days = (at - case.submitted_at - paused(case.ref, at)).days
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
