"""The certificate as one A4 page."""

from io import BytesIO
from urllib.parse import urlsplit

from reportlab.pdfgen.canvas import Canvas

from integrations.pdf.lettering import REGULAR, printable, width
from integrations.pdf.page import BODY, Composition
from integrations.pdf.sheet import PAGE_HEIGHT, PAGE_WIDTH, Sheet
from integrations.pdf.words import Words, words_of
from vetting.certificates.ports import CertificateContents
from vetting.errors import Unusable

SCALES = tuple(percent / 100 for percent in range(100, 48, -2))
MOST_AIR = 13.0


class CertificatePrinter:
    """Prints certificates. The same contents give the same bytes; a page that is already full is set smaller."""

    def certificate(self, contents: CertificateContents) -> bytes:
        """One A4 page as PDF. Raises Unusable for an address that is not of the web, or more text than a page holds."""
        if urlsplit(contents.verify_url).scheme not in {"https", "http"}:
            raise Unusable("certificate-address")
        words = words_of(contents.language)
        sheet = _fitting(contents, words)
        return _pdf(sheet, contents, words)


def _fitting(contents: CertificateContents, words: Words) -> Sheet:
    """The largest composition that fits on the page, its spare height shared out among the gaps."""
    width("", BODY)  # registers the font
    for scale in SCALES:
        sheet, left = Composition(contents, words, scale).compose()
        if left >= 0:
            air = min(left / (Composition.GAPS + 1), MOST_AIR)
            return Composition(contents, words, scale, air).compose()[0] if air else sheet
    raise Unusable("certificate-too-long")


def _pdf(sheet: Sheet, contents: CertificateContents, words: Words) -> bytes:
    file = BytesIO()
    canvas = Canvas(
        file,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,  # type: ignore[arg-type]  # the stubs take it for a number
        lang=words.language,
    )
    canvas.setTitle(printable(f"{words['title']} {contents.number}"))
    canvas.setAuthor(printable(contents.issuer))
    canvas.setSubject(printable(words["legal"]))
    canvas.setCreator("Article Ten")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    sheet.paint(canvas)
    canvas.showPage()
    canvas.save()
    return file.getvalue()
