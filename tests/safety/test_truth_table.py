"""The verdict's truth table against one of its own, and each row from real doors of the town."""

from itertools import product
from typing import Any

import pytest
import shapely

from city.position import Position
from city.traveller import Household
from hazards.kinds import AlertLevel
from routing.roads import islands
from routing.verdict import TABLE, Situation, Verdict, decide
from tests.builders import (
    LANDSLIDE,
    STAYER,
    a_household,
    a_version,
    an_order,
    ask,
    town,
    town_ground,
    town_version,
)

# `slope`: in a landslide zone under a landslide order. `surr`: surrounded by observed water.
# Rows exclude each other: for every situation exactly one applies, in whatever order they stand.
SPEC = """
levels  slope surr time stay way  verdict
5       *     *    *    *    *    secure_now
01234   *     yes  *    *    *    secure_now
012     no    no   *    *    *    watch
3       no    no   no   *    *    watch
3       no    no   yes  yes  *    stay_safe
3       no    no   yes  no   yes  go
3       no    no   yes  no   no   secure_now
4       no    no   *    yes  *    stay_safe
4       no    no   *    no   yes  go
4       no    no   *    no   no   secure_now
01234   yes   no   *    *    yes  go
01234   yes   no   *    *    no   secure_now
"""
ROWS = [line.split() for line in SPEC.strip().splitlines()[1:]]

SITUATIONS = [
    Situation(level, *flags) for level in AlertLevel for flags in product((True, False), repeat=6)
]


def _matches(row: list[str], s: Situation) -> bool:
    levels, *wanted, _ = row
    slope = s.landslide_order and s.in_landslide_zone
    have = (slope, s.surrounded, s.needs_time, s.may_stay, s.has_way)
    return str(int(s.level)) in levels and all(
        want == "*" or (want == "yes") is fact for want, fact in zip(wanted, have, strict=True)
    )


@pytest.mark.parametrize("situation", SITUATIONS)
def test_rule_03_each_situation_has_the_verdict_that_the_rules_give_it(
    situation: Situation,
) -> None:
    verdicts = [row[-1] for row in ROWS if _matches(row, situation)]
    assert [str(decide(situation).verdict)] == verdicts


def test_rule_03_every_row_of_the_table_decides_something() -> None:
    assert {decide(situation).name for situation in SITUATIONS} == {row.name for row in TABLE}


def test_rule_03_every_verdict_is_given() -> None:
    assert {decide(situation).verdict for situation in SITUATIONS} == set(Verdict)


def test_rule_03_an_unforeseen_situation_falls_to_the_last_resort() -> None:
    assert TABLE[-1].verdict is Verdict.SECURE_NOW
    assert all(TABLE[-1].applies(situation) for situation in SITUATIONS)


# Real doors of the fictional town

POCKET = Position(29.59099, 135.41897)
STURDY_STAY = Position(29.599144, 135.419345)
OTHER_STAY = Position(29.601152, 135.401413)
BANK = Position(29.596595, 135.399562)
OUTSIDE_DEPTH = Position(29.594341, 135.404197)
YELLOW = Position(29.610647, 135.375810)
RED = Position(29.611135, 135.383033)
OTHER_RED = Position(29.612353, 135.409548)
NO_DURATION = Position(29.591863, 135.379639)
HOUSE = a_household("walk", "house", 2, 2, 24)
BUNGALOW = a_household("slow", "bungalow")
WHEELS_UP_HIGH = a_household("wheelchair", "sturdy", 5, 8, 400)


def island() -> Position:
    """A junction that no street joins to the rest of the town."""
    ground = town_ground()
    alone = islands(ground.roads) == 1
    x, y = ground.roads.junction_xy[alone][0].tolist()
    return ground.metres.position(x, y)


SLOPE_4 = {"orders": [an_order(4, LANDSLIDE)]}
SLOPE_3 = {"orders": [an_order(3, LANDSLIDE)]}
ALL_5 = {"orders": [an_order(5)]}
FLOOD_3 = {"orders": [an_order(3)]}
FLOOD_4 = {"orders": [an_order(4)]}
CALM: dict[str, Any] = {"orders": []}
DRY: dict[str, Any] = {"orders": [], "observed": []}
BEGINS: dict[str, Any] = {}

DOORS = [
    # what is in force, the door, the household, the row, the verdict
    (ALL_5, STURDY_STAY, STAYER, "level 5 in force", "secure_now"),
    (ALL_5, RED, BUNGALOW, "level 5 in force", "secure_now"),
    (ALL_5, POCKET, HOUSE, "level 5 in force", "secure_now"),
    (BEGINS, POCKET, STAYER, "surrounded by observed water", "secure_now"),
    (BEGINS, POCKET, BUNGALOW, "surrounded by observed water", "secure_now"),
    (CALM, POCKET, HOUSE, "surrounded by observed water", "secure_now"),
    (DRY, POCKET, HOUSE, "nobody here told to leave", "watch"),
    (DRY, BANK, BUNGALOW, "nobody here told to leave", "watch"),
    (FLOOD_3, BANK, HOUSE, "nobody here told to leave", "watch"),
    (BEGINS, NO_DURATION, STAYER, "nobody here told to leave", "watch"),
    (SLOPE_4, YELLOW, STAYER, "below a slope under its order", "go"),
    (SLOPE_3, YELLOW, STAYER, "below a slope under its order", "go"),
    (SLOPE_3, RED, HOUSE, "below a slope under its order", "go"),
    (SLOPE_4, OTHER_RED, WHEELS_UP_HIGH, "below a slope under its order", "go"),
    (BEGINS, STURDY_STAY, STAYER, "a planned stay holds", "stay_safe"),
    (FLOOD_4, OTHER_STAY, STAYER, "a planned stay holds", "stay_safe"),
    (FLOOD_3, OTHER_STAY, WHEELS_UP_HIGH, "a planned stay holds", "stay_safe"),
    (BEGINS, STURDY_STAY, HOUSE, "told to leave", "go"),
    (FLOOD_4, BANK, STAYER, "told to leave", "go"),
    (FLOOD_4, OUTSIDE_DEPTH, STAYER, "told to leave", "go"),
    (FLOOD_4, NO_DURATION, STAYER, "told to leave", "go"),
    (FLOOD_4, YELLOW, STAYER, "told to leave", "go"),
    (FLOOD_3, BANK, BUNGALOW, "told to leave", "go"),
    (FLOOD_4, island, HOUSE, "told to leave, no way", "secure_now"),
    (FLOOD_3, island, BUNGALOW, "told to leave, no way", "secure_now"),
]


@pytest.mark.parametrize(("in_force", "at", "household", "row", "verdict"), DOORS)
def test_rule_03_real_doors_reach_the_row_that_is_theirs(
    in_force: dict[str, Any], at: Any, household: Household, row: str, verdict: str
) -> None:
    told = ask(town_version(**in_force), at() if callable(at) else at, household)
    assert (told.rule, told.verdict) == (row, Verdict(verdict))
    assert (told.first is None) == (verdict == "secure_now") or told.verdict is Verdict.WATCH
    assert told.leave_now is (verdict == "go")


def test_rule_03_every_row_is_reached_from_a_real_door() -> None:
    assert {row for *_, row, _ in DOORS} == {row.name for row in TABLE}


def test_rule_03_below_a_slope_without_a_way_is_the_last_resort() -> None:
    everywhere = [site.id for site in town_ground().sites]
    closed = town_version(**SLOPE_4, closed_sites=everywhere)
    told = ask(closed, RED, STAYER)
    assert (told.rule, told.verdict) == ("told to leave, no way", Verdict.SECURE_NOW)


def test_rule_03_watch_inside_a_zone_says_so_and_offers_the_way() -> None:
    told = ask(town_version(**DRY), BANK, HOUSE)
    assert told.verdict is Verdict.WATCH
    assert {"in_depth", "in_collapse"} <= {reason.code for reason in told.reasons}
    assert told.first is not None


def test_rule_03_outside_every_map_is_not_called_safe() -> None:
    ground = town_ground()
    x, y = next(
        (x, y)
        for x, y in ground.roads.junction_xy.tolist()
        if all(rank is None for rank in ground.ranks_at(x, y).values())
    )
    told = ask(town_version(**FLOOD_4), (x, y), STAYER)
    assert "unmapped" in {reason.code for reason in told.reasons}
    assert told.verdict is Verdict.GO


def test_rule_03_every_door_of_the_town_is_answered_at_every_level() -> None:
    ground = town_ground()
    for level in (0, 3, 4, 5):
        orders = [an_order(level)] if level else []
        version = a_version(ground, observed=town().water, orders=orders)
        for x, y in ground.roads.junction_xy[::40].tolist():
            told = ask(version, (x, y), HOUSE)
            assert told.level == level
            assert told.reasons
            if level == 5 or (level == 4 and told.first is None):
                assert told.verdict is Verdict.SECURE_NOW


def test_the_pocket_is_found_and_told() -> None:
    ground, version = town_ground(), town_version()
    hamlet = next(area for area in ground.areas if area.name == "中洲町")
    inside = shapely.transform(hamlet.geometry, ground.metres.xy)
    told = [
        ask(version, (x, y), HOUSE)
        for x, y in ground.roads.junction_xy.tolist()
        if shapely.contains_xy(inside, x, y)
    ]
    rules = [guidance.rule for guidance in told]
    assert rules.count("surrounded by observed water") >= 30
    assert all(g.first is None for g in told if g.verdict is Verdict.SECURE_NOW)
