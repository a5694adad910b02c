"""Checking without a network: current, not current, or not to be told, each with its own words and exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from integrations.jose.signer import Es256Signer, generate_private_pem
from integrations.jose.verify import ENDS, WORDS, main, words
from tests.integrations.forger import b64, forged, hmac_signed, own_jwk, packed, public
from tests.integrations.offline import (
    CERTIFICATE_TYPE,
    CLAIMS,
    ISSUER,
    KID,
    LIST_TYPE,
    NOW,
    STATUS,
    Desk,
    certificate,
    header,
    lst,
    status,
)

ROOT = Path(__file__).resolve().parents[2]
STRANGER = ec.generate_private_key(ec.SECP256R1())
GOOD = certificate()
FRONT, PAYLOAD, SIGNATURE = GOOD.split(".")
DAY = 86_400


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_current_certificate_is_current_and_says_what_to_compare(desk, capsys):
    code, said = desk.check(capsys)
    assert code == 0
    for part in ("CURRENT.", "Iga Wzorowa", "1990-05-17", ISSUER, "teaching, paid", "2027-11-10", "Compare this"):
        assert part in said


def test_the_token_may_be_given_itself(desk, capsys):
    desk.check(capsys)
    assert main(desk.arguments(GOOD)) == 0
    assert main(desk.arguments(f" {GOOD}\n")) == 0


NOT_CURRENT = {
    "its last second has passed": ({"at": CLAIMS["exp"] + 1}, "expired"),
    "it begins later": ({"certificate": certificate({**CLAIMS, "nbf": NOW + 61})}, "not-yet"),
    "it was issued later": ({"certificate": certificate({**CLAIMS, "iat": NOW + 61})}, "not-yet"),
    "the list says so": ({"status": status({"status_list": {"bits": 1, "lst": lst(valid=False)}})}, "ended"),
}


@pytest.mark.parametrize("changes, reason", NOT_CURRENT.values(), ids=NOT_CURRENT)
def test_it_is_not_current_when(desk, capsys, changes, reason):
    code, said = desk.check(capsys, **changes)
    assert (code, said.splitlines()[-1]) == (1, f"NOT CURRENT. {ENDS[reason]}")


@pytest.mark.parametrize("later, code", [(0, 0), (60, 0), (61, 1)])
def test_honest_clocks_may_differ_by_a_minute(desk, capsys, later, code):
    assert desk.check(capsys, certificate=certificate({**CLAIMS, "nbf": NOW + later}))[0] == code


def test_the_last_second_counts(desk, capsys):
    until = status({"exp": CLAIMS["exp"] + DAY, "iat": CLAIMS["exp"] - 60})
    assert desk.check(capsys, at=CLAIMS["exp"], status=until)[0] == 0


def unsigned(alg):
    return f"{b64(packed(header(CERTIFICATE_TYPE, alg=alg)))}.{PAYLOAD}."


def by_hmac(encoding):
    return hmac_signed(public(encoding), header(CERTIFICATE_TYPE, alg="HS256"), as_long_as_ours=True)


def flipped(token, place):
    return token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


def padded_bits(token):
    """The same bytes for many decoders, another text."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


UNCHECKED = {
    "unsigned": (unsigned("none"), "algorithm"),
    "unsigned, spelt otherwise": (unsigned("nOnE"), "algorithm"),
    "unsigned, with a signature": (certificate(alg="none"), "algorithm"),
    "HMAC with the public key in PEM": (by_hmac(Encoding.PEM), "algorithm"),
    "HMAC with the public key in DER": (by_hmac(Encoding.DER), "algorithm"),
    "HMAC that says ES256": (
        hmac_signed(public(Encoding.DER), header(CERTIFICATE_TYPE), as_long_as_ours=True), "signature"
    ),
    "another algorithm": (certificate(alg="ES384"), "algorithm"),
    "its own key in the header": (certificate(jwk=own_jwk()), "key-inside"),
    "a stranger's key in the header": (certificate(key=STRANGER, jwk=own_jwk()), "key-inside"),
    "an address of keys": (certificate(jku="https://evil.example/jwks.json"), "key-inside"),
    "a certificate chain": (certificate(x5c=["MIIB"]), "key-inside"),
    "an address of a chain": (certificate(x5u="https://evil.example/c"), "key-inside"),
    "a path as the key's name": (certificate(kid="../../../dev/null"), "unknown-key"),
    "a statement as the key's name": (certificate(kid="' OR '1'='1"), "unknown-key"),
    "a NUL in the key's name": (certificate(kid=f"{KID}\0"), "unknown-key"),
    "no key's name": (certificate(kid=None), "unknown-key"),
    "a list of names": (certificate(kid=[KID]), "unknown-key"),
    "something critical": (certificate(crit=["exp"]), "critical"),
    "an unencoded payload": (certificate(b64=False, crit=["b64"]), "critical"),
    "one member more": (certificate(cty="JWT"), "header"),
    "the type of a session": (certificate(typ="JWT"), "type"),
    "the type of a list": (status(), "type"),
    "the type in capitals": (certificate(typ=CERTIFICATE_TYPE.upper()), "type"),
    "another issuer": (certificate({**CLAIMS, "iss": "https://check.examp1e"}), "issuer"),
    "a look-alike issuer": (certificate({**CLAIMS, "iss": "https://chеck.example"}), "issuer"),
    "a stranger's signature": (certificate(key=STRANGER), "signature"),
    "the other of two valid signatures": (
        forged(header(CERTIFICATE_TYPE), CLAIMS, low=False), "signature"
    ),
    "its other half cut off": (GOOD[: len(GOOD) // 2], "shape"),
    "its last character cut off": (GOOD[:-1], "shape"),
    "no signature": (f"{FRONT}.{PAYLOAD}", "shape"),
    "nothing": ("", "shape"),
    "not a token": ("hello", "shape"),
    "JSON instead": (json.dumps({"payload": PAYLOAD, "protected": FRONT, "signature": SIGNATURE}), "shape"),
    "letters of another script": (GOOD.replace("e", "е", 1), "shape"),
    "stray bits at the end": (padded_bits(GOOD), "not-canonical"),
    "a changed character of the payload": (flipped(GOOD, len(FRONT) + 9), "signature"),
    "a changed character of the signature": (flipped(GOOD, len(GOOD) - 40), "signature"),
    "longer than any": (certificate({**CLAIMS, "holder_name": "x" * 9000}), "too-long"),
    "far longer than any": ("A" * 5_000_000 + f".{PAYLOAD}.{SIGNATURE}", "too-long"),
    "a claim said twice": (certificate(packed(CLAIMS)[:-1] + b',"jti":"two"}'), "claims"),
    "no end": (certificate({name: said for name, said in CLAIMS.items() if name != "exp"}), "claims"),
    "an end that is no number": (certificate({**CLAIMS, "exp": "2027"}), "claims"),
    "an end that is not whole": (certificate({**CLAIMS, "exp": 1.9e9}), "claims"),
    "a beginning that is no number": (certificate({**CLAIMS, "nbf": "now"}), "claims"),
    "not JSON": (certificate(b"hello"), "claims"),
    "no list": (certificate({**CLAIMS, "status": {}}), "no-status"),
    "a list of another kind": (certificate({**CLAIMS, "status": {"status_list": ["1", 2]}}), "no-status"),
}  # fmt: skip


@pytest.mark.parametrize("token, reason", UNCHECKED.values(), ids=UNCHECKED)
def test_nothing_is_told_of_a_certificate_with(desk, capsys, token, reason):
    code, said = desk.check(capsys, certificate=token)
    assert (code, said.splitlines()[-1]) == (2, f"COULD NOT BE CHECKED. {WORDS[reason]}")


def inner(**changes):
    return {"status_list": {**STATUS["status_list"], **changes}}


LISTS = {
    "too old": (status({"exp": NOW}), "list-stale"),
    "of a later time": (status({"iat": NOW + 61}), "list-early"),
    "about other certificates": (status({"sub": "https://check.example/status-lists/2"}), "list-other"),
    "about nothing": (status({"sub": None}), "list-other"),
    "of another issuer": (status({"iss": "https://evil.example"}), "list-other"),
    "of a stranger": (status(key=STRANGER), "list-signature"),
    "of another type": (status(typ="JWT"), "list-type"),
    "that is a certificate": (GOOD, "list-type"),
    "unsigned": (status(alg="none"), "list-algorithm"),
    "with its own key": (status(jwk=own_jwk()), "list-key-inside"),
    "altered": (flipped(status(), 400), "list-signature"),
    "cut off": (status()[:-5], "list-shape"),
    "empty": ("", "list-shape"),
    "too long": (status(inner(lst="A" * 300_000)), "list-too-long"),
    "too short for the place": (status(inner(lst=lst(size=10))), "list-broken"),
    "longer than there are places": (status(inner(lst=lst(size=2**17 + 1))), "list-broken"),
    "that swells": (status(inner(lst=lst(size=2**26))), "list-broken"),
    "with other bits": (status(inner(bits=2)), "list-broken"),
    "with bits that are true": (status(inner(bits=True)), "list-broken"),
    "not compressed": (status(inner(lst="AAAA")), "list-broken"),
    "compressed and cut off": (status(inner(lst=lst()[:40])), "list-broken"),
    "without bits": (status({"status_list": None}), "list-broken"),
    "older than the certificate, and against it": (
        status({"iat": CLAIMS["iat"] - 1, **inner(lst=lst(valid=False))}), "list-older"
    ),
}  # fmt: skip


@pytest.mark.parametrize("token, reason", LISTS.values(), ids=LISTS)
def test_nothing_is_told_by_a_list(desk, capsys, token, reason):
    code, said = desk.check(capsys, status=token)
    assert (code, said.splitlines()[-1]) == (2, f"COULD NOT BE CHECKED. {words(reason)}")


@pytest.mark.parametrize("place", [-1, 2**20, 2**63, True, "1", None, 1.0])
def test_nothing_is_told_of_a_place_that_is_not_on_the_list(desk, capsys, place):
    elsewhere = {"status_list": {"idx": place, "uri": STATUS["sub"]}}
    assert desk.check(capsys, certificate=certificate({**CLAIMS, "status": elsewhere}))[0] == 2


def test_an_older_list_that_says_valid_is_as_good_as_its_limit(desk, capsys):
    assert desk.check(capsys, status=status({"iat": CLAIMS["iat"] - 600}))[0] == 0


OURS = json.loads(Desk(Path()).keys)
KEY_SETS = {
    "not JSON": "hello",
    "without keys": json.dumps({**OURS, "keys": []}),
    "with too many": json.dumps({**OURS, "keys": OURS["keys"] * 65}),
    "with a private key": json.dumps({**OURS, "keys": [{**OURS["keys"][0], "d": "AAAA"}]}),
    "with a shared secret": json.dumps({**OURS, "keys": [{"kty": "oct", "k": "AAAA", "kid": KID}]}),
    "with a key under another name": json.dumps({**OURS, "keys": [{**OURS["keys"][0], "kid": "mine"}]}),
    "with a point that is not on the curve": json.dumps({**OURS, "keys": [{**OURS["keys"][0], "x": b64(bytes(32))}]}),
    "that is a list": json.dumps(OURS["keys"]),
    "of bytes": b"\xff\xfe".decode("latin-1"),
}


@pytest.mark.parametrize("keys", KEY_SETS.values(), ids=KEY_SETS)
def test_nothing_is_told_by_a_key_set(desk, capsys, keys):
    code, said = desk.check(capsys, keys=keys)
    assert (code, said.strip()) == (2, f"COULD NOT BE CHECKED. {WORDS['keys']}")


def test_who_must_have_issued_it_is_said_by_the_key_set_or_by_the_verifier(desk, capsys):
    nameless = json.dumps({"keys": OURS["keys"]})
    assert WORDS["no-issuer"] in desk.check(capsys, keys=nameless)[1]
    assert desk.check(capsys, keys=nameless, more=("--issuer", ISSUER))[0] == 0
    assert desk.check(capsys, more=("--issuer", "https://other.example"))[0] == 2


def test_a_rotated_key_set_opens_the_old_and_the_new(desk, capsys):
    new = Es256Signer(generate_private_pem(), (public(Encoding.PEM),))
    both = json.dumps({"issuer": ISSUER, **new.public_keys()})
    assert desk.check(capsys, keys=both)[0] == 0
    assert desk.check(capsys, keys=both, certificate=new.sign(CLAIMS, typ=CERTIFICATE_TYPE))[0] == 0
    assert desk.check(capsys, keys=both, status=new.sign(STATUS, typ=LIST_TYPE))[0] == 0
    assert desk.check(capsys, certificate=new.sign(CLAIMS, typ=CERTIFICATE_TYPE))[0] == 2


def test_a_file_that_is_not_there_is_named(desk, capsys):
    desk.check(capsys)
    for place, reason in ((0, "unreadable"), (2, "keys-unreadable"), (4, "list-unreadable")):
        arguments = desk.arguments()
        arguments[place] = str(desk.folder / "nowhere")
        assert main(arguments) == 2
        assert WORDS[reason] in capsys.readouterr().out


def test_what_a_holder_is_called_cannot_drive_the_terminal(desk, capsys):
    code, said = desk.check(capsys, certificate=certificate({**CLAIMS, "holder_name": "A\x1b[2JB\u202eC\nCURRENT."}))
    assert code == 0
    assert "A?[2JB?C?CURRENT." in said


def test_every_reason_has_its_own_words():
    assert len({*ENDS.values(), *WORDS.values()}) == len(ENDS) + len(WORDS)


STANDALONE = """
import runpy, socket, sys

def refuse(*_, **__):
    raise AssertionError("a socket")

socket.socket = refuse
sys.argv = ["verify", *sys.argv[1:]]
try:
    runpy.run_module("integrations.jose.verify", run_name="__main__")
except SystemExit as end:
    foreign = {name.partition(".")[0] for name in sys.modules} & {"django", "vetting", "jose", "reportlab", "requests"}
    print("foreign:", sorted(foreign))
    sys.exit(end.code)
"""


@pytest.mark.parametrize("at, code", [(NOW, 0), (CLAIMS["exp"] + 9, 1), (NOW + 10 * DAY, 2)])
def test_it_runs_with_no_django_nothing_of_the_product_and_no_socket(desk, capsys, at, code):
    desk.check(capsys, at=at)
    arguments = Desk(desk.folder, at=at).arguments()
    ended = subprocess.run(
        [sys.executable, "-c", STANDALONE, *arguments],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == code, ended.stderr
    assert ended.stdout.endswith("foreign: []\n")


def test_it_runs_as_a_module(desk, capsys):
    desk.check(capsys)
    ended = subprocess.run(
        [sys.executable, "-m", "integrations.jose.verify", *desk.arguments()],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("CURRENT.\n")
