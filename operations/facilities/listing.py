"""The call list of 要配慮者利用施設, whom to call next first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row

from data import facilities
from data.rows import current_load
from hazards.facilitycalls import (
    ANSWER_WORDS,
    FacilityAnswer,
    LastCall,
    Threatened,
    in_order_of_calls,
)
from hazards.kinds import HAZARD_WORDS, HazardKind
from hazards.zone import (
    COLLAPSE_KINDS,
    DEPTH_LAYERS,
    DEPTH_M,
    HAZARD_OF_LAYER,
    LANDSLIDE_ZONES,
    ZoneLayer,
)

IN_SIGHT: Final = 5
"""Calls to one facility that the list shows; all are kept."""
NO_ZONE: Final = "想定の区域の外（安全とは限りません）"


def call_list(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """All facilities with their telephone numbers: for headquarters and the phone desk alone."""
    load = current_load(connection)
    rows = {row.id: row for row in facilities.listed(connection, load)}
    called = facilities.calls(connection, load.code)
    threatened = [threat_of(row, called.get(row.id, ())) for row in rows.values()]
    return [
        _line(rows[one.id], one, called.get(one.id, ()))
        for one in in_order_of_calls(threatened, now)
    ]


def counts(listed: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many are in zones, under an order, due for a call, told, and ask for help."""
    return {
        "all": len(listed),
        "in_zone": sum(one["in_zone"] for one in listed),
        "ordered": sum(one["level"] >= 3 for one in listed),
        "due": sum(one["due"] for one in listed),
        "told": sum(one["told"] for one in listed),
        "help": sum(_last_answer(one) == FacilityAnswer.NEEDS_HELP for one in listed),
    }


def threat_of(row: Row[Any], calls: Sequence[Row[Any]]) -> Threatened:
    """A row of `facilities.listed` as it is ordered."""
    ranks: dict[str, int] = {}
    for zone in row.zones:
        ranks[zone["layer"]] = max(ranks.get(zone["layer"], 0), zone["rank"])
    level = max((order["level"] for order in row.orders), default=0)
    begun = [one["since"] for one in row.orders if one["level"] == level]
    last = next((one for one in calls if _counts(one)), None)
    return Threatened(
        id=row.id,
        level=level,
        # Told of the flood is not told of the slope: the newest order of the level counts.
        since=max(map(datetime.fromisoformat, begun), default=None),
        depth_rank=max((ranks.get(layer, 0) for layer in DEPTH_LAYERS), default=0),
        landslide=min(ranks.get(ZoneLayer.LANDSLIDE, 0), 2),
        collapse=ZoneLayer.COLLAPSE in ranks,
        last=None
        if last is None
        else LastCall(last.level, FacilityAnswer(last.answer), last.called_at),
    )


def zone_words(zones: Sequence[Mapping[str, Any]]) -> list[str]:
    """洪水 3〜5m, 土砂災害特別警戒区域: the worst of each layer."""
    worst: dict[str, int] = {}
    for zone in zones:
        worst[zone["layer"]] = max(worst.get(zone["layer"], 0), zone["rank"])
    found = []
    for layer, rank in worst.items():
        if layer in DEPTH_LAYERS:
            hazard = HAZARD_WORDS[HAZARD_OF_LAYER[ZoneLayer(layer)]]
            found.append(f"{hazard} 想定 {_depth(rank)}")
        elif layer == ZoneLayer.LANDSLIDE:
            found.append(LANDSLIDE_ZONES.get(rank, "土砂災害（指定前）"))
        elif layer == ZoneLayer.COLLAPSE:
            found.append(f"家屋倒壊等（{COLLAPSE_KINDS[rank]}）")
    return sorted(found)


def _depth(rank: int) -> str:
    low, end = DEPTH_M[rank]
    if end is None:
        return f"{low:g}m以上"
    return f"{end:g}m未満" if not low else f"{low:g}〜{end:g}m"


def _counts(call: Row[Any]) -> bool:
    """Whether a call stands: nobody took it back, and it takes none back itself."""
    return not call.taken_back and call.corrects is None


def _last_answer(line: Mapping[str, Any]) -> str | None:
    return next((one["answer"] for one in line["calls"] if one["stands"]), None)


def _line(row: Row[Any], one: Threatened, calls: Sequence[Row[Any]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "address": row.address,
        "area": row.area,
        "phone": row.phone,
        "persons": row.persons,
        "level": one.level,
        "orders": [
            {"number": order["number"], "level": order["level"]}
            | {"hazard": HAZARD_WORDS[HazardKind(order["hazard"])], "since": order["since"]}
            for order in row.orders
        ],
        "zones": zone_words(row.zones),
        "in_zone": one.in_zone,
        "due": one.is_due,
        "told": one.level > 0 and one.is_told,
        "calls": [_call(call) for call in calls if call.corrects is None][:IN_SIGHT],
    }


def _call(call: Row[Any]) -> dict[str, Any]:
    return {
        "number": call.id,
        "at": call.called_at.isoformat(),
        "by": call.name,
        "level": call.level,
        "answer": call.answer,
        "word": ANSWER_WORDS[FacilityAnswer(call.answer)],
        "told": call.told,
        "note": call.note,
        "stands": _counts(call),
    }
