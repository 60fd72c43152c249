"""A picture as a JSON table and back."""

from datetime import datetime
from typing import Any

import shapely

from hazards.closure import Closure, ClosureBasis, Doubt, ObservedWater
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from routing.picture import Picture
from shelters.place import Opening, SiteState


def picture_table(picture: Picture) -> dict[str, Any]:
    """Geometries as WKB in hex, times as ISO 8601."""
    return {
        "change": picture.change,
        "as_of": picture.as_of.isoformat(),
        "orders": [
            {
                "id": order.id,
                "hazard": order.hazard,
                "level": int(order.level),
                "areas": order.area_names,
                "area": None if order.area is None else shapely.to_wkb(order.area, hex=True),
                "at": order.issued_at.isoformat(),
            }
            for order in picture.orders
        ],
        "observed": [
            [w.id, w.source, shapely.to_wkb(w.area, hex=True), w.observed_at.isoformat()]
            for w in picture.observed
        ],
        "closures": [
            {
                "id": closure.id,
                "streets": closure.streets,
                "reason": closure.reason,
                "line": shapely.to_wkb(closure.line, hex=True),
                "rest": shapely.to_wkb(closure.rest, hex=True),
                "at": closure.closed_at.isoformat(),
                "by_water": closure.by_water,
                "basis": closure.basis,
                "observations": closure.observations,
                "moves": closure.moves,
                "stretches": closure.stretches,
            }
            for closure in picture.closures
        ],
        "doubts": [
            [one.street, one.streets, one.observations, one.reason, one.since.isoformat()]
            for one in picture.doubts
        ],
        "openings": {
            site: [state.opening, state.since and state.since.isoformat()]
            for site, state in picture.openings.items()
        },
    }


def picture_from(given: dict[str, Any]) -> Picture:
    """The picture of a table that `picture_table` made."""
    moment = datetime.fromisoformat
    return Picture(
        change=given["change"],
        as_of=moment(given["as_of"]),
        orders=tuple(
            EvacuationOrder(
                id=row["id"],
                hazard=HazardKind(row["hazard"]),
                level=AlertLevel(row["level"]),
                area_names=tuple(row["areas"]),
                area=None if row["area"] is None else shapely.from_wkb(row["area"]),
                issued_at=moment(row["at"]),
            )
            for row in given["orders"]
        ),
        observed=tuple(
            ObservedWater(key, source, shapely.from_wkb(area), moment(at))
            for key, source, area, at in given["observed"]
        ),
        closures=tuple(
            Closure(
                id=row["id"],
                streets=tuple(row["streets"]),
                reason=row["reason"],
                line=shapely.from_wkb(row["line"]),
                rest=shapely.from_wkb(row["rest"]),
                closed_at=moment(row["at"]),
                by_water=row["by_water"],
                basis=ClosureBasis(row.get("basis", ClosureBasis.ORDER)),
                observations=tuple(row.get("observations", ())),
                moves=row.get("moves", True),
                stretches=tuple((s, low, high) for s, low, high in row.get("stretches", ())),
            )
            for row in given["closures"]
        ),
        openings={
            site: SiteState(Opening(opening), since and moment(since))
            for site, (opening, since) in given["openings"].items()
        },
        doubts=tuple(
            Doubt(street, tuple(streets), tuple(observations), reason, moment(since))
            for street, streets, observations, reason, since in given.get("doubts", ())
        ),
    )
