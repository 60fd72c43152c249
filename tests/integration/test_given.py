"""What a person gives: a polygon over the world, one of very many vertices, a line of words."""

import json
import math
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from sqlalchemy import Engine, event

from city.position import Position
from data.database import transaction
from data.errors import BrokenSource, NotThere
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations import changes, given
from operations.errors import Refused
from operations.load_city import load_city
from operations.planning.planner import Planner
from operations.serving import CurrentVersion
from routing.door import Question
from routing.guidance import guide
from routing.version import PlanVersion
from tests.integration.databases import Database
from tests.integration.small_city import box, position, write_features, write_small_city

NOW = datetime.now(UTC)
WORLD = {
    "type": "Polygon",
    "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]],
}


@pytest.fixture
def world(tmp_path: Path) -> Path:
    return write_features(tmp_path / "world.geojson", [(WORLD, {})])


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    """Every test finds the small city loaded."""
    return with_small_city


def published(engine: Engine, state: Path) -> PlanVersion:
    Planner(engine, state).catch_up()
    current = CurrentVersion(state)
    current.refresh()
    return current.version


def doors(version: PlanVersion) -> list[Question]:
    metres = version.ground.metres
    return [
        Question(metres.position(x, y), NOW) for x, y in version.ground.roads.junction_xy.tolist()
    ]


def test_an_order_for_the_world_holds_at_every_door(
    engine: Engine, world: Path, tmp_path: Path
) -> None:
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, polygon=world)
    version = published(engine, tmp_path / "state")
    assert {guide(version, door).level for door in doors(version)} == {AlertLevel.ALL_LEAVE}
    (order,) = version.picture.orders
    assert order.area is not None
    assert order.area.is_valid
    assert all(map(math.isfinite, order.area.bounds))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, polygon=world)
    (order,) = published(engine, tmp_path / "state").picture.orders
    assert order.level is AlertLevel.SECURE_NOW


def test_water_over_the_world_covers_every_street(
    engine: Engine, world: Path, tmp_path: Path
) -> None:
    changes.observe_water(engine, world)
    version = published(engine, tmp_path / "state")
    (water,) = version.picture.observed
    assert shapely.covers(water.area, version.ground.lines).all()
    assert {guide(version, door).verdict for door in doors(version)} == {"secure_now"}


def test_first_water_over_the_world_is_cut_to_the_city(
    engine: Engine, database: Database, world: Path
) -> None:
    folder = world.parent / "first"
    more = '\n[start]\nobserved_water = [{path = "../world.geojson"}]\n'
    load_city(engine, write_small_city(folder, code="99905", more=more), lambda _: None)
    west, east = database.rows("SELECT ST_XMin(geom), ST_XMax(geom) FROM observed_water")[0]
    assert (west, east) == pytest.approx((135.3, 135.507))


def test_what_only_touches_the_surroundings_is_of_another_place(
    engine: Engine, tmp_path: Path
) -> None:
    lat, lon = position(90, 0)
    ring = [[lon, lat], [lon + 5, lat], [lon + 5, lat + 1], [lon, lat]]
    far = write_features(
        tmp_path / "far.geojson", [({"type": "Polygon", "coordinates": [ring]}, {})]
    )
    with pytest.raises(NotThere, match=r"far\.geojson, row 1: lies outside"):
        changes.observe_water(engine, far)


def circle(middle: shapely.Point, radius: float, count: int) -> list[list[float]]:
    """A ring of that many vertices."""
    angles = [2 * math.pi * step / count for step in [*range(count), 0]]
    return [[middle.x + radius * math.cos(a), middle.y + radius * math.sin(a)] for a in angles]


def test_as_many_vertices_as_are_taken_take_no_minute(
    town_engine: Engine, town_database: Database, tmp_path: Path
) -> None:
    """Frames near no street of the town, so that each street is measured from all of them."""
    streets = shapely.from_wkt(
        town_database.one("SELECT ST_AsText(ST_Envelope(ST_Collect(geom))) FROM street")
    )
    inner = shapely.minimum_bounding_radius(streets) + 0.006
    rings = [circle(streets.centroid, radius, 9_990) for radius in (inner + 0.01, inner)]
    frame = {"type": "Polygon", "coordinates": rings}
    path = write_features(tmp_path / "frame.geojson", [(frame, {})] * 3)
    began = time.monotonic()
    with pytest.raises(NotThere, match="lies outside"):
        changes.observe_water(town_engine, path)
    assert time.monotonic() - began < 10


def test_the_streets_are_asked_for_once_for_all_polygons(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    rows = [(box(n / 100, 1, (n + 1) / 100, 2), {}) for n in range(300)]
    path = write_features(tmp_path / "w.geojson", rows)
    with transaction(engine) as connection:
        assert len(given.polygons(connection, current_load(connection), path)) == 300
    assert len([query for query in asked if "FROM street" in query]) == 2


def test_of_polygons_in_one_feature_each_is_observed(engine: Engine, tmp_path: Path) -> None:
    members = {"type": "GeometryCollection", "geometries": [box(1, 1, 2, 2), box(3, 3, 4, 4)]}
    path = tmp_path / "w.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": None, "geometry": members}))
    assert len(changes.observe_water(engine, path)) == 2


def test_one_of_a_feature_that_lies_elsewhere_is_told_with_the_features_row(
    engine: Engine, tmp_path: Path
) -> None:
    members = {"type": "GeometryCollection", "geometries": [box(1, 1, 2, 2), box(0, 900, 1, 901)]}
    rows = [(members, {}), (box(0, 900, 1, 901), {})]
    path = write_features(tmp_path / "w.geojson", rows)
    with pytest.raises(NotThere, match=r"w\.geojson, row 1: lies outside"):
        changes.observe_water(engine, path)


def test_a_notice_that_there_is_no_data_is_no_water(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "w.geojson"
    path.write_text('{"type": "unavailable"}')
    with pytest.raises(BrokenSource, match="holds no polygon: it is a notice of the GSI") as told:
        changes.observe_water(engine, path)
    assert "city file" not in str(told.value)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("x" * 201, "has 201 characters: at most 200"),
        ("冠水\n復旧", "cannot be seen"),
        ("冠水\x1b[2J", "cannot be seen"),
        ("\u202e冠水", "cannot be seen"),
        (" ", "say in a line"),
    ],
)
def test_a_reason_is_one_plain_line(engine: Engine, reason: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        changes.close_road(engine, Position(*position(2.5, 3.1)), reason)
    changes.close_road(engine, Position(*position(2.5, 3.1)), "国道　冠水" + "x" * 195)


def test_a_source_is_one_plain_line(engine: Engine, world: Path) -> None:
    odd = world.rename(world.with_name("w\x07.geojson"))
    with pytest.raises(Refused, match="cannot be seen"):
        changes.observe_water(engine, odd)
