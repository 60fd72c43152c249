"""GeoJSON files: one feature a line, coordinates in (lon, lat)."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from data.town.frame import to_degrees

Properties: TypeAlias = Mapping[str, str | int | float | None]
Feature: TypeAlias = tuple[BaseGeometry, Properties]


def write_features(path: Path, name: str, features: Iterable[Feature]) -> None:
    """Write features, whose geometries are in metres, as one collection."""
    lines = ",\n".join(_feature(geometry, properties) for geometry, properties in features)
    head = f'"type": "FeatureCollection",\n"name": {json.dumps(name, ensure_ascii=False)}'
    path.write_text(f'{{\n{head},\n"features": [\n{lines}\n]\n}}\n', encoding="utf-8")


def _feature(geometry: BaseGeometry, properties: Properties) -> str:
    feature = {
        "type": "Feature",
        "properties": dict(properties),
        "geometry": mapping(to_degrees(geometry)),
    }
    return json.dumps(feature, ensure_ascii=False)
