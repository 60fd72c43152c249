"""Areas of what is imagined, as GeoJSON."""

from typing import Any


def multipolygon(area: Any) -> dict[str, Any]:
    """GeoJSON, to a tenth of a metre: an outline and its holes, of each part."""
    parts = getattr(area, "geoms", [area])
    rings = [[_ring(ring) for ring in (part.exterior, *part.interiors)] for part in parts]
    return {"type": "MultiPolygon", "coordinates": rings}


def _ring(ring: Any) -> list[list[float]]:
    return [[round(lon, 6), round(lat, 6)] for lon, lat, *_ in ring.coords]
