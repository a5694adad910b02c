"""Which keys sign and open, where they come from, and that a stranger's library reads what we sign."""

import base64
import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from joserfc import jwk as other_keys
from joserfc import jws as other_library

from integrations.jose.signer import ORDER, Es256Signer, from_environment, generate_private_pem
from vetting.errors import Unusable

ROOT = Path(__file__).resolve().parents[2]
TYPE = "at10-clearance+jwt"
CLAIMS = {"iss": "https://check.example", "jti": "one", "iat": 1_700_000_000, "exp": 1_800_000_000, "name": "Ødegård"}
VARIABLES = ("CERTIFICATE_KEY", "CERTIFICATE_KEY_FILE", "CERTIFICATE_KEYS_RETIRED_DIR")


@pytest.fixture
def environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def public_pem(private_pem):
    key = load_pem_private_key(private_pem, password=None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private_pem(key, encryption=None):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


OTHER_KEYS = {
    "RSA": (private_pem(rsa.generate_private_key(65537, 2048)), "signing-key-not-p256"),
    "P-384": (private_pem(ec.generate_private_key(ec.SECP384R1())), "signing-key-not-p256"),
    "secp256k1": (private_pem(ec.generate_private_key(ec.SECP256K1())), "signing-key-not-p256"),
    "Ed25519": (private_pem(ed25519.Ed25519PrivateKey.generate()), "signing-key-not-p256"),
    "encrypted": (
        private_pem(ec.generate_private_key(ec.SECP256R1()), BestAvailableEncryption(b"invented")),
        "signing-key-not-pem",
    ),
    "public": (public_pem(generate_private_pem()), "signing-key-not-pem"),
    "text": (b"hello", "signing-key-not-pem"),
    "nothing": (b"", "signing-key-not-pem"),
}


@pytest.mark.parametrize("pem, code", OTHER_KEYS.values(), ids=OTHER_KEYS)
def test_only_a_private_p_256_key_signs(pem, code):
    with pytest.raises(Unusable) as refusal:
        Es256Signer(pem)
    assert refusal.value.code == code
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("pem", [public_pem(OTHER_KEYS["RSA"][0]), public_pem(OTHER_KEYS["P-384"][0])])
def test_only_p_256_keys_retire(pem):
    with pytest.raises(Unusable, match="retired-key-not-p256"):
        Es256Signer(generate_private_pem(), (pem,))
    with pytest.raises(Unusable, match="signing-key-not-pem"):
        Es256Signer(generate_private_pem(), (b"hello",))


def test_a_token_of_a_retired_key_opens_and_one_of_an_unknown_key_does_not():
    old, new, strange = generate_private_pem(), generate_private_pem(), generate_private_pem()
    signer = Es256Signer(new, (public_pem(old),))
    assert signer.open(Es256Signer(old).sign(CLAIMS, typ=TYPE), typ=TYPE) == CLAIMS
    with pytest.raises(Unusable, match="token-header"):
        signer.open(Es256Signer(strange).sign(CLAIMS, typ=TYPE), typ=TYPE)
    published = [key["kid"] for key in signer.public_keys()["keys"]]
    assert published == [Es256Signer(pem).public_keys()["keys"][0]["kid"] for pem in (new, old)]


def test_a_token_that_names_the_retired_key_but_is_signed_by_the_present_one_is_refused():
    old, new = generate_private_pem(), generate_private_pem()
    signer = Es256Signer(new, (public_pem(old),))
    by_old, by_new = Es256Signer(old).sign(CLAIMS, typ=TYPE), signer.sign(CLAIMS, typ=TYPE)
    front, _, _ = by_old.rpartition(".")
    _, _, signature = by_new.rpartition(".")
    with pytest.raises(Unusable, match="token-signature"):
        signer.open(f"{front}.{signature}", typ=TYPE)


def test_what_is_published_holds_no_private_number():
    for key in Es256Signer(generate_private_pem()).public_keys()["keys"]:
        assert set(key) == {"crv", "kty", "x", "y", "kid", "alg", "use"}


def test_an_expired_token_opens_because_the_row_decides():
    signer = Es256Signer(generate_private_pem())
    assert signer.open(signer.sign({**CLAIMS, "exp": 1}, typ=TYPE), typ=TYPE)["exp"] == 1


def test_of_fifty_signatures_all_have_the_lower_s_and_no_two_are_alike():
    signer = Es256Signer(generate_private_pem())
    raw = [base64.urlsafe_b64decode(signer.sign(CLAIMS, typ=TYPE)[-86:] + "==") for _ in range(50)]
    assert all(0 < int.from_bytes(one[32:], "big") <= ORDER // 2 for one in raw)
    assert len({one[:32] for one in raw}) == 50


def test_a_stranger_verifies_with_an_independent_library_and_the_published_keys_alone():
    signer = Es256Signer(generate_private_pem())
    token = signer.sign(CLAIMS, typ=TYPE)
    keys = other_keys.KeySet.import_key_set(json.loads(json.dumps(signer.public_keys())))
    read = other_library.deserialize_compact(token, keys, algorithms=["ES256"])
    assert json.loads(read.payload) == CLAIMS
    assert keys.keys[0].thumbprint() == signer.public_keys()["keys"][0]["kid"]


def test_a_stranger_verifies_with_bare_cryptography():
    signer = Es256Signer(generate_private_pem())
    header, payload, signature = signer.sign(CLAIMS, typ=TYPE).split(".")

    def raw(text):
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    said = json.loads(raw(header))
    jwk = next(key for key in signer.public_keys()["keys"] if key["kid"] == said["kid"])
    x, y = (int.from_bytes(raw(jwk[name]), "big") for name in ("x", "y"))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    r, s = (int.from_bytes(half, "big") for half in (raw(signature)[:32], raw(signature)[32:]))
    key.verify(encode_dss_signature(r, s), f"{header}.{payload}".encode(), ec.ECDSA(SHA256()))
    assert json.loads(raw(payload)) == CLAIMS
    with pytest.raises(InvalidSignature):
        key.verify(encode_dss_signature(r, s), f"{header}.{payload}x".encode(), ec.ECDSA(SHA256()))


def test_without_a_key_there_is_no_signer(environment, tmp_path):
    for path in ("", str(tmp_path / "absent.pem"), str(tmp_path)):
        environment.setenv("CERTIFICATE_KEY_FILE", path)
        with pytest.raises(Unusable) as refusal:
            from_environment()
        assert refusal.value.code == "no-signing-key"
    environment.delenv("CERTIFICATE_KEY_FILE")
    with pytest.raises(Unusable, match="no-signing-key"):
        from_environment(create=True)


def test_a_created_key_file_is_for_its_owner_alone_and_stays(environment, tmp_path):
    path = tmp_path / "keys" / "certificate.pem"
    environment.setenv("CERTIFICATE_KEY_FILE", str(path))
    mask = os.umask(0)
    try:
        token = from_environment(create=True).sign(CLAIMS, typ=TYPE)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]
    assert from_environment(create=True).open(token, typ=TYPE) == CLAIMS
    assert from_environment().open(token, typ=TYPE) == CLAIMS


def test_processes_that_create_the_key_at_once_agree_on_one(environment, tmp_path):
    environment.setenv("CERTIFICATE_KEY_FILE", str(tmp_path / "certificate.pem"))
    with ThreadPoolExecutor(8) as pool:
        signers = list(pool.map(lambda _: from_environment(create=True), range(8)))
    assert len({signer.public_keys()["keys"][0]["kid"] for signer in signers}) == 1


def test_retired_keys_come_from_a_folder_of_pem_files(environment, tmp_path):
    old = generate_private_pem()
    (tmp_path / "old.pem").write_bytes(public_pem(old))
    (tmp_path / "README").write_text("not a key")
    environment.setenv("CERTIFICATE_KEY", generate_private_pem().decode())
    environment.setenv("CERTIFICATE_KEYS_RETIRED_DIR", str(tmp_path))
    assert from_environment().open(Es256Signer(old).sign(CLAIMS, typ=TYPE), typ=TYPE) == CLAIMS


def test_the_pure_python_curve_with_its_timing_leak_is_never_loaded():
    program = (
        "import sys; from integrations.jose.signer import *; s = Es256Signer(generate_private_pem());"
        "s.open(s.sign({'iss': 'a', 'jti': 'b', 'iat': 1, 'exp': 2}, typ='t'), typ='t');"
        "sys.exit(any(name.partition('.')[0] in ('ecdsa', 'rsa', 'Crypto') for name in sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=False)
    assert ended.returncode == 0
