"""One message of a partner: its envelope is believed or not, its enquiry found, its body reduced and forgotten."""

import hashlib
from datetime import datetime

from django.conf import settings

from vetting.api import questions
from vetting.api.replies import Reply, refused, wipe
from vetting.audit.ports import Actor
from vetting.authorities.queries import partner_keys
from vetting.enquiries import receiving
from vetting.enquiries.gateways import airlock
from vetting.enquiries.models import Enquiry
from vetting.enquiries.ports import Verdict
from vetting.enquiries.queries import enquiry_about, evidence_of, expectation_of, read_before
from vetting.enquiries.rules import asks_us
from vetting.errors import Refused, Unusable
from vetting.exchange.gateways import envelopes
from vetting.exchange.ports import Envelope, MessageType, TokenType
from vetting.exchange.rules import envelope_trouble, staleness
from vetting.keys.models import KeyGone
from vetting.questions.queries import heard_before, question_about

COUNTED = frozenset({"answer", "deadline", "cancelled", "functional_error"})


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
        named = _named(memoryview(raw), envelope)
        if is_about_a_question(named, envelope.sender):
            return questions.take(raw, named, envelope, receipt, at=at)
        enquiry, verdict = _read(memoryview(raw), named, envelope.sender)
    except Refused as trouble:
        wipe(raw)
        return refused(trouble.code, at=at, envelope=envelope)
    wipe(raw)
    return _received(enquiry, verdict, envelope, receipt, at)


def asked_after(token: str, *, at: datetime) -> Reply:
    """Answer a query about a question of the partner's. A code without `believed` as in `take`."""
    try:
        query = believed(token, None, at=at)
    except (Refused, Unusable) as trouble:
        return Reply(code=trouble.code)
    return questions.standing(query, at=at)


def believed(token: str, digest: str | None, *, at: datetime) -> Envelope:
    """The envelope of these bytes, or a query where there are none: a partner signed it, for us, just now.

    An old envelope counts only for a message that was acted on before: its sender may have missed our acknowledgement.
    Raises Refused or Unusable.
    """
    if not token:
        raise Refused("no-envelope")
    kind = TokenType.QUERY if digest is None else TokenType.ENVELOPE
    envelope = envelopes().open(token, kind, partner_keys())
    sent = envelope.digest if digest is None else digest
    if trouble := envelope_trouble(envelope, us=settings.HOME_STATE, digest=sent):
        raise Refused(trouble)
    stale = staleness(envelope, at)
    known = digest is not None and _acted_on(envelope)
    if stale == "from-the-future" or (stale and not known):
        raise Refused(stale)
    return envelope


def _acted_on(envelope: Envelope) -> bool:
    """Whether this very message of theirs counted once."""
    known = read_before(envelope.message_id, envelope.sender) or heard_before(envelope.message_id, envelope.sender)
    return known is not None


def _named(raw: memoryview, envelope: Envelope) -> Verdict:
    """What the body calls itself: what the envelope says. Raises Refused."""
    named = airlock().peek(raw)
    if named.kind == "rejected":
        raise Refused(named.code)
    if named.message_id != envelope.message_id:
        raise Refused("wrong-message-id")
    return named


def is_about_a_question(named: Verdict, sender: str) -> bool:
    """Whether a message is about a question to this node, and not about an answer to one of ours."""
    if named.message_type == MessageType.FEM:
        return question_about(named.response_to, sender) is not None
    return asks_us(named)


def _read(raw: memoryview, named: Verdict, sender: str) -> tuple[Enquiry, Verdict]:
    """The enquiry the body is about, and its one word. Raises Refused."""
    enquiry = enquiry_about(named, sender)
    if enquiry is None:
        raise Refused("unknown-enquiry")
    before = read_before(named.message_id, sender)
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
