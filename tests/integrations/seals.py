"""A seal as a library for signatures writes it after a certificate's file; and additions that do more."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

SEAL = """{page} 0 obj
<<\n/Annots [ {notes} {new[1]} 0 R ]\n{drawn}>>
endobj
{root} 0 obj
<<\n{catalog}/AcroForm {new[0]} 0 R\n/Metadata {new[3]} 0 R\n>>
endobj
{new[0]} 0 obj
<<\n/Fields [ {new[1]} 0 R ]\n/SigFlags 3\n>>
endobj
{new[1]} 0 obj
<<\n/FT /Sig\n/T (Seal)\n/Type /Annot\n/Subtype /Widget\n/F 132\n/Rect [ 0 0 0 0 ]\n/P {page} 0 R\n/V {new[2]} 0 R\n>>
endobj
{new[2]} 0 obj
<<\n/Contents <3082>\n/ByteRange [0 {gap} {rest} 99]\n/Type /Sig\n/SubFilter /ETSI.CAdES.detached\n>>
endobj
{new[3]} 0 obj
<<\n/Type /Metadata\n/Subtype /XML\n/Length 20\n>>\nstream\n<rdf xmlns="a#b"/>...\nendstream
endobj
{more}"""
END = "trailer\n<<\n/Info {info} 0 R\n/Root {root} 0 R\n/Size {size}\n/Prev {prior}\n>>\nstartxref\n{table}\n%%EOF\n"
DRAWING = "{number} 0 obj\n<<\n/Length 5\n>>\nstream\nhello\nendstream\nendobj\n"


@dataclass(frozen=True)
class File:
    """What is known of a certificate's file, to write an increment to it."""

    issued: bytes

    @cached_property
    def text(self) -> str:
        return self.issued.decode("latin-1")

    def last(self, form: str) -> str:
        return str(re.findall(form, self.text)[-1])

    @cached_property
    def objects(self) -> dict[str, str]:
        """The dictionaries of the file by their numbers, without brackets."""
        return dict(re.findall(r"\n(\d+) 0 obj\n<<\n(.*?)>>\nendobj", self.text, re.DOTALL))

    @cached_property
    def numbers(self) -> dict[str, Any]:
        size = int(self.last(r"/Size (\d+)"))
        pages = [number for number, body in self.objects.items() if re.search(r"/Type /Page\b(?!s)", body)]
        parts = {"root": self.last(r"/Root (\d+)"), "info": self.last(r"/Info (\d+)"), "page": pages[0]}
        return {**parts, "new": list(range(size, size + 5)), "size": size + 5}

    @cached_property
    def page(self) -> str:
        return self.objects[self.numbers["page"]]

    @cached_property
    def catalog(self) -> str:
        return self.objects[self.numbers["root"]]

    @cached_property
    def notes(self) -> str:
        return str(re.findall(r"/Annots \[([^\]]*)\]", self.page)[0].strip())

    @cached_property
    def drawn(self) -> str:
        """The page without its annotations."""
        return re.sub(r"/Annots \[[^\]]*\] ?", "", self.page)

    def number(self, name: str) -> str:
        """The number of what draws the page, or of the list of pages."""
        return str(re.findall(rf"/{name} (\d+) 0 R", self.page + self.catalog)[0])

    def sealed(self, *, more="", drawn=None, catalog=None, notes=None, change=lambda seal: seal, moved=0):
        """The file with an increment: a seal, or what is asked for instead."""
        gap = len(self.issued) + 1000
        parts = {"drawn": drawn or self.drawn, "catalog": catalog or self.catalog, "more": more, "gap": gap}
        notes = self.notes if notes is None else notes
        seal = change(SEAL.format(**self.numbers, **parts, notes=notes, rest=gap + 6))
        place = len(self.issued) + len(seal) + moved
        end = END.format(**self.numbers, prior=self.last(r"startxref\n(\d+)"), table=place)
        return self.issued + (seal + table_of(seal, len(self.issued)) + end).encode("latin-1")


def table_of(seal: str, start: int) -> str:
    """Where each object of an increment lies, in the form of a cross-reference table."""
    lines = ["xref", "0 1", "0000000000 65535 f "]
    for found in re.finditer(r"^(\d+) 0 obj", seal, re.MULTILINE):
        lines += [f"{found[1]} 1", f"{start + found.start():010} 00000 n "]
    return "\n".join(lines) + "\n"


def sealed(issued: bytes) -> bytes:
    """The file with a seal after it."""
    return bytes(File(issued).sealed())


def hidden(note: int, spare: int) -> Any:
    """Moves what looks like a seal to a spare number, and puts a note of its own number where streams are."""
    inside = f"...\n{note} 0 obj\n<<\n/Subtype /FreeText\n>>\nendobj\nendstream"
    return lambda seal: seal.replace(f"{note} 0 obj", f"{spare} 0 obj").replace("...\nendstream", inside)


def added_to(issued: bytes) -> dict[str, bytes]:
    """Files to which something was added that a verifier must notice."""
    file = File(issued)
    new, seal = file.numbers["new"], file.sealed
    contents, pages = file.number("Contents"), file.number("Pages")
    table = f"\n{new[3]} 1\n".encode(), f"\n{contents} 1\n".encode()
    return {
        "a line": issued + b"\n",
        "words in a comment": issued + b"%/ByteRange [0 99999999 1 1]\n",
        "a whole other file": issued + issued.replace(b"stream", b"Stream"),
        "another drawing of the page": seal(
            more=DRAWING.format(number=new[4]),
            drawn=file.drawn.replace(f"/Contents {contents} 0 R", f"/Contents {new[4]} 0 R"),
        ),
        "another drawing under the old number": seal(more=DRAWING.format(number=contents)),
        "another place for the old drawing": seal().replace(*table),
        "a note where nobody looks": seal(change=hidden(new[1], new[4])),
        "a page": seal(catalog=file.catalog.replace(f"/Pages {pages} 0 R", f"/Pages {new[4]} 0 R")),
        "other pages under the old number": seal(more=DRAWING.format(number=pages)),
        "a note over the name": seal(change=lambda one: one.replace("/Widget", "/FreeText")),
        "a note in disguise": seal(change=lambda one: one.replace("/Widget", "/#46reeText")),
        "a seal that is seen": seal(change=lambda one: one.replace("[ 0 0 0 0 ]", "[ 0 0 500 800 ]")),
        "the link taken away": seal(notes=""),
        "something to do when it opens": seal(catalog=f"{file.catalog}/OpenAction {new[4]} 0 R\n"),
        "something new in the catalog": seal(catalog=f"{file.catalog}/Collection {new[4]} 0 R\n"),
        "a stream of objects": seal(more=DRAWING.format(number=new[4]).replace("/Length", "/Type /ObjStm\n/Length")),
        "a table that lies elsewhere": seal(moved=-9),
        "a page turned round": seal(drawn=file.drawn.replace("/Rotate 0", "/Rotate 180")),
        "no seal": seal(change=lambda one: one.replace("/ByteRange", "/Nothing")),
        "a seal of less than was issued": seal(
            change=lambda one: re.sub(r"/ByteRange \[0 \d+", "/ByteRange [0 99", one)
        ),
    }
