"""The ground, mapped: only its trees are built anew."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from shapely import STRtree

from city.area import Area
from city.position import Metres, Position
from data.mapped.arrays import load_shapes, map_array, objects, save_shapes
from hazards.kinds import HazardKind
from hazards.zone import ZoneLayer
from routing.exposure import Pieces
from routing.ground import (
    CityCard,
    Ground,
    ZoneMap,
    door_tree,
    in_metres,
    motorway_tree,
    zone_map_of,
)
from routing.roads import RoadGraph
from routing.rules import rules_from
from shelters.capacity import Capacity
from shelters.place import EvacuationSite, Shelter

_ROADS: Final = tuple(name for name in RoadGraph.__slots__ if name not in {"names", "names_en"})
_PIECES: Final = tuple(Pieces.__slots__)


def save_ground(folder: Path, ground: Ground, settings: dict[str, Any]) -> None:
    """Write the ground into an existing folder."""
    for name in _ROADS:
        np.save(folder / f"road-{name}.npy", getattr(ground.roads, name))
    for name in _PIECES:
        np.save(folder / f"assumed-{name}.npy", getattr(ground.assumed, name))
    np.save(folder / "exposed.npy", ground.exposed)
    np.save(folder / "in-red.npy", ground.in_red)
    np.save(folder / "zoned.npy", ground.zoned)
    for layer, zone in ground.zones.items():
        save_shapes(folder / f"zone-{layer}", zone.polygons)
        np.save(folder / f"zone-{layer}-ranks.npy", zone.ranks)
        np.save(folder / f"zone-{layer}-forecast.npy", zone.forecast)
    save_shapes(folder / "waterways", ground.waterways)
    save_shapes(folder / "areas", objects([area.geometry for area in ground.areas]))
    card = {
        "card": asdict(ground.card),
        "settings": settings,
        "names": list(ground.roads.names),
        "names_en": list(ground.roads.names_en),
        "zones": {layer: [zone.complete, zone.damaged] for layer, zone in ground.zones.items()},
        "areas": [[area.code, area.name] for area in ground.areas],
        "sites": [_place(s) | {"designated_for": sorted(s.designated_for)} for s in ground.sites],
        "shelters": [
            _place(s) | {"also": s.also_evacuation_site, "site_id": s.site_id}
            for s in ground.shelters
        ],
    }
    (folder / "ground.json").write_text(json.dumps(card, ensure_ascii=False), "utf-8")


def open_ground(folder: Path) -> Ground:
    """Map a saved ground; only its trees are built anew."""
    card = json.loads((folder / "ground.json").read_text("utf-8"))
    named: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in card["card"].items()
    }
    metres = Metres(named["crs"])
    roads = RoadGraph(
        **{name: map_array(folder / f"road-{name}.npy") for name in _ROADS},
        names=tuple(card["names"]),
        names_en=tuple(card["names_en"]),
    )
    lines = roads.lines()
    shapes = load_shapes(folder / "areas")
    areas = tuple(
        Area(code, name, shape) for (code, name), shape in zip(card["areas"], shapes, strict=True)
    )
    polygons = in_metres(list(shapes), metres)
    waterways = load_shapes(folder / "waterways")
    sites = tuple(_site(row) for row in card["sites"])
    lonlat = np.array([[s.position.lon, s.position.lat] for s in sites]).reshape(-1, 2)
    return Ground(
        card=CityCard(**named),
        rules=rules_from(card["settings"]),
        metres=metres,
        roads=roads,
        assumed=Pieces(**{name: map_array(folder / f"assumed-{name}.npy") for name in _PIECES}),
        exposed=map_array(folder / "exposed.npy"),
        in_red=map_array(folder / "in-red.npy"),
        zoned=map_array(folder / "zoned.npy"),
        zones={layer: _zone(folder, layer, *card["zones"][layer]) for layer in ZoneLayer},
        waterways=waterways,
        waterway_tree=STRtree(waterways),
        sites=sites,
        site_xy=metres.xy(lonlat),
        shelters=tuple(_shelter(row) for row in card["shelters"]),
        areas=areas,
        area_tree=STRtree(polygons),
        area_polygons=polygons,
        lines=lines,
        tree=STRtree(lines),
        door_tree=door_tree(roads, lines),
        motorway_tree=motorway_tree(roads, lines),
    )


def _zone(folder: Path, layer: ZoneLayer, complete: bool, damaged: bool) -> ZoneMap:
    polygons = load_shapes(folder / f"zone-{layer}")
    ranks = np.load(folder / f"zone-{layer}-ranks.npy")
    forecast = np.load(folder / f"zone-{layer}-forecast.npy")
    return zone_map_of(layer, complete, polygons, ranks, forecast, damaged=damaged)


def _place(place: EvacuationSite | Shelter) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "at": [place.position.lat, place.position.lon],
        "address": place.address,
        "note": place.note,
        "capacity": asdict(place.capacity),
    }


def _site(row: dict[str, Any]) -> EvacuationSite:
    hazards = frozenset(HazardKind(word) for word in row["designated_for"])
    at = Position(*row["at"])
    capacity = Capacity(**row["capacity"])
    return EvacuationSite(
        row["id"], row["name"], at, row["address"], hazards, row["note"], capacity
    )


def _shelter(row: dict[str, Any]) -> Shelter:
    at = Position(*row["at"])
    capacity = Capacity(**row["capacity"])
    return Shelter(
        *(row["id"], row["name"], at, row["address"], row["also"], row["note"]),
        capacity=capacity,
        site_id=row["site_id"],
    )
