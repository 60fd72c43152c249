"""For which 町丁目 a line of a return sheet speaks: its own, its district's, the whole city's."""

import pytest

from data.alerts.paperreturns import AreaTally
from operations.alerts.heardthere import HeardThere, heard_there
from operations.alerts.papermaking import WHOLE

DISTRICTS = {"渡場一丁目": "南部地区", "渡場二丁目": "南部地区", "上浅瀬": "北部地区"}
ALONE = {"渡場一丁目": 30, "渡場二丁目": 20, "上浅瀬": 5, None: 1}


def said(*lines: tuple[str, bool | None, int]) -> dict[str | None, HeardThere]:
    tallies = [AreaTally(*one) for one in lines]
    return {one.area: one for one in heard_there(ALONE, tallies, DISTRICTS)}


def test_where_no_line_speaks_nobody_said_anything() -> None:
    found = said(("渡場一丁目", True, 4))
    assert {area for area, one in found.items() if one.heard is None} == {
        "渡場二丁目",
        "上浅瀬",
        None,
    }
    assert found["渡場一丁目"] == HeardThere("渡場一丁目", True, "渡場一丁目", 4, 30)


def test_whole_city_s_line_speaks_for_all_that_have_none_of_their_own() -> None:
    found = said((WHOLE, True, 9), ("上浅瀬", False, 2))
    assert {area: one.heard for area, one in found.items()} == {
        "渡場一丁目": True,
        "渡場二丁目": True,
        "上浅瀬": False,
        None: True,
    }
    assert found["渡場一丁目"].said_of == WHOLE
    assert found["渡場一丁目"].called is None, "whose nine homes those were nobody knows"


def test_district_s_line_speaks_for_the_areas_in_it_alone() -> None:
    found = said(("南部地区", False, 3))
    assert [area for area, one in found.items() if one.heard is False] == [
        "渡場一丁目",
        "渡場二丁目",
    ]
    assert "南部地区" not in found


@pytest.mark.parametrize(("own", "heard"), [(True, True), (False, False), (None, False)])
def test_line_of_its_own_goes_first_unless_it_says_that_nobody_knows(
    own: bool | None, heard: bool
) -> None:
    found = said(("南部地区", False, 0), ("渡場一丁目", own, 7))
    assert (found["渡場一丁目"].heard, found["渡場一丁目"].called) == (heard, 7)


def test_area_in_which_everybody_registered_has_its_line_all_the_same() -> None:
    assert said(("川岸町", False, 1))["川岸町"] == HeardThere("川岸町", False, "川岸町", 1, 0)


def test_no_household_is_counted_twice_or_lost() -> None:
    found = said((WHOLE, True, 0), ("南部地区", False, 0), ("渡場一丁目", True, 0))
    assert sum(one.households for one in found.values()) == sum(ALONE.values())
