"""The page's own address as a QR code, for the printed slip."""

import io

import segno
from markupsafe import Markup


def qr_svg(url: str) -> Markup:
    """An inline SVG of one path; error correction M survives a crease or a drop.

    Nothing where no code holds the address: the page must come without it.
    """
    out = io.BytesIO()
    try:
        code = segno.make(url, error="m", micro=False)
    except segno.DataOverflowError:
        return Markup()
    code.save(
        out, kind="svg", xmldecl=False, svgns=False, nl=False, omitsize=True, border=2,
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704  segno writes no text into its path
