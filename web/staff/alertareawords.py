"""Words for what an alert can be for, on headquarters' page of alerts."""

from collections.abc import Mapping
from typing import Any, Final

from hazards.zone import ZoneLayer
from web.staff.hqcauses import cause_words

WHERE_WORDS: Final[Mapping[str, str]] = {
    "areas": "町丁目",
    "city": "市内全域",
    "polygon": "地図に描く",
    "zone": "想定区域",
    "site": "避難先ごと",
    "plan": "道が変わった世帯",
}
"""By `operations.alerts.where.Where.by`, in the order in which they are offered."""
HOUSEHOLDS_ONLY: Final = frozenset({"zone", "site", "plan"})
"""None of them is an area that the mayor can order out: what is no 避難情報 can go there."""
LAYER_WORDS: Final[Mapping[ZoneLayer, str]] = {
    ZoneLayer.DEPTH: "洪水浸水想定区域",
    ZoneLayer.DURATION: "浸水継続時間の想定がある区域",
    ZoneLayer.COLLAPSE: "家屋倒壊等氾濫想定区域",
    ZoneLayer.LANDSLIDE: "土砂災害警戒区域・特別警戒区域",
    ZoneLayer.INLAND_DEPTH: "雨水出水（内水）浸水想定区域",
    ZoneLayer.SURGE_DEPTH: "高潮浸水想定区域",
    ZoneLayer.TSUNAMI_DEPTH: "津波浸水想定",
}


def area_in_words(area: Mapping[str, Any]) -> dict[str, Any]:
    """With the `name` of the zone, the place or the version that it was chosen by, where known."""
    of, where = area["of"], area["where"]
    if where == "zone" and of:
        return {**area, "name": LAYER_WORDS[ZoneLayer(of)]}
    return {**area, "name": f"割当の第{of}版" if where == "plan" and of else area["place"]}


def in_words(choices: Mapping[str, Any]) -> dict[str, Any]:
    """The choices with Japanese names for layers and causes."""
    zones = [{"layer": one, "name": LAYER_WORDS[one]} for one in choices["zones"]]
    versions = [{**one, "cause": cause_words(one["cause"])} for one in choices["versions"]]
    return {**choices, "zones": zones, "versions": versions}
