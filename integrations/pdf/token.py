"""The place in a certificate's file for its signed token: an attachment of fixed length, blank until it is filled."""

import re

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

from vetting.errors import Unusable

NAME = "clearance.jwt"
ROOM = 8192
"""Bytes of the place: as many as the longest token has."""
_BLANK = re.compile(rb"\nstream\n( {%d})\nendstream\n" % ROOM)
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}")


def reserve(canvas: Canvas) -> None:
    """Attach a blank file, uncompressed: whoever verifies finds it without a library for PDF."""
    document = canvas._doc  # type: ignore[attr-defined]  # reportlab has no other way to an attachment
    kind = {"Type": PDFName("EmbeddedFile"), "Params": PDFDictionary({"Size": ROOM + 1})}
    file = document.Reference(PDFStream(PDFDictionary(kind), " " * ROOM + "\n", filters=[]))
    said = {"Type": PDFName("Filespec"), "F": PDFString(NAME), "UF": PDFString(NAME)}
    entry = document.Reference(PDFDictionary({**said, "EF": PDFDictionary({"F": file})}))
    files = PDFDictionary({"Names": PDFArray([PDFString(NAME), entry])})
    canvas.setCatalogEntry("Names", PDFDictionary({"EmbeddedFiles": files}))


def filled(page: bytes, token: str) -> bytes:
    """The file with the token in its place and not a byte elsewhere changed. Raises Unusable("certificate-token")."""
    places = list(_BLANK.finditer(page))
    if len(places) != 1 or len(token) > ROOM or not _TOKEN.fullmatch(token):
        raise Unusable("certificate-token")
    start, end = places[0].span(1)
    return page[:start] + token.ljust(ROOM).encode("ascii") + page[end:]
