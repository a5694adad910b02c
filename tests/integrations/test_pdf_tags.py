"""What a screen reader gets of a page, as poppler's pdfinfo reads it out; and that nothing on it is left out."""

import re
import subprocess
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from integrations.pdf import CertificatePrinter
from tests.integrations.sealed import page as certificate
from tests.integrations.sealed import program, sealed
from tests.integrations.test_pdf import ADDRESS, CONTENTS, LANGUAGES, LONG, POLAND

READ_ALOUD = [
    'H1 "Clearance certificate"',
    'P "Iga Wzorowa"',
    'P "Date of birth"',
    'P "17 May 1990"',
    'H2 "Who was asked, and what was said"',
    'P "State and authority"',
    'P "Estonia"',
    'P "Centre of Registers and Information Systems"',
    'P "16 Nov 2026"',
    'P "17 Nov 2026"',
    'P "Nothing recorded"',
    'P "Poland"',
    'P "Issued on"',
    'P "24 November 2026"',
    'H2 "How to check this certificate"',
    'P "Reference"',
    'P "7K3M-9QXD-2V4T"',
    'P "Code"',
    'P "W8EN-5H2R-Q0ZC-41YB"',
    'H2 "What this certificate says, and what it does not say"',
]


def structure(file, folder):
    """The parts as pdfinfo reads them out, one `ROLE` or `ROLE "text"` each."""
    (folder / "file.pdf").write_bytes(file)
    command = [program("pdfinfo"), "-struct-text", folder / "file.pdf"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    parts: list[str] = []
    for line in said.splitlines():
        if text := re.fullmatch(r' +"(.+)"', line):
            parts[-1] += f' "{text[1]}"'
        elif role := re.fullmatch(r" *([A-Z][A-Za-z0-9]*):?(?: \((?:block|inline)\))?", line):
            parts.append(role[1])
    return parts


def in_order(few, many):
    rest = iter(many)
    return all(one in rest for one in few)


def test_the_page_is_read_out_in_order_with_headings_and_a_table(tmp_path):
    parts = structure(certificate(), tmp_path)
    assert in_order(READ_ALOUD, parts)
    rows = len(CONTENTS.coverage)
    assert [parts.count(role) for role in ("Table", "TR", "TH", "TD")] == [1, rows + 1, 4, 4 * rows]


def test_the_seal_leaves_the_structure_as_it_is(tmp_path):
    assert structure(sealed(), tmp_path) == structure(certificate(), tmp_path)


def test_words_on_two_lines_stay_two_words(tmp_path):
    parts = structure(CertificatePrinter().certificate(replace(CONTENTS, holder_name="Anna " * 30)), tmp_path)
    assert 'P "' + " ".join(["Anna"] * 30) + '"' in parts


def operators(page) -> list[tuple[list[Any], bytes]]:
    content = ContentStream(page.get_contents(), page.pdf)
    return content.operations


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_painted_is_a_part_or_said_to_be_none(language):
    rows = (replace(POLAND, authority=LONG),) * 9
    reader = PdfReader(BytesIO(CertificatePrinter().certificate(replace(CONTENTS, language=language, coverage=rows))))
    root: Any = reader.trailer["/Root"]
    page: Any = reader.pages[0]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert page["/Tabs"] == "/S"
    depth, numbers = 0, []
    for operands, operator in operators(page):
        if operator in {b"BDC", b"BMC"}:
            depth += 1
            numbers += [operands[1]["/MCID"]] if operator == b"BDC" else []
        depth -= operator == b"EMC"
        assert depth in {0, 1}
        assert depth or operator not in {b"Tj", b"TJ", b"'", b"f", b"f*", b"S", b"Do"}, operator
    assert depth == 0
    assert numbers == list(range(len(numbers)))
    tree = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    assert tree[0] == page["/StructParents"]
    assert [part.get_object()["/K"] for part in tree[1]] == [[number] for number in numbers]


def test_the_code_is_a_link_that_says_where_it_leads():
    reader = PdfReader(BytesIO(certificate()))
    root: Any = reader.trailer["/Root"]
    annotations: Any = reader.pages[0]["/Annots"]
    (link,) = (one.get_object() for one in annotations)
    assert link["/Contents"] == ADDRESS
    tree = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    part = tree[tree.index(link["/StructParent"]) + 1].get_object()
    assert part["/S"] == "/Link"
    figure, reference = (kid.get_object() for kid in part["/K"])
    assert (figure["/S"], figure["/Alt"]) == ("/Figure", ADDRESS)
    assert reference["/Obj"].get_object() == link


def test_the_day_in_the_file_is_the_day_of_issue_whenever_it_was_printed(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    reader = PdfReader(BytesIO(CertificatePrinter().certificate(CONTENTS)))
    said: Any = reader.metadata
    assert (said["/CreationDate"], said["/ModDate"]) == ("D:20261124", "D:20261124")
