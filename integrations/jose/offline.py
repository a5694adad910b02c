"""Whether a certificate is current, judged from its token, a key set and a status list, with no network and no Django.

Written apart from what signs, on bare `cryptography`, so that a mistake there is not repeated here. Sources: RFC 7515,
RFC 7517, RFC 7519, RFC 7638; draft-ietf-oauth-status-list.
"""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

CERTIFICATE, LIST = "at10-clearance+jwt", "statuslist+jwt"
MOST = {CERTIFICATE: 8192, LIST: 256 * 1024}
MOST_KEYS = 64
MOST_PLACES = 2**20
SKEW = 60
"""Seconds by which two honest clocks may differ."""
_SHAPE = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})")
_KEYS_INSIDE = frozenset({"jwk", "jku", "x5c", "x5u", "x5t", "x5t#S256"})
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_TIMES = ("iat", "exp")

Claims = dict[str, Any]


class Failed(Exception):
    """It cannot be said that the certificate is current. `reason` is a code that `verify` has words for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Keys:
    """Public keys by their names, and whose they are; empty when the set does not say."""

    by_name: Mapping[str, ec.EllipticCurvePublicKey]
    issuer: str


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _b64(raw) != text:
        raise ValueError
    return raw


def _compact(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode()


def _once(pairs: list[tuple[str, Any]]) -> Claims:
    _must(len(dict(pairs)) == len(pairs))
    return dict(pairs)


def _never(_: str) -> NoReturn:
    raise ValueError


def _must(held: bool) -> None:
    if not held:
        raise ValueError


def _refuse(reason: str, when: bool) -> None:
    if when:
        raise Failed(reason)


def _object(raw: bytes) -> Claims:
    """Strict JSON: no member twice, no NaN, an object. Raises ValueError or RecursionError."""
    found = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_never)
    if not isinstance(found, dict):
        raise ValueError  # noqa: TRY004 (what is wrong is a value that came from outside)
    return found


def key_set(raw: bytes) -> Keys:
    """The keys of a JWK set as we publish it. Raises Failed("keys")."""
    try:
        found = _object(raw)
        listed, issuer = found["keys"], found.get("issuer", "")
        _must(0 < len(listed) <= MOST_KEYS and isinstance(issuer, str))
        return Keys(dict(map(_key, listed)), issuer)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Failed("keys") from None


def _key(jwk: Mapping[str, Any]) -> tuple[str, ec.EllipticCurvePublicKey]:
    """A public point on P-256 under its own thumbprint, the only name by which it is found."""
    point = {"crv": "P-256", "kty": "EC", "x": jwk["x"], "y": jwk["y"]}
    name = _b64(hashlib.sha256(_compact(point)).digest())
    said = (jwk["kty"], jwk["crv"], jwk.get("alg", "ES256"), jwk.get("use", "sig"), jwk["kid"])
    _must(said == ("EC", "P-256", "ES256", "sig", name) and "d" not in jwk)
    x, y = (int.from_bytes(_unb64(jwk[part]), "big") for part in ("x", "y"))
    return name, ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _why_not(front: bytes, typ: str) -> str:
    """What is wrong with a header that is not one of ours."""
    try:
        header = _object(front)
    except (ValueError, RecursionError):
        return "header"
    if header.get("alg") != "ES256":
        return "algorithm"
    if "crit" in header:
        return "critical"
    if _KEYS_INSIDE & set(header):
        return "key-inside"
    if header.get("typ") != typ:
        return "type"
    return "unknown-key" if set(header) == {"alg", "kid", "typ"} else "header"


def opened(token: str, keys: Keys, typ: str) -> Claims:
    """The claims of a token of this type by one of these keys. Raises Failed; `exp` and the rest are not judged yet."""
    if len(token) > MOST[typ]:
        raise Failed("too-long")
    parts = _SHAPE.fullmatch(token)
    if parts is None:
        raise Failed(_why_no_token(token, typ))
    try:
        front, payload, signature = (_unb64(part) for part in parts.groups())
    except ValueError:
        raise Failed("not-canonical") from None
    for name, key in keys.by_name.items():
        if front == _compact({"alg": "ES256", "kid": name, "typ": typ}):
            _holds(key, token.rpartition(".")[0], signature)
            return _claims(payload)
    raise Failed(_why_not(front, typ))


def _why_no_token(token: str, typ: str) -> str:
    """Of a text that is no token of ours, say whether it is one without or with another signature."""
    front, dots, _ = token.partition(".")
    if dots:
        try:
            return "algorithm" if _why_not(_unb64(front), typ) == "algorithm" else "shape"
        except ValueError:
            return "shape"
    return "shape"


def _holds(key: ec.EllipticCurvePublicKey, signed: str, signature: bytes) -> None:
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    _refuse("signature", s > _ORDER // 2)  # of the two valid values we write the lower one
    try:
        key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise Failed("signature") from None


def _claims(payload: bytes) -> Claims:
    try:
        claims = _object(payload)
    except (ValueError, RecursionError):
        raise Failed("claims") from None
    strings = all(isinstance(claims.get(name), str) for name in ("iss", "jti"))
    if not strings or not all(type(claims.get(name)) is int for name in _TIMES):
        raise Failed("claims")
    return claims


def certificate(token: str, keys: Keys, issuer: str) -> Claims:
    """What a genuine certificate of this issuer says, whether or not it is current. Raises Failed."""
    claims = opened(token, keys, CERTIFICATE)
    if claims["iss"] != issuer:
        raise Failed("issuer")
    if type(claims.get("nbf", 0)) is not int:
        raise Failed("claims")
    return claims


def current(claims: Claims, status: str, keys: Keys, *, at: int) -> None:
    """Return when the certificate is current at `at`, in seconds since 1970; raise Failed with the reason otherwise."""
    _refuse("expired", at > claims["exp"])
    _refuse("not-yet", at + SKEW < max(claims.get("nbf", 0), claims["iat"]))
    try:
        place = claims["status"]["status_list"]
        index, address = place["idx"], place["uri"]
    except (KeyError, TypeError):
        raise Failed("no-status") from None
    try:
        said = opened(status, keys, LIST)
    except Failed as failure:
        raise Failed(f"list-{failure.reason}") from None
    _refuse("list-other", said["iss"] != claims["iss"] or said.get("sub") != address)
    _refuse("list-stale", at >= said["exp"])
    _refuse("list-early", at + SKEW < said["iat"])
    if not _valid(said, index):
        raise Failed("list-older" if said["iat"] < claims["iat"] else "ended")


def _valid(said: Claims, index: Any) -> bool:
    """The bit at a place. Raises Failed("list-broken") for a list that cannot be read or has no such place."""
    try:
        inner = said["status_list"]
        _must(inner["bits"] == 1 and type(inner["bits"]) is int and type(index) is int)
        inflate = zlib.decompressobj()
        bits = inflate.decompress(_unb64(inner["lst"]), MOST_PLACES // 8 + 1)
        _must(inflate.eof and not inflate.unused_data and 0 <= index < len(bits) * 8 <= MOST_PLACES)
    except (ValueError, KeyError, TypeError, zlib.error):
        raise Failed("list-broken") from None
    return not bits[index >> 3] >> (index & 7) & 1
