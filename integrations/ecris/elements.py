"""Small words over the tree: expanded names, the whole text of an element, a child with text."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from lxml import etree

from integrations.ecris.codes import PREFIXES

_BLANKS = re.compile(r"[ \t\r\n]+")


@cache
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
    if element is None:
        return ""
    return collapse("".join(map(str, element.itertext())) if len(element) else element.text or "")


def text_at(parent: etree._Element, *path: str) -> str:
    """The whole text at the end of `path`."""
    return text(first(parent, *path))


class Fields:
    """The children of one element by their names, looked through once. Of None there are none."""

    __slots__ = ("_found",)

    def __init__(self, parent: etree._Element | None) -> None:
        self._found: dict[str, list[etree._Element]] = {}
        for child in () if parent is None else parent:
            self._found.setdefault(str(child.tag), []).append(child)

    def each(self, short: str) -> list[etree._Element]:
        """Those of that name, in document order."""
        return self._found.get(name(short), [])

    def first(self, short: str) -> etree._Element | None:
        """The first of that name."""
        found = self._found.get(name(short))
        return found[0] if found else None

    def text(self, short: str) -> str:
        """The whole text of the first of that name."""
        return text(self.first(short))

    def texts(self, short: str) -> list[str]:
        """The whole text of each of that name."""
        return [text(one) for one in self.each(short)]
