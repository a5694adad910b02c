"""What a screen reader gets of a page: its parts, named, in the order in which they are read (ISO 32000-1, 14.7, 14.8).

reportlab writes no structure by itself; the objects are built here from its own and written by it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString
from reportlab.pdfgen.canvas import Canvas

ARTIFACT = "Artifact"
"""Rules, boxes and tints: nothing of them is read."""
_FIRST_LINK = 1000
"""The tree numbers pages from 0; links follow after more pages than there can be."""
_HEADER_OF_COLUMN = {"O": "Table", "Scope": "Column"}


@dataclass
class Part:
    """One element of the structure. Its `kids` are other parts, or numbers of marked content on `page`."""

    role: str
    page: int
    alternative: str = ""
    kids: list["Part | int"] = field(default_factory=list)
    link: Any = None


class TaggedCanvas(Canvas):
    """A canvas on which everything is either part of the structure or said not to be."""

    # What reportlab's stubs leave out.
    _doc: Any
    _code: list[str]
    _annotationrefs: list[Any]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._document = Part("Document", 0)
        self._open = [self._document]
        self._marked: list[list[Part]] = [[]]
        self._links: list[Part] = []

    def _write(self, operator: str) -> None:
        self._code.append(operator)

    @property
    def _page(self) -> int:
        return len(self._marked) - 1

    def enter(self, role: str, alternative: str = "") -> None:
        """Begin a part that has others in it; `leave` ends it."""
        part = Part(role, self._page, alternative)
        self._open[-1].kids.append(part)
        self._open.append(part)

    def leave(self) -> None:
        """End the part that was begun last."""
        self._open.pop()

    @contextmanager
    def content(self, role: str, alternative: str = "") -> Iterator[None]:
        """What is painted meanwhile is one part without others in it."""
        self.enter(role, alternative)
        part = self._open[-1]
        part.kids.append(len(self._marked[-1]))
        self._write(f"/{role} <</MCID {len(self._marked[-1])}>> BDC")
        self._marked[-1].append(part)
        yield
        self._write("EMC")
        self.leave()

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is painted meanwhile is not read."""
        self._write(f"/{ARTIFACT} BMC")
        yield
        self._write("EMC")

    def link(self, address: str, area: tuple[float, float, float, float]) -> None:
        """Make the open part a link to `address` by a click on `area`. Call `enter("Link")` before."""
        self._links.append(self._open[-1])
        # A screen reader says the address, and finds the place of the link in the tree by its number.
        more: dict[str, Any] = {"Contents": PDFString(address), "StructParent": _FIRST_LINK + len(self._links)}
        self.linkURL(address, area, relative=0, thickness=0, **more)
        self._open[-1].link = self._annotationrefs[-1]

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """End a page, and name in it the part of the tree that lists its content."""
        super().showPage()
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = self._page, PDFName("S")
        self._marked.append([])

    def save(self) -> None:
        """Write the file with its structure."""
        catalog, references = self._doc.Catalog, dict[int, Any]()
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        catalog.StructTreeRoot = self._doc.Reference(root)
        root["K"] = self._element(self._document, catalog.StructTreeRoot, references)
        numbers: list[Any] = []
        for number, parts in enumerate(self._marked[:-1]):
            numbers += [number, PDFArray([references[id(part)] for part in parts])]
        for number, part in enumerate(self._links, start=1):
            numbers += [_FIRST_LINK + number, references[id(part)]]
        root["ParentTree"] = PDFDictionary({"Nums": PDFArray(numbers)})
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        super().save()

    def _element(self, part: Part, parent: Any, references: dict[int, Any]) -> Any:
        """The reference of a part, all below it noted in `references` by identity."""
        said = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(part.role), "P": parent})
        own = references[id(part)] = self._doc.Reference(said)
        page = self._doc.Reference(self._doc.Pages.pages[part.page])
        kids = [kid if isinstance(kid, int) else self._element(kid, own, references) for kid in part.kids]
        if part.link is not None:
            kids.append(PDFDictionary({"Type": PDFName("OBJR"), "Obj": part.link, "Pg": page}))
        said["K"] = PDFArray(kids)
        if part is not self._document:
            said["Pg"] = page
        if part.alternative:
            said["Alt"] = PDFString(part.alternative)
        if part.role == "TH":
            said["A"] = PDFDictionary({name: PDFName(value) for name, value in _HEADER_OF_COLUMN.items()})
        return own
