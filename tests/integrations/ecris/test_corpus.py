"""Hostile, broken and odd documents: each ends in exactly one word or code, and none of them is a clear by accident."""

from collections.abc import Callable

import pytest

from integrations.ecris.convictions import HeldEntry
from integrations.ecris.replies import response
from integrations.ecris.verdict import verdict
from tests.integrations.invented import AT, PERSON, REQUEST_ID, expectation, request

REQ = request()
CLEAN = response(REQ, at=AT)
ENTRY = response(REQ, at=AT, entries=[HeldEntry()])
TEXT = CLEAN.decode().removeprefix("<?xml version='1.0' encoding='UTF-8'?>").strip()
ROOT = TEXT[: TEXT.index(">") + 1]
XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
LAUGHS = (
    "<!DOCTYPE r [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>"
)
RELATED = (
    '<d:ConvictionRelationship xsi:type="d:SanctionToOffencesRelationshipType">'
    "<d:Sanction>S-00100</d:Sanction><d:Offence>O-00100</d:Offence></d:ConvictionRelationship></m:MessageDataConviction>"
)


def put(old: str, new: str, *, text: str = TEXT) -> bytes:
    """The clean reply with one thing in it changed."""
    assert old in text
    return text.replace(old, new, 1).encode()


def related(relationship: str) -> bytes:
    """A reply with an entry in which `relationship` stands at the end."""
    return put("</m:MessageDataConviction>", relationship, text=ENTRY.decode()).replace(
        b" xmlns:s", XSI.encode() + b" xmlns:s", 1
    )


def twice(name: str, text: str = TEXT) -> bytes:
    """The reply with one element, all below it included, a second time."""
    element = text[text.index(f"<{name}>") : text.index(f"</{name}>")] + f"</{name}>"
    return text.replace(element, element * 2, 1).encode()


def encoded(name: str, *, declared: str = "", text: str = TEXT) -> bytes:
    """The document in another encoding, with a declaration."""
    return f'<?xml version="1.0" encoding="{declared or name}"?>{text}'.encode(name)


CORPUS: dict[str, tuple[Callable[[], bytes], str]] = {
    # Legitimate ways of writing the same clean reply.
    "as written": (lambda: CLEAN, "nothing_recorded"),
    "without a declaration": (TEXT.encode, "nothing_recorded"),
    "with a byte order mark": (lambda: b"\xef\xbb\xbf" + CLEAN, "nothing_recorded"),
    "in UTF-16": (lambda: encoded("utf-16"), "nothing_recorded"),
    "in ISO-8859-2": (lambda: encoded("iso-8859-2"), "nothing_recorded"),
    "with other prefixes": (lambda: CLEAN.replace(b"m:", b"x:").replace(b"xmlns:m", b"xmlns:x"), "nothing_recorded"),
    "with a schema location": (
        lambda: put(">", f'{XSI} xsi:schemaLocation="a http://localhost:9/b.xsd">'),
        "nothing_recorded",
    ),
    "a comment inside the name": (lambda: put("Wzorowa", "Wzo<!-- no -->rowa"), "nothing_recorded"),
    "an instruction inside the name": (lambda: put("Wzorowa", "Wzo<?no no?>rowa"), "nothing_recorded"),
    "the name as CDATA": (lambda: put("Wzorowa", "Wzo<![CDATA[row]]>a"), "nothing_recorded"),
    "white space around values": (lambda: put("Wzorowa", "\n  Wzorowa\t"), "nothing_recorded"),
    "the reply names ourselves": (lambda: response(REQ, at=AT, other_states=["EE", "PL"]), "nothing_recorded"),
    # Encodings and size.
    "nothing": (lambda: b"", "rejected empty"),
    "blanks": (lambda: b" \n ", "rejected empty"),
    "one byte too large": (lambda: CLEAN.ljust(256 * 1024 + 1), "rejected too-large"),
    "just as large as allowed": (lambda: CLEAN.ljust(256 * 1024), "nothing_recorded"),
    "truncated": (lambda: CLEAN[: len(CLEAN) // 2], "rejected not-well-formed"),
    "one byte short": (lambda: CLEAN[:-1], "rejected not-well-formed"),
    "invalid bytes": (lambda: put("Wzorowa", "Wzorow?").replace(b"?", b"\xff"), "rejected bad-encoding"),
    "an overlong form": (lambda: CLEAN.replace(b"Wzorowa", b"Wzorow\xc1\xa1"), "rejected bad-encoding"),
    "UTF-7": (lambda: encoded("utf-7"), "rejected unknown-encoding"),
    "EBCDIC": (lambda: encoded("cp500"), "rejected bad-encoding"),
    "UTF-32": (lambda: encoded("utf-32"), "rejected not-well-formed"),
    "UTF-16 without a mark": (lambda: TEXT.encode("utf-16-le"), "rejected not-well-formed"),
    "declared another than it is": (lambda: encoded("utf-16", declared="utf-8"), "rejected bad-encoding"),
    "declared by an unknown name": (lambda: encoded("utf-8", declared="x-none"), "rejected unknown-encoding"),
    "a NUL": (lambda: put("Wzorowa", "Wzo\0rowa"), "rejected not-well-formed"),
    "gzip": (lambda: b"\x1f\x8b\x08\x00abc", "rejected bad-encoding"),
    "XML 1.1": (lambda: b'<?xml version="1.1"?>' + TEXT.encode(), "rejected not-well-formed"),
    "two roots": (lambda: TEXT.encode() * 2, "rejected not-well-formed"),
    # Document types and entities.
    "a bare document type": (lambda: b"<!DOCTYPE r>" + TEXT.encode(), "rejected dtd"),
    "an entity that names a file": (
        lambda: b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + put("Wzorowa", "&x;"),
        "rejected dtd",
    ),
    "a parameter entity": (
        lambda: b"<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://localhost:9/'> %p;]>" + TEXT.encode(),
        "rejected dtd",
    ),
    "an external document type": (
        lambda: b"<!DOCTYPE r SYSTEM 'http://localhost:9/r.dtd'>" + TEXT.encode(),
        "rejected dtd",
    ),
    "a billion laughs": (lambda: LAUGHS.encode() + put("Wzorowa", "&j;"), "rejected dtd"),
    "a default attribute by document type": (
        lambda: b"<!DOCTYPE r [<!ATTLIST r a CDATA 'b'>]>" + TEXT.encode(),
        "rejected dtd",
    ),
    "a document type in UTF-16": (
        lambda: encoded("utf-16", text="<!DOCTYPE r [<!ENTITY x 'Wzorowa'>]>" + TEXT.replace("Wzorowa", "&x;")),
        "rejected dtd",
    ),
    "an undeclared entity": (lambda: put("Wzorowa", "&x;"), "rejected not-well-formed"),
    "an XInclude": (
        lambda: put("Wzorowa", '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'),
        "rejected wrong-structure",
    ),
    # Shape.
    "deep nesting": (lambda: put("</m:MessageData>", "<m:a>" * 5000 + "</m:a>" * 5000), "rejected too-deep"),
    "very many elements": (lambda: put("</m:MessageData>", "<a/>" * 20_000), "rejected too-many-elements"),
    "huge text": (lambda: put("Wzorowa", "W" * 200_000), "rejected wrong-structure"),
    "many attributes": (
        lambda: put("<d:Surname", "<d:Surname " + " ".join(f'a{n}="1"' for n in range(2000))),
        "rejected too-many-attributes",
    ),
    "many namespaces": (
        lambda: put("<d:Surname", "<d:Surname " + " ".join(f'xmlns:a{n}="u:{n}"' for n in range(2000))),
        "rejected too-many-namespaces",
    ),
    "a repeated attribute": (lambda: put("<d:Surname", '<d:Surname a="1" a="2"'), "rejected not-well-formed"),
    # Structure.
    "another document": (lambda: b"<html/>", "rejected unknown-message"),
    "another namespace": (lambda: put("ECRIS/service-v1.0", "ECRIS-RI/service-v1.0"), "rejected unknown-message"),
    "another namespace below": (
        lambda: put("ECRIS/domain-model-v1.0", "ECRIS/domain-model-v2.0"),
        "rejected wrong-structure",
    ),
    "a soap envelope": (
        lambda: b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>',
        "rejected unknown-message",
    ),
    "an unknown element": (lambda: put("</m:MessageData>", "<m:Other/></m:MessageData>"), "rejected wrong-structure"),
    "an element of another message": (
        lambda: put("</m:MessageData>", "<m:MessageDataDeadline>2026-12-01</m:MessageDataDeadline></m:MessageData>"),
        "rejected wrong-structure",
    ),
    "the wrong order": (
        lambda: put(
            "<d:Forename>Iga</d:Forename><d:Surname>Wzorowa</d:Surname>",
            "<d:Surname>Wzorowa</d:Surname><d:Forename>Iga</d:Forename>",
        ),
        "rejected wrong-structure",
    ),
    "a repeated element": (
        lambda: put("<d:PersonSex>2</d:PersonSex>", "<d:PersonSex>2</d:PersonSex>" * 2),
        "rejected wrong-structure",
    ),
    "an unknown attribute": (lambda: put("<d:Surname>", '<d:Surname a="1">'), "rejected wrong-structure"),
    "text between elements": (
        lambda: put("</m:MessageMetaData>", "</m:MessageMetaData>words"),
        "rejected wrong-structure",
    ),
    "an escaped bracket": (lambda: put("Wzorowa", "Wz&lt;b&gt;"), "rejected wrong-structure"),
    "a blank name": (lambda: put("Wzorowa", "  "), "rejected wrong-structure"),
    "no person": (
        lambda: (
            TEXT[: TEXT.index("<m:MessageDataPerson>")].encode()
            + TEXT[TEXT.index("</m:MessageDataPerson>") + len("</m:MessageDataPerson>") :].encode()
        ),
        "rejected wrong-structure",
    ),
    "xsi:nil": (lambda: put("<d:Surname>", f'<d:Surname{XSI} xsi:nil="true">'), "rejected xsi-nil"),
    "xsi:type": (
        lambda: put("<d:PersonName>", f'<d:PersonName{XSI} xsi:type="d:PersonNameType">'),
        "rejected xsi-type",
    ),
    "xsi:type where it belongs": (lambda: related(RELATED), "entry_held"),
    "a relationship without its type": (
        lambda: related(RELATED.replace(' xsi:type="d:SanctionToOffencesRelationshipType"', "")),
        "rejected wrong-structure",
    ),
    "a relationship of another type": (
        lambda: related(RELATED.replace("SanctionToOffencesRelationshipType", "PersonNameType")),
        "rejected wrong-structure",
    ),
    "a relationship to nothing": (lambda: related(RELATED.replace("O-00100", "O-99999")), "needs_person"),
    "an empty conviction": (
        lambda: put("<m:MessageDataRequestResponseType", "<m:MessageDataConviction/><m:MessageDataRequestResponseType"),
        "rejected wrong-structure",
    ),
    # Identifiers.
    "digits of another script": (
        lambda: put("RRS-000000000000042", "RRS-00000000000004\u0662"),
        "rejected wrong-structure",
    ),
    "letters of another message": (lambda: put("PL-EE-RRS", "PL-EE-RDL"), "rejected wrong-message-id"),
    "another sender": (lambda: put("PL-EE-RRS", "DE-EE-RRS"), "rejected wrong-sender"),
    "another receiver": (lambda: put("PL-EE-RRS", "PL-LV-RRS"), "rejected wrong-receiver"),
    "an answer to another request": (
        lambda: put(REQUEST_ID, "EE-PL-REQ-000000000000043"),
        "rejected wrong-correlation",
    ),
    "an answer to a request of theirs": (
        lambda: put(REQUEST_ID, "PL-EE-REQ-000000000000042"),
        "rejected wrong-correlation",
    ),
    "our own request": (lambda: REQ, "rejected not-a-reply"),
    # Outcomes.
    "an unknown response type": (lambda: put("RRT-00-00", "RRT-00-06"), "rejected unknown-response-type"),
    "a response type of another table": (lambda: put("RRT-00-00", "RRT-01-00"), "rejected unknown-response-type"),
    "no response type": (
        lambda: put(
            "<m:MessageDataRequestResponseTypeReference>RRT-00-00</m:MessageDataRequestResponseTypeReference>", ""
        ),
        "rejected wrong-structure",
    ),
    "both denied and listed": (
        lambda: response(REQ, at=AT, response_type="RRT-00-01", entries=[HeldEntry()]),
        "rejected contradiction",
    ),
    "both denied and listed as not transmittable": (
        lambda: response(REQ, at=AT, response_type="RRT-00-02", entries=[HeldEntry("No")]),
        "rejected contradiction",
    ),
    "an unknown State": (lambda: response(REQ, at=AT, other_states=["ZZ"]), "needs_person"),
    "Greece by its other letters": (lambda: response(REQ, at=AT, other_states=["EL", "DE"]), "needs_person"),
    "repeated local ids": (lambda: twice("m:MessageDataConviction", ENTRY.decode()), "needs_person"),
}


@pytest.mark.parametrize("name", CORPUS)
def test_each_document_ends_in_exactly_one_word(name: str) -> None:
    make, expected = CORPUS[name]
    found = verdict(make(), expectation())
    assert (found.answer or f"{found.kind} {found.code}") == expected
    assert len(found.digest) == 32


def test_only_the_legitimate_documents_are_clear() -> None:
    clear = [name for name, (_, expected) in CORPUS.items() if expected == "nothing_recorded"]
    assert len(clear) == 13
    assert {verdict(CORPUS[name][0](), expectation()).answer for name in clear} == {"nothing_recorded"}


@pytest.mark.parametrize("name", CORPUS)
def test_nothing_of_the_content_is_in_the_verdict(name: str) -> None:
    shown = repr(verdict(CORPUS[name][0](), expectation()))
    assert not any(word in shown for word in (PERSON.name.surname, "Invented", "Wzo"))


@pytest.mark.parametrize("place", range(0, len(CLEAN), 41))
def test_a_document_cut_anywhere_is_never_clear(place: int) -> None:
    assert verdict(CLEAN[:place], expectation()).kind == "rejected"
