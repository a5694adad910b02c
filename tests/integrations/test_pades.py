"""The authority's seal on a certificate: strangers accept it, and nothing in the file can change unseen."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import SignatureCoverageLevel
from pypdf import PdfReader, PdfWriter

from integrations.pades.cms import Parts, attributes, parts_of, signed_data
from integrations.pades.keys import PemKey, chain_of, made_up_pem, pem_chain
from integrations.pades.revision import dissected, sealing
from integrations.pades.seal import ORDER, PadesSeal
from integrations.pdf import CertificatePrinter
from tests.integrations.sealed import (
    AT,
    CERTIFICATES,
    PEM,
    openssl_is_content,
    page,
    pdfsig,
    poppler_is_content,
    pyhanko_says,
    seal,
    sealed,
)
from tests.integrations.test_pdf import ADDRESS, CONTENTS
from vetting.errors import Unusable

STEP = 97
"""Every so many bytes of the printed page one is changed; in what the seal adds, every one."""


def opens(file: bytes) -> bool:
    try:
        seal().open(file)
    except Unusable:
        return False
    return True


def changed(file: bytes, place: int, by: int = 1) -> bytes:
    return file[:place] + bytes((file[place] ^ by,)) + file[place + 1 :]


def test_the_file_begins_with_the_page_as_it_was_printed_and_that_is_what_opens():
    assert sealed().startswith(page())
    assert seal().open(sealed()) == page()


def first_part(file: bytes) -> bytes:
    return file[: file.index(b"\n%%EOF\n") + len(b"\n%%EOF\n")]


def test_whoever_has_only_the_file_finds_the_printed_page_by_its_first_end_of_file():
    assert hashlib.sha256(first_part(sealed())).digest() == hashlib.sha256(page()).digest()


def test_poppler_finds_one_valid_signature_over_the_whole_file(tmp_path):
    assert poppler_is_content(sealed(), tmp_path)
    said = pdfsig(sealed(), tmp_path)
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Signing Hash Algorithm: SHA-256" in said
    assert "CN=Seal of an invented authority" in said


def test_openssl_verifies_it_up_to_the_root_and_to_no_other(tmp_path):
    assert openssl_is_content(sealed(), tmp_path)
    stranger = made_up_pem().partition(b"-----BEGIN CERTIFICATE")[2].partition(b"-----BEGIN CERTIFICATE")
    assert not openssl_is_content(sealed(), tmp_path, root=stranger[1] + stranger[2])


def test_pyhanko_finds_a_trusted_certification_that_allows_no_change():
    status = pyhanko_says(sealed())
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.signer_reported_dt == AT
    (signature,) = PdfFileReader(BytesIO(sealed())).embedded_signatures
    assert signature.docmdp_level is MDPPerm.NO_CHANGES
    assert len(signature.other_embedded_certs) == len(CERTIFICATES) - 1


def test_it_is_baseline_b_the_time_stands_in_the_file_and_not_in_the_message():
    (signature,) = PdfFileReader(BytesIO(sealed())).embedded_signatures
    named = [attribute["type"].native for attribute in signature.signer_info["signed_attrs"]]
    assert sorted(named) == ["content_type", "message_digest", "signing_certificate_v2"]


def test_other_readers_still_see_the_page():
    reader = PdfReader(BytesIO(sealed()))
    assert CONTENTS.holder_name in reader.pages[0].extract_text()
    assert reader.metadata is not None
    assert (reader.metadata.title or "").endswith(CONTENTS.number)


def test_no_byte_of_what_the_seal_adds_can_change():
    assert [place for place in range(len(page()), len(sealed())) if opens(changed(sealed(), place))] == []


@pytest.mark.parametrize("by", [0x01, 0x20, 0x80])
def test_no_byte_of_the_page_can_change(by):
    places = range(by % STEP, len(page()), STEP)
    assert [place for place in places if opens(changed(sealed(), place, by))] == []


def test_strangers_see_a_changed_byte_too(tmp_path):
    behind = sealed().index(b">\n>>\nendobj", len(page()))
    for place in (*range(1000, len(page()), 5003), len(page()) + 10, sealed().index(b"/M (D:") + 8, behind + 20):
        assert not openssl_is_content(changed(sealed(), place), tmp_path), place
        assert not poppler_is_content(changed(sealed(), place), tmp_path), place


def test_a_file_cut_short_or_longer_by_a_byte_does_not_open(tmp_path):
    for end in (0, 5, len(page()) - 1, len(page()), len(page()) + 50, len(sealed()) - 1):
        assert not opens(sealed()[:end])
        assert not poppler_is_content(sealed()[:end], tmp_path)
    for more in (b"\n", b" ", b"%%EOF\n", page()):
        assert not opens(sealed() + more)


def test_a_page_that_is_added_is_seen_by_us_and_by_strangers(tmp_path):
    writer = PdfWriter(BytesIO(sealed()), incremental=True)
    writer.add_blank_page()
    added = BytesIO()
    writer.write(added)
    longer = added.getvalue()
    assert longer.startswith(sealed())
    assert len(PdfReader(BytesIO(longer)).pages) == 2
    assert not opens(longer)
    assert not poppler_is_content(longer, tmp_path)
    assert not pyhanko_says(longer).bottom_line


def test_another_qr_code_in_its_place_is_seen_by_us_and_by_strangers(tmp_path):
    forged = CertificatePrinter().certificate(replace(CONTENTS, verify_url=ADDRESS.replace("7K3M", "9QXD")))
    assert forged != page()
    swapped = forged + sealed()[len(page()) :]
    assert not opens(swapped)
    assert not poppler_is_content(swapped, tmp_path)
    assert not openssl_is_content(swapped, tmp_path)


def test_the_seal_of_anybody_else_does_not_open():
    assert opens(sealed())
    with pytest.raises(Unusable, match="seal-does-not-fit"):
        seal().open(PadesSeal(PemKey(made_up_pem())).seal(page(), at=AT))


@pytest.mark.parametrize("file", [b"", b"%PDF-1.4\n%%EOF\n", b"%%EOF\n%%EOF\n", b"x" * 5000])
def test_what_is_not_sealed_does_not_open(file):
    with pytest.raises(Unusable, match="not-sealed"):
        seal().open(file)
    with pytest.raises(Unusable, match="not-sealed"):
        seal().open(page())


def test_the_twin_of_a_signature_does_not_open():
    """(r, n - s) verifies wherever (r, s) does: one of them is not ours."""
    file, moment, gap = dissected(sealed())
    parts = parts_of(gap)
    r, s = decode_dss_signature(parts.signature)
    prepared, chain = sealing(file, moment, len(gap)), chain_of(pem_chain(PEM))
    signed = attributes(prepared.digest, chain[0])
    assert prepared.filled(signed_data(chain, signed, parts)) == sealed()
    twin = prepared.filled(signed_data(chain, signed, Parts(encode_dss_signature(r, ORDER - s))))
    assert pyhanko_says(twin).bottom_line
    with pytest.raises(Unusable, match="seal-signature"):
        seal().open(twin)


def test_two_seals_of_one_page_differ_and_both_open():
    another = seal().seal(page(), at=AT)
    assert another != sealed()
    assert seal().open(another) == page()


def test_a_seal_whose_certificate_has_ended_seals_nothing_more():
    for at in (datetime(2019, 12, 31, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)):
        with pytest.raises(Unusable, match="seal-certificate-expired"):
            seal().seal(page(), at=at)


@pytest.mark.parametrize(
    "old,new",
    [
        (b"/PageMode /UseNone", b"/AcroForm /UseNone"),
        (b"/Lang (en)", b"/Perms  en"),
        (b"trailer", b"traiter"),
        (b"/Kids", b"/Kits"),
        (b"startxref", b"startxerf"),
        (b"/Annots [", b"/Annots(["),
        (b"%%EOF\n", b"%%EOF"),
        (b"/Root ", b"/Boot "),
    ],
)
def test_a_file_that_our_printer_did_not_write_is_not_sealed(old, new):
    assert page().count(old) >= 1
    assert old == b"%%EOF\n" or len(old) == len(new)  # every object stays where the file says it is
    with pytest.raises(Unusable, match="page-form"):
        seal().seal(page().replace(old, new), at=AT)


def test_a_sealed_file_is_not_sealed_again():
    with pytest.raises(Unusable, match="page-form"):
        seal().seal(sealed(), at=AT)


def with_more(file: bytes) -> bytes:
    """A revision with one more object, which nothing refers to."""
    trailer = file[file.rindex(b"trailer\n") : file.rindex(b"startxref")].replace(b"/Size", b"/Before")
    (size,), (xref,) = re.findall(rb"/Before (\d+)", trailer), re.findall(rb"startxref\n(\d+)\n", file)
    more = b"%s 0 obj\n<< /Said (more) >>\nendobj\n" % size
    table = b"xref\n%s 1\n%010d 00000 n \n" % (size, len(file))
    trailer = trailer.replace(b">>\n", b"/Size %d /Prev %s >>\n" % (int(size) + 1, xref))
    return b"%s%s%s%sstartxref\n%d\n%%%%EOF\n" % (file, more, table, trailer, len(file) + len(more))


def test_a_file_that_was_added_to_before_is_sealed_whole(tmp_path):
    """What carries the claims may be added to the page first; the printed page is still where the file begins."""
    carrying = with_more(page())
    file = seal().seal(carrying, at=AT)
    assert seal().open(file) == carrying
    assert first_part(file) == page()
    assert poppler_is_content(file, tmp_path)
    assert openssl_is_content(file, tmp_path)


def test_the_moment_is_to_the_second_and_in_coordinated_time():
    later = AT.astimezone(tz=None) + timedelta(microseconds=999_999)
    assert re.search(rb"/M \(D:20261124093015Z\)", seal().seal(page(), at=later))
