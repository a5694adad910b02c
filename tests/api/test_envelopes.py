"""Every envelope that is not a partner's word on these very bytes, now: a code, an audit entry, and no effect."""

import json

import pytest

from integrations.ecris.replies import questions
from integrations.jose.strict import ORDER
from tests.integrations.forger import b64, forged, hmac_signed, packed, unb64
from tests.two_nodes import KEYS, KIDS, NODES, digest, refusals
from vetting.audit.models import Entry
from vetting.audit.services import INSTALLATION
from vetting.enquiries.ports import Item
from vetting.exchange.gateways import envelopes
from vetting.exchange.ports import TokenType


def claims(scene, **changes):
    """The claims of a good envelope, changed; None leaves one out."""
    at = int(scene.at.timestamp())
    whole = {"iss": "BG", "aud": "IE", "jti": scene.id, "iat": at, "exp": at + 300, "sha256": digest(scene.clean)}
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def header(**changes):
    return {"alg": "ES256", "kid": KIDS["BG"], "typ": "at10-envelope+jwt", **changes}


def signed(scene, payload=None, **changes):
    return forged(header(**changes), claims(scene) if payload is None else payload, KEYS["BG"])


def twice(said):
    return packed(said)[:-1] + b',"aud":"IE"}'


def malleated(scene):
    front, _, signature = scene.token().rpartition(".")
    raw = unb64(signature)
    return f"{front}.{b64(raw[:32] + (ORDER - int.from_bytes(raw[32:], 'big')).to_bytes(32, 'big'))}"


def at_once(scene, **changes):
    return signed(scene, claims(scene, **changes))


def shifted(scene, seconds):
    at = int(scene.at.timestamp()) + seconds
    return at_once(scene, iat=at, exp=at + 300)


ENVELOPES = {
    "none at all": (lambda _: "", "no-envelope"),
    "text": (lambda _: "hello", "token-shape"),
    "over 8 KiB": (lambda _: "A" * 9000, "token-shape"),
    "unsigned": (lambda scene: scene.token().rpartition(".")[0] + ".", "token-shape"),
    "alg none": (lambda scene: signed(scene, alg="none"), "token-header"),
    "HMAC with a public word": (
        lambda _: hmac_signed(b"BG", header(alg="HS256"), as_long_as_ours=True), "token-header"),
    "a key of its own inside": (lambda scene: signed(scene, jwk={"kty": "EC"}), "token-header"),
    "critical": (lambda scene: signed(scene, crit=["b64"], b64=False), "token-header"),
    "a receipt as an envelope": (lambda scene: scene.token(kind=TokenType.RECEIPT), "token-header"),
    "a certificate's type": (lambda scene: signed(scene, typ="at10-clearance+jwt"), "token-header"),
    "the other valid signature": (malleated, "token-signature-form"),
    "a signature of other claims": (lambda scene: scene.token()[:-86] + scene.token(late=9)[-86:], "token-signature"),
    "a key nobody knows": (lambda scene: scene.token(by="XX"), "unknown-key"),
    "our own key": (lambda scene: envelopes().seal(NODES["BG"].open(
        scene.token(), TokenType.ENVELOPE, {"BG": NODES["BG"].public_keys()}), TokenType.ENVELOPE), "unknown-key"),
    "another partner's key": (lambda scene: scene.token(by="RO"), "wrong-sender-key"),
    "another State as sender": (lambda scene: at_once(scene, iss="RO"), "wrong-sender-key"),
    "for another State": (lambda scene: at_once(scene, aud="RO"), "wrong-receiver"),
    "of other bytes": (lambda scene: at_once(scene, sha256="0" * 64), "other-bytes"),
    "an id of other States": (lambda scene: at_once(scene, jti="RO-IE-RRS-000000000000007"), "wrong-message-id"),
    "an id for other States": (lambda scene: at_once(scene, jti="BG-RO-RRS-000000000000007"), "wrong-message-id"),
    "letters we do not know": (lambda scene: at_once(scene, jti="BG-IE-NOT-000000000000007"), "wrong-message-id"),
    "five minutes early": (lambda scene: shifted(scene, 301), "from-the-future"),
    "five minutes late": (lambda scene: shifted(scene, -301), "too-old"),
    "a month late": (lambda scene: shifted(scene, -30 * 86400), "too-old"),
    "an end that is over": (lambda scene: at_once(
        scene, iat=int(scene.at.timestamp()) - 60, exp=int(scene.at.timestamp()) - 1), "too-old"),
    "an end before its beginning": (lambda scene: at_once(scene, exp=1), "envelope-claims"),
    "an end in a year": (lambda scene: at_once(scene, exp=int(scene.at.timestamp()) + 31_536_000), "envelope-claims"),
    "a time without end": (lambda scene: at_once(scene, iat=10**18, exp=10**18 + 1), "envelope-claims"),
    "a claim more": (lambda scene: at_once(scene, nbf=1), "envelope-claims"),
    "no audience": (lambda scene: at_once(scene, aud=None), "envelope-claims"),
    "two audiences": (lambda scene: at_once(scene, aud=["IE", "RO"]), "envelope-claims"),
    "no digest": (lambda scene: at_once(scene, sha256=None), "envelope-claims"),
    "a digest in capitals": (lambda scene: at_once(scene, sha256=digest(scene.clean).upper()), "envelope-claims"),
    "no end": (lambda scene: at_once(scene, exp=None), "token-without-exp"),
    "no time": (lambda scene: at_once(scene, iat=None), "token-without-iat"),
    "a time in words": (lambda scene: at_once(scene, iat="now"), "token-without-iat"),
    "a claim twice": (lambda scene: signed(scene, twice(claims(scene))), "token-repeats-a-claim"),
    "room between its claims": (
        lambda scene: signed(scene, json.dumps(claims(scene), sort_keys=True).encode()), "token-not-canonical"),
    "an escape": (
        lambda scene: signed(scene, packed(claims(scene)).replace(b"BG-", b"\\u0042G-")), "token-not-canonical"),
    "not JSON": (lambda scene: signed(scene, b"hello"), "token-not-json"),
}  # fmt: skip


@pytest.mark.parametrize("make, code", ENVELOPES.values(), ids=ENVELOPES)
def test_an_envelope_that_is_not_believed_is_refused_audited_and_changes_nothing(scene, make, code):
    before = scene.facts()
    answer = scene.post(token=make(scene))
    assert (answer.status_code, answer.json()) == (403, {"code": code})
    assert refusals() == [code]
    entry = Entry.objects.get(event="message.refused", chain=INSTALLATION)
    assert (entry.actor_kind, entry.facts["authority"], entry.facts["message_id"]) == ("public", "", "")
    assert scene.facts() == before


def test_five_minutes_of_skew_are_allowed_both_ways(scene):
    assert scene.post(token=shifted(scene, 299)).status_code == 200
    assert scene.post(questions(scene.sent.message_id, at=scene.at, items=[Item.SEX]), None).status_code == 200
    assert scene.post(token=shifted(scene, -299)).status_code == 200
