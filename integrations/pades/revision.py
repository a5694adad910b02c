"""The revision that seals a PDF file: appended to it (ISO 32000-2, 7.5.6), so that the file begins with the page as it
was printed, byte for byte. Only files as our printer writes them are sealed: the unexpected is refused, not guessed."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from vetting.errors import Unusable

END = b"%%EOF\n"
_LAST_XREF = re.compile(rb"startxref\n(\d+)\n%%EOF\n\Z")
_SECTION = re.compile(rb"(\d+) (\d+) *\n")
_ENTRY = re.compile(rb"(\d{10}) \d{5} ([nf]) \n")
_HIDDEN_PRINTED_LOCKED = 134
_RANGE = b"/ByteRange [0 %010d %010d %010d]\n/Contents "
_GAP = re.compile(rb"/M \(D:(\d{14})Z\)\n.*\n/ByteRange [^\n]*\n/Contents <((?:[0-9a-f]{2})+)>\n")
_REFERENCE = (
    b"[<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /V /1.2 /P 1 >> >>]"
)
"""A certification: no change at all is allowed after it (12.8.2.2)."""


@dataclass(frozen=True)
class Sealing:
    """A file with a gap for its signature: what lies before it, how many bytes fit in, what lies behind."""

    before: bytes
    room: int
    behind: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of all bytes but the gap's."""
        return hashlib.sha256(self.before + self.behind).digest()

    def filled(self, message: bytes) -> bytes:
        """The file with the signature in the gap. Raises Unusable("seal-too-large")."""
        if len(message) > self.room:
            raise Unusable("seal-too-large")
        return self.before + b"<" + message.hex().encode().ljust(2 * self.room, b"0") + b">" + self.behind


class _Source:
    """The objects of a printed file, by their numbers."""

    def __init__(self, file: bytes) -> None:
        self.file, self.offsets = file, dict[int, int]()
        last = _LAST_XREF.search(file)
        place: int | None = int(last[1]) if last else None
        self.xref, self.trailer = place or 0, b""
        while place is not None:
            place = self._table(place)
        self.size = int(self._of_trailer(rb"/Size (\d+)"))
        self.catalog = int(self._of_trailer(rb"/Root (\d+) 0 R"))

    def _table(self, place: int) -> int | None:
        """Read one table; gives the place of the one before it. Raises Unusable("page-form")."""
        if self.file[place : place + 5] != b"xref\n":
            raise Unusable("page-form")
        at = place + 5
        while section := _SECTION.match(self.file, at):
            at = section.end()
            for number in range(int(section[1]), int(section[1]) + int(section[2])):
                entry = _ENTRY.match(self.file, at)
                if entry is None:
                    raise Unusable("page-form")
                at = entry.end()
                if entry[2] == b"n":
                    self.offsets.setdefault(number, int(entry[1]))
        if self.file[at : at + 8] != b"trailer\n":
            raise Unusable("page-form")
        trailer = self.file[at : self.file.find(b"startxref", at)]
        self.trailer = self.trailer or trailer
        before = re.search(rb"/Prev (\d+)", trailer)
        if before and int(before[1]) >= place:
            raise Unusable("page-form")
        return int(before[1]) if before else None

    def _of_trailer(self, pattern: bytes) -> bytes:
        return _only(pattern, self.trailer)

    @property
    def names(self) -> bytes:
        """What the trailer says of the file: its identifier, with a new second half, and where its title stands."""
        first = self._of_trailer(rb"/ID\s*\[\s*<([0-9a-fA-F]{32})>")
        second = hashlib.sha256(self.file).hexdigest()[:32].encode()
        info = re.search(rb"/Info \d+ 0 R", self.trailer)
        return b"/ID [<%s> <%s>] %s" % (first, second, info[0] if info else b"")

    def dictionary(self, number: int) -> bytes:
        """The text of an object that is a dictionary and no stream. Raises Unusable("page-form")."""
        found = re.compile(rb"%d 0 obj\s*(<<.*?>>)\s*endobj" % number, re.DOTALL).match(
            self.file, self.offsets.get(number, len(self.file))
        )
        if found is None or b"stream" in found[1]:
            raise Unusable("page-form")
        return found[1]


def _only(pattern: bytes, text: bytes) -> bytes:
    """The one place where a pattern fits. Raises Unusable("page-form")."""
    found = re.findall(pattern, text, re.DOTALL)
    if len(found) != 1:
        raise Unusable("page-form")
    return bytes(found[0])


def _with(dictionary: bytes, more: bytes) -> bytes:
    return dictionary[:-2] + more + b"\n>>"


def _changed(source: _Source) -> dict[int, bytes]:
    """The page and the catalog with the seal's field in them, and the field, which nothing shows."""
    catalog = source.dictionary(source.catalog)
    if re.search(rb"/(AcroForm|Perms|Extensions|Version)\b", catalog):
        raise Unusable("page-form")
    pages = source.dictionary(int(_only(rb"/Pages (\d+) 0 R", catalog)))
    first = int(_only(rb"/Kids \[ *(\d+) 0 R", pages))
    page = source.dictionary(first)
    field, signature = source.size, source.size + 1
    if b"/Annots" in page:
        listed = _only(rb"/Annots \[([^\]]*)\]", page)
        page = page.replace(b"/Annots [%s]" % listed, b"/Annots [%s %d 0 R ]" % (listed.rstrip(), field))
    else:
        page = _with(page, b"/Annots [ %d 0 R ]" % field)
    form = (
        b"/Version /1.7\n/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 1 >> >>\n"
        b"/AcroForm << /Fields [ %d 0 R ] /SigFlags 3 >>\n/Perms << /DocMDP %d 0 R >>" % (field, signature)
    )
    widget = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal) /F %d /Rect [ 0 0 0 0 ] /P %d 0 R /V %d 0 R >>"
    return {
        first: page,
        source.catalog: _with(catalog, form),
        field: widget % (_HIDDEN_PRINTED_LOCKED, first, signature),
    }


def sealing(file: bytes, moment: datetime, room: int) -> Sealing:
    """The file with a revision that certifies it as it is, dated `moment` (to the second), and a gap of `room` bytes.

    The same arguments give the same bytes. Raises Unusable("page-form") for a file that our printer did not write.
    """
    source = _Source(file)
    body, offsets = bytearray(file), dict[int, int]()
    for number, text in sorted(_changed(source).items()):
        offsets[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    number = source.size + 1
    offsets[number] = len(body)
    stamp = moment.astimezone(UTC).strftime("%Y%m%d%H%M%S").encode()
    body += b"%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n" % number
    body += b"/M (D:%sZ)\n/Reference %s\n" % (stamp, _REFERENCE)
    start = len(body) + len(_RANGE % (0, 0, 0))
    end = start + 2 * room + 2
    behind = bytearray(b"\n>>\nendobj\n")
    xref = end + len(behind)
    behind += b"xref\n0 1\n0000000000 65535 f \n"
    behind += b"".join(b"%d 1\n%010d 00000 n \n" % one for one in sorted(offsets.items()))
    behind += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d\n" % (source.size + 2, source.catalog, source.xref)
    behind += b"%s >>\nstartxref\n%d\n%s" % (source.names, xref, END)
    return Sealing(bytes(body) + _RANGE % (start, end, len(behind)), room, bytes(behind))


def dissected(sealed: bytes) -> tuple[bytes, datetime, bytes]:
    """The file that was sealed, when, and what is in the gap of its last revision.

    Whether all the rest is right shows only when it is sealed again and compared. Raises Unusable("not-sealed").
    """
    end = sealed.rfind(END, 0, -len(END)) + len(END)
    found = _GAP.search(sealed, end)
    if end < len(END) or found is None:
        raise Unusable("not-sealed")
    try:
        moment = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise Unusable("not-sealed") from None
    return sealed[:end], moment, bytes.fromhex(found[2].decode())
