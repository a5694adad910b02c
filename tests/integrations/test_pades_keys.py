"""Keys of the seal: what belongs together, where they come from, and what set-up makes."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from integrations.pades import from_environment
from integrations.pades.keys import PemKey, made_up_pem, pem_chain
from integrations.pades.seal import PadesSeal
from tests.integrations.sealed import AT, CERTIFICATES, PEM, page, sealed
from vetting.errors import Unusable

FOR_ITS_OWNER_ALONE = 0o600


def test_a_key_elsewhere_may_seal():
    """A hardware module or a service gives its certificates and signs what it is handed."""

    class Elsewhere:
        asked: list[bytes] = []

        def chain(self):
            return pem_chain(PEM)

        def sign(self, data):
            self.asked.append(data)
            return PemKey(PEM).sign(data)

    key = Elsewhere()
    other = PadesSeal(key)
    assert other.open(other.seal(page(), at=AT)) == page()
    assert len(key.asked) == 1
    assert len(key.asked[0]) < 250


def rsa_pem() -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + b"".join(CERTIFICATES)


PRIVATE = PEM.partition(b"-----BEGIN CERTIFICATE")[0]


@pytest.mark.parametrize(
    "pem,code",
    [
        (PRIVATE, "seal-key-of-another-certificate"),
        (made_up_pem().partition(b"-----BEGIN CERTIFICATE")[0] + b"".join(CERTIFICATES), "seal-key-of-another"),
        (b"".join(CERTIFICATES), "seal-key-not-pem"),
        (rsa_pem(), "seal-key-not-p256"),
        (PRIVATE + CERTIFICATES[0], "seal-certificate-chain"),
        (PRIVATE + CERTIFICATES[0] + CERTIFICATES[0], "seal-certificate-chain"),
        (PRIVATE + b"-----BEGIN CERTIFICATE-----\n!\n", "seal-certificate-form"),
        (b"", "seal-key-not-pem"),
    ],
)
def test_a_key_and_certificates_that_do_not_belong_together_are_refused(pem, code):
    with pytest.raises(Unusable, match=code):
        PadesSeal(PemKey(pem))


def test_a_root_is_no_seal():
    with pytest.raises(Unusable, match="seal-certificate"):
        PadesSeal(PemKey(PEM), retired=[pem_chain(CERTIFICATES[1])])


@pytest.fixture
def environment(monkeypatch):
    for name in ("SEAL_KEY", "SEAL_KEY_FILE", "SEALS_RETIRED_DIR", "TIMESTAMP_URL", "TIMESTAMP_ROOTS_FILE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_without_a_key_there_is_no_seal(environment, tmp_path):
    for path in ("", str(tmp_path / "absent.pem"), str(tmp_path)):
        environment.setenv("SEAL_KEY_FILE", path)
        with pytest.raises(Unusable, match="no-seal-key"):
            from_environment()
    environment.delenv("SEAL_KEY_FILE")
    with pytest.raises(Unusable, match="no-seal-key"):
        from_environment(create=True)


def test_a_seal_made_at_set_up_says_so_is_for_its_owner_alone_and_stays(environment, tmp_path):
    path = tmp_path / "keys" / "seal.pem"
    environment.setenv("SEAL_KEY_FILE", str(path))
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: from_environment(create=True).certificates(), range(8)))
    assert len(set(made)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == FOR_ITS_OWNER_ALONE
    assert list(path.parent.iterdir()) == [path]
    assert from_environment().made_up
    assert b"PRIVATE" not in from_environment().certificates()


def test_what_an_older_seal_has_sealed_opens_while_its_certificates_are_kept(environment, tmp_path):
    (tmp_path / "old.pem").write_bytes(b"".join(CERTIFICATES))
    environment.setenv("SEAL_KEY", made_up_pem("An authority whose name leaves no room for another's seal").decode())
    with pytest.raises(Unusable, match="seal-does-not-fit"):
        from_environment().open(sealed())
    environment.setenv("SEALS_RETIRED_DIR", str(tmp_path))
    assert from_environment().open(sealed()) == page()
    assert not from_environment().made_up
