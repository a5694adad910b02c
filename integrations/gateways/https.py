"""The way to another node: a signed envelope beside the exact bytes, and a signed acknowledgement that is evidence."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from integrations.gateways.exchange import Response, post
from vetting.errors import Unavailable, Unusable
from vetting.exchange.ports import Envelope, OutboundMessage, Partners, Receipt, Standing, TokenType

DEADLINE = 10.0
"""Seconds for one whole exchange, from the name look-up to the last byte."""
PATH = "/api/messages/"
STANDING_PATH = "/api/standing/"
PASSING = frozenset({"from-the-future", "too-old", "unknown-key", "not-asked-yet", "later", "slow-down"})
"""Codes of a no that passes: a clock is set, a new key is loaded over there, a message that comes first arrives."""
OK, REDIRECTS, TOO_MANY, OUR_FAULT, THEIR_FAULT = 200, 300, 429, 400, 500
_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")


class HttpsGateway:
    """See `AuthorityGateway`. Replies are posted to us, so there is never anything to collect."""

    needs_partners: ClassVar[bool] = True

    def __init__(self, partners: Partners, *, deadline: float = DEADLINE) -> None:
        self._partners = partners
        self._deadline = deadline

    def send(self, message: OutboundMessage, *, at: datetime) -> Receipt:
        """Raises Unusable with the partner's code, or one of ours before anything is sent; Unavailable for all that may
        pass: network, deadline, 429, 5xx, and whatever is not an answer of the partner's node."""
        receipt, token = self._exchange(PATH, message, message.body, (TokenType.ENVELOPE, TokenType.RECEIPT), at)
        # A duplicate gets the first receipt, so it may be old; it never moves a deadline into the future.
        return Receipt(received_at=min(receipt.at, at), token=token)

    def ask_after(self, message: OutboundMessage, *, at: datetime) -> Standing:
        """See `AuthorityGateway`. The message itself does not travel, only its id and digest. Raises as `send` does."""
        said, _ = self._exchange(STANDING_PATH, message, b"", (TokenType.QUERY, TokenType.STANDING), at)
        return Standing(said.standing)

    def _exchange(
        self, path: str, message: OutboundMessage, body: bytes, kinds: tuple[TokenType, TokenType], at: datetime
    ) -> tuple[Envelope, str]:
        """One signed paper there and one back, about these very bytes."""
        us, them = self._partners.our_state, message.receiver
        if message.message_id[:5] != f"{us}-{them}":
            raise Unusable("wrong-sender")
        keys = self._partners.keys_of(them)
        envelope = Envelope(us, them, message.message_id, hashlib.sha256(message.body).hexdigest(), at)
        headers = {
            "Content-Type": "application/xml",
            "Message-Envelope": self._partners.envelopes.seal(envelope, kinds[0]),
            "Accept": "application/jose",
            "Accept-Encoding": "identity",
        }
        address = self._partners.address_of(them) + path
        token = _token(post(address, body=body, headers=headers, deadline=self._deadline))
        try:
            answer = self._partners.envelopes.open(token, kinds[1], {them: keys})
        except Unusable as trouble:
            raise Unavailable(trouble.code) from None
        said = answer.sender, answer.receiver, answer.message_id, answer.digest
        if said != (them, us, message.message_id, envelope.digest):
            raise Unavailable("wrong-receipt")
        return answer, token

    def collect(self, message: OutboundMessage, *, sent_at: datetime, at: datetime) -> Iterable[bytes]:
        """Nothing: the other node posts its replies to ours."""
        del message, sent_at, at
        return ()


def _token(response: Response) -> str:
    """The acknowledgement in a good response. Raises Unusable for a no of the partner's node, Unavailable for whatever
    else comes: a proxy, a page about maintenance or a key that is not loaded yet says nothing about the message."""
    status = response.status
    if status == TOO_MANY or status >= THEIR_FAULT:
        raise Unavailable("partner")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Unavailable("answer-encoded")
    if status >= OUR_FAULT:
        code = _code(response.body)
        raise Unusable(code) if code and code not in PASSING else Unavailable(code or f"http-{status}")
    if status >= REDIRECTS:
        raise Unavailable("answer-redirects")
    try:
        token = response.body.decode("ascii")
    except UnicodeDecodeError:
        token = ""
    if status != OK or not token:
        raise Unavailable("no-receipt")
    return token


def _code(body: bytes) -> str:
    """The partner's code when it has the form of one; nothing else of what they say is believed or kept."""
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = said.get("code") if isinstance(said, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
