"""What a DJI drone writes of itself into its photos: XMP of the namespace drone-dji.

XML from strangers: no DOCTYPE, no entity.
"""

import math
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

DJI: Final = "{http://www.dji.com/drone-dji/1.0/}"
MOST_BYTES: Final = 200_000
"""One segment of a JPEG holds 65,533."""
MISSING: Final = "DJIの記録（XMP）がありません（no XMP of a DJI drone）"
_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "RelativeAltitude": (-1_000, 10_000),
    "AbsoluteAltitude": (-1_000, 10_000),
    "GimbalYawDegree": (-360, 360),
    "GimbalPitchDegree": (-180, 180),
    "GimbalRollDegree": (-180, 180),
    "FlightYawDegree": (-360, 360),
    "FlightPitchDegree": (-180, 180),
    "FlightRollDegree": (-180, 180),
}


def read_dji(packet: bytes) -> tuple[dict[str, float], dict[str, str]]:
    """Metres and degrees by DJI's names, and of those that are not there or no number the reason.

    As attributes or as elements; of one that stands twice the first counts.
    """
    found, why = _texts(packet)
    numbers: dict[str, float] = {}
    reasons: dict[str, str] = {}
    for name, (low, high) in _RANGES.items():
        number = _number(found.get(name))
        if number is not None and low <= number <= high:
            numbers[name] = number
        elif name in found:
            reasons[name] = f"{name}が読めません: {found[name][:20]!r}（no such number）"
        else:
            reasons[name] = why or f"{name}がありません（is missing）"
    return numbers, reasons


def _texts(packet: bytes) -> tuple[dict[str, str], str]:
    if not packet.strip(b"\0 \r\n\t"):
        return {}, MISSING
    if len(packet) > MOST_BYTES:
        return {}, f"XMPが大きすぎます（more than {MOST_BYTES:,} bytes）"
    try:
        root = fromstring(packet.strip(b"\0 \r\n\t"), forbid_dtd=True)
    except DefusedXmlException:
        return {}, "XMPにDOCTYPEか実体が入っています（a DOCTYPE or an entity）"
    except (ParseError, ValueError, LookupError):
        return {}, "XMPが壊れています（broken XMP）"
    found: dict[str, str] = {}
    for element in root.iter():
        said = [*element.attrib.items(), (element.tag, element.text or "")]
        for name, text in said:
            if isinstance(name, str) and name.startswith(DJI):
                found.setdefault(name.removeprefix(DJI), text.strip())
    return found, "" if found else MISSING


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
