"""What another State asks of this node: a question, more about it, its end, a failure over there, a reminder."""

from datetime import datetime

from vetting.api.replies import Reply, refused, wipe
from vetting.audit.ports import Actor
from vetting.enquiries.gateways import airlock
from vetting.enquiries.ports import Asked, Verdict
from vetting.errors import Refused
from vetting.exchange.gateways import envelopes
from vetting.exchange.ports import Envelope, MessageType, TokenType
from vetting.questions import receiving
from vetting.questions.queries import heard_before

TOLD = {MessageType.CAN: receiving.take_back, MessageType.FEM: receiving.fail_there}
ASKED = {MessageType.REQ: receiving.ask, MessageType.RAR: receiving.tell}


def take(raw: bytearray, named: Verdict, envelope: Envelope, receipt: str, *, at: datetime) -> Reply:
    """Act on one message about a question exactly once. `raw` is wiped before the first statement that writes."""
    if again := _taken_before(raw, envelope, at):
        return again
    actor, kind = Actor("authority", envelope.sender), MessageType(named.message_type)
    try:
        if kind in ASKED:
            asked = _asked(raw)
            wipe(raw)
            ASKED[kind](asked, asker=envelope.sender, digest=envelope.digest, evidence=receipt, actor=actor, at=at)
        else:
            wipe(raw)
            TOLD[kind](named, asker=envelope.sender, digest=envelope.digest, evidence=receipt, actor=actor, at=at)
    except Refused as trouble:
        # Their patience may have ended while we still read: then the same message came twice at once, and the other one
        # was taken. It is a duplicate like any other; a refusal would be final over there.
        wipe(raw)
        return _taken_before(raw, envelope, at) or refused(trouble.code, at=at, envelope=envelope)
    return Reply(receipt=receipt, believed=True)


def _taken_before(raw: bytearray, envelope: Envelope, at: datetime) -> Reply | None:
    """What a message gets whose id was acted on before; `raw` is wiped when it was."""
    before = heard_before(envelope.message_id, envelope.sender)
    if before is None:
        return None
    wipe(raw)
    same = before.digest == envelope.digest
    refused("duplicate" if same else "message-id-used", at=at, envelope=envelope)
    return Reply(receipt=before.evidence if same else "", code="" if same else "message-id-used", believed=True)


def _asked(raw: bytearray) -> Asked:
    """What the message asks. Raises Refused for one that cannot be used."""
    asked = airlock().question(memoryview(raw))
    if asked.code:
        raise Refused(asked.code)
    return asked


def standing(query: Envelope, *, at: datetime) -> Reply:
    """How a question of theirs stands, signed. Asking reminds us."""
    try:
        found = receiving.remind(
            query.message_id, asker=query.sender, digest=query.digest, actor=Actor("authority", query.sender), at=at
        )
    except Refused as trouble:
        return refused(trouble.code, at=at, envelope=query)
    answer = Envelope(query.receiver, query.sender, query.message_id, query.digest, at, standing=found)
    return Reply(receipt=envelopes().seal(answer, TokenType.STANDING), believed=True)
