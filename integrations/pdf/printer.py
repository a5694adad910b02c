"""The certificate as one A4 page."""

from urllib.parse import urlsplit

from integrations.pdf.lettering import width
from integrations.pdf.page import BODY, Composition
from integrations.pdf.sheet import Sheet, bound
from integrations.pdf.token import filled
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
        title = f"{words['title']} {contents.number}"
        return bound(
            [sheet],
            language=words.language,
            title=title,
            author=contents.issuer,
            subject=words["legal"],
            dated=contents.issued_on,
            for_token=True,
        )

    def carrying(self, page: bytes, token: str) -> bytes:
        """See `Printer`."""
        return filled(page, token)


def _fitting(contents: CertificateContents, words: Words) -> Sheet:
    """The largest composition that fits on the page, its spare height shared out among the gaps."""
    width("", BODY)  # registers the font
    for scale in SCALES:
        sheet, left = Composition(contents, words, scale).compose()
        if left >= 0:
            air = min(left / (Composition.GAPS + 1), MOST_AIR)
            return Composition(contents, words, scale, air).compose()[0] if air else sheet
    raise Unusable("certificate-too-long")
