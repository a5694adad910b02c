"""QR codes on pages."""

import segno


class Painter:
    """See `QrPainter`. The picture is an SVG on white, so that it is read on a dark page too."""

    def picture(self, address: str) -> str:
        code = segno.make(address, error="m", micro=False, boost_error=False)
        return str(code.svg_data_uri(scale=4, border=4, dark="#0b3139", light="#fff", omitsize=False))
