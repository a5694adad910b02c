"""Bytes from outside to a tree of elements: no document type, no entity, no network, and bounded in every direction."""

import codecs
import re
from functools import cache
from pathlib import Path
from typing import cast

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


def _bounded(text: str) -> None:
    """Refuse what a message never needs before any parser sees it. A false alarm costs a refusal, never more."""
    if not text.strip():
        raise Rejected(Rejection.EMPTY)
    if "<!DOCTYPE" in text:
        raise Rejected(Rejection.DTD)
    if text.count("<") - text.count("</") > MAX_ELEMENTS:
        raise Rejected(Rejection.TOO_MANY_ELEMENTS)
    if text.count("=") <= MAX_ATTRIBUTES + MAX_NAMESPACES:
        return
    for tag in (piece.partition(">")[0] for piece in text.split("<")):
        declared = tag.count("xmlns")
        if declared > MAX_NAMESPACES:
            raise Rejected(Rejection.TOO_MANY_NAMESPACES)
        if tag.count("=") - declared > MAX_ATTRIBUTES:
            raise Rejected(Rejection.TOO_MANY_ATTRIBUTES)


@cache
def _parser() -> etree.XMLParser:
    """One for the process. Without comments and processing instructions, so that the text around them stays whole."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


_RESOURCE_LIMIT = 114
"""libxml2's number for what is nested deeper than it follows at all (XML_ERR_RESOURCE_LIMIT)."""
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
_GAMES = etree.XPath("//*[@xsi:*]", namespaces={"xsi": XSI})
_HINTS = f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation"


def _judge(root: etree._Element) -> None:
    """What a schema would follow or excuse is refused; a hint where a schema lies is dropped, never followed."""
    if _TOO_DEEP(root):
        raise Rejected(Rejection.TOO_DEEP)
    for element in cast(list[etree._Element], _GAMES(root)):
        if f"{{{XSI}}}nil" in element.attrib:
            raise Rejected(Rejection.XSI_NIL)
        if f"{{{XSI}}}type" in element.attrib and element.tag != _RELATIONSHIP:
            raise Rejected(Rejection.XSI_TYPE)
        for hint in _HINTS:
            element.attrib.pop(hint, "")


def tree(raw: bytes) -> etree._Element:
    """The root element of `raw`, at most 256 KiB. Raises Rejected, and nothing else, for whatever the bytes hold."""
    if not raw:
        raise Rejected(Rejection.EMPTY)
    if len(raw) > MAX_BYTES:
        raise Rejected(Rejection.TOO_LARGE)
    text = _text(raw)
    _bounded(text)
    try:
        root: etree._Element = etree.fromstring(text.encode(), _parser())
    except etree.XMLSyntaxError as broken:
        code = Rejection.TOO_DEEP if getattr(broken, "code", 0) == _RESOURCE_LIMIT else Rejection.NOT_WELL_FORMED
        raise Rejected(code) from None
    except (etree.LxmlError, ValueError):
        raise Rejected(Rejection.NOT_WELL_FORMED) from None
    finally:
        etree.clear_error_log()
    _judge(root)
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
