"""A partner's key set: public EC P-256 keys under their own thumbprints, and nothing that only looks like them."""

from datetime import UTC, datetime

import pytest

from integrations.jose.strict import MOST_KEYS, Es256Verifier
from tests.integrations.forger import CLAIMS, SIGNER, TOKEN, TYPE, b64
from tests.two_nodes import NODES
from vetting.errors import Unusable
from vetting.exchange.ports import Envelope, TokenType
from vetting.exchange.rules import evidence_in

KEY = SIGNER.public_keys()["keys"][0]
OTHER = NODES["BG"].public_keys()["keys"][0]


def opened_by(*listed):
    return Es256Verifier({"keys": list(listed)}).open(TOKEN, typ=TYPE)


def without(*names, **instead):
    return {**{name: value for name, value in KEY.items() if name not in names}, **instead}


def test_what_a_partner_signed_opens_by_any_key_of_the_set():
    assert opened_by(KEY) == opened_by(OTHER, KEY) == opened_by(without("alg", "use")) == CLAIMS


def test_another_key_and_no_key_open_nothing():
    for listed in ([], [OTHER]):
        with pytest.raises(Unusable, match="token-header"):
            opened_by(*listed)


REFUSED = {
    "a private key": (without(d="AA"), "key-set-not-p256"),
    "a shared secret": ({"kty": "oct", "k": "AA", "kid": KEY["kid"]}, "key-set-not-p256"),
    "another curve": (without(crv="P-384"), "key-set-not-p256"),
    "no point": (without("x"), "key-set-not-p256"),
    "a number for a point": (without(x=1), "key-set-not-p256"),
    "a point off the curve": (without(x=OTHER["x"]), "key-set-not-p256"),
    "the point of nothing": (without(x=b64(bytes(32)), y=b64(bytes(32))), "key-set-not-p256"),
    "padding": (without(x=KEY["x"] + "="), "key-set-not-p256"),
    "a longer spelling": (without(x=b64(b"\0" + bytes(32))), "key-set-not-p256"),
    "another name": (without(kid="one"), "key-set-kid"),
    "another's name": (without(kid=OTHER["kid"]), "key-set-kid"),
    "no name": (without("kid"), "key-set-kid"),
    "for encryption": (without(use="enc"), "key-set-not-for-signing"),
    "for HMAC": (without(alg="HS256"), "key-set-not-for-signing"),
    "text": ("key", "key-set-not-p256"),
}


@pytest.mark.parametrize("key, code", REFUSED.values(), ids=REFUSED)
def test_what_is_no_such_key_is_refused_with_the_whole_set(key, code):
    with pytest.raises(Unusable) as refusal:
        opened_by(OTHER, key)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "jwks",
    [{}, {"keys": None}, {"keys": {}}, {"keys": [KEY] * (MOST_KEYS + 1)}],
    ids=["empty", "none", "a map", "long"],
)
def test_a_set_is_a_short_list(jwks):
    with pytest.raises(Unusable, match="key-set-form"):
        Es256Verifier(jwks)


def test_a_receipt_of_the_longest_claims_fits_its_column():
    at = datetime(9999, 1, 1, tzinfo=UTC)
    token = NODES["BG"].seal(Envelope("BG", "IE", "BG-IE-RRS-999999999999999", "f" * 64, at), TokenType.RECEIPT)
    assert evidence_in(token) == token
    assert evidence_in("Iga Wzorowa") == evidence_in(token + "\n") == evidence_in("a" * 700 + token) == ""
