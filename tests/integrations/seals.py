"""A seal as a library for signatures writes it after a certificate's file; and additions that do more."""

import re

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
END = """trailer
<<\n/Info 19 0 R\n/Root 18 0 R\n/Size 99\n/Prev {prior}\n>>
startxref
{table}
%%EOF
"""


def table_of(seal: str, start: int) -> str:
    """Where each object of an increment lies, in the form of a cross-reference table."""
    lines = ["xref", "0 1", "0000000000 65535 f "]
    for found in re.finditer(r"^(\d+) 0 obj", seal, re.MULTILINE):
        lines += [f"{found[1]} 1", f"{start + found.start():010} 00000 n "]
    return "\n".join(lines) + "\n"


def body_of(page: bytes, number: int) -> str:
    """The dictionary of an object, without its brackets."""
    (found,) = re.findall(rb"\n%d 0 obj\n<<\n(.*?)>>\nendobj" % number, page, re.DOTALL)
    return str(found.decode("latin-1"))


def drawn(page: bytes) -> str:
    """The dictionary of the only page, without its annotations."""
    return re.sub(r"/Annots \[[^\]]*\] ?", "", body_of(page, 5))


def sealed(issued, *, more="", page=None, root=None, change=lambda seal: seal, moved=0):
    """The file with an increment: a seal, or what is asked for instead."""
    gap = len(issued) + 1000
    parts = {"page": page or drawn(issued), "root": root or body_of(issued, 18), "more": more}
    seal = change(SEAL.format(**parts, gap=gap, rest=gap + 6))
    (prior,) = re.findall(rb"startxref\n(\d+)", issued)
    table, end = table_of(seal, len(issued)), END.format(prior=prior.decode(), table=len(issued) + len(seal) + moved)
    return issued + (seal + table + end).encode("latin-1")


OTHER = "29 0 obj\n<<\n/Length 5\n>>\nstream\nhello\nendstream\nendobj\n"


def added_to(page: bytes) -> dict[str, bytes]:
    """Files to which something was added that a verifier must notice."""
    return {
        "a line": page + b"\n",
        "words in a comment": page + b"%/ByteRange [0 99999999 1 1]\n",
        "a whole other file": page + page.replace(b"stream", b"Stream"),
        "another drawing of the page": sealed(
            page, more=OTHER, page=re.sub(r"/Contents \d+ 0 R", "/Contents 29 0 R", drawn(page))
        ),
        "another drawing under the old number": sealed(page, more=OTHER.replace("29 0", "21 0", 1)),
        "another place for the old drawing": sealed(page).replace(b"\n28 1\n", b"\n21 1\n"),
        "a note where nobody looks": sealed(
            page,
            change=lambda seal: seal.replace("26 0 obj", "29 0 obj").replace(
                "...\nendstream", "...\n26 0 obj\n<<\n/Subtype /FreeText\n>>\nendobj\nendstream"
            ),
        ),
        "a page": sealed(page, root=body_of(page, 18).replace("/Pages 20 0 R", "/Pages 29 0 R")),
        "other pages under the old number": sealed(page, more=OTHER.replace("29 0", "20 0", 1)),
        "a note over the name": sealed(page, change=lambda seal: seal.replace("/Widget", "/FreeText")),
        "a note in disguise": sealed(page, change=lambda seal: seal.replace("/Widget", "/#46reeText")),
        "a seal that is seen": sealed(page, change=lambda seal: seal.replace("[ 0 0 0 0 ]", "[ 0 0 500 800 ]")),
        "the link taken away": sealed(page, change=lambda seal: seal.replace("[ 4 0 R 26 0 R ]", "[ 26 0 R ]")),
        "something to do when it opens": sealed(page, root=body_of(page, 18) + "/OpenAction 29 0 R\n"),
        "a stream of objects": sealed(page, more=OTHER.replace("/Length", "/Type /ObjStm\n/Length")),
        "a table that lies elsewhere": sealed(page, moved=-9),
        "a page turned round": sealed(page, page=drawn(page).replace("/Rotate 0", "/Rotate 180")),
        "no seal": sealed(page, change=lambda seal: seal.replace("/ByteRange", "/Nothing")),
        "a seal of less than was issued": sealed(
            page, change=lambda seal: re.sub(r"/ByteRange \[0 \d+", "/ByteRange [0 99", seal)
        ),
    }  # fmt: skip
