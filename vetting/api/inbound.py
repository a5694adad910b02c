"""One message of a partner: its envelope is believed or not, its enquiry found, its body reduced and forgotten."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from vetting.audit.ports import Actor
from vetting.authorities.queries import partner_keys
from vetting.enquiries import receiving
from vetting.enquiries.gateways import airlock, envelopes
from vetting.enquiries.models import Enquiry
from vetting.enquiries.ports import Envelope, TokenType, Verdict
from vetting.enquiries.queries import enquiry_about, evidence_of, expectation_of, read_before
from vetting.enquiries.rules import asks_us, envelope_trouble, staleness
from vetting.errors import Refused, Unusable
from vetting.keys.models import KeyGone

COUNTED = frozenset({"answer", "deadline", "cancelled", "functional_error"})
STRANGER = Actor("public")


@dataclass(frozen=True)
class Reply:
    """What the sender gets: a receipt or a code. `believed` when a partner's key signed for it."""

    receipt: str = ""
    code: str = ""
    believed: bool = False
    case_ref: UUID | None = None


def wipe(raw: bytearray) -> None:
    """Overwrite the body where it lies. What the web server read it into is freed, but not overwritten."""
    raw[:] = bytes(len(raw))


def refused(code: str, *, at: datetime, envelope: Envelope | None = None) -> Reply:
    """Say no, and write that down. `envelope` only when it was believed."""
    if envelope is None:
        receiving.refuse(code, sender="", message_id="", actor=STRANGER, at=at)
        return Reply(code=code)
    sender = envelope.sender
    actor = Actor("authority", sender)
    receiving.refuse(code, sender=sender, message_id=envelope.message_id, actor=actor, at=at)
    return Reply(code=code, believed=True)


def take(raw: bytearray, token: str, *, at: datetime) -> Reply:
    """Act on one message exactly once. `raw` is wiped before the first statement that writes.

    A code without `believed` is not written down yet: the caller decides whether there is room for it.
    """
    try:
        envelope = believed(token, hashlib.sha256(raw).hexdigest(), at=at)
    except (Refused, Unusable) as trouble:
        return Reply(code=trouble.code)
    receipt = _receipt(envelope, at)
    try:
        enquiry, verdict = _read(memoryview(raw), envelope)
    except Refused as trouble:
        wipe(raw)
        return refused(trouble.code, at=at, envelope=envelope)
    wipe(raw)
    return _received(enquiry, verdict, envelope, receipt, at)


def believed(token: str, digest: str, *, at: datetime) -> Envelope:
    """The envelope of these bytes: a partner signed it, for us, just now. Raises Refused or Unusable.

    An old one counts only for a message that was acted on before: its sender may have missed our acknowledgement.
    """
    if not token:
        raise Refused("no-envelope")
    envelope = envelopes().open(token, TokenType.ENVELOPE, partner_keys())
    if trouble := envelope_trouble(envelope, us=settings.HOME_STATE, digest=digest):
        raise Refused(trouble)
    stale = staleness(envelope, at)
    if stale == "from-the-future" or (stale and read_before(envelope.message_id, envelope.sender) is None):
        raise Refused(stale)
    return envelope


def _read(raw: memoryview, envelope: Envelope) -> tuple[Enquiry, Verdict]:
    """The enquiry the body is about, and its one word. Raises Refused."""
    named = airlock().peek(raw)
    if named.kind == "rejected":
        raise Refused(named.code)
    if named.message_id != envelope.message_id:
        raise Refused("wrong-message-id")
    if asks_us(named):
        # The responding side begins here: `raw` is a question to this node, and `named` says which.
        raise Refused("not-answered-here")
    enquiry = enquiry_about(named, envelope.sender)
    if enquiry is None:
        raise Refused("unknown-enquiry")
    before = read_before(named.message_id, envelope.sender)
    if before is not None and before.enquiry_id != enquiry.pk:
        raise Refused("message-id-used")
    try:
        expectation = expectation_of(enquiry, enquiry.outbox.exclude(sealed_body=None).order_by("pk"))
    except KeyGone:
        raise Refused("case-over") from None
    if not expectation.request:
        raise Refused("unknown-enquiry")
    return enquiry, airlock().reduce(raw, expectation)


def _receipt(envelope: Envelope, at: datetime) -> str:
    """Our acknowledgement of the very bytes the envelope names."""
    answer = Envelope(envelope.receiver, envelope.sender, envelope.message_id, envelope.digest, at)
    return envelopes().seal(answer, TokenType.RECEIPT)


def _received(enquiry: Enquiry, verdict: Verdict, envelope: Envelope, receipt: str, at: datetime) -> Reply:
    actor = Actor("authority", envelope.sender)
    said = receiving.receive(enquiry.ref, verdict, actor=actor, at=at, evidence=receipt)
    if said in COUNTED:
        return Reply(receipt=receipt, believed=True, case_ref=enquiry.case.ref)
    if said == "duplicate":
        given = evidence_of(enquiry, envelope.message_id, verdict.digest)
        return Reply(receipt=given, code="" if given else "message-id-used", believed=True)
    return Reply(code=said, believed=True)
