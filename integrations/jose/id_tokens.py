"""ID tokens of identity providers (OpenID Connect Core 1.0, 3.1.3.7), opened more strictly than the library does.

They are other people's tokens, so RSA is accepted too: it is what every provider must offer. The key decides which
algorithms may be used with it, never the token: an HMAC, "none" and an embedded key have no way in.
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from jose import jwk as keys
from jose import jws
from jose.exceptions import JOSEError

from integrations.jose.strict import parsed, unb64
from vetting.errors import Unusable

MOST_BYTES = 16 * 1024
MOST_KEYS = 32
SHAPE = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
MEMBERS = {"RS256": ("RSA", ("n", "e")), "ES256": ("EC", ("crv", "x", "y"))}
LEAST_RSA_BYTES = 256
CLOCKS = 60
"""Seconds by which two clocks may differ."""
OLDEST = 600
"""Seconds since a token was made: it comes straight from the provider, for a code that lives shortly."""


def open_id_token(
    token: object, key_set: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, at: datetime
) -> dict[str, Any]:
    """The claims of a token that this provider made for us, now, for this very sign-in.

    Raises Unusable("id-token-…") for every other one.
    """
    if not isinstance(token, str) or len(token) > MOST_BYTES or not (parts := SHAPE.fullmatch(token)):
        raise Unusable("id-token-shape")
    try:
        head, claims = (parsed(unb64(part)) for part in parts.groups()[:2])
    except (ValueError, Unusable):
        raise Unusable("id-token-shape") from None
    _signed(token, head, key_set)
    _about_us(claims, issuer, client_id, nonce)
    _of_now(claims, int(at.timestamp()))
    return claims


def _signed(token: str, head: Mapping[str, Any], key_set: Mapping[str, Any]) -> None:
    algorithm, kid = head.get("alg"), head.get("kid")
    if algorithm not in MEMBERS or "crit" in head or not isinstance(kid, str | None):
        raise Unusable("id-token-header")
    for key in _usable(key_set, algorithm, kid):
        try:
            jws.verify(token, keys.construct(key, algorithm), algorithms=[algorithm])
        except (JOSEError, ValueError, TypeError):
            continue
        return
    raise Unusable("id-token-signature")


def _usable(key_set: Mapping[str, Any], algorithm: str, kid: str | None) -> Iterator[dict[str, str]]:
    """The public keys of the set that may have signed it: only the members that make the key are taken over."""
    kind, members = MEMBERS[algorithm]
    listed = key_set.get("keys")
    for key in listed[:MOST_KEYS] if isinstance(listed, list) else ():
        if not isinstance(key, Mapping) or key.get("kty") != kind or key.get("use", "sig") != "sig":
            continue
        if key.get("alg", algorithm) != algorithm or (kid is not None and key.get("kid") != kid):
            continue
        own = {name: key.get(name) for name in members}
        if all(isinstance(value, str) for value in own.values()) and _strong(own):
            yield {"kty": kind, **{name: str(value) for name, value in own.items()}}


def _strong(own: Mapping[str, Any]) -> bool:
    if "n" in own:
        try:
            return len(unb64(own["n"])) >= LEAST_RSA_BYTES
        except (ValueError, Unusable):
            return False
    return own.get("crv") == "P-256"


def _about_us(claims: Mapping[str, Any], issuer: str, client_id: str, nonce: str) -> None:
    if claims.get("iss") != issuer:
        raise Unusable("id-token-issuer")
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    azp = claims.get("azp", client_id if len(named) == 1 else None)
    if client_id not in named or azp != client_id:
        raise Unusable("id-token-audience")
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise Unusable("id-token-nonce")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise Unusable("id-token-subject")


def _of_now(claims: Mapping[str, Any], now: int) -> None:
    made, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(made, int | float) or not isinstance(ends, int | float):
        raise Unusable("id-token-times")
    if not (now - OLDEST <= made <= now + CLOCKS and ends > now - CLOCKS):
        raise Unusable("id-token-times")
