"""Compact JWS with ES256 by python-jose, opened more strictly than the library does. The only reader of tokens."""

import base64
import hashlib
import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk as keys
from jose import jws
from jose.backends.base import Key
from jose.exceptions import JOSEError

from vetting.errors import Unusable

MOST_BYTES = 8192
LONGER = {"statuslist+jwt": 256 * 1024}
"""Types of which a token may be longer: a list of 2^20 bits that look random is 240 kB after two times base64."""
SHAPE = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})")
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256. Of the two valid values of s we write and accept the lower one: one signature, one text."""
REQUIRED = {"iss": str, "jti": str, "iat": int, "exp": int}
MOST_KEYS = 8
"""In a partner's key set: the present key, its successor, and some that retire."""
_PRIVATE = frozenset({"d", "k", "p", "q"})


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64(raw) != text:
        raise Unusable("token-not-canonical")
    return raw


def compact(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True, allow_nan=False).encode()


def jwk_of(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    point = {name: b64(number.to_bytes(32, "big")) for name, number in (("x", numbers.x), ("y", numbers.y))}
    return {"crv": "P-256", "kty": "EC", **point}


def thumbprint(jwk: Mapping[str, str]) -> str:
    """RFC 7638."""
    return b64(hashlib.sha256(compact(jwk)).digest())


def header(kid: str, typ: str) -> dict[str, str]:
    return {"alg": "ES256", "kid": kid, "typ": typ}


def _refuse(_: Any) -> NoReturn:
    raise Unusable("token-not-json")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unusable("token-repeats-a-claim")
    return found


def parsed(payload: bytes) -> dict[str, Any]:
    """A JSON object that says everything once. Raises Unusable("token-…") for any other text."""
    try:
        claims = json.loads(payload.decode(), object_pairs_hook=_object, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        raise Unusable("token-not-json") from None
    if not isinstance(claims, dict):
        raise Unusable("token-not-an-object")
    return claims


class StrictOpener:
    """Opens what one of a few known EC P-256 keys has signed. Every key object is built once, for one algorithm.

    An expired token still opens: what its times mean is decided by whoever asked.
    """

    def __init__(self, public: Mapping[str, dict[str, str]]) -> None:
        self._keys: dict[str, Key] = {kid: keys.construct({**one}, "ES256") for kid, one in public.items()}

    def _key_for(self, found: bytes, typ: str) -> Key:
        """The key of the one header we would have written; anything else in a header is refused unread."""
        for kid, key in self._keys.items():
            if found == compact(header(kid, typ)):
                return key
        raise Unusable("token-header")

    def open(self, token: str, *, typ: str) -> dict[str, Any]:
        """The claims of a token of this type, whose form, key and signature are exactly ours; `exp` is not judged.

        Raises Unusable("token-…") for every other text.
        """
        if len(token) > LONGER.get(typ, MOST_BYTES) or not (parts := SHAPE.fullmatch(token)):
            raise Unusable("token-shape")
        try:
            front, payload, signature = (unb64(part) for part in parts.groups())
        except ValueError:
            raise Unusable("token-shape") from None
        key = self._key_for(front, typ)
        if int.from_bytes(signature[32:], "big") > ORDER // 2:
            raise Unusable("token-signature-form")
        try:
            jws.verify(token, key, algorithms=["ES256"])
        except JOSEError:
            raise Unusable("token-signature") from None
        return self._claims(payload)

    @staticmethod
    def _claims(payload: bytes) -> dict[str, Any]:
        claims = parsed(payload)
        for name, kind in REQUIRED.items():
            if type(claims.get(name)) is not kind:
                raise Unusable(f"token-without-{name}")
        return claims


def _public_key(jwk: object) -> dict[str, str]:
    """The four members that make the key, checked: a public point on P-256, spelt in the one canonical way."""
    if not isinstance(jwk, Mapping) or _PRIVATE & set(jwk) or (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
        raise Unusable("key-set-not-p256")
    if jwk.get("alg", "ES256") != "ES256" or jwk.get("use", "sig") != "sig":
        raise Unusable("key-set-not-for-signing")
    try:
        x, y = (int.from_bytes(unb64(jwk[name]), "big") for name in ("x", "y"))
        own = jwk_of(ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key())
    except (KeyError, TypeError, ValueError, OverflowError, Unusable):
        raise Unusable("key-set-not-p256") from None
    if (own["x"], own["y"]) != (jwk["x"], jwk["y"]) or jwk.get("kid") != thumbprint(own):
        raise Unusable("key-set-kid")
    return own


class Es256Verifier(StrictOpener):
    """Opens what a partner has signed, by the JWK set (RFC 7517) they gave us. Several keys overlap while one retires.

    A set without keys opens nothing. Each `kid` must be the key's own thumbprint (RFC 7638), as we publish ours.
    """

    def __init__(self, jwks: Mapping[str, Any]) -> None:
        """Raises Unusable("key-set-…") for anything but a few public EC P-256 keys."""
        listed = jwks.get("keys")
        if not isinstance(listed, list) or len(listed) > MOST_KEYS:
            raise Unusable("key-set-form")
        public = {thumbprint(own): own for own in map(_public_key, listed)}
        super().__init__(public)
        self.kids = tuple(public)
