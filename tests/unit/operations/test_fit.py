"""What an officer is told of how a city's sources fit together."""

import pytest
import shapely

from data.report import LoadReport
from operations.fit import remark_fit
from routing.ground import Ground
from routing.rules import Rules
from shelters.place import EvacuationSite
from tests.builders import a_box, a_grid, a_site, slope

FAR = "farther than 300 m from every street that a door can stand at"
RED = "in a special landslide zone (red)"
ACROSS = "only across a river, a motorway or a special landslide zone (red)"


def told(ground: Ground) -> list[str]:
    """What is remarked on sites."""
    report = LoadReport("")
    remark_fit(ground, report)
    return [remark for remark in report.remarks if "never a destination" in remark]


def a_city(*sites: EvacuationSite) -> Ground:
    """Streets between (0, 0) and (300, 300); red ground about (50, 50), a river beyond x = 310."""
    red, ring = slope(2, 40, -10, 60, 60), slope(2, 140, 140, 160, 160)
    return a_grid(sites=sites, zones=(red, ring), rivers=[a_box(310, -500, 320, 800)])


def test_a_site_beside_a_street_on_red_ground_is_told_to_stand_on_red_ground() -> None:
    """0.56 m from its street: nobody should look for a missing street."""
    assert told(a_city(a_site(50, 0.56, name="斜面広場"))) == [
        f"1 site {RED}: kept, never a destination (斜面広場)"
    ]


@pytest.mark.parametrize(
    ("x", "y", "why"),
    [
        *((50, 50, RED), (50, 95, None), (330, 100, ACROSS), (601, 100, FAR)),
        *((100, 701, FAR), (295, 100, None)),
    ],
)
def test_each_site_that_no_street_is_joined_to_is_told_with_its_reason(
    x: float, y: float, why: str | None
) -> None:
    said = told(a_city(a_site(x, y, name="広場")))
    assert said == ([f"1 site {why}: kept, never a destination (広場)"] if why else [])


def test_sites_of_one_reason_are_told_together() -> None:
    said = told(a_city(*(a_site(900 + n, 100, name=f"広場{n}") for n in range(25))))
    (remark,) = said
    assert remark.startswith(f"25 sites {FAR}: kept")
    assert "広場19 …" in remark
    assert "広場20" not in remark


def test_the_limit_that_is_told_is_the_citys_own() -> None:
    ground = a_grid(sites=[a_site(100, 400, name="広場")], rules=Rules(snap_limit_m=50))
    assert "farther than 50 m" in told(ground)[0]
    assert shapely.distance(ground.lines, shapely.Point(100, 400)).min() == pytest.approx(100)
