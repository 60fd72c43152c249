"""要配慮者利用施設 of the town (positions in metres), with numbers that no telephone has."""

import shapely
from shapely import Point

from data.town.areas import Area
from data.town.geojson import Feature

TOWN = "浅瀬市（架空）"
FACILITIES = (
    ("浅瀬川岸の家", "特別養護老人ホーム", 3350, 1720, 84),
    ("下浅瀬やすらぎ苑", "介護老人保健施設", 3120, 1450, 60),
    ("中洲ひよこ保育園", "保育所", 2380, 1660, 72),
    ("本町総合病院", "病院", 1500, 1950, 180),
    ("本町デイサービスあさせ", "通所介護", 1240, 1780, 25),
    ("川向こども園", "認定こども園", 2100, 1180, 110),
    ("南浅瀬デイサービス", "通所介護", 1500, 900, None),
    ("山手荘", "養護老人ホーム", 2430, 2950, 40),
    ("上浅瀬ふれあい作業所", "障害者支援施設", 420, 2350, 30),
    ("浅瀬ヶ丘幼稚園", "幼稚園", 1420, 3700, 95),
)


def facilities(areas: list[Area]) -> list[Feature]:
    """List them; one has no telephone, and one does not say how many people it has."""
    return [
        (
            Point(x_m, y_m),
            {
                "施設名": name,
                "種別": kind,
                "住所": _address(x_m, y_m, areas),
                "電話番号": f"000-0000-{number:04d}" if number != 9 else "",
                "人数": persons,
            },
        )
        for number, (name, kind, x_m, y_m, persons) in enumerate(FACILITIES, start=1)
    ]


def _address(x_m: float, y_m: float, areas: list[Area]) -> str:
    here = Point(x_m, y_m)
    nearest = min(areas, key=lambda area: float(shapely.distance(area.outline, here)))
    return f"{TOWN}{nearest.name}2"
