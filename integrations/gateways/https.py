"""The way to another node: a signed envelope beside the exact bytes, and a signed acknowledgement that is evidence."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from integrations.gateways.exchange import Response, post
from vetting.enquiries.ports import Envelope, OutboundMessage, Partners, Receipt, TokenType
from vetting.errors import Unavailable, Unusable

DEADLINE = 10.0
"""Seconds for one whole exchange, from the name look-up to the last byte."""
PATH = "/api/messages/"
OK, REDIRECTS, TOO_MANY, OUR_FAULT, THEIR_FAULT = 200, 300, 429, 400, 500
_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")


class HttpsGateway:
    """See `AuthorityGateway`. Replies are posted to us, so there is never anything to collect."""

    needs_partners: ClassVar[bool] = True

    def __init__(self, partners: Partners, *, deadline: float = DEADLINE) -> None:
        self._partners = partners
        self._deadline = deadline

    def send(self, message: OutboundMessage, *, at: datetime) -> Receipt:
        """Raises Unavailable (network, deadline, 429, 5xx), or Unusable with the partner's code or one of ours."""
        us, them = self._partners.our_state, message.receiver
        if message.message_id[:5] != f"{us}-{them}":
            raise Unusable("wrong-sender")
        keys = self._partners.keys_of(them)
        envelope = Envelope(us, them, message.message_id, hashlib.sha256(message.body).hexdigest(), at)
        headers = {
            "Content-Type": "application/xml",
            "Message-Envelope": self._partners.envelopes.seal(envelope, TokenType.ENVELOPE),
            "Accept": "application/jose",
            "Accept-Encoding": "identity",
        }
        address = self._partners.address_of(them) + PATH
        response = post(address, body=message.body, headers=headers, deadline=self._deadline)
        token = _token(response)
        receipt = self._partners.envelopes.open(token, TokenType.RECEIPT, {them: keys})
        said = receipt.sender, receipt.receiver, receipt.message_id, receipt.digest
        if said != (them, us, message.message_id, envelope.digest):
            raise Unusable("wrong-receipt")
        # A duplicate gets the first receipt, so it may be old; it never moves a deadline into the future.
        return Receipt(received_at=min(receipt.at, at), token=token)

    def collect(self, message: OutboundMessage, *, sent_at: datetime, at: datetime) -> Iterable[bytes]:
        """Nothing: the other node posts its replies to ours."""
        del message, sent_at, at
        return ()


def _token(response: Response) -> str:
    """The acknowledgement in a good response. Raises Unavailable or Unusable for every other one."""
    status = response.status
    if status == TOO_MANY or status >= THEIR_FAULT:
        raise Unavailable("partner")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Unusable("answer-encoded")
    if status >= OUR_FAULT:
        raise Unusable(_code(response.body) or f"http-{status}")
    if status >= REDIRECTS:
        raise Unusable("answer-redirects")
    try:
        token = response.body.decode("ascii")
    except UnicodeDecodeError:
        token = ""
    if status != OK or not token:
        raise Unusable("no-receipt")
    return token


def _code(body: bytes) -> str:
    """The partner's code when it has the form of one; nothing else of what they say is believed or kept."""
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = said.get("code") if isinstance(said, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
