"""The city as a plain table: its counts, what is in force, who is cut off, its sites."""

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from city.traveller import Profile
from hazards.closure import Closure
from operations.answer import in_force, local
from operations.serving import Freshness
from routing.cutoff import Pocket, pockets
from routing.version import PlanVersion
from routing.weights import Conditions
from shelters.place import EvacuationSite, Shelter


def city_facts(version: PlanVersion, freshness: Freshness) -> dict[str, Any]:
    """Name, code, box, counts, orders in force, pockets without a way."""
    ground, picture = version.ground, version.picture
    card, zone = ground.card, ZoneInfo(ground.card.timezone)
    west, south = ground.roads.shape_lonlat.min(axis=0).tolist()
    east, north = ground.roads.shape_lonlat.max(axis=0).tolist()
    return {
        "name": card.name,
        "name_en": card.name_en,
        "code": card.code,
        "fictional": card.fictional,
        "bbox": [west, south, east, north],
        "crs": card.crs,
        "attributions": list(card.attributions),
        "counts": {
            "junctions": ground.roads.junction_count,
            "streets": ground.roads.street_count,
            "street_km": round(float(ground.roads.length_m.sum()) / 1000, 1),
            "sites": len(ground.sites),
            "shelters": len(ground.shelters),
            "zones": sum(len(zone.polygons) for zone in ground.zones.values()),
            "areas": len(ground.areas),
        },
        "in_force": {
            "orders": in_force(picture.orders, zone),
            "observed_water": [
                {
                    "id": water.id,
                    "since": local(water.observed_at, zone),
                    **_at(version, point),
                }
                for water, point in zip(picture.observed, _in_water(version), strict=True)
            ],
            "closures": [_closure(version, closure, zone) for closure in picture.closures],
        },
        "pockets": [_pocket(version, pocket) for pocket in _cut_off(version)],
        "stale": freshness.stale,
        "plan_version": version.number,
        "as_of": local(freshness.checked_at, zone),
    }


def _closure(version: PlanVersion, closure: Closure, zone: ZoneInfo) -> dict[str, Any]:
    roads = version.ground.roads
    named = [int(roads.name[street]) for street in closure.streets]
    return {
        "id": closure.id,
        "name": "、".join(dict.fromkeys(roads.names[n] for n in named if n >= 0)) or None,
        "reason": closure.reason,
        "since": local(closure.closed_at, zone),
        "by_water": closure.by_water,
        "matched": closure.rest.is_empty,
        **_at(version, closure.line.interpolate(0.5, normalized=True)),
    }


@lru_cache(maxsize=2)
def _in_water(version: PlanVersion) -> list[shapely.Point]:
    """A point in each observed water."""
    return [shapely.point_on_surface(water.area) for water in version.picture.observed]


def _at(version: PlanVersion, point: shapely.Point) -> dict[str, float]:
    at = version.ground.metres.position(point.x, point.y)
    return {"lat": round(at.lat, 6), "lon": round(at.lon, 6)}


@lru_cache(maxsize=2)
def _cut_off(version: PlanVersion) -> list[Pocket]:
    """Pockets for somebody on foot by day."""
    return pockets(version, Profile.WALK)


def _pocket(version: PlanVersion, pocket: Pocket) -> dict[str, Any]:
    ground = version.ground
    x, y = ground.roads.junction_xy[pocket.junction].tolist()
    at, area = ground.metres.position(x, y), ground.area_at(x, y)
    return {
        "lat": round(at.lat, 6),
        "lon": round(at.lon, 6),
        "area": area.name if area else None,
        "junctions": pocket.junctions,
        "street_m": round(pocket.street_m),
        "cut_off_by_water": pocket.by_water,
    }


def sites_collection(version: PlanVersion, freshness: Freshness) -> dict[str, Any]:
    """All places as a GeoJSON FeatureCollection."""
    zone = ZoneInfo(version.ground.card.timezone)
    joined = set(version.access(Conditions()).site.tolist())
    rows = [
        _site(version, site, row in joined, zone) for row, site in enumerate(version.ground.sites)
    ]
    return {
        "type": "FeatureCollection",
        "city": version.ground.card.name,
        "fictional": version.ground.card.fictional,
        "features": rows + [_shelter(shelter) for shelter in version.ground.shelters],
        "plan_version": version.number,
        "as_of": local(freshness.checked_at, zone),
        "stale": freshness.stale,
    }


def _site(
    version: PlanVersion, site: EvacuationSite, reachable: bool, zone: ZoneInfo
) -> dict[str, Any]:
    state = version.picture.openings[site.id]
    return _feature(
        site,
        {
            "kind": "指定緊急避難場所",
            "designated_for": sorted(site.designated_for),
            "opening": state.opening,
            "opening_since": local(state.since, zone) if state.since else None,
            "on_network": reachable,
        },
    )


def _shelter(shelter: Shelter) -> dict[str, Any]:
    return _feature(
        shelter, {"kind": "指定避難所", "also_evacuation_site": shelter.also_evacuation_site}
    )


def _feature(place: EvacuationSite | Shelter, properties: dict[str, Any]) -> dict[str, Any]:
    at = place.position
    return {
        "type": "Feature",
        "id": place.id,
        "geometry": {"type": "Point", "coordinates": [at.lon, at.lat]},
        "properties": {"id": place.id, "name": place.name, "address": place.address} | properties,
    }
