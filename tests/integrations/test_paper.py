"""A certificate's file: it carries its token, and nothing in it can be changed or added unseen but a seal."""

import hashlib
import json
import random
import re
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


SEAL = """5 0 obj
<<\n/Annots [ 4 0 R 26 0 R ]\n{page}>>
endobj
18 0 obj
<<\n{root}/AcroForm 25 0 R\n/Metadata 28 0 R\n>>
endobj
25 0 obj
<<\n/Fields [ 26 0 R ]\n/SigFlags 3\n>>
endobj
26 0 obj
<<\n/FT /Sig\n/T (Seal)\n/Type /Annot\n/Subtype /Widget\n/F 132\n/Rect [ 0 0 0 0 ]\n/P 5 0 R\n/V 27 0 R\n>>
endobj
27 0 obj
<<\n/Contents <3082>\n/ByteRange [0 {gap} {rest} 99]\n/Type /Sig\n/SubFilter /ETSI.CAdES.detached\n>>
endobj
28 0 obj
<<\n/Type /Metadata\n/Subtype /XML\n/Length 20\n>>\nstream\n<rdf xmlns="a#b"/>...\nendstream
endobj
{more}"""
END = """xref
0 1
0000000000 65535 f 
5 1
0000000000 00000 n 
18 1
0000000000 00000 n 
25 {count}
{entries}trailer
<<\n/Info 19 0 R\n/Root 18 0 R\n/Size {size}\n/Prev {prior}\n>>
startxref
{table}
%%EOF
"""  # noqa: W291 (the lines of such a table end so)


def body_of(number):
    """The dictionary of an object, without its brackets."""
    (found,) = re.findall(rb"\n%d 0 obj\n<<\n(.*?)>>\nendobj" % number, PAGE, re.DOTALL)
    return found.decode("latin-1")


PAGE_BODY = re.sub(r"/Annots \[[^\]]*\] ?", "", body_of(5))
(PRIOR,) = re.findall(rb"startxref\n(\d+)", PAGE)


def sealed(*, more="", page=PAGE_BODY, root=None, count=4, change=lambda seal: seal, moved=0):
    """The page with an increment as a library for signatures writes it, or with one that does more."""
    gap = len(PAGE) + 1000
    seal = change(SEAL.format(page=page, root=root or body_of(18), gap=gap, rest=gap + 6, more=more))
    entries = "0000000000 00000 n \n" * count
    end = END.format(
        count=count, entries=entries, size=25 + count, prior=PRIOR.decode(), table=len(PAGE) + len(seal) + moved
    )
    return PAGE + (seal + end).encode("latin-1")


def test_a_seal_may_follow_and_is_not_judged_here():
    assert paper(sealed()).check(LENGTH, DIGEST) is True
    assert PdfReader(BytesIO(PAGE)).pages[0].extract_text()


OTHER = "29 0 obj\n<<\n/Length 5\n>>\nstream\nhello\nendstream\nendobj\n"
ADDED = {
    "a line": lambda: PAGE + b"\n",
    "words in a comment": lambda: PAGE + b"%/ByteRange [0 99999999 1 1]\n",
    "a whole other file": lambda: PAGE + BLANK,
    "another drawing of the page": lambda: sealed(
        more=OTHER, count=5, page=re.sub(r"/Contents \d+ 0 R", "/Contents 29 0 R", PAGE_BODY)
    ),
    "another drawing under the old number": lambda: sealed(more=OTHER.replace("29 0", "21 0", 1)),
    "another place for the old drawing": lambda: sealed(
        change=lambda seal: seal
    ).replace(b"18 1\n0000000000 00000 n \n25 4", b"18 4\n" + b"0000000000 00000 n \n" * 4 + b"25 4"),
    "a page": lambda: sealed(root=body_of(18).replace("/Pages 20 0 R", "/Pages 29 0 R")),
    "other pages under the old number": lambda: sealed(more=OTHER.replace("29 0", "20 0", 1)),
    "a note over the name": lambda: sealed(change=lambda seal: seal.replace("/Subtype /Widget", "/Subtype /FreeText")),
    "a note in disguise": lambda: sealed(change=lambda seal: seal.replace("/Subtype /Widget", "/Subtype /#46reeText")),
    "a seal that is seen": lambda: sealed(change=lambda seal: seal.replace("[ 0 0 0 0 ]", "[ 0 0 500 800 ]")),
    "the link taken away": lambda: sealed(change=lambda seal: seal.replace("[ 4 0 R 26 0 R ]", "[ 26 0 R ]")),
    "something to do when it opens": lambda: sealed(root=body_of(18) + "/OpenAction 29 0 R\n"),
    "a stream of objects": lambda: sealed(more=OTHER.replace("/Length", "/Type /ObjStm\n/Length"), count=5),
    "a table that lies elsewhere": lambda: sealed(moved=-9),
    "a page turned round": lambda: sealed(page=PAGE_BODY.replace("/Rotate 0", "/Rotate 180")),
    "no seal": lambda: sealed(change=lambda seal: seal.replace("/ByteRange", "/Nothing")),
    "a seal of less than was issued": lambda: sealed(
        change=lambda seal: re.sub(r"/ByteRange \[0 \d+", "/ByteRange [0 99", seal)
    ),
}  # fmt: skip


@pytest.mark.parametrize("make", ADDED.values(), ids=ADDED)
def test_nothing_else_may_follow(make):
    assert why(make()) == "page-added-to"


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
