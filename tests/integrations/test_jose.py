"""Every known attack on a signed token, each signed as well as the attacker could: none of them opens."""

import json
import random

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from integrations.jose.signer import MOST_BYTES, ORDER
from tests.integrations.forger import (
    CLAIMS,
    HEADER,
    KEY,
    KID,
    SIGNER,
    TOKEN,
    TYPE,
    b64,
    forged,
    hmac_signed,
    own_jwk,
    packed,
    public,
    raw_signature,
    unb64,
)
from vetting.errors import Unusable


def last_altered(part):
    """Another last character that many decoders read as the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return part[:-1] + alphabet[alphabet.index(part[-1]) ^ 1]


def code_of(token, signer=SIGNER, typ=TYPE):
    with pytest.raises(Unusable) as refusal:
        signer.open(token, typ=typ)
    return refusal.value.code


def without(name, **instead):
    return {**{key: value for key, value in CLAIMS.items() if key != name}, **instead}


FRONT, PAYLOAD, SIGNATURE = TOKEN.split(".")


def test_the_forger_of_these_tests_can_make_a_token_that_opens():
    assert SIGNER.open(forged(), typ=TYPE) == CLAIMS == SIGNER.open(TOKEN, typ=TYPE)


ALGORITHMS = [
    "none",
    "None",
    "nOnE",
    "NONE",
    "",
    "HS256",
    "RS256",
    "PS256",
    "ES384",
    "ES512",
    "ES256K",
    "EdDSA",
    "es256",
]


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_no_other_algorithm_is_believed_with_whatever_signature(alg):
    header = {**HEADER, "alg": alg}
    front = f"{b64(packed(header))}.{PAYLOAD}"
    assert code_of(forged(header)) == "token-header"
    assert code_of(f"{front}.") == "token-shape"
    assert code_of(front) == "token-shape"


SECRETS = {"PEM": public(Encoding.PEM), "PEM without its last line": public(Encoding.PEM).strip(),
           "DER": public(Encoding.DER), "nothing": b""}  # fmt: skip


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("alg", ["HS256", "ES256"])
def test_the_public_key_is_not_a_shared_secret(secret, alg):
    header = {**HEADER, "alg": alg}
    assert code_of(hmac_signed(secret, header)) == "token-shape"
    refused = {"token-header"} if alg == "HS256" else {"token-signature", "token-signature-form"}
    assert code_of(hmac_signed(secret, header, as_long_as_ours=True)) in refused


EXTRA = {
    "the key itself": {"jwk": own_jwk()},
    "an address of keys": {"jku": "https://evil.example/keys"},
    "an address of a certificate": {"x5u": "https://evil.example/cert"},
    "a certificate": {"x5c": ["MIIB"]},
    "a critical member": {"crit": ["exp"], "exp": 1},
    "an unencoded payload": {"b64": False, "crit": ["b64"]},
    "an unencoded payload that is not critical": {"b64": False},
    "compression": {"zip": "DEF"},
    "an encryption": {"enc": "A256GCM"},
    "a content type": {"cty": "JWT"},
    "anything more": {"hello": 1},
}


@pytest.mark.parametrize("extra", EXTRA.values(), ids=EXTRA)
def test_a_header_that_carries_more_is_refused(extra):
    assert code_of(forged({**HEADER, **extra})) == "token-header"


@pytest.mark.parametrize(
    "kid",
    [
        "",
        "../../../dev/null",
        "/proc/self/environ",
        "' OR '1'='1",
        f"{KID}\0",
        f"{KID} ",
        KID[:-1],
        KID.swapcase(),
        0,
        None,
        [KID],
        {"kid": KID},
        "https://evil.example/key.pem",
    ],
    ids=lambda kid: str(kid).replace(KID, "KID").replace(KID[:-1], "KI").replace(KID.swapcase(), "kid"),
)
def test_a_key_is_found_by_its_exact_name_alone(kid):
    assert code_of(forged({**HEADER, "kid": kid})) == "token-header"
    assert code_of(forged({name: value for name, value in HEADER.items() if name != "kid"})) == "token-header"


@pytest.mark.parametrize("typ", ["JWT", "at10-checkpoint+jwt", TYPE.upper(), f"application/{TYPE}", "", None, [TYPE]])
def test_a_token_of_another_type_is_refused(typ):
    assert code_of(forged({**HEADER, "typ": typ})) == "token-header"
    assert code_of(TOKEN, typ=str(typ)) == "token-header"


HEADERS = {
    "without a type": packed({"alg": "ES256", "kid": KID}),
    "in another order": f'{{"typ":"{TYPE}","kid":"{KID}","alg":"ES256"}}'.encode(),
    "with spaces": json.dumps(HEADER).encode(),
    "with a line at its end": packed(HEADER) + b"\n",
    "with a byte-order mark": b"\xef\xbb\xbf" + packed(HEADER),
    "with an escape": packed(HEADER).replace(b"ES256", b"\\u0045S256"),
    "with a member twice": packed(HEADER).replace(b"{", b'{"alg":"none",', 1),
    "with a member twice, the good one first": packed(HEADER)[:-1] + b',"alg":"none"}',
    "in UTF-16": json.dumps(HEADER).encode("utf-16"),
    "that is a list": packed([HEADER]),
    "that is nothing": b"{}",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_is_ours_byte_for_byte(header):
    assert code_of(forged(header)) == "token-header"


PARTS = {"payload": PAYLOAD, "protected": FRONT, "signature": SIGNATURE}
SHAPES = {
    "flattened JSON": json.dumps(PARTS),
    "general JSON": json.dumps({"payload": PAYLOAD, "signatures": [{"protected": FRONT, "signature": SIGNATURE}]}),
    "five parts": f"{FRONT}.{PAYLOAD}.{SIGNATURE}.{PAYLOAD}.{SIGNATURE}",
    "four parts": f"{TOKEN}.",
    "two parts": f"{FRONT}.{PAYLOAD}",
    "nothing": "",
    "dots": "..",
    "a detached payload": f"{FRONT}..{SIGNATURE}",
    "no header": f".{PAYLOAD}.{SIGNATURE}",
    "padding": f"{TOKEN}==",
    "padding of the payload": f"{FRONT}.{PAYLOAD}=.{SIGNATURE}",
    "a space before": f" {TOKEN}",
    "a line after": f"{TOKEN}\n",
    "a carriage return after": f"{TOKEN}\r\n",
    "a space inside": f"{FRONT}. {PAYLOAD}.{SIGNATURE}",
    "a NUL after": f"{TOKEN}\0",
    "the other base64 alphabet": f"{FRONT}.{PAYLOAD}.{SIGNATURE[:-2]}+/",
    "letters that only look like ours": TOKEN.replace("e", "е", 1),
    "digits of another script": f"{FRONT}.{PAYLOAD}.{SIGNATURE[:-1]}٣",
    "a signature of DER": f"{FRONT}.{PAYLOAD}.{b64(KEY.sign(b'x', ec.ECDSA(SHA256())))}",
    "a part no base64 can have": f"{FRONT}.{PAYLOAD[: len(PAYLOAD) // 4 * 4]}A.{SIGNATURE}",
    "over 8 KiB": forged(payload={**CLAIMS, "name": "x" * MOST_BYTES}),
    "over 5 MB": "A" * 5_000_000,
}


@pytest.mark.parametrize("token", SHAPES.values(), ids=SHAPES)
def test_only_the_compact_form_is_read(token):
    assert code_of(token) in {"token-shape", "token-not-canonical"}


@pytest.mark.parametrize("position", [0, 1, 2], ids=["header", "payload", "signature"])
def test_the_last_character_of_each_part_counts(position):
    parts = TOKEN.split(".")
    parts[position] = last_altered(parts[position])
    assert code_of(".".join(parts)).startswith("token-")


def test_a_last_character_with_stray_bits_is_not_canonical_even_when_it_is_signed():
    payload = next(b64(packed({**CLAIMS, "n": "x" * n})) for n in range(3) if len(packed({**CLAIMS, "n": "x" * n})) % 3)
    front = f"{FRONT}.{last_altered(payload)}"
    assert unb64(last_altered(payload)) == unb64(payload)
    assert code_of(f"{front}.{b64(raw_signature(front))}") == "token-not-canonical"


def test_of_the_two_signatures_that_are_valid_only_the_lower_one_opens():
    raw = unb64(SIGNATURE)
    malleated = raw[:32] + (ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    assert code_of(f"{FRONT}.{PAYLOAD}.{b64(malleated)}") == "token-signature-form"
    assert code_of(forged(low=False)) == "token-signature-form"


@pytest.mark.parametrize("r", [0, 1, ORDER - 1, ORDER, 2**256 - 1])
@pytest.mark.parametrize("s", [0, 1, ORDER // 2])
def test_degenerate_signatures_do_not_hold(r, s):
    assert code_of(f"{FRONT}.{PAYLOAD}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}") == "token-signature"


NOT_JSON = {
    "blank": b" ", "not JSON": b"hello", "half of it": packed(CLAIMS)[:-1], "two of it": packed(CLAIMS) * 2,
    "latin-1": b'{"iss":"\xe9"}', "UTF-16": json.dumps(CLAIMS).encode("utf-16"), "deep": b"[" * 4000,
    "NaN": packed(CLAIMS)[:-1] + b',"n":NaN}', "infinity": packed(CLAIMS)[:-1] + b',"n":-Infinity}',
    "a number over every bound": packed(CLAIMS)[:-1] + b',"n":1e999}',
    "an integer of five thousand digits": packed(CLAIMS)[:-1] + b',"n":' + b"9" * 5000 + b"}",
}  # fmt: skip


@pytest.mark.parametrize("payload", NOT_JSON.values(), ids=NOT_JSON)
def test_a_signed_payload_that_is_not_strict_json_is_refused(payload):
    assert code_of(forged(payload=payload)) == "token-not-json"


@pytest.mark.parametrize("twice", [b',"jti":"two"}', b',"\\u006ati":"two"}', b',"n":{"a":1,"a":2}}'])
def test_a_claim_that_is_said_twice_is_refused(twice):
    assert code_of(forged(payload=packed(CLAIMS)[:-1] + twice)) == "token-repeats-a-claim"


@pytest.mark.parametrize("payload", [[], [CLAIMS], "text", 1, None, True], ids=str)
def test_a_payload_is_an_object(payload):
    assert code_of(forged(payload=payload)) == "token-not-an-object"


@pytest.mark.parametrize("name", ["iss", "jti", "iat", "exp"])
def test_each_registered_claim_is_required_and_of_its_type(name):
    wrong: list[object] = [None, 1.5, [], {}, True, False]
    wrong += [1] if name in ("iss", "jti") else ["1800000000", 1.8e9]
    assert code_of(forged(payload=without(name))) == f"token-without-{name}"
    for value in wrong:
        assert code_of(forged(payload=without(name, **{name: value}))) == f"token-without-{name}"
        with pytest.raises(Unusable):
            SIGNER.sign(without(name, **{name: value}), typ=TYPE)


def test_no_shorter_token_opens():
    for length in range(len(TOKEN)):
        assert code_of(TOKEN[:length]).startswith("token-")


def test_no_token_with_a_flipped_bit_opens():
    chance = random.Random(20111393)  # noqa: S311 (the same flips in every run)
    for _flip in range(600):
        position, bit = chance.randrange(len(TOKEN)), 1 << chance.randrange(8)
        flipped = TOKEN[:position] + chr(ord(TOKEN[position]) ^ bit) + TOKEN[position + 1 :]
        assert code_of(flipped).startswith("token-")
        parts = [bytearray(unb64(part)) for part in TOKEN.split(".")]
        part = chance.choice(parts)
        part[chance.randrange(len(part))] ^= bit
        assert code_of(".".join(b64(bytes(one)) for one in parts)).startswith("token-")


def test_the_longest_token_opens_and_a_longer_one_is_not_even_signed():
    longest = {**CLAIMS, "name": ""}
    while len(forged(payload=longest)) <= MOST_BYTES - 3:
        missing = (MOST_BYTES - len(forged(payload=longest))) * 3 // 4
        longest["name"] += "x" * max(1, missing)
    assert MOST_BYTES - 3 < len(SIGNER.sign(longest, typ=TYPE)) <= MOST_BYTES
    with pytest.raises(Unusable, match="token-shape"):
        SIGNER.sign({**longest, "name": longest["name"] + "xxxx"}, typ=TYPE)


@pytest.mark.parametrize(
    "claim", [float("nan"), float("inf"), b"bytes", "\ud800", object()], ids=lambda one: type(one).__name__
)
def test_what_strict_json_cannot_say_is_not_signed(claim):
    with pytest.raises(Unusable, match="token-not-json"):
        SIGNER.sign({**CLAIMS, "name": claim}, typ=TYPE)
