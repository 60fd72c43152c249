"""What may be imagined, and the picture in which it is so."""

import numpy as np
import pytest
import shapely

from data.errors import NotThere
from operations.errors import Refused
from operations.imagining.imagined import (
    MOST_STREETS,
    Imagined,
    check,
    drawn,
    imagined_picture,
    more_people,
    streets_at,
    streets_named,
)
from routing.ground import Ground
from routing.plan.turnout import Turnout
from routing.version import PlanVersion
from shelters.place import Opening, SiteState
from tests.builders import NOON, a_box, a_grid, a_picture, a_site, a_version, street_between


@pytest.fixture
def ground() -> Ground:
    return a_grid(3, sites=[a_site(-4, 0, name="学校"), a_site(204, 200, name="公園")])


def lonlat(ground: Ground, shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, ground.metres.lonlat)


def test_a_point_means_the_street_nearest_to_it(ground: Ground) -> None:
    lon, lat = ground.metres.lonlat(np.array([[50.0, 3.0]]))[0].tolist()
    assert streets_at(ground, [(lon, lat), (lon, lat)]) == (street_between(ground, 0, 1),)
    away = ground.metres.lonlat(np.array([[9_000.0, 9_000.0]]))[0].tolist()
    with pytest.raises(NotThere, match="50 m"):
        streets_at(ground, [(away[0], away[1])])


def test_a_name_means_every_street_that_has_it(ground: Ground) -> None:
    assert len(streets_named(ground, "横の道")) == 6
    assert streets_named(ground, " 横の ") == streets_named(ground, "横の道")
    with pytest.raises(NotThere, match="幻の橋"):
        streets_named(ground, "幻の橋")


def test_a_name_of_too_many_streets_means_none() -> None:
    wide = a_grid(9)
    with pytest.raises(Refused, match="72本"):
        streets_named(wide, "横の道")
    assert MOST_STREETS < 72


def imagining(ground: Ground, **what: object) -> tuple[PlanVersion, Imagined]:
    shut = street_between(ground, 3, 4)
    version = a_version(ground, closures=[shut], closed_sites=["公園"])
    return version, Imagined(**what)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({}, "一つ以上"),
        ({"opened": ("学校",)}, "もう開いています"),
        ({"shut": ("公園",)}, "もう閉まっています"),
        ({"shut": ("学校",), "opened": ("学校",)}, "開けて閉める"),
        ({"more": 301}, "0〜300 %"),
        ({"closed": tuple(range(MOST_STREETS + 1))}, "一度に60本"),
    ],
)
def test_what_is_so_already_or_cannot_be_is_refused(
    ground: Ground, what: dict[str, object], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        check(*imagining(ground, **what))


def test_a_place_in_danger_is_not_opened_from_here(ground: Ground) -> None:
    version = a_version(ground)
    version.picture.openings["公園"] = SiteState(Opening.ENDANGERED)  # type: ignore[index]
    with pytest.raises(Refused, match="危険・孤立"):
        check(version, Imagined(opened=("公園",)))


def test_a_street_that_is_closed_is_not_closed_again(ground: Ground) -> None:
    with pytest.raises(Refused, match="もう通行止め"):
        check(*imagining(ground, closed=(street_between(ground, 3, 4),)))


def test_the_imagined_picture_holds_it_and_the_real_one_does_not(ground: Ground) -> None:
    area = lonlat(ground, a_box(150, 150, 260, 260))
    imagined = Imagined(closed=(1,), opened=("公園",), shut=("学校",), lost=(area,))
    before = a_picture(ground, closed_sites=["公園"])
    then = imagined_picture(ground, before, imagined, NOON)
    assert [closure.streets for closure in then.closures] == [(1,)]
    assert (then.openings["公園"].opening, then.openings["学校"].opening) == (
        *(Opening.OPEN, Opening.CLOSED),
    )
    assert then.observed[0].area.area == pytest.approx(110 * 110, rel=1e-3)
    assert (before.closures, before.observed) == ((), ())
    assert before.openings["公園"].opening is Opening.CLOSED


def test_an_area_of_another_place_is_refused_and_the_far_side_is_cut_off(ground: Ground) -> None:
    with pytest.raises(NotThere, match="市の外"):
        drawn(ground, [shapely.box(0, 0, 1, 1)])
    (mine,) = drawn(ground, [shapely.box(-179, -89, 179, 89)])
    assert mine.area < 0.1


def test_no_more_come_than_there_are() -> None:
    grown = more_people(Turnout(0.05, 0.15, 0.10, 0.90), 30)
    assert (grown.level_4, grown.zoned_level_4) == (pytest.approx(0.195), 1.0)
