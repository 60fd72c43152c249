"""How a city's sources fit together: remarks for the report of a load."""

import numpy as np
import shapely

from data.report import LoadReport
from hazards.zone import RED, ZoneLayer
from routing.exposure import Exposure
from routing.ground import Ground
from routing.roads import Access, StreetFlag, islands, walked_junctions
from routing.snapping import barred, snaps

LISTED_POCKETS = 20
LISTED_SITES = 20


def remark_fit(ground: Ground, report: LoadReport) -> None:
    """Add what the officer should know: islands, far-off sites, exposed streets."""
    report.remarks += _empty_layers(ground)
    report.remarks += _island_remarks(ground)
    report.remarks += _unreached_remarks(ground)
    wet = ground.exposed[:, Exposure.DEPTH_1 : Exposure.DEPTH_6 + 1].sum()
    report.remarks.append(_who_passes(ground))
    report.remarks.append(
        f"{ground.roads.length_m.sum() / 1000:,.0f} km of streets, {wet / 1000:,.1f} km of them in "
        f"assumed flood zones; {int(ground.roads.has(StreetFlag.BRIDGE).sum())} bridges, "
        f"{int(ground.roads.has(StreetFlag.UNDERPASS).sum())} underpasses"
    )


def _unreached_remarks(ground: Ground) -> list[str]:
    """Sites that no street can be joined to, each with the reason why."""
    by_reason: dict[str, list[str]] = {}
    for site, (x, y) in zip(ground.sites, ground.site_xy.tolist(), strict=True):
        if not snaps(ground, barred([]), x, y, entering=True):
            by_reason.setdefault(_why_unreached(ground, x, y), []).append(site.name)
    return [
        f"{len(names)} {'site' if len(names) == 1 else 'sites'} {why}: kept, never a destination "
        f"({'、'.join(names[:LISTED_SITES])}{' …' if len(names) > LISTED_SITES else ''})"
        for why, names in by_reason.items()
    ]


def _why_unreached(ground: Ground, x: float, y: float) -> str:
    point, limit = shapely.Point(x, y), ground.rules.snap_limit_m
    if not len(ground.door_tree.query(point, predicate="dwithin", distance=limit)):
        return f"farther than {limit:.0f} m from every street that a door can stand at"
    if ground.zones[ZoneLayer.LANDSLIDE].rank_at(point) == RED:
        return "in a special landslide zone (red)"
    return "only across a river, a motorway or a special landslide zone (red)"


def _who_passes(ground: Ground) -> str:
    """Kilometres of street by who may use them."""
    roads = ground.roads
    vehicles = Access.VEHICLE_FORWARD | Access.VEHICLE_BACKWARD
    both_ways = roads.admits(Access.VEHICLE_FORWARD) & roads.admits(Access.VEHICLE_BACKWARD)
    walked, rolled, driven = (
        float(roads.length_m[roads.admits(who)].sum()) / 1000
        for who in (Access.FOOT, Access.WHEELS, vehicles)
    )
    oneway = float(roads.length_m[roads.admits(vehicles) & ~both_ways].sum()) / 1000
    return (
        f"{walked:,.0f} km may be walked, {rolled:,.0f} km by wheelchair, {driven:,.0f} km driven,"
        f" {oneway:,.0f} km of that one way"
    )


def _empty_layers(ground: Ground) -> list[str]:
    """Layers that are said to be complete, and that no source brings a zone of."""
    return [
        f"zones.complete names {layer}, and no source brings a single such zone: nothing is known "
        "of it, so nobody is told that staying is safe"
        for layer in ground.card.complete
        if len(ground.zones[ZoneLayer(layer)].polygons) == 0
    ]


def _island_remarks(ground: Ground) -> list[str]:
    """Pockets that no street joins to the network, each with a place to look at."""
    roads = ground.roads
    label, walked = islands(roads, roads.admits(Access.FOOT)), walked_junctions(roads)
    sizes = np.bincount(label[walked])
    pockets = [row for row in range(1, len(sizes)) if sizes[row]]
    if not pockets:
        return []
    remarks = [
        f"{len(pockets)} pockets of {int(sizes[1:].sum())} junctions are joined to the network by"
        " no street: whoever lives there has no way"
    ]
    for island in pockets[:LISTED_POCKETS]:
        x, y = roads.junction_xy[label == island][0].tolist()
        at = ground.metres.position(x, y)
        remarks.append(f"pocket: {sizes[island]} junctions at {at.lat:.5f}, {at.lon:.5f}")
    if len(pockets) > LISTED_POCKETS:
        remarks.append(f"and {len(pockets) - LISTED_POCKETS} smaller pockets")
    return remarks
