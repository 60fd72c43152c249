"""A broadcast that was heard, or not, as return sheets say: beside the ledger, and never in it."""

from typing import Any

import pytest

from operations.alerts import papers
from operations.alerts.papermaking import WHOLE
from tests.integration.alerted import ALERTS, AREA, GENERAL, OTHER
from tests.integration.doored import HOMES, DoorNight

MORE = """
INSERT INTO household (load_id, number, area, persons, geom)
SELECT load_id, 20000 + n, number, 2, ST_PointOnSurface(geom)
FROM area, generate_series(1, 14) AS n WHERE kind = 'chome' AND name = '{name}' RETURNING 1
"""


def bring_back(night: DoorNight, *areas: tuple[str, bool | None, int]) -> None:
    """A return sheet comes back and is typed in."""
    here = f"{ALERTS}/{night.number}/papers"
    night.hq.well(night.hq.ask(night.hq.writer, here, {"paper": "return"}))
    papers.print_all(night.engine, night.now)
    (job,) = [one["job"]["job"] for one in night.hq.get(here)["papers"] if one["job"]]
    lines = [{"area": area, "heard": heard, "called": called} for area, heard, called in areas]
    night.hq.well(night.hq.ask(night.hq.writer, f"{here}/{job}/return", {"areas": lines}))


def told(night: DoorNight) -> dict[str, Any]:
    found: dict[str, Any] = night.hq.get(f"{ALERTS}/{night.number}/ledger")
    return found


def areas(found: dict[str, Any], part: str) -> list[str]:
    return [one["area"] for one in found["broadcast"][part]["areas"]]


def test_heard_on_paper_confirms_no_household_and_moves_none_in_the_ledger(
    night: DoorNight,
) -> None:
    before = told(night)
    assert areas(before, "unsaid") == [AREA, OTHER]
    bring_back(night, (AREA, True, 12), (OTHER, False, 3))
    after = told(night)
    assert after["households"] == before["households"]
    assert sum(after["households"].values()) == after["all"] == HOMES + 1
    assert after["households"]["confirmed"] == 0
    assert (areas(after, "heard"), areas(after, "not_heard")) == ([AREA], [OTHER])
    assert areas(after, "unsaid") == []
    assert after["broadcast"]["called"] == 15
    assert night.make().doors == HOMES + 1, "all of them stand on door lists"


def test_fewer_than_ten_households_of_an_area_are_not_told_nor_to_be_reckoned(
    night: DoorNight,
) -> None:
    bring_back(night, (AREA, True, 0), (OTHER, False, 0))
    found = told(night)["broadcast"]
    (one,) = found["not_heard"]["areas"]
    assert (one["households"], found["not_heard"]["households"]) == (None, None)
    night.hq.database.rows(MORE.format(name=OTHER))
    found = told(night)["broadcast"]
    (one,) = found["not_heard"]["areas"]
    assert (one["households"], found["not_heard"]["households"]) == (10, 10)


def test_where_it_was_not_heard_the_map_of_the_unreached_says_so(night: DoorNight) -> None:
    night.hq.database.rows(MORE.format(name=OTHER))
    assert not any(one["not_heard"] for one in told(night)["cells"])
    bring_back(night, (OTHER, False, 0))
    marked = [one for one in told(night)["cells"] if one["not_heard"]]
    assert len(marked) == 1
    assert all(one["households"] >= 10 for one in marked)


@pytest.mark.parametrize("heard", [True, False])
def test_sheet_of_the_whole_city_speaks_for_each_of_its_areas(
    night: DoorNight, heard: bool
) -> None:
    night.send(areas=[], whole_city=True)
    bring_back(night, (WHOLE, heard, 40))
    found = told(night)
    assert areas(found, "heard" if heard else "not_heard") == [AREA, OTHER]
    part = found["broadcast"]["heard" if heard else "not_heard"]
    assert {(one["said_of"], one["called"]) for one in part["areas"]} == {(WHOLE, None)}
    assert found["broadcast"]["called"] == 40


def test_where_a_sheet_of_the_whole_city_names_a_place_that_heard_nothing_it_has_its_own_line(
    night: DoorNight,
) -> None:
    night.send(areas=[], whole_city=True)
    bring_back(night, (WHOLE, True, 40), (OTHER, False, 2))
    found = told(night)
    assert (areas(found, "heard"), areas(found, "not_heard")) == ([AREA], [OTHER])
    assert found["broadcast"]["called"] == 42


def test_sheet_of_a_drawn_polygon_speaks_for_the_households_in_it_alone(night: DoorNight) -> None:
    drawn = night.hq.database.one(
        "SELECT ST_AsGeoJSON(ST_Envelope(ST_Collect(geom)))::json FROM household"
        " WHERE number % 2 = 0"
    )
    inside = night.hq.database.one(
        "SELECT count(*) FROM household WHERE ST_Covers("
        "(SELECT ST_Envelope(ST_Collect(geom)) FROM household WHERE number % 2 = 0), geom)"
    )
    night.send(**GENERAL, polygon=drawn)
    bring_back(night, (AREA, False, 1))
    found = told(night)
    assert AREA in areas(found, "not_heard")
    assert sum(found["households"].values()) == inside
    whole = sum(found["households"].values())
    assert found["broadcast"]["not_heard"]["households"] <= whole


def test_what_was_heard_of_one_revision_says_nothing_of_the_next(night: DoorNight) -> None:
    bring_back(night, (AREA, True, 5))
    night.update(areas=[AREA, OTHER])
    assert areas(told(night), "heard") == []
    assert told(night)["broadcast"]["called"] == 0


def test_sheet_of_a_district_speaks_for_the_areas_in_it(night: DoorNight) -> None:
    night.hq.database.rows(
        "INSERT INTO area (load_id, number, kind, code, name, geom)"
        " SELECT load_id, 9000, 'district', 'D1', '南部地区', geom FROM area"
        " WHERE kind = 'chome' AND name = '下浅瀬二丁目' RETURNING 1"
    )
    night.hq.database.rows(
        "UPDATE alert_revision SET area_names = '{南部地区,下浅瀬一丁目}' RETURNING 1"
    )
    bring_back(night, ("南部地区", False, 2))
    found = told(night)
    assert (areas(found, "not_heard"), areas(found, "unsaid")) == ([OTHER], [AREA])


def test_rule_13_where_level_5_stands_nobody_is_said_to_go_out(night: DoorNight) -> None:
    bring_back(night, (AREA, False, 0), (OTHER, False, 0))
    found = told(night)["broadcast"]
    assert (found["doors"], found["level_5"]) == (True, [])
    night.hq.send(night.hq.draft(level=5, areas=[OTHER]))
    assert told(night)["broadcast"]["level_5"] == [OTHER]
    night.send(level=5, areas=[AREA, OTHER], status="Exercise")
    bring_back(night, (AREA, False, 0))
    assert told(night)["broadcast"]["level_5"] == [AREA]


def test_all_clear_that_was_not_heard_sends_nobody_from_door_to_door(night: DoorNight) -> None:
    night.update(step="all_clear", areas=[AREA, OTHER], reason="水が引きました。")
    bring_back(night, (AREA, False, 0))
    assert told(night)["broadcast"]["doors"] is False
