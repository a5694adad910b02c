"""A seal as a library for signatures writes it after a certificate's file; and additions that do more."""

import re

SEAL = """{page} 0 obj
<<\n/Annots [ {notes} {seal} 0 R ]\n{drawing}>>
endobj
{root} 0 obj
<<\n{catalog}/AcroForm {form} 0 R\n/Metadata {words} 0 R\n>>
endobj
{form} 0 obj
<<\n/Fields [ {seal} 0 R ]\n/SigFlags 3\n>>
endobj
{seal} 0 obj
<<\n/FT /Sig\n/T (Seal)\n/Type /Annot\n/Subtype /Widget\n/F 132\n/Rect [ 0 0 0 0 ]\n
/P {page} 0 R\n/V {signature} 0 R\n>>
endobj
{signature} 0 obj
<<\n/Contents <3082>\n/ByteRange [0 {gap:07} {rest:07} {tail:07}]\n/Type /Sig\n/SubFilter /ETSI.CAdES.detached\n>>
endobj
{words} 0 obj
<<\n/Type /Metadata\n/Subtype /XML\n/Length 20\n>>\nstream\n<rdf xmlns="a#b"/>...\nendstream
endobj
{more}"""
END = """trailer
<<\n/Info {info} 0 R\n/Root {root} 0 R\n/Size {size}\n/Prev {prior}\n>>
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


class Numbers:
    """The numbers of a file's objects, and free ones for a seal and for something more."""

    def __init__(self, file: bytes) -> None:
        text = file.decode("latin-1")
        self.root, self.info = (re.findall(rf"/{name} (\d+) 0 R", text)[-1] for name in ("Root", "Info"))
        self.page = re.findall(r"\n(\d+) 0 obj\n<<(?:(?!endobj).)*?/Type /Page\b(?!s)", text, re.DOTALL)[0]
        self.pages = re.findall(r"/Pages (\d+) 0 R", body_of(file, self.root))[0]
        self.drawing = re.findall(r"/Contents (\d+) 0 R", body_of(file, self.page))[0]
        self.notes = re.findall(r"/Annots \[([^\]]*)\]", body_of(file, self.page))[0].strip()
        free = max(int(number) for number in re.findall(r"\n(\d+) 0 obj", text)) + 1
        self.form, self.seal, self.signature, self.words, self.other = (str(free + place) for place in range(5))
        self.size = str(free + 5)


def body_of(page: bytes, number: str) -> str:
    """The dictionary of an object, without its brackets."""
    (found,) = re.findall(rb"\n%s 0 obj\n<<\n(.*?)>>\nendobj" % number.encode(), page, re.DOTALL)
    return str(found.decode("latin-1"))


def drawn(page: bytes) -> str:
    """The dictionary of the only page, without its annotations."""
    return re.sub(r"/Annots \[[^\]]*\] ?", "", body_of(page, Numbers(page).page))


def other_catalog(page: bytes, at: Numbers) -> str:
    """A second catalog, as a second trailer would name it."""
    return f"{at.other} 0 obj\n<<\n{body_of(page, at.root)}>>\nendobj\n"


def sealed(issued, *, more="", page=None, root=None, change=lambda seal: seal, moved=0, root_said=""):
    """The file with an increment: a seal, or what is asked for instead."""
    at = Numbers(issued)
    (prior,) = re.findall(rb"startxref\n(\d+)", issued)
    parts = {**vars(at), "drawing": page or drawn(issued), "catalog": root or body_of(issued, at.root), "more": more}
    gap, seal, table, end = len(issued) + 1000, "", "", ""
    for _ in range(2):  # the second time with the length that came out
        rest, tail = gap + 6, len(issued) + len(seal + table + end) - gap - 6
        seal = change(SEAL.format(**parts, gap=gap, rest=rest, tail=tail))
        table = table_of(seal, len(issued))
        end = END.format(**vars(at), prior=prior.decode(), table=len(issued) + len(seal) + moved)
        end = end.replace("/Size", f"{root_said}/Size")
    return issued + (seal + table + end).encode("latin-1")


OTHER = "{number} 0 obj\n<<\n/Length 5\n>>\nstream\nhello\nendstream\nendobj\n"


def written_otherwise(page: bytes) -> dict[str, bytes]:
    """What other programs follow, in forms that the format allows and a seal never has."""
    at = Numbers(page)
    other, catalog = OTHER.format(number=at.other), body_of(page, at.root)
    return {
        "a stream of objects": sealed(page, more=other.replace("/Length", "/Type /ObjStm\n/Length")),
        "a table that lies elsewhere": sealed(page, moved=-9),
        "a page turned round": sealed(page, page=drawn(page).replace("/Rotate 0", "/Rotate 180")),
        "a seal of less than was issued": sealed(
            page, change=lambda seal: re.sub(r"/ByteRange \[0 \d+", "/ByteRange [0 99", seal)
        ),
        "something new in the catalog": sealed(page, root=f"{catalog}/Collection {at.other} 0 R\n"),
        "another catalog behind a line break": sealed(
            page, more=other_catalog(page, at), root_said=f"/Root\n{at.other} 0 R\n"
        ),
        "another catalog behind a comment": sealed(
            page, more=other_catalog(page, at), root_said=f"/Root%\n{at.other} 0 R\n"
        ),
        "other pages behind a line break": sealed(page, root=f"{catalog}/Pages\n{at.other} 0 R\n", more=other),
        "a table in another form": b"\n8  1\ntrailer".join(sealed(page).rsplit(b"\ntrailer", 1)),
        "an object in another form": sealed(page, more=f"\n{at.drawing}  0  obj\n<<\n/Length 0\n>>\nendobj\n"),
    }


def added_to(page: bytes) -> dict[str, bytes]:
    """Files to which something was added that a verifier must notice."""
    at = Numbers(page)
    other, catalog = OTHER.format(number=at.other), body_of(page, at.root)

    def instead(old, new):
        return sealed(page, change=lambda seal: seal.replace(old, new))

    return {
        "a line": page + b"\n",
        "a line after the seal": sealed(page) + b"\n",
        "an end after the seal": sealed(page) + b"\n%%EOF\n",
        "words in a comment": page + b"%/ByteRange [0 99999999 1 1]\n",
        "a whole other file": page + page.replace(b"stream", b"Stream"),
        "another drawing of the page": sealed(
            page, more=other, page=re.sub(r"/Contents \d+ 0 R", f"/Contents {at.other} 0 R", drawn(page))
        ),
        "another drawing under the old number": sealed(page, more=OTHER.format(number=at.drawing)),
        "another place for the old drawing": sealed(page).replace(
            f"\n{at.words} 1\n".encode(), f"\n{at.drawing} 1\n".encode()
        ),
        "a note where nobody looks": sealed(
            page,
            change=lambda seal: seal.replace(f"{at.seal} 0 obj", f"{at.other} 0 obj").replace(
                "...\nendstream", f"...\n{at.seal} 0 obj\n<<\n/Subtype /FreeText\n>>\nendobj\nendstream"
            ),
        ),
        "a page": sealed(page, root=catalog.replace(f"/Pages {at.pages} 0 R", f"/Pages {at.other} 0 R")),
        "another text to read aloud": sealed(
            page, root=re.sub(r"/StructTreeRoot \d+ 0 R", f"/StructTreeRoot {at.other} 0 R", catalog), more=other
        ),
        "other pages under the old number": sealed(page, more=OTHER.format(number=at.pages)),
        "a note over the name": instead("/Widget", "/FreeText"),
        "a note in disguise": instead("/Widget", "/#46reeText"),
        "a seal that is seen": instead("[ 0 0 0 0 ]", "[ 0 0 500 800 ]"),
        "the link taken away": instead(f"[ {at.notes} {at.seal} 0 R ]", f"[ {at.seal} 0 R ]"),
        "something to do when it opens": sealed(page, root=f"{catalog}/OpenAction {at.other} 0 R\n"),
        **written_otherwise(page),
        "no seal": instead("/ByteRange", "/Nothing"),
    }  # fmt: skip
