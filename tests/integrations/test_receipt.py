"""The receipt on paper and the QR code on a page, as their adapters make them."""

import base64
import urllib.parse
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from integrations.pdf.receipt import ReceiptPrinter
from integrations.qr import Painter
from vetting.consent.ports import Receipt, Section
from vetting.errors import Unusable

ROWS = tuple((f"Label {number}", "Ελληνικά, Български, Žluťoučký kůň " * 6) for number in range(30))


def receipt(*sections: Section) -> Receipt:
    said = ("el", "Απόδειξη", "What was agreed to", "0000-1111", "Invented Authority")
    return Receipt(*said, date(2026, 11, 24), sections)


def text_of(page):
    return "".join(page.extract_text().split())


def test_a_long_receipt_goes_on_over_pages_loses_nothing_and_no_heading_stands_alone():
    content = ReceiptPrinter().receipt(receipt(Section("First", ROWS), Section("Second", ROWS)))
    pages = [text_of(page) for page in PdfReader(BytesIO(content)).pages]
    assert len(pages) > 2
    whole = "".join(pages)
    assert whole.count("Žluťoučkýkůň") == 60 * 6
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in page
        assert "0000-1111" in page
    assert any("SecondLabel0" in page for page in pages)


def test_the_same_receipt_is_the_same_bytes_and_another_is_not():
    said = receipt(Section("First", ROWS[:2]))
    assert ReceiptPrinter().receipt(said) == ReceiptPrinter().receipt(said)
    assert ReceiptPrinter().receipt(said) != ReceiptPrinter().receipt(receipt(Section("First", ROWS[:3])))


def test_a_line_that_no_page_holds_is_refused():
    with pytest.raises(Unusable, match="receipt-too-long"):
        ReceiptPrinter().receipt(receipt(Section("First", (("Label", "word " * 9000),))))


def test_a_qr_code_is_a_picture_of_its_own_address_with_a_quiet_zone_on_white():
    one, other = (Painter().picture(f"https://clearance.example.eu/s/{code}/") for code in ("AAAA-BBBB", "AAAA-BBBC"))
    assert one == Painter().picture("https://clearance.example.eu/s/AAAA-BBBB/")
    assert one != other
    kind, _, data = one.partition(",")
    assert kind.startswith("data:image/svg+xml")
    plain = base64.b64decode(data).decode() if kind.endswith("base64") else urllib.parse.unquote(data)
    picture = ElementTree.fromstring(plain)  # noqa: S314  # our own picture
    paths = [node for node in picture.iter() if node.tag.endswith("path")]
    assert paths[0].attrib["fill"] == "#fff"
    assert "script" not in plain
