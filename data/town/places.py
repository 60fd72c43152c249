"""The places: 指定緊急避難場所 per hazard kind, and 指定避難所 (positions in metres)."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Point

from data.town.areas import Area
from data.town.geojson import Feature
from data.town.network import Network

HAZARDS = (
    "洪水",
    "崖崩れ、土石流及び地滑り",
    "高潮",
    "地震",
    "津波",
    "大規模な火事",
    "内水氾濫",
    "火山現象",
)
BESIDE_STREET_M = 16.0
TOWN = "浅瀬市（架空）"


@dataclass(frozen=True)
class Place:
    """A place with one letter for each hazard it is designated for (洪土高震津火内山).

    The capacities are persons: outdoors after an earthquake, indoors in a storm.
    """

    name: str
    x_m: float
    y_m: float
    suits: str
    outdoors: int
    indoors: int
    is_shelter: bool = False


PLACES = (
    Place("浅瀬第一小学校", 1120, 2560, "洪土震火内", 1200, 640, is_shelter=True),
    Place("浅瀬第二小学校", 2440, 2560, "洪土震火内", 1500, 720, is_shelter=True),
    Place("浅瀬第三小学校", 3640, 2560, "洪土高震津火内山", 1400, 680, is_shelter=True),
    Place("浅瀬高校", 1560, 2600, "洪土震火内山", 3200, 1150, is_shelter=True),
    Place("浅瀬中学校", 680, 2200, "洪震火", 2100, 880, is_shelter=True),
    Place("下浅瀬小学校", 2950, 1830, "洪震内", 900, 420, is_shelter=True),
    Place("下浅瀬公園", 3600, 1500, "震火", 1800, 0),
    Place("本町公民館", 1560, 1800, "洪", 0, 160),
    Place("浅瀬中央公園", 1930, 2480, "震火", 2600, 0),
    Place("山手集会所", 2430, 2965, "洪内", 0, 70),
    Place("浅瀬ヶ丘小学校", 1420, 3760, "洪土高震津火内山", 1100, 560, is_shelter=True),
    Place("東ヶ丘公民館", 4000, 3570, "洪土", 0, 140),
    Place("東浅瀬中学校", 4260, 2560, "洪土高震津火内", 2300, 940, is_shelter=True),
    Place("南浅瀬小学校", 1080, 500, "洪土震火内", 1300, 610, is_shelter=True),
    Place("南浅瀬中学校", 2440, 500, "洪土震火", 1900, 830, is_shelter=True),
    Place("向田体育館", 3500, 500, "洪震内", 600, 450),
    Place("田中町公園", 650, 200, "土震火", 1600, 0),
    Place("台町運動公園", 2790, 960, "洪震火内", 3800, 210),
    Place("上浅瀬公民館", 200, 2540, "土内", 0, 110),
    Place("東新田集会所", 4860, 260, "洪土内", 0, 90),
)
SHELTERS_ONLY = (
    Place("浅瀬市民体育館", 2000, 2620, "", 0, 780, is_shelter=True),
    Place("南浅瀬福祉会館", 1720, 540, "", 0, 130, is_shelter=True),
)
LETTERS = "洪土高震津火内山"


def emergency_sites(network: Network, areas: list[Area]) -> list[Feature]:
    """List the 指定緊急避難場所 with the property names of the Geospatial Information Authority."""
    return [
        (_beside_street(place, network), _site(place, number, areas))
        for number, place in enumerate(PLACES, start=1)
    ]


def shelters(network: Network, areas: list[Area]) -> list[Feature]:
    """List the 指定避難所; two of them are no 指定緊急避難場所."""
    numbered = enumerate((*PLACES, *SHELTERS_ONLY), start=1)
    return [
        (_beside_street(place, network), _shelter(place, number, areas))
        for number, place in numbered
        if place.is_shelter
    ]


def _site(place: Place, number: int, areas: list[Area]) -> dict[str, str | int | float | None]:
    flags = {
        hazard: "1" if letter in place.suits else ""
        for hazard, letter in zip(HAZARDS, LETTERS, strict=True)
    }
    return {
        "NO": 990_000 + number,
        "共通ID": f"E99901{number:05d}201",
        "都道府県名及び市町村名": TOWN,
        "施設・場所名": place.name,
        "住所": _address(place, areas),
        **flags,
        "指定避難所との住所同一": "1" if place.is_shelter else "",
        "備考": _capacity(place),
    }


def _shelter(place: Place, number: int, areas: list[Area]) -> dict[str, str | int | float | None]:
    return {
        "NO": 991_000 + number,
        "共通ID": f"E99901{number:05d}111",
        "都道府県名及び市町村名": TOWN,
        "施設・場所名": place.name,
        "住所": _address(place, areas),
        "指定緊急避難場所との住所同一": "1" if place.suits else "",
        "その他市町村長が必要と認める事項": None,
        "受入対象者": None,
        "備考": _capacity(place),
    }


def _capacity(place: Place) -> str:
    outdoors = f"地震（屋外）{place.outdoors}人" if place.outdoors else ""
    indoors = f"風水害（屋内）{place.indoors}人" if place.indoors else ""
    return "想定収容人数：" + "、".join(part for part in (outdoors, indoors) if part)


def _address(place: Place, areas: list[Area]) -> str:
    here = Point(place.x_m, place.y_m)
    nearest = min(areas, key=lambda area: float(shapely.distance(area.outline, here)))
    return f"{TOWN}{nearest.name}1"


def _beside_street(place: Place, network: Network) -> Point:
    junctions = network.junctions[sorted(network.degrees())]
    away_m = np.hypot(junctions[:, 0] - place.x_m, junctions[:, 1] - place.y_m)
    x_m, y_m = junctions[away_m.argmin()]
    return Point(x_m + BESIDE_STREET_M * 0.8, y_m + BESIDE_STREET_M * 0.6)
