"""Envelopes and receipts of messages between nodes: a strict JWS that names both States, the message and its bytes."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from integrations.jose.signer import Es256Signer, node_from_environment
from integrations.jose.strict import Es256Verifier, compact, header, unb64
from vetting.errors import Unusable
from vetting.exchange.ports import Envelope, Standing, TokenType

LIFETIME = timedelta(minutes=5)
LONGEST_LIFE = timedelta(hours=1)
_CLAIMS = {
    "iss": re.compile(r"[A-Z]{2}"),
    "aud": re.compile(r"[A-Z]{2}"),
    "jti": re.compile(r"[A-Z]{2}-[A-Z]{2}-[A-Z]{3}-[0-9]{15}"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
}
_KID = re.compile(r"[A-Za-z0-9_-]{43}")


@lru_cache(maxsize=128)
def _verifier(key_set: str) -> Es256Verifier:
    """Built once for each key set as it is stored, so that a changed set is another one."""
    return Es256Verifier(json.loads(key_set))


def _verifier_of(key_set: Mapping[str, Any]) -> Es256Verifier:
    return _verifier(json.dumps(key_set, sort_keys=True))


class JoseEnvelopes:
    """See `Envelopes`. The node's key is read once, when something is first signed or published."""

    def __init__(self, signer: Es256Signer | None = None) -> None:
        self._given = signer

    @property
    def _signer(self) -> Es256Signer:
        if self._given is None:
            self._given = node_from_environment()
        return self._given

    def seal(self, envelope: Envelope, kind: TokenType) -> str:
        until = envelope.until or envelope.at + LIFETIME
        claims = {
            "iss": envelope.sender,
            "aud": envelope.receiver,
            "jti": envelope.message_id,
            "iat": int(envelope.at.timestamp()),
            "exp": int(until.timestamp()),
            "sha256": envelope.digest,
        }
        if kind is TokenType.STANDING:
            claims["standing"] = envelope.standing
        _read(claims, kind)
        return self._signer.sign(claims, typ=kind)

    def open(self, token: str, kind: TokenType, keys: Mapping[str, Mapping[str, Any]]) -> Envelope:
        for state, key_set in keys.items():
            try:
                claims = _verifier_of(key_set).open(token, typ=kind)
            except Unusable as refused:
                if refused.code == "token-header":
                    continue
                raise
            envelope = _read(claims, kind)
            if unb64(token.split(".")[1]) != compact(claims):
                raise Unusable("token-not-canonical")
            if envelope.sender != state:
                raise Unusable("wrong-sender-key")
            return envelope
        raise Unusable("unknown-key" if _is_ours_but_for_the_key(token, kind) else "token-header")

    def kids(self, key_set: Mapping[str, Any]) -> tuple[str, ...]:
        return _verifier_of(key_set).kids

    def public_keys(self) -> dict[str, Any]:
        return self._signer.public_keys()


def _read(claims: Mapping[str, Any], kind: TokenType) -> Envelope:
    """Exactly the claims of such a paper, each in its one form. Raises Unusable("envelope-claims")."""
    standing = claims.get("standing", "")
    whole = set(claims) == {*_CLAIMS, "iat", "exp", *(["standing"] if kind is TokenType.STANDING else [])}
    whole = whole and (kind is not TokenType.STANDING or standing in set(Standing) - {Standing.NOT_SAID})
    if not whole or not all(
        isinstance(claims[name], str) and form.fullmatch(claims[name]) for name, form in _CLAIMS.items()
    ):
        raise Unusable("envelope-claims")
    try:
        at, until = (datetime.fromtimestamp(claims[name], UTC) for name in ("iat", "exp"))
    except (ValueError, OverflowError, OSError):
        raise Unusable("envelope-claims") from None
    if not at < until <= at + LONGEST_LIFE:
        raise Unusable("envelope-claims")
    return Envelope(claims["iss"], claims["aud"], claims["jti"], claims["sha256"], at, until, standing)


def _is_ours_but_for_the_key(token: str, kind: TokenType) -> bool:
    """Whether the header is one of ours with another key's name: then a partner's new key is not loaded yet."""
    try:
        found = json.loads(unb64(token.partition(".")[0]))
    except (ValueError, RecursionError, Unusable):
        return False
    kid = found.get("kid") if isinstance(found, dict) else None
    return isinstance(kid, str) and bool(_KID.fullmatch(kid)) and found == header(kid, kind)
