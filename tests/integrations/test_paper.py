"""A certificate's file: it carries its token, and nothing in it can be changed or added unseen but a seal."""

import hashlib
import json
import random
from datetime import datetime
from io import BytesIO

import pytest
from django.utils.timezone import localtime
from joserfc import jwk as other_keys
from joserfc import jwt as other_library
from pypdf import PdfReader, PdfWriter

from integrations.jose.paper import ROOM, Unfit, paper
from integrations.jose.verify import WORDS, main
from integrations.pdf import CertificatePrinter
from integrations.pdf.token import filled
from tests import given
from tests.integrations.seals import added_to, sealed
from tests.integrations.test_pdf import CONTENTS
from vetting import pipeline
from vetting.certificates.gateways import signer
from vetting.certificates.models import Certificate, StatusList
from vetting.certificates.queries import page_of
from vetting.errors import Unusable

TOKEN = f"{'a' * 300}.{'b' * 700}.{'c' * 86}"
PRINTER = CertificatePrinter()
BLANK = PRINTER.certificate(CONTENTS)
PAGE = PRINTER.carrying(BLANK, TOKEN)
LENGTH, DIGEST = len(BLANK), hashlib.sha256(BLANK).hexdigest()


def why(raw):
    with pytest.raises(Unfit) as unfit:
        paper(raw).check(LENGTH, DIGEST)
    return unfit.value.reason


def test_the_token_is_an_attachment_that_any_reader_of_pdf_shows():
    attached = PdfReader(BytesIO(PAGE)).attachments
    assert list(attached) == ["clearance.jwt"]
    assert attached["clearance.jwt"][0].decode().strip() == TOKEN


def test_the_same_page_and_token_give_the_same_bytes():
    assert PRINTER.carrying(PRINTER.certificate(CONTENTS), TOKEN) == PAGE
    assert len(PAGE) == len(BLANK)
    assert paper(PAGE).token == TOKEN
    assert paper(PAGE).check(LENGTH, DIGEST) is False


@pytest.mark.parametrize(
    "token", ["", "a.b", "x" * 9000, f"{TOKEN} ", f"{'a' * 9000}.b.{'c' * 86}", "(\\)endstream.a.b"]
)
def test_only_a_token_is_put_there(token):
    with pytest.raises(Unusable, match="certificate-token"):
        filled(BLANK, token)
    with pytest.raises(Unusable, match="certificate-token"):
        filled(PAGE, TOKEN)


def test_no_changed_byte_of_the_page_passes():
    """The token's own bytes are under its signature."""
    start, chance = paper(PAGE).start, random.Random(20111393)  # noqa: S311 (the same bytes in every run)
    for _ in range(300):
        place = chance.randrange(len(PAGE))
        altered = bytearray(PAGE)
        altered[place] ^= 1 << chance.randrange(8)
        if start <= place < start + len(TOKEN):
            continue
        assert why(bytes(altered)) in {"page-altered", "no-token"}


@pytest.mark.parametrize("length", [0, -1, True, None, "54729", 1.5, LENGTH + 1, 10**30])
def test_the_length_is_a_length(length):
    with pytest.raises(Unfit, match="page-altered"):
        paper(PAGE).check(length, DIGEST)


def test_a_file_without_a_token_or_with_two_or_too_long_is_not_read():
    assert why(BLANK) == "no-token"
    assert why(b"%PDF-1.4\nhello") == "no-token"
    assert why(PAGE[: len(PAGE) // 2]) in {"no-token", "page-altered"}
    assert why(PAGE + PAGE) == "several-tokens"
    assert why(PAGE + b" " * 9_000_000) == "too-long"


def test_a_copy_saved_by_another_program_is_not_what_was_issued():
    writer = PdfWriter(clone_from=BytesIO(PAGE))
    written = BytesIO()
    writer.write(written)
    assert why(written.getvalue()) in {"page-altered", "no-token"}


def test_a_seal_may_follow_and_is_not_judged_here():
    assert paper(sealed(PAGE)).check(LENGTH, DIGEST) is True
    assert PdfReader(BytesIO(PAGE)).pages[0].extract_text()


@pytest.mark.parametrize("copy", added_to(PAGE).values(), ids=added_to(PAGE))
def test_nothing_else_may_follow(copy):
    assert why(copy) == "page-added-to"


@pytest.fixture
def issued(db, tmp_path, time_machine):
    """A certificate from the services, and copies of what is published."""
    world = given.world()
    time_machine.move_to(world.clock.now)
    certificate = Certificate.objects.get(case=given.case_cleared(world))
    pipeline.publish_lists(world.clock.forward(minutes=10))
    (tmp_path / "page.pdf").write_bytes(page_of(certificate))
    keys = {"issuer": "http://localhost:8000", **signer().public_keys()}
    (tmp_path / "jwks.json").write_text(json.dumps(keys))
    (tmp_path / "list").write_text(StatusList.objects.get().token)
    return tmp_path, world


def check(folder, at: datetime):
    named = [str(folder / name) for name in ("page.pdf", "jwks.json", "list")]
    return main([named[0], "--keys", named[1], "--status", named[2], "--at", localtime(at).isoformat()])


def test_the_page_that_the_services_issue_verifies_without_them(issued, capsys):
    folder, world = issued
    assert check(folder, world.clock.now) == 0
    assert "Ivanka Izmislena" in capsys.readouterr().out
    assert check(folder, world.clock.forward(days=400)) == 1


def test_every_altered_copy_of_it_is_refused(issued, capsys):
    folder, world = issued
    page = (folder / "page.pdf").read_bytes()
    start, token = paper(page).start, paper(page).token
    other = f"{token[:-50]}{'A' if token[-50] != 'A' else 'B'}{token[-49:]}"
    copies = {
        "page-altered": page.replace(b"/Title", b"/Titel"),
        "page-added-to": page + b"\n%%EOF\n",
        "signature": page[:start] + other.ljust(ROOM).encode() + page[start + ROOM :],
        "no-token": page[: start + 100],
    }
    for reason, copy in copies.items():
        (folder / "page.pdf").write_bytes(copy)
        assert check(folder, world.clock.now) == 2
        assert WORDS[reason] in capsys.readouterr().out


def test_the_token_of_another_certificate_does_not_go_with_this_page(issued, capsys):
    folder, world = issued
    other = Certificate.objects.get(case=given.case_cleared(world))
    pages = [(folder / "page.pdf").read_bytes(), page_of(other)]
    token = paper(pages[1]).token
    start = paper(pages[0]).start
    (folder / "page.pdf").write_bytes(pages[0][:start] + token.ljust(ROOM).encode() + pages[0][start + ROOM :])
    assert check(folder, world.clock.now) == 2
    assert WORDS["page-altered"] in capsys.readouterr().out


def test_a_library_of_others_reads_the_token_of_the_page(issued):
    folder, _ = issued
    keys = other_keys.KeySet.import_key_set(json.loads((folder / "jwks.json").read_text()))
    read = other_library.decode(paper((folder / "page.pdf").read_bytes()).token, keys, algorithms=["ES256"])
    assert read.header["typ"] == "at10-clearance+jwt"
    assert read.claims["holder_name"] == "Ivanka Izmislena"
