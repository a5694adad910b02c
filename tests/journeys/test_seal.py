"""What the holder gets is sealed, the token speaks of the page in it, and only one sealed file is ever published."""

import hashlib
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from integrations.pades.keys import PemKey, made_up_pem
from integrations.pades.seal import PadesSeal
from tests import given
from tests.integrations.sealed import openssl_is_content, poppler_is_content
from tests.integrations.test_pdf import CONTENTS
from vetting.audit.ports import SYSTEM
from vetting.cases.rules import CaseState
from vetting.certificates import services as certificates
from vetting.certificates.gateways import authority_seal, printer, signer
from vetting.certificates.models import Certificate
from vetting.certificates.queries import contents_of, live_certificate, page_of
from vetting.certificates.rules import CertificateState, IllegalMove
from vetting.errors import Unavailable, Unusable
from vetting.keys.queries import seal as encrypt
from vetting.keys.queries import unseal
from vetting.keys.services import destroy_key
from vetting.pipeline import CERTIFICATE_TYPE

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued():
    certificate = live_certificate(given.case_cleared(given.world()))
    assert certificate is not None
    return certificate


def token_of(certificate):
    return unseal(certificate.case.ref, f"token/{certificate.jti}", bytes(certificate.sealed_token)).decode()


def test_the_holder_gets_a_file_that_strangers_find_sealed_whole(issued, tmp_path):
    file = page_of(issued)
    assert poppler_is_content(file, tmp_path)
    root = authority_seal().certificates().rpartition(b"-----BEGIN")
    assert openssl_is_content(file, tmp_path, root=root[1] + root[2])


def test_the_token_names_the_digest_of_the_page_that_was_sealed(issued):
    token = token_of(issued).encode()
    page = authority_seal().open(page_of(issued)).replace(token, b" " * len(token))
    assert page == printer().certificate(contents_of(issued))
    claims = signer().open(token_of(issued), typ=CERTIFICATE_TYPE)
    assert claims["page_sha256"] == hashlib.sha256(page).hexdigest()
    assert issued.page_digest == hashlib.sha256(page_of(issued)).hexdigest()


def test_after_a_crash_between_sealing_and_publishing_the_file_published_first_stays(issued):
    """Another process, which had found the same intent, comes with its own token and its own seal."""
    page = printer().certificate(contents_of(issued))
    at = given.START
    another = authority_seal().seal(page, at=at)
    before = (page_of(issued), token_of(issued))
    assert another != before[0]
    with pytest.raises(IllegalMove):
        certificates.publish(issued.jti, token="another", page=another, actor=SYSTEM, at=at)
    issued.refresh_from_db()
    assert (page_of(issued), token_of(issued)) == before


class Unreachable(PemKey):
    """A key in a module that does not answer."""

    def sign(self, _data):
        raise Unavailable("key")


class Exchanged(PemKey):
    """A module in which somebody put another key."""

    def sign(self, data):
        return PemKey(made_up_pem()).sign(data)


def unreachable():
    return PadesSeal(Unreachable(made_up_pem()))


def exchanged():
    return PadesSeal(Exchanged(made_up_pem()))


@pytest.mark.parametrize("seal,fault", [("unreachable", Unavailable), ("exchanged", Unusable)])
def test_while_the_seal_cannot_be_had_nothing_is_published_and_later_it_is(settings, seal, fault):
    world = given.world()
    with settings_of_the_seal(settings, f"{__name__}.{seal}"), pytest.raises(fault):
        given.case_cleared(world)
    certificate = Certificate.objects.get()
    assert certificate.case.state == CaseState.CLEARED
    assert certificate.state == CertificateState.INTENDED
    assert live_certificate(certificate.case) is None
    given.advance(world, certificate.case, minutes=5)
    assert live_certificate(certificate.case) == certificate


@contextmanager
def settings_of_the_seal(settings, path):
    """Another seal for a while."""
    usual, settings.SEAL = settings.SEAL, path
    authority_seal.cache_clear()
    try:
        yield
    finally:
        settings.SEAL = usual
        authority_seal.cache_clear()


def test_the_certificates_of_the_seal_are_there_for_whoever_wants_to_know_it(client):
    response = client.get(reverse("verifier:seal"))
    assert response.headers["Content-Type"] == "application/pem-certificate-chain"
    assert response.content == authority_seal().certificates()
    assert b"PRIVATE" not in response.content


def test_the_seal_is_dated_when_the_certificate_was_issued(issued):
    stamp = page_of(issued).rpartition(b"/M (D:")[2][:8].decode()
    assert stamp == issued.issued_on.strftime("%Y%m%d")


def test_the_checker_opens_every_certificate_again(issued):
    said = StringIO()
    call_command("verify_certificates", stdout=said)
    assert said.getvalue() == "1 certificates: every token and every seal opens, and they agree.\n"


def stored(certificate, *, page):
    """Somebody who has the database and the keys puts another file there, and its digest."""
    certificate.sealed_page = encrypt(certificate.case.ref, f"page/{certificate.jti}", page)
    certificate.page_digest = hashlib.sha256(page).hexdigest()
    certificate.save()


@pytest.mark.parametrize(
    "change,sentence",
    [
        (lambda file: file[:-9] + b"x" + file[-8:], "token or seal do not open"),
        (lambda file: authority_seal().open(file), "token or seal do not open (not-sealed)"),
        (lambda _: authority_seal().seal(printer().certificate(CONTENTS), at=given.START), "do not belong together"),
    ],
)
def test_the_checker_finds_a_file_that_is_not_what_was_issued(issued, change, sentence):
    stored(issued, page=change(page_of(issued)))
    said = StringIO()
    with pytest.raises(CommandError, match="1 faults in 1 certificates"):
        call_command("verify_certificates", stderr=said)
    assert issued.number in said.getvalue()
    assert sentence in said.getvalue()


def test_the_checker_finds_another_file_that_is_sealed_and_says_the_same(issued):
    again = authority_seal().seal(authority_seal().open(page_of(issued)), at=given.START)
    digest = issued.page_digest
    stored(issued, page=again)
    Certificate.objects.update(page_digest=digest)
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_certificates", stderr=said)
    assert "not the one that was published" in said.getvalue()


def test_the_checker_says_nothing_of_what_was_erased(issued):
    destroy_key(issued.case.ref)
    said = StringIO()
    call_command("verify_certificates", stdout=said)
    assert "every seal opens" in said.getvalue()
