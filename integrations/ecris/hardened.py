"""Bytes from outside to a tree of elements: no document type, no entity, no network, and bounded in every direction."""

import codecs
import re
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, cast

from lxml import etree

from integrations.ecris.codes import DOMAIN, MAX_BYTES, XSI
from integrations.ecris.rejections import Rejected, Rejection

MAX_DEPTH = 24
MAX_ELEMENTS = 20_000
MAX_ATTRIBUTES = 8
MAX_NAMESPACES = 16
"""Attributes of one element; namespaces declared on one element."""

_DECLARATION = re.compile(
    r"""<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')"""
    r"""(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z][A-Za-z0-9._-]{0,20})["'])?"""
    r"""(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>""",
    re.ASCII,
)
_ISO_8859 = {f"iso-8859-{part}" for part in range(1, 17)} - {"iso-8859-12"}
_WINDOWS = {f"windows-125{part}" for part in range(9)}
_ENCODINGS = {"utf-8", "us-ascii"} | _ISO_8859 | _WINDOWS
for _name in _ENCODINGS | {"utf-8-sig", "utf-16"}:
    codecs.lookup(_name)  # loads it now: a hardened process opens no file later

_RELATIONSHIP = f"{{{DOMAIN}}}ConvictionRelationship"


def _text(raw: bytes) -> str:
    """The characters of `raw`, decoded here so that no parser guesses: a disguised encoding cannot hide mark-up."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found, allowed = "utf-16", {"utf-16"}
    elif raw.startswith(codecs.BOM_UTF8):
        found, allowed = "utf-8-sig", {"utf-8"}
    else:
        declared = _DECLARATION.match(raw[:200].decode("latin-1"))
        found = ((declared and declared[1]) or "utf-8").lower()
        allowed = _ENCODINGS
        if found not in allowed:
            raise Rejected(Rejection.UNKNOWN_ENCODING)
    try:
        text = raw.decode(found)
    except UnicodeError:
        raise Rejected(Rejection.BAD_ENCODING) from None
    declaration = _DECLARATION.match(text)
    if declaration is None:
        if re.match(r"<\?xml[ \t\r\n]", text):
            raise Rejected(Rejection.NOT_WELL_FORMED)
        return text
    if declaration[1] and declaration[1].lower() not in allowed:
        raise Rejected(Rejection.BAD_ENCODING)
    return text[declaration.end() :]


class _Builder:
    """Receives the parser's events, builds the tree, and stops at the first that a message never needs.

    Comments and processing instructions are dropped here, so the text around them stays whole.
    """

    def __init__(self) -> None:
        self._tree: Any = etree.TreeBuilder()  # its stubs do not know namespaces
        self._depth = 0
        self._elements = 0
        self.refused: Rejection | None = None

    def _refuse(self, code: Rejection) -> NoReturn:
        """Remember why: the parser closes the unfinished tree on the way out, and that failure hides this one."""
        self.refused = code
        raise Rejected(code)

    def doctype(self, *_: object) -> None:
        self._refuse(Rejection.DTD)

    def start(self, tag: str, attributes: dict[str, str], namespaces: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            self._refuse(Rejection.TOO_DEEP)
        if self._elements > MAX_ELEMENTS:
            self._refuse(Rejection.TOO_MANY_ELEMENTS)
        if len(attributes) > MAX_ATTRIBUTES:
            self._refuse(Rejection.TOO_MANY_ATTRIBUTES)
        if len(namespaces) > MAX_NAMESPACES:
            self._refuse(Rejection.TOO_MANY_NAMESPACES)
        # The parser calls the default namespace's prefix "", the tree builder None.
        declared = {prefix or None: address for prefix, address in namespaces.items()}
        self._tree.start(tag, self._attributes(tag, attributes), declared)

    def _attributes(self, tag: str, attributes: dict[str, str]) -> dict[str, str]:
        """What may stay of an element's attributes: a hint where a schema lies is dropped, never followed."""
        if f"{{{XSI}}}nil" in attributes:
            self._refuse(Rejection.XSI_NIL)
        if f"{{{XSI}}}type" in attributes and tag != _RELATIONSHIP:
            self._refuse(Rejection.XSI_TYPE)
        hints = {f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation"}
        return {name: value for name, value in attributes.items() if name not in hints}

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._tree.end(tag)

    def data(self, data: str) -> None:
        self._tree.data(data)

    def comment(self, _: str) -> None:
        pass

    def pi(self, *_: object) -> None:
        pass

    def close(self) -> Any:
        return self._tree.close()


def tree(raw: bytes) -> etree._Element:
    """The root element of `raw`, at most 256 KiB. Raises Rejected, and nothing else, for whatever the bytes hold."""
    if not raw:
        raise Rejected(Rejection.EMPTY)
    if len(raw) > MAX_BYTES:
        raise Rejected(Rejection.TOO_LARGE)
    text = _text(raw)
    if not text.strip():
        raise Rejected(Rejection.EMPTY)
    builder = _Builder()
    parser = etree.XMLParser(
        target=cast(Any, builder),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
    )
    try:
        root: etree._Element = etree.fromstring(text.encode(), parser)
    except (Rejected, etree.LxmlError, ValueError, AssertionError):
        raise Rejected(builder.refused or Rejection.NOT_WELL_FORMED) from None
    finally:
        etree.clear_error_log()
    return root


@cache
def schema() -> etree.XMLSchema:
    """Our own schema of the seven messages, compiled once for each process."""
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(Path(__file__).with_name("schema") / "service.xsd"), parser))


def validates(root: etree._Element) -> bool:
    """Whether `root` has exactly the structure of its message. The reasons quote values and stay unread."""
    try:
        return bool(schema().validate(root))
    finally:
        etree.clear_error_log()
