"""A certificate's file, looked at without a library for PDF: the token in it, and whether it still is what was issued.

Stands alone: standard library only, so that it can be copied to a machine without the rest.
"""

import hashlib
import re
from dataclasses import dataclass

ROOM = 8192
MOST_BYTES = 8 * 1024 * 1024
_PLACE = re.compile(rb"\nstream\n([A-Za-z0-9_.-]{100,%d})( *)\nendstream\n" % ROOM)
_STREAM = re.compile(rb"(?<![a-z])stream\r?\n.*?endstream\b", re.DOTALL)
_OBJECT = re.compile(rb"(?:^|[\r\n])(\d{1,9}) (\d{1,9}) obj\b(.*?)\bendobj\b", re.DOTALL)
_XREF = re.compile(rb"(?:^|[\r\n])xref\r?\n((?:\d+ \d+\r?\n|\d{10} \d{5} [nf] ?\r?\n)+)(?=trailer)")
_ANNOTS = re.compile(rb"/Annots\s*\[([^\]]*)\]")
_REFERENCE = re.compile(rb"(\d+) 0 R")
_ADDED = set(b"/AcroForm /DSS /Extensions /Metadata /Perms /Version".split())
"""What a seal adds to a file's catalog."""
_NEVER = re.compile(
    rb"/(?:ObjStm|XRef|XRefStm|XFA|OpenAction|AA|JavaScript|JS|OCProperties|Launch|RichMedia|Encrypt)\b|/\w*#"
)


class Unfit(Exception):
    """The file is not one of ours as it was issued. `reason` is a code that `verify` has words for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Paper:
    """A file with a token in it: its bytes, the token, and where the token lies."""

    raw: bytes
    token: str
    start: int

    def check(self, length: object, digest: object) -> bool:
        """Whether a seal follows what was issued, which is `length` bytes with that SHA-256 while the place was blank.

        Raises Unfit("page-altered") or Unfit("page-added-to").
        """
        end = self.start + ROOM
        if type(length) is not int or not end < length <= len(self.raw):
            raise Unfit("page-altered")
        issued = self.raw[: self.start] + b" " * ROOM + self.raw[end:length]
        if hashlib.sha256(issued).hexdigest() != digest:
            raise Unfit("page-altered")
        if len(self.raw) == length:
            return False
        if not _only_a_seal(issued, self.raw[length:]):
            raise Unfit("page-added-to")
        return True


def paper(raw: bytes) -> Paper:
    """Find the one token in a PDF. Raises Unfit("too-long"), Unfit("no-token") or Unfit("several-tokens")."""
    if len(raw) > MOST_BYTES:
        raise Unfit("too-long")
    found = [one for one in _PLACE.finditer(raw) if one.end(2) - one.start(1) == ROOM]
    if len(found) != 1:
        raise Unfit("several-tokens" if found else "no-token")
    return Paper(raw, found[0][1].decode("ascii"), found[0].start(1))


def _only_a_seal(issued: bytes, tail: bytes) -> bool:
    """Whether what follows adds a signature that nobody sees, and leaves every object that draws the page alone.

    The signature itself is not judged here: programs that show PDF files do that.
    """
    bare = _STREAM.sub(lambda one: b" " * len(one[0]), tail)
    before = {int(number): body for number, _, body in _OBJECT.findall(_STREAM.sub(b"", issued))}
    after = [(int(number), int(generation), body) for number, generation, body in _OBJECT.findall(bare)]
    roots = [int(number) for number in re.findall(rb"/Root (\d+) 0 R", issued[-2048:] + bare)]
    infos = [int(number) for number in re.findall(rb"/Info (\d+) 0 R", issued[-2048:] + bare)]
    pages = [number for number, body in before.items() if re.search(rb"/Type /Page\b(?!s)", body)]
    if len(set(roots)) != 1 or len(set(infos)) != 1 or len(pages) != 1 or _NEVER.search(bare) or not _plain(bare):
        return False
    root, info, page = roots[0], infos[0], pages[0]
    mendable = {root, info, page}
    places = _listed(bare)
    numbers = {number for number, _, _ in after} | {number for number, _ in places}
    return (
        root in before
        and all(_lies_at(bare, number, place - len(issued)) for number, place in places)
        and all(number in mendable or number not in before for number in numbers - {0})
        and all(generation == 0 for _, generation, _ in after)
        and all(_same_page(before[page], body) for number, _, body in after if number == page)
        and all(set(_keys(body)) <= _ADDED | set(_keys(before[root])) for number, _, body in after if number == root)
        and all(_pages_of(body) == _pages_of(before[root]) for number, _, body in after if number == root)
        and _invisible(bare)
        and _begins_where_it_says(issued, bare)
        and _covers_all(issued, bare)
    )


def _plain(bare: bytes) -> bool:
    """Whether everything that leads somewhere is written the one way that is read here.

    PDF allows any white space and comments there: other programs would follow what this one does not see.
    """
    strict = {
        rb"/(?:Root|Info|Pages|StructTreeRoot)\b": rb"/(?:Root|Info|Pages|StructTreeRoot) \d+ 0 R",
        rb"/Prev\b": rb"/Prev \d+",
        rb"startxref": rb"startxref\r?\n\d+\r?\n%%EOF",
        rb"%": rb"%(?=%EOF)|(?<=%)%(?=EOF)",
        rb"\bobj\b": rb"(?:^|[\r\n])\d{1,9} 0 obj\b",
    }
    tables = len(re.findall(rb"(?<!start)xref", bare)) == len(_XREF.findall(bare)) == len(re.findall(rb"trailer", bare))
    return tables and all(len(re.findall(loose, bare)) == len(re.findall(form, bare)) for loose, form in strict.items())


def _covers_all(issued: bytes, bare: bytes) -> bool:
    """Whether a signature reaches from the first byte of the file to the last, but for its place behind the page."""
    ranges = re.findall(rb"/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]", bare)
    length = len(issued) + len(bare)
    return any(int(gap) >= len(issued) and int(start) + int(rest) == length for gap, start, rest in ranges)


def _listed(bare: bytes) -> list[tuple[int, int]]:
    """The number of each object that a table in the tail gives a place to, and that place in the file."""
    found = []
    for table in _XREF.findall(bare):
        following = 0
        for first, _, place, used in re.findall(rb"(?:(\d{1,9}) (\d{1,9})|(\d{10}) \d{5} ([nf]) ?)\r?\n", table):
            if first:
                following = int(first)
                continue
            found += [(following, int(place))] if used == b"n" else []
            following += 1
    return found


def _lies_at(bare: bytes, number: int, place: int) -> bool:
    """Whether an object is where its table says, in sight: outside of any stream."""
    return place >= 0 and bare.startswith(b"%d 0 obj" % number, place)


def _keys(body: bytes) -> list[bytes]:
    """The keys of a dictionary, without those of dictionaries inside it."""
    text = body.strip().removeprefix(b"<<").removesuffix(b">>")
    while (flat := re.sub(rb"<<[^<>]*>>|<[0-9A-Fa-f\s]*>|\[[^\[\]]*\]|\([^()]*\)", b"0", text)) != text:
        text = flat
    return re.findall(rb"/[^\s/<>\[\]()]+(?=\s+[^\s])", re.sub(rb"(/[^\s/]+)\s+/[^\s/]+", rb"\1 0", text))


def _pages_of(body: bytes) -> list[bytes]:
    """What is shown, and what is read aloud."""
    return re.findall(rb"/(?:Pages|StructTreeRoot) (\d+) 0 R", body)


def _same_page(old: bytes, new: bytes) -> bool:
    """Whether a page differs in its annotations alone, and has all that it had."""
    kept, given = (set(_REFERENCE.findall(b"".join(_ANNOTS.findall(body)))) for body in (old, new))
    rest = [sorted(_ANNOTS.sub(b"", body).split()) for body in (old, new)]
    return rest[0] == rest[1] and kept <= given


def _invisible(bare: bytes) -> bool:
    kinds = set(re.findall(rb"/Subtype\s*(/?[^\s/<>]*)", bare))
    places = re.findall(rb"/Rect\s*\[([^\]]*)\]", bare)
    return kinds <= {b"/Widget", b"/XML"} and all(place.split() == [b"0"] * 4 for place in places)


def _begins_where_it_says(issued: bytes, bare: bytes) -> bool:
    """Whether each table of places lies where it is said to, outside of any stream."""
    tables = {len(issued) + one.start() + one[0].index(b"xref") for one in _XREF.finditer(bare)}
    first = [int(place) for place in re.findall(rb"startxref\s+(\d+)", issued)]
    said = [int(place) for place in re.findall(rb"startxref\s+(\d+)", bare)]
    prior = {int(place) for place in re.findall(rb"/Prev (\d+)", bare)}
    return bool(tables) and len(tables) == len(said) and set(said) == tables and prior <= tables | set(first[-1:])
