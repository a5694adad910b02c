"""Small words over the tree: expanded names, the whole text of an element, a child with text."""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from integrations.ecris.codes import PREFIXES

_BLANKS = re.compile(r"[ \t\r\n]+")


def name(short: str) -> str:
    """The expanded name for `prefix:Local`, with our own prefixes s, m, d and k."""
    prefix, local = short.split(":")
    return f"{{{PREFIXES[prefix]}}}{local}"


def collapse(text: str) -> str:
    """`text` as the format compares it: XML white space is one space, and none at either end."""
    return _BLANKS.sub(" ", text).strip(" ")


def root(short: str) -> etree._Element:
    """A new document's root element, with all namespaces declared on it."""
    return etree.Element(name(short), nsmap=dict(PREFIXES))


def add(parent: etree._Element, short: str, text: str = "") -> etree._Element:
    """A new last child. Raises ValueError for characters that no XML document can hold."""
    child = etree.SubElement(parent, name(short))
    if text:
        child.text = collapse(text)
    return child


def add_texts(parent: etree._Element, short: str, texts: Mapping[str, str]) -> etree._Element:
    """A multilingual text; the empty language stands for "not said"."""
    child = etree.SubElement(parent, name(short))
    for language, text in texts.items():
        representation = add(child, "k:MultilingualTextLinguisticRepresentation", text)
        if language:
            representation.set("languageCode", language)
    return child


def children(parent: etree._Element, short: str) -> Iterator[etree._Element]:
    """The children of that name, in document order."""
    return parent.iterchildren(name(short))


def first(parent: etree._Element, *path: str) -> etree._Element | None:
    """The element at the end of `path`, always by the first child of each name; None where the path ends early."""
    found: etree._Element | None = parent
    for short in path:
        found = next(children(found, short), None) if found is not None else None
    return found


def text(element: etree._Element | None) -> str:
    """The whole text of an element, collapsed; empty when there is no element."""
    return "" if element is None else collapse("".join(map(str, element.itertext())))


def text_at(parent: etree._Element, *path: str) -> str:
    """The whole text at the end of `path`."""
    return text(first(parent, *path))
