"""Time stamps on the seal: the authority of these tests is `openssl ts` behind a server of this machine."""

import hashlib
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import settings
from pyhanko.pdf_utils.reader import PdfFileReader

from integrations.pades.cms import Parts, attributes, parts_of, signed_data
from integrations.pades.keys import PemKey, chain_of, pem_chain
from integrations.pades.revision import dissected, sealing
from integrations.pades.seal import PadesSeal
from integrations.pades.timestamps import HttpTimestamps, timestamps_from_environment
from tests.integrations.sealed import (
    AT,
    CERTIFICATES,
    PEM,
    openssl_is_content,
    page,
    poppler_is_content,
    program,
    pyhanko_says,
)
from vetting.errors import Unavailable, Unusable

SETTINGS = """
[tsa]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""
DIGEST = hashlib.sha256(b"a signature").digest()
SOON = 0.6


def certificate(name, key, issuer, signer, *, stamps):
    """Of the root, or of the one who stamps."""
    first, second = (x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one)]) for one in (name, issuer))
    usage = [not stamps if place in {5, 6} else stamps and place == 0 for place in range(9)]
    made = (
        x509.CertificateBuilder()
        .subject_name(first)
        .issuer_name(second)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=not stamps, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(*usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if stamps:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return bytes(made.sign(signer, SHA256()).public_bytes(Encoding.PEM))


class Authority:
    """Stamps what it is asked to. `root` is its root's certificate in PEM."""

    def __init__(self, folder):
        self.folder, self.program = folder, program("openssl")
        root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.root = certificate("Invented time root", root, "Invented time root", root, stamps=False)
        own = certificate("Invented time stamps", key, "Invented time root", root, stamps=True)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        for name, content in (("settings", SETTINGS.encode()), ("serial", b"01\n"), ("own", own), ("key", private)):
            (folder / name).write_bytes(content)

    def answer(self, query):
        (self.folder / "query").write_bytes(query)
        command = "ts -reply -config settings -section tsa -queryfile query -signer own -inkey key -out answer"
        subprocess.run([self.program, *command.split()], cwd=self.folder, capture_output=True, check=True)
        return (self.folder / "answer").read_bytes()


@contextmanager
def served(answer):
    """The address at which `answer` (bytes to bytes, or to None for a failure) answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            said = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(500 if said is None else 200)
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked has gone
                self.wfile.write(said or b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/stamp"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


def stamps(address, authority, **more):
    return HttpTimestamps(address, pem_chain(authority.root), **more)


def test_a_seal_with_a_time_stamp_is_accepted_by_strangers(authority, tmp_path):
    with served(authority.answer) as address:
        seal = PadesSeal(PemKey(PEM), timestamps=stamps(address, authority))
        file = seal.seal(page(), at=AT)
    assert seal.open(file) == page()
    assert poppler_is_content(file, tmp_path)
    assert openssl_is_content(file, tmp_path)
    status = pyhanko_says(file, CERTIFICATES[-1] + authority.root)
    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.trusted
    assert abs(status.timestamp_validity.timestamp - datetime.now(UTC)) < timedelta(minutes=1)


def test_openssl_verifies_the_time_stamp_over_the_signature(authority, tmp_path):
    with served(authority.answer) as address:
        token = stamps(address, authority).stamp(DIGEST)
    (tmp_path / "token").write_bytes(token)
    (tmp_path / "root").write_bytes(authority.root)
    command = f"ts -verify -digest {DIGEST.hex()} -in token -token_in -CAfile root"
    run = subprocess.run([authority.program, *command.split()], cwd=tmp_path, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr


def test_what_is_stamped_is_the_signature(authority):
    with served(authority.answer) as address:
        file = PadesSeal(PemKey(PEM), timestamps=stamps(address, authority)).seal(page(), at=AT)
    (signature,) = PdfFileReader(BytesIO(file)).embedded_signatures
    signer = signature.signer_info
    (token,) = signer["unsigned_attrs"][0]["values"]
    imprint = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
    assert imprint["hashed_message"].native == hashlib.sha256(signer["signature"].native).digest()


def test_the_signed_bytes_of_a_time_stamp_cannot_change(authority):
    with served(authority.answer) as address:
        source = stamps(address, authority)
        token = source.stamp(DIGEST)
    assert source.moment(token, DIGEST) <= datetime.now(UTC)
    said = token.index(DIGEST)
    for place in (said - 9, said, said + 31, said + 40, len(token) - 20):
        with pytest.raises(Unusable, match="timestamp-"):
            source.moment(token[:place] + bytes((token[place] ^ 1,)) + token[place + 1 :], DIGEST)
    with pytest.raises(Unusable, match="timestamp-not-trusted"):
        source.moment(token, hashlib.sha256(b"another").digest())


def test_without_who_gave_it_a_stamped_seal_does_not_open(authority):
    with served(authority.answer) as address:
        file = PadesSeal(PemKey(PEM), timestamps=stamps(address, authority)).seal(page(), at=AT)
    with pytest.raises(Unusable, match="seal-time-unknown"):
        PadesSeal(PemKey(PEM)).open(file)


def test_a_stamp_over_another_signature_does_not_open(authority):
    with served(authority.answer) as address:
        source = stamps(address, authority)
        seal = PadesSeal(PemKey(PEM), timestamps=source)
        file = seal.seal(page(), at=AT)
        other = source.stamp(DIGEST)
    printed, moment, gap = dissected(file)
    prepared, chain = sealing(printed, moment, len(gap)), chain_of(pem_chain(PEM))
    parts, signed = parts_of(gap), attributes(prepared.digest, chain[0])
    assert prepared.filled(signed_data(chain, signed, parts)) == file
    with pytest.raises(Unusable, match="timestamp-not-trusted"):
        seal.open(prepared.filled(signed_data(chain, signed, Parts(parts.signature, other))))


def test_an_authority_that_is_not_trusted_stamps_nothing(authority, tmp_path_factory):
    stranger = Authority(tmp_path_factory.mktemp("stranger"))
    with served(stranger.answer) as address, pytest.raises(Unusable, match="timestamp-not-trusted"):
        stamps(address, authority).stamp(DIGEST)


def test_an_earlier_answer_is_no_answer(authority):
    kept = []

    def again(query):
        kept.append(authority.answer(query))
        return kept[0]

    with served(again) as address:
        source = stamps(address, authority)
        source.stamp(DIGEST)
        with pytest.raises(Unusable, match="timestamp-refused"):
            source.stamp(DIGEST)


@pytest.mark.parametrize("said", [b"", b"no", b"\x30\x03\x02\x01\x00", b"\x30\x05\x30\x03\x02\x01\x02", b"\x30\x84"])
def test_what_is_no_time_stamp_is_refused(authority, said):
    with served(lambda _: said) as address, pytest.raises(Unusable, match="timestamp-refused"):
        stamps(address, authority).stamp(DIGEST)


def test_a_failure_and_too_much_are_tried_again_later(authority):
    for said in (None, bytes(50_000)):
        with served(lambda _, said=said: said) as address, pytest.raises(Unavailable):
            stamps(address, authority).stamp(DIGEST)
    with pytest.raises(Unavailable):
        stamps("http://127.0.0.1:9/", authority).stamp(DIGEST)


def test_an_answer_that_is_slow_is_over_at_the_deadline(authority):
    def slow(query):
        time.sleep(5 * SOON)
        return authority.answer(query)

    with served(slow) as address:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            stamps(address, authority, deadline=SOON).stamp(DIGEST)
        assert time.monotonic() - began < 4 * SOON


@pytest.mark.parametrize("address", ["", "stamps.example", "ftp://stamps.example/", "file:///etc/passwd"])
def test_time_stamps_come_from_the_web(authority, address):
    with pytest.raises(Unusable, match="timestamp-address"):
        stamps(address, authority)


def test_the_environment_names_who_stamps_and_whom_to_trust(monkeypatch, authority, tmp_path):
    monkeypatch.delenv("TIMESTAMP_URL", raising=False)
    assert timestamps_from_environment() is None
    monkeypatch.setenv("TIMESTAMP_URL", "https://stamps.example/")
    with pytest.raises(Unusable, match="timestamp-roots-missing"):
        timestamps_from_environment()
    (tmp_path / "roots.pem").write_bytes(authority.root)
    monkeypatch.setenv("TIMESTAMP_ROOTS_FILE", str(tmp_path / "roots.pem"))
    assert timestamps_from_environment() is not None
    (tmp_path / "roots.pem").write_bytes(re.sub(b"CERTIFICATE", b"KEY", authority.root))
    with pytest.raises(Unusable, match="timestamp-roots-missing"):
        timestamps_from_environment()


def test_the_library_for_time_stamps_is_not_loaded_without_them():
    program_text = (
        "import sys; from integrations.pades.keys import *; from integrations.pades.seal import PadesSeal;"
        "import integrations.pades; PadesSeal(PemKey(made_up_pem()));"
        "sys.exit(any(name.partition('.')[0] in ('pyhanko', 'aiohttp', 'asn1crypto') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program_text], cwd=settings.BASE_DIR, check=False).returncode == 0
