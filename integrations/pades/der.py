"""The little of DER (ITU-T X.690) that a seal is made of. What others wrote is read by the libraries, not here."""

from collections.abc import Iterable

from vetting.errors import Unusable

INTEGER, OCTETS, OID, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
_LONG = 0x80


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element around its parts."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + content


def explicit(number: int, *parts: bytes) -> bytes:
    """A constructed element with a tag of its context."""
    return tlv(0xA0 | number, *parts)


def sequence(*parts: bytes) -> bytes:
    return tlv(SEQUENCE, *parts)


def set_of(parts: Iterable[bytes], tag: int = SET) -> bytes:
    """In the one order that DER allows (X.690, 11.6)."""
    return tlv(tag, *sorted(parts))


def integer(number: int) -> bytes:
    """A whole number that is not negative."""
    return tlv(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    first, second, *arcs = map(int, dotted.split("."))
    content = bytearray()
    for arc in (40 * first + second, *arcs):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(_LONG | arc & 0x7F)
        content += bytes(reversed(groups))
    return tlv(OID, bytes(content))


def split(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the first element, which must have this tag, and what follows it.

    Raises Unusable("seal-form") when that is not what is there.
    """
    if len(data) < 2 or data[0] != tag:  # noqa: PLR2004 - a tag and a length
        raise Unusable("seal-form")
    size, start = data[1], 2
    if size & _LONG:
        start += size & ~_LONG
        size = int.from_bytes(data[2:start], "big")
    if size > len(data) - start:
        raise Unusable("seal-form")
    return data[start : start + size], data[start + size :]
