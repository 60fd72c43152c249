"""The rules of the fictional city's first gauge lie on the streets that they shut."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from data.cityfile import read_city_file
from hazards.gaugerules import GAUGE_RULES, KINDS, gauge_rules_from

METRES = Transformer.from_crs("EPSG:4326", "EPSG:32653", always_xy=True)


def test_each_rule_lies_on_the_nearest_bridge_or_underpass(
    fictional: Path, ways: Any, features: Callable[[str], list[Any]]
) -> None:
    read_city_file(fictional / "city.toml")
    tables = tomllib.loads((fictional / "city.toml").read_text("utf-8"))["settings"][GAUGE_RULES]
    rules = gauge_rules_from(tables)
    at = {row["name"]: point for point, row in features("gauges")}
    kinds = {
        KINDS["bridge"]: ways.where(bridge="yes"),
        KINDS["underpass"]: ways.where(tunnel="yes"),
    }
    assert {rule.kind for rule in rules} == set(kinds)
    for rule in rules:
        assert rule.at is not None
        here = _metres(shapely.Point(rule.at.lon, rule.at.lat))
        assert shapely.distance(kinds[rule.kind], here).min() < 1.0
        assert shapely.distance(at[rule.gauge], here) < 3000


def _metres(geometry: Any) -> Any:
    return shapely.transform(
        geometry, lambda xy: np.column_stack(METRES.transform(xy[:, 0], xy[:, 1]))
    )
