"""How a city's sources fit together: remarks for the report of a load."""

import numpy as np

from data.report import LoadReport
from hazards.zone import ZoneLayer
from routing.exposure import Exposure
from routing.ground import Ground
from routing.roads import Access, StreetFlag, islands, walked_junctions
from routing.snapping import barred, snaps

LISTED_POCKETS = 20


def remark_fit(ground: Ground, report: LoadReport) -> None:
    """Add what the officer should know: islands, far-off sites, exposed streets."""
    report.remarks += _empty_layers(ground)
    report.remarks += _island_remarks(ground)
    far = [
        site.name
        for site, (x, y) in zip(ground.sites, ground.site_xy.tolist(), strict=True)
        if not snaps(ground, barred([]), x, y, entering=True)
    ]
    if far:
        limit = ground.rules.snap_limit_m
        report.remarks.append(
            f"{len(far)} sites are farther than {limit:.0f} m from every street: kept, never a "
            f"destination ({'、'.join(far[:3])}{' …' if len(far) > 3 else ''})"
        )
    wet = ground.exposed[:, Exposure.DEPTH_1 : Exposure.DEPTH_6 + 1].sum()
    report.remarks.append(_who_passes(ground))
    report.remarks.append(
        f"{ground.roads.length_m.sum() / 1000:,.0f} km of streets, {wet / 1000:,.1f} km of them in "
        f"assumed flood zones; {int(ground.roads.has(StreetFlag.BRIDGE).sum())} bridges, "
        f"{int(ground.roads.has(StreetFlag.UNDERPASS).sum())} underpasses"
    )


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
