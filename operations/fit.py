"""How a city's sources fit together: remarks for the report of a load."""

import numpy as np

from data.report import LoadReport
from hazards.zone import ZoneLayer
from routing.exposure import Exposure
from routing.ground import Ground
from routing.roads import StreetFlag, islands
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
    report.remarks.append(
        f"{ground.roads.length_m.sum() / 1000:,.0f} km of streets, {wet / 1000:,.1f} km of them in "
        f"assumed flood zones; {int(ground.roads.has(StreetFlag.BRIDGE).sum())} bridges, "
        f"{int(ground.roads.has(StreetFlag.UNDERPASS).sum())} underpasses"
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
    label = islands(ground.roads)
    sizes = np.bincount(label)
    if len(sizes) == 1:
        return []
    remarks = [
        f"{len(sizes) - 1} pockets of {int(sizes[1:].sum())} junctions are joined to the network by"
        " no street: whoever lives there has no way"
    ]
    for island in range(1, min(len(sizes), LISTED_POCKETS + 1)):
        x, y = ground.roads.junction_xy[label == island][0].tolist()
        at = ground.metres.position(x, y)
        remarks.append(f"pocket: {sizes[island]} junctions at {at.lat:.5f}, {at.lon:.5f}")
    if len(sizes) - 1 > LISTED_POCKETS:
        remarks.append(f"and {len(sizes) - 1 - LISTED_POCKETS} smaller pockets")
    return remarks
