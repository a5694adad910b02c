"""Sends what lies in the outboxes, of enquiries and of questions: the same way, with the same patience."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from vetting.audit.ports import SYSTEM, Actor
from vetting.enquiries import services as enquiries
from vetting.enquiries.gateways import gateway_for
from vetting.enquiries.models import Channel, Outbound
from vetting.enquiries.queries import message_of as enquiry_message
from vetting.enquiries.queries import overdue
from vetting.errors import Refused, Unavailable, Unusable
from vetting.exchange import services as exchange
from vetting.exchange.gateways import way_to
from vetting.exchange.models import Outgoing
from vetting.exchange.ports import MessageType, Receipt
from vetting.questions import services as questions
from vetting.questions.models import Said
from vetting.questions.queries import message_of as question_message

log = logging.getLogger("vetting.courier")
Row_co = TypeVar("Row_co", bound=Outgoing, covariant=True)
Found = TypeVar("Found")


class Outbox(Protocol[Row_co]):
    """The three verbs by which a stage lets its messages be sent. Its services module has them."""

    def claim(self, row_id: int, /, *, at: datetime) -> Row_co | None: ...
    def not_sent(self, row_id: int, /, *, at: datetime, code: str = "", until: datetime | None = None) -> None: ...
    def sent(self, row_id: int, /, *, receipt: Receipt, actor: Actor, at: datetime) -> None: ...


def reach(state: str, act: Callable[[], Found], *, at: datetime) -> Found:
    """Do something over the way to `state`, and write down whether it works. Raises what `act` raises."""
    try:
        found = act()
    except Unavailable:
        exchange.failed(state, at=at)
        raise
    except Unusable:
        exchange.answered(state, at=at)
        raise
    exchange.answered(state, at=at)
    return found


def _carry(outbox: Outbox[Row_co], row_id: int, post: Callable[[Row_co], Receipt], *, at: datetime) -> None:
    """One message: claimed, sent, and its end written down."""
    try:
        row = outbox.claim(row_id, at=at)
        if row is None:
            return
        receipt = post(row)
    except Unavailable:
        outbox.not_sent(row_id, at=at)
    except (Unusable, Refused) as trouble:
        outbox.not_sent(row_id, at=at, code=trouble.code)
    else:
        outbox.sent(row_id, receipt=receipt, actor=SYSTEM, at=at)


def _is_held(outbox: Outbox[Row_co], row_id: int, state: str, *, at: datetime) -> bool:
    """Whether the way is down: then the message waits until one may try it again, and no attempt is counted."""
    later = exchange.let_through(state, at=at)
    if later is not None:
        outbox.not_sent(row_id, at=at, until=later)
    return later is not None


def send_for(case_ref: UUID, *, at: datetime) -> None:
    """Send what one case owes at `at`, oldest first."""

    def post(row: Outbound) -> Receipt:
        gateway, message = gateway_for(row.enquiry), enquiry_message(row)
        if row.enquiry.channel != Channel.EXCHANGE:
            return gateway.send(message, at=at)
        return reach(row.enquiry.asked, lambda: gateway.send(message, at=at), at=at)

    due = Outbound.objects.filter(enquiry__case__ref=case_ref, done_at=None, try_at__lte=at).order_by("pk")
    for row_id, state, channel in list(due.values_list("pk", "enquiry__asked", "enquiry__channel")):
        if channel == Channel.EXCHANGE and _is_held(enquiries, row_id, state, at=at):
            continue
        _carry(enquiries, row_id, post, at=at)


def send_answers(at: datetime, most: int = 50) -> int:
    """Send what this node says about other States' questions; one failure never stops the others."""

    def post(row: Said) -> Receipt:
        message = question_message(row)
        return reach(message.receiver, lambda: way_to(message.receiver).send(message, at=at), at=at)

    due = Said.objects.filter(done_at=None, try_at__lte=at).order_by("try_at", "pk")
    found = list(due.values_list("pk", "question__asker")[:most])
    for row_id, state in found:
        try:
            if not _is_held(questions, row_id, state, at=at):
                _carry(questions, row_id, post, at=at)
        except Exception as failure:  # whatever one row does, the others go out; only its kind is named
            log.error("answer-failed %s", type(failure).__name__)
    return len(found)


def ask_after(case_ref: UUID, *, at: datetime) -> None:
    """Ask the authorities that are late how each question stands; they are reminded by it."""
    for enquiry in overdue(case_ref, at):
        if exchange.let_through(enquiry.asked, at=at) is not None or not enquiries.intend_to_ask_after(
            enquiry.ref, at=at
        ):
            continue
        request = enquiry.outbox.filter(kind=MessageType.REQ).select_related("enquiry__case").first()
        if request is None:
            continue
        gateway, message = gateway_for(enquiry), enquiry_message(request)
        try:
            standing = reach(enquiry.asked, lambda: gateway.ask_after(message, at=at), at=at)  # noqa: B023
        except (Unavailable, Unusable):
            log.info("ask-after-failed")
            continue
        enquiries.asked_after(enquiry.ref, standing, at=at)
