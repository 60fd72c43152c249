"""The page's own address as a QR code, for the printed slip."""

import io

import segno
from markupsafe import Markup


def qr_svg(url: str) -> Markup:
    """An inline SVG of one path; error correction M survives a crease or a drop."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, nl=False, omitsize=True, border=2,
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704  segno writes no text into its path
