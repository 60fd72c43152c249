"""What a new city file changes, told before it goes live: places, zones, streets, people."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from city.area import Area, folded
from city.position import Metres
from data.city_rows import CityRows
from data.database import transaction
from data.households import Households
from data.network import Network
from data.rows import card_of, current_load, read_city, read_households
from hazards.zone import HazardZone
from operations.fitted_city import FittedCity
from routing.ground import polygons_in_metres
from shelters.place import EvacuationSite, Shelter, WelfareShelter

Place = EvacuationSite | Shelter | WelfareShelter

LISTED: Final = 20
MOVED_M: Final = 5.0
_HECTARE_M2: Final = 10_000.0
_KM2: Final = 1_000_000.0
_EARTH: Final = Geod(ellps="GRS80")


def city_diff(engine: Engine, city: FittedCity) -> list[str]:
    """What would be otherwise than in the loaded city, in lines.

    Raises `NoCity` where none is loaded, `NoDatabase`.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        before = read_city(connection, load)
        homes = read_households(connection, load.id)
    old, new = card_of(load), city.ground.card
    lines = [f"{old.name} (loaded {load.loaded_at:%Y-%m-%d %H:%M}) → {new.name}"]
    if old.code != new.code:
        lines.append(f"another city: code {old.code} → {new.code}; what is in force will not count")
    lines += _layers(old.complete, new.complete)
    lines += _named("evacuation sites", _sites(before.sites, city.rows.sites))
    lines += _named("shelters", _places(before.shelters, city.rows.shelters))
    lines += _named("welfare shelters", _places(before.welfare, city.rows.welfare))
    lines += _zones(before.zones, city.rows.zones, Metres(new.crs))
    lines += _streets(before.network, city.rows.network)
    lines += _named("areas", _areas(before.areas, city.rows.areas))
    lines += _people(before, homes, city.rows)
    return lines if len(lines) > 1 else [*lines, "nothing would change"]


def _named(what: str, changes: Iterator[str]) -> list[str]:
    found = list(changes)
    lines = [f"{what}: {len(found):,} changes"] if found else []
    lines += [f"  {change}" for change in found[:LISTED]]
    return lines + ([f"  and {len(found) - LISTED:,} more"] if len(found) > LISTED else [])


def _layers(before: Sequence[str], after: Sequence[str]) -> list[str]:
    lost, new = sorted(set(before) - set(after)), sorted(set(after) - set(before))
    lines = [f"zones no longer complete: {', '.join(lost)}: nobody is told to stay"] if lost else []
    return lines + ([f"zones now stated complete: {', '.join(new)}"] if new else [])


def _places(before: Sequence[Place], after: Sequence[Place]) -> Iterator[str]:
    """Lost first: people may know the way to them."""
    old, new = ({place.id: place for place in places} for places in (before, after))
    for key in sorted(old.keys() - new.keys()):
        yield f"lost: {old[key].name} ({key})"
    for key in sorted(new.keys() - old.keys()):
        yield f"new: {new[key].name} ({key})"
    for key in sorted(old.keys() & new.keys()):
        yield from _otherwise(old[key], new[key])


def _otherwise(old: Place, new: Place) -> Iterator[str]:
    if old.name != new.name:
        yield f"renamed: {old.name} → {new.name} ({new.id})"
    a, b = old.position, new.position
    moved_m = _EARTH.inv(a.lon, a.lat, b.lon, b.lat)[2]
    if moved_m > MOVED_M:
        yield f"moved {moved_m:,.0f} m: {new.name} ({new.id})"
    if old.capacity != new.capacity:
        yield f"capacity: {new.name} ({new.id}): {old.capacity} → {new.capacity}"


def _sites(before: Sequence[EvacuationSite], after: Sequence[EvacuationSite]) -> Iterator[str]:
    yield from _places(before, after)
    designated = {site.id: site.designated_for for site in before}
    for site in after:
        was = designated.get(site.id, site.designated_for)
        if gone := sorted(was - site.designated_for):
            yield f"no longer designated for {', '.join(gone)}: {site.name} ({site.id})"
        if added := sorted(site.designated_for - was):
            yield f"now designated for {', '.join(added)}: {site.name} ({site.id})"


def _zones(before: Sequence[HazardZone], after: Sequence[HazardZone], metres: Metres) -> list[str]:
    """Hectares by layer and rank: what is under a zone now, what no longer."""
    old, new = _surfaces(before, metres), _surfaces(after, metres)
    lines = []
    for key in sorted(old.keys() | new.keys()):
        nothing = shapely.Polygon()
        a, b = old.get(key, nothing), new.get(key, nothing)
        grown, shrunk = (
            float(one.area) / _HECTARE_M2 for one in (b.difference(a), a.difference(b))
        )
        if max(grown, shrunk) >= 0.01:
            kind, layer, rank = key
            lines.append(
                f"zones {kind} {layer} rank {rank}: {a.area / _KM2:.2f} → {b.area / _KM2:.2f} km², "
                f"{grown:,.2f} ha more, {shrunk:,.2f} ha less"
            )
    return lines


def _surfaces(
    zones: Sequence[HazardZone], metres: Metres
) -> Mapping[tuple[str, str, int], BaseGeometry]:
    grouped: dict[tuple[str, str, int], list[BaseGeometry]] = {}
    for zone in zones:
        grouped.setdefault((zone.kind, zone.layer, zone.rank), []).append(zone.geometry)
    return {
        key: shapely.union_all(polygons_in_metres(shapes, metres))
        for key, shapes in grouped.items()
    }


def _streets(before: Network, after: Network) -> list[str]:
    old, new = _drawn(before), _drawn(after)
    lost, added = (old - new).total(), (new - old).total()
    if not lost and not added:
        return []
    return [
        f"streets: {len(before.start):,} → {len(after.start):,}; {lost:,} are gone or drawn "
        f"otherwise, {added:,} are new or drawn otherwise"
    ]


def _drawn(network: Network) -> Counter[bytes]:
    """Streets by their line and by what decides who can pass."""
    said = np.column_stack([network.flags, network.access, network.layer.view(np.uint8)])
    cuts = network.shape_start.tolist()
    return Counter(
        network.shape_lonlat[a:b].round(7).tobytes() + marks.tobytes()
        for a, b, marks in zip(cuts, cuts[1:], said, strict=False)
    )


def _areas(before: Sequence[Area], after: Sequence[Area]) -> Iterator[str]:
    old, new = ({folded(area.name): area for area in areas} for areas in (before, after))
    for key in sorted(old.keys() - new.keys()):
        yield f"lost: {old[key].name}: an order that names it stands on its old outline"
    for key in sorted(new.keys() - old.keys()):
        yield f"new: {new[key].name}"
    for key in sorted(old.keys() & new.keys()):
        if not old[key].geometry.equals(new[key].geometry):
            yield f"another outline: {new[key].name}"


def _people(before: CityRows, homes: Households, after: CityRows) -> list[str]:
    old, new = homes, after.households
    lines = []
    if (len(old), int(old.persons.sum())) != (len(new), int(new.persons.sum())):
        lines.append(
            f"households: {len(old):,} → {len(new):,}; "
            f"persons: {int(old.persons.sum()):,} → {int(new.persons.sum()):,}"
        )
    elif not np.array_equal(old.lonlat.round(7), new.lonlat.round(7)):
        lines.append("households: as many, placed otherwise")
    return lines
