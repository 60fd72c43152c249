"""Photos as a drone writes them: real JPEGs with EXIF and XMP, and hardly any pixels."""

import math
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

SAMPLES: Final = (Path(__file__).parents[4] / "shared/data/drone").resolve()
NO_SAMPLES: Final = f"{SAMPLES} is absent: no photos of a real drone"
LAT, LON = 35.25, 139.5
TAGS: Final = {
    "RelativeAltitude": "+100.00",
    "AbsoluteAltitude": "+132.50",
    "GimbalYawDegree": "+90.00",
    "GimbalPitchDegree": "-45.00",
    "GimbalRollDegree": "+0.00",
    "FlightYawDegree": "+88.10",
}
_XMP: Final = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="DJI Meta Data"
 xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" {}>{}</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def xmp(tags: dict[str, str] = TAGS, *, elements: bool = False) -> bytes:
    """DJI's packet, its tags as attributes or as elements."""
    if elements:
        inside = "".join(f"<drone-dji:{k}>{v}</drone-dji:{k}>" for k, v in tags.items())
        return _XMP.format("", inside).encode()
    return _XMP.format(" ".join(f'drone-dji:{k}="{v}"' for k, v in tags.items()), "").encode()


def dms(angle: float) -> tuple[float, float, float]:
    """Degrees, minutes and seconds, without a sign."""
    minutes, degrees = math.modf(abs(angle))
    seconds, whole = math.modf(minutes * 60)
    return degrees, whole, round(seconds * 60, 4)


def gps(lat: float = LAT, lon: float = LON) -> dict[int, Any]:
    """EXIF's tags of a position."""
    return {
        GPS.GPSLatitudeRef: "S" if lat < 0 else "N",
        GPS.GPSLatitude: dms(lat),
        GPS.GPSLongitudeRef: "W" if lon < 0 else "E",
        GPS.GPSLongitude: dms(lon),
    }


def a_photo(
    *,
    place: dict[int, Any] | None = None,
    tags: dict[int, Any] | None = None,
    main: dict[int, Any] | None = None,
    packet: bytes | None = None,
    size: tuple[int, int] = (64, 48),
) -> bytes:
    """A JPEG; `place`, `tags` and `main` are EXIF's tags of GPS, of Exif and of the picture."""
    usual = {
        Base.DateTimeOriginal: "2026:09:01 11:00:00",
        Base.OffsetTimeOriginal: "+09:00",
        Base.FocalLengthIn35mmFilm: 24,
    }
    exif = Image.Exif()
    exif.update({Base.Make: "DJI\0\0\0", Base.Model: "FC0000", **(main or {})})
    exif.get_ifd(IFD.Exif).update(usual if tags is None else tags)
    exif.get_ifd(IFD.GPSInfo).update(gps() if place is None else place)
    out = BytesIO()
    Image.new("RGB", size, (90, 110, 80)).save(
        out, "JPEG", exif=exif, xmp=xmp() if packet is None else packet
    )
    return out.getvalue()


def aimed_photo(lat: float, lon: float, height: float, yaw: float, pitch: float) -> bytes:
    """A photo from there, with the digits that DJI writes."""
    told = {
        "RelativeAltitude": f"{height:+.2f}",
        "GimbalYawDegree": f"{yaw:+.2f}",
        "GimbalPitchDegree": f"{pitch:+.2f}",
        "GimbalRollDegree": "+0.00",
    }
    return a_photo(place=gps(lat, lon), packet=xmp(TAGS | told))
