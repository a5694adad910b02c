"""What an identity provider says is believed when all of it is right, and then only; over real HTTP to a real one."""

import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlencode

import pytest
from jose import jwt

from integrations.oidc.provider import OpenIdConnect
from tests.identity_provider import CLIENT, KEY, SECRET, STRANGER, number, pem, provider, unsigned
from tests.own_sign_in import there
from vetting.errors import Unavailable, Unusable
from vetting.organisations.ports import Begun, Client, Places

BACK = "http://testserver/back/"
HMAC = number(KEY.public_key().public_numbers().n)


@pytest.fixture
def theirs():
    with provider() as running:
        yield running


def told(running, **begun):
    """What comes of a whole sign-in with this provider."""
    proof = Begun("v" * 43, "n" * 43, BACK)
    challenge = urlsafe_b64encode(sha256(proof.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "redirect_uri": BACK, "state": "s", "nonce": proof.nonce, "code_challenge": challenge,
        "code_challenge_method": "S256",
    }  # fmt: skip
    places = OpenIdConnect().discover(running.issuer, secret=True)
    there(f"{places.authorize}?{urlencode(asked)}")
    proof = Begun(**{"verifier": proof.verifier, "nonce": proof.nonce, "address": BACK, **begun})
    client = Client(running.issuer, CLIENT, SECRET)
    return OpenIdConnect().told(places, client, proof, code="code-0", at=datetime.now(UTC))


def lies(name, code, **claims):
    return pytest.param(lambda one: one.claims.update(claims), code, id=name)


def signs(name, code, sign):
    return pytest.param(lambda one: setattr(one, "sign", sign), code, id=name)


def drops(name, code):
    return pytest.param(lambda one: one.dropped.add(name), code, id=f"without {name}")


def signed(key, algorithm, **head):
    return lambda claims: jwt.encode(claims, key, algorithm, {"kid": "one", **head})


def test_an_honest_provider_is_believed(theirs):
    theirs.claims.update(acr="gold", amr=["pwd", "otp", 5])
    said = told(theirs)
    assert (said.email, said.email_verified, said.acr, said.amr) == (theirs.email, True, "gold", ("pwd", "otp"))
    theirs.claims.update(aud=[CLIENT, "another"], azp=CLIENT)
    theirs.codes.clear()
    assert told(theirs).email_verified


@pytest.mark.parametrize(
    "lie,code",
    [
        lies("another issuer", "id-token-issuer", iss="https://evil.example"),
        pytest.param(lambda one: one.claims.update(iss=one.issuer + "/"), "id-token-issuer", id="a slash more"),
        lies("another nonce", "id-token-nonce", nonce="x" * 43),
        lies("a number for a nonce", "id-token-nonce", nonce=5),
        lies("for somebody else", "id-token-audience", aud="another-client"),
        lies("for us by part of a text", "id-token-audience", aud=f"{CLIENT}-and-more"),
        lies("for several, and another one asked", "id-token-audience", aud=[CLIENT, "b"], azp="b"),
        lies("for several, and nobody says who asked", "id-token-audience", aud=[CLIENT, "b"]),
        lies("over", "id-token-times", exp=int(time.time()) - 120),
        lies("made long ago", "id-token-times", iat=int(time.time()) - 3600),
        lies("made in the future", "id-token-times", iat=int(time.time()) + 3600),
        lies("a time in words", "id-token-times", exp="tomorrow"),
        lies("no text for an address", "id-token-without-email", email=["nobody@invented.example"]),
        drops("nonce", "id-token-nonce"), drops("email", "id-token-without-email"), drops("exp", "id-token-times"),
        drops("iat", "id-token-times"), drops("sub", "id-token-subject"), drops("iss", "id-token-issuer"),
        drops("aud", "id-token-audience"),
        signs("not signed", "id-token-shape", unsigned),
        signs("not signed, with something behind it", "id-token-header", lambda one: unsigned(one) + "AAAA"),
        signs("signed by a stranger", "id-token-signature", signed(pem(STRANGER), "RS256")),
        signs("by a key of another name", "id-token-signature", signed(pem(KEY), "RS256", kid="two")),
        signs("HMAC with what everybody knows", "id-token-header", signed(HMAC, "HS256")),
        signs("HMAC with the secret in the key set", "id-token-header", signed("secret", "HS256")),
        signs("another hash", "id-token-header", signed(pem(KEY), "RS512")),
        signs("altered", "id-token-signature", lambda one: signed(pem(KEY), "RS256")(one)[:-8] + "AAAAAAAA"),
        signs("a critical header", "id-token-header", signed(pem(KEY), "RS256", crit=["x"])),
        signs("no token", "id-token-shape", lambda _told: None),
        signs("a text", "id-token-shape", lambda _told: "a.b.c"),
        signs("too long", "id-token-shape", lambda one: signed(pem(KEY), "RS256")({**one, "more": "x" * 20_000})),
    ],
)  # fmt: skip
def test_a_lie_is_refused_for_what_it_is(theirs, lie, code):
    lie(theirs)
    with pytest.raises(Unusable, match=f"^{code}$"):
        told(theirs)


@pytest.mark.parametrize("said", [False, "true", 1, None])
def test_only_a_plain_yes_says_that_an_address_is_verified(theirs, said):
    theirs.claims["email_verified"] = said
    assert told(theirs).email_verified is False


def test_a_code_without_its_proof_or_for_another_address_is_worth_nothing(theirs):
    for changed in ({"verifier": "w" * 43}, {"address": "http://testserver/elsewhere/"}):
        theirs.codes.clear()
        with pytest.raises(Unusable, match="refused"):
            told(theirs, **changed)


def test_a_small_key_and_a_key_for_something_else_sign_nothing(theirs, monkeypatch):
    for change in ({"use": "enc"}, {"alg": "RS512"}, {"n": HMAC[:200]}, {"kty": "EC"}, {"kid": None}):
        theirs.codes.clear()
        whole = theirs.key_set()
        monkeypatch.setattr(
            theirs, "key_set", lambda whole=whole, change=change: {"keys": [{**whole["keys"][-1], **change}]}
        )
        with pytest.raises(Unusable, match="id-token-signature"):
            told(theirs)
        monkeypatch.undo()


def test_a_redirect_is_not_followed_and_a_name_is_not_reached_without_tls(theirs):
    theirs.status = 302
    with pytest.raises(Unusable, match="refused"):
        told(theirs)
    for address in ("http://localhost:1/", "http://10.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/"):
        with pytest.raises(Unusable, match="provider-address"):
            OpenIdConnect().told(
                Places(address, address, address), Client("x", "x", ""), Begun("v", "n", BACK), code="x",
                at=datetime.now(UTC),
            )  # fmt: skip


def test_trouble_that_passes_is_told_apart(theirs):
    theirs.status = 503
    with pytest.raises(Unavailable):
        told(theirs)
