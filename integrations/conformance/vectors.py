"""What is sent to a node under test, and what it has to answer: valid messages, broken ones, and forged envelopes."""

import gzip
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from integrations.conformance.tester import Sending, Tester
from integrations.jose.strict import b64, compact, header
from vetting.exchange.ports import TokenType

RECEIPT, SAME_RECEIPT = "receipt", "the same receipt"
ENVELOPES = "envelope"
BODIES = "body"
FLOW = "exchange"


@dataclass(frozen=True)
class Vector:
    """One thing sent. `expected` is a code, `receipt`, `the same receipt` or `standing WORD`; `status` is HTTP's."""

    group: str
    name: str
    make: Callable[[Tester], Sending]
    expected: str
    status: int


Forge = Callable[[Tester, str, bytes], str]
"""An envelope for a message id and a body."""


def _enveloped(name: str, forge: Forge, code: str) -> Vector:
    def make(tester: Tester) -> Sending:
        own = tester.id("REQ")
        body = tester.request(own)
        return Sending(forge(tester, own, body), body)

    return Vector(ENVELOPES, name, make, code, 403)


def _hmac(tester: Tester, own: str, body: bytes) -> str:
    head = {**header(tester.kid, TokenType.ENVELOPE), "alg": "HS256"}
    front = f"{b64(compact(head))}.{b64(compact({'iss': tester.us, 'jti': own}))}"
    secret = compact(tester.envelopes.public_keys()["keys"][0])
    return f"{front}.{b64(hmac.new(secret, front.encode() + body[:0], hashlib.sha256).digest() * 2)}"


def _other(tester: Tester) -> str:
    """A State that is neither of the two."""
    return next(state for state in ("MT", "CY", "LU") if state not in (tester.us, tester.them))


def _year(tester: Tester) -> int:
    return int((tester.at + timedelta(days=365)).timestamp())


def _with(**head: Any) -> Forge:
    """An envelope with our key and another header."""
    return lambda tester, own, body: tester.forge(own, body, head=head)


def _claiming(**claims: Any) -> Forge:
    """An envelope with our key and other claims."""
    return lambda tester, own, body: tester.forge(own, body, **claims)


def _mixed(tester: Tester, own: str, body: bytes) -> str:
    return tester.seal(own, body)[:-86] + tester.seal(own, body, late=9)[-86:]


def _by_a_stranger(tester: Tester, own: str, body: bytes) -> str:
    return tester.stranger.seal(tester.envelope(own, body), TokenType.ENVELOPE)


OF_ENVELOPES = [
    _enveloped("no envelope", lambda *_: "", "no-envelope"),
    _enveloped("text in its place", lambda *_: "hello", "token-shape"),
    _enveloped("no signature", lambda t, own, body: t.seal(own, body).rpartition(".")[0] + ".", "token-shape"),
    _enveloped("alg none", _with(alg="none"), "token-header"),
    _enveloped("HMAC with the public key", _hmac, "token-header"),
    _enveloped("a key in the header", _with(jwk={"kty": "EC"}), "token-header"),
    _enveloped("a critical header", _with(crit=["b64"]), "token-header"),
    _enveloped("a receipt in its place", _with(typ=TokenType.RECEIPT), "token-header"),
    _enveloped("the signature of another", _mixed, "token-signature"),
    _enveloped("a key that nobody loaded", _by_a_stranger, "unknown-key"),
    _enveloped("another State as its sender", lambda t, *sent: t.forge(*sent, iss=_other(t)), "wrong-sender-key"),
    _enveloped("for another State", lambda t, *sent: t.forge(*sent, aud=_other(t)), "wrong-receiver"),
    _enveloped("of other bytes", _claiming(sha256="0" * 64), "other-bytes"),
    _enveloped("an id of another State", lambda t, own, body: t.forge(_other(t) + own[2:], body), "wrong-message-id"),
    _enveloped("written six minutes ago", lambda t, *sent: t.seal(*sent, late=360), "too-old"),
    _enveloped("written in six minutes", lambda t, *sent: t.seal(*sent, late=-360), "from-the-future"),
    _enveloped("that ends in a year", lambda t, *sent: t.forge(*sent, exp=_year(t)), "envelope-claims"),
    _enveloped("without a digest", _claiming(sha256=None), "envelope-claims"),
    _enveloped("with a claim more", _claiming(nbf=1), "envelope-claims"),
    _enveloped("without an end", _claiming(exp=None), "token-without-exp"),
]


def _body(name: str, spoil: Callable[[Tester, str, bytes], bytes], expected: str, status: int = 422) -> Vector:
    """A request that is spoilt, under a good envelope."""

    def make(tester: Tester) -> Sending:
        own = tester.id("REQ")
        body = spoil(tester, own, tester.request(own))
        return Sending(tester.seal(own, body), body)

    return Vector(BODIES, name, make, expected, status)


def _put(*changes: tuple[bytes, bytes]) -> Callable[[Tester, str, bytes], bytes]:
    """The request with these pieces exchanged."""

    def spoil(_tester: Tester, _own: str, body: bytes) -> bytes:
        for old, new in changes:
            body = body.replace(old, new, 1)
        return body

    return spoil


_XSI = b'<s:RequestMessage xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_URGENCY = b"<m:MessageDataUrgency"
_END = b"</m:MessageDataPerson>"
_INCLUSION = b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
_EXTERNAL = b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd">'
_LAUGHS = b"<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]>"
_NOBODY = (b"<d:Forename>Proba", b"<d:Forename>UNKNOWN"), (b"<d:Surname>Izmislena-Conformance", b"<d:Surname>UNKNOWN")


def _headers(name: str, headers: dict[str, str], code: str, *, packed: bool = False) -> Vector:
    def make(tester: Tester) -> Sending:
        own = tester.id("REQ")
        body = gzip.compress(tester.request(own)) if packed else tester.request(own)
        return Sending(tester.seal(own, body), body, headers=headers)

    return Vector(BODIES, name, make, code, 415)


OF_BODIES = [
    _headers("another content type", {"Content-Type": "text/plain"}, "content-type"),
    _headers("packed with gzip", {"Content-Encoding": "gzip"}, "content-encoding", packed=True),
    _body("over 256 KiB", lambda *_: b"<a>" + b"x" * 256 * 1024, "too-large", 413),
    _body("empty", lambda *_: b"", "empty"),
    _body("not well-formed", lambda _tester, _own, body: body[:-9], "not-well-formed"),
    _body("an external document type", _put((b"<s:", _EXTERNAL + b"<s:")), "dtd"),
    _body("entities that expand", _put((b"<s:", _LAUGHS + b"<s:")), "dtd"),
    _body("of no known type", lambda *_: b"<a/>", "unknown-message"),
    _body("of another namespace", _put((b"ECRIS/service-v1.0", b"ECRIS/service-v9.9")), "unknown-message"),
    _body("an unknown element", _put((_END, b"<d:Nickname>x</d:Nickname>" + _END)), "wrong-structure"),
    _body("an inclusion", _put((_END, _INCLUSION + _END)), "wrong-structure"),
    _body("nested too deep", _put((_END, b"<d:a>" * 60 + b"</d:a>" * 60 + _END)), "too-deep"),
    _body("far too many elements", _put((_END, b"<d:a/>" * 21_000 + _END)), "too-many-elements"),
    _body("xsi:nil", _put((b"<s:RequestMessage", _XSI), (_URGENCY, _URGENCY + b' xsi:nil="true"')), "xsi-nil"),
    _body("an unknown word for consent", _put((b"Consent>Yes", b"Consent>Perhaps")), "wrong-structure"),
    _body("about nobody", _put(*_NOBODY), "identity-incomplete"),
    _body("a birth date that is none", _put((b"---17", b"---31"), (b"--05", b"--02")), "wrong-date"),
    _body("an id other than the envelope's", lambda t, _own, _body: t.request(t.id("REQ")), "wrong-message-id"),
    _body("bytes of no encoding", _put((b"Izmislena", b"Izmisl\xff\xfena")), "bad-encoding"),
]
