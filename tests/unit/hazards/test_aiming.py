"""Where a drone looked: against angles and distances that are worked out here by hand."""

import math
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from city.position import Position
from hazards.aiming import FLAT, Aimed, NoTarget, Sigmas, above_takeoff, aim
from hazards.footprint import FOOTPRINT_M, Lens, lens_of_film, lens_of_sensor
from hazards.sightline import FARTHEST_M, Camera

HERE = Position(35.0, 139.0)
LENS = Lens(0.8, 0.6)
DOWN_45 = Camera(HERE, 100.0, yaw=0.0, pitch=-45.0)


def metres(position: Position, origin: Position = HERE) -> tuple[float, float]:
    """East and north, by the usual series for a degree on WGS84."""
    lat = math.radians(origin.lat)
    north = 111_132.954 - 559.822 * math.cos(2 * lat) + 1.175 * math.cos(4 * lat)
    east = 111_412.84 * math.cos(lat) - 93.5 * math.cos(3 * lat) + 0.118 * math.cos(5 * lat)
    return (position.lon - origin.lon) * east, (position.lat - origin.lat) * north


def aimed(camera: Camera, lens: Lens | None = LENS, sigmas: Sigmas | None = None) -> Aimed:
    found = aim(camera, lens, sigmas=sigmas)
    assert isinstance(found, Aimed)
    return found


def corners(found: Aimed) -> list[tuple[float, float]]:
    assert found.footprint is not None
    return [metres(Position(y, x)) for x, y in found.footprint.exterior.coords[:-1]]


@pytest.mark.parametrize(
    ("yaw", "pitch", "east", "north"),
    [
        (0, -45, 0, 100),
        (90, -45, 100, 0),
        (-90, -45, -100, 0),
        (180, -60, 0, -100 / math.sqrt(3)),
        (45, -30, 100 * math.sqrt(1.5), 100 * math.sqrt(1.5)),
        (270, -90, 0, 0),
        (0, -91, 0, -100 * math.tan(math.radians(1))),
    ],
)
def test_the_target_lies_where_the_angles_say(
    yaw: float, pitch: float, east: float, north: float
) -> None:
    found = aimed(replace(DOWN_45, yaw=yaw, pitch=pitch))
    assert metres(found.target) == pytest.approx((east, north), abs=0.05)
    assert found.slant_m == pytest.approx(math.hypot(100, east, north))


def test_the_footprint_of_a_camera_that_looks_down_is_its_angles_of_view() -> None:
    found = corners(aimed(replace(DOWN_45, pitch=-90)))
    expected = [(-80, -60), (80, -60), (80, 60), (-80, 60)]
    for corner, other in zip(found, expected, strict=True):
        assert corner == pytest.approx(other, abs=0.05)


def test_a_tilted_camera_sees_a_trapezium() -> None:
    # Lower and upper edge lie atan(0.6) from the middle: 45 + 30.96 and 45 - 30.96 down.
    found = corners(aimed(DOWN_45))
    near, far = 100 / math.tan(math.radians(75.9638)), 100 / math.tan(math.radians(14.0362))
    wide_near = 0.8 * 100 * math.cos(math.atan(0.6)) / math.sin(math.radians(75.9638))
    wide_far = 0.8 * 100 * math.cos(math.atan(0.6)) / math.sin(math.radians(14.0362))
    expected = [(-wide_near, near), (wide_near, near), (wide_far, far), (-wide_far, far)]
    for corner, other in zip(found, expected, strict=True):
        assert corner == pytest.approx(other, abs=0.2)


def test_a_camera_turned_by_90_degrees_changes_its_sides() -> None:
    found = corners(aimed(replace(DOWN_45, pitch=-90, roll=90)))
    assert {(round(abs(x)), round(abs(y))) for x, y in found} == {(60, 80)}
    # Right side down: seen from above the picture has turned clockwise.
    lower_right = corners(aimed(replace(DOWN_45, pitch=-90, roll=10)))[1]
    cos, sin = math.cos(math.radians(10)), math.sin(math.radians(10))
    assert lower_right == pytest.approx((80 * cos - 60 * sin, -60 * cos - 80 * sin), abs=0.1)


def test_corners_at_the_horizon_are_cut_at_the_farthest_distance() -> None:
    found = aimed(replace(DOWN_45, pitch=-20))  # The upper edge looks 11 degrees above.
    ahead = [north for _, north in corners(found)]
    assert max(ahead) == pytest.approx(FOOTPRINT_M, abs=1)
    assert found.footprint is not None
    assert found.footprint.contains(Point(found.target.lon, found.target.lat))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pitch": 0.0}, "水平か上"),
        ({"pitch": 30.0}, "水平か上"),
        ({"pitch": -0.5}, "水平に近すぎ"),
        ({"pitch": -5.0}, "遠すぎ"),
        ({"pitch": -90.0, "height_m": FARTHEST_M + 1}, "遠すぎ"),
        ({"height_m": 0.0}, "高くありません"),
        ({"height_m": -3.0}, "高くありません"),
        ({"height_m": math.nan}, "数ではありません"),
        ({"yaw": math.inf}, "数ではありません"),
    ],
)
def test_where_it_shows_no_spot_it_says_why(changes: dict[str, float], words: str) -> None:
    found = aim(replace(DOWN_45, **changes), LENS)
    assert isinstance(found, NoTarget)
    assert words in found.why


def test_low_down_and_nearly_level_the_error_is_not_hidden() -> None:
    found = aimed(replace(DOWN_45, height_m=20.0, pitch=-3))
    assert found.error_m > 100


def test_without_a_lens_there_is_a_target_and_no_footprint() -> None:
    assert aimed(DOWN_45, None).footprint is None


def test_each_error_counts_as_the_angles_carry_it() -> None:
    none = Sigmas(position_m=0, height_m=0, ground_m=0, yaw=0, tilt=0)
    factor = math.sqrt(math.log(3))

    def error(**alone: float) -> float:
        return aimed(DOWN_45, sigmas=replace(none, **alone)).error_m / factor

    assert error(position_m=3) == pytest.approx(3 * math.sqrt(2))
    assert error(height_m=3) == pytest.approx(3)  # At 45 degrees a metre up is one ahead.
    assert error(ground_m=4, height_m=3) == pytest.approx(5)
    assert error(yaw=5) == pytest.approx(100 * math.radians(5), rel=0.01)
    nearer, farther = (100 / math.tan(math.radians(45 + side)) for side in (1, -1))
    sideways = 100 * math.sqrt(2) * math.radians(1) * math.sin(math.radians(45))
    ahead = max(farther - 100, 100 - nearer)
    assert error(tilt=1) == pytest.approx(math.hypot(ahead, sideways), rel=0.01)


def test_the_error_grows_the_flatter_it_looks() -> None:
    errors = [aimed(replace(DOWN_45, pitch=-pitch)).error_m for pitch in range(89, 6, -1)]
    assert all(later > sooner for sooner, later in pairwise(errors))


def test_straight_down_a_wrong_compass_moves_nothing_and_a_tilt_moves_both_ways() -> None:
    down = replace(DOWN_45, pitch=-90.0)
    none = Sigmas(position_m=0, height_m=0, ground_m=0, yaw=0, tilt=0)
    assert aimed(down, sigmas=replace(none, yaw=5)).error_m == pytest.approx(0, abs=1e-6)
    tilted = aimed(down, sigmas=replace(none, tilt=1)).error_m
    assert tilted == pytest.approx(
        math.sqrt(math.log(3)) * math.sqrt(2) * 100 * math.tan(math.radians(1)), rel=1e-3
    )


def test_two_thirds_of_round_and_of_long_errors_lie_within() -> None:
    drawn = Random(7)
    for long, short in ((1.0, 1.0), (1.0, 0.5), (1.0, 0.0)):
        radius = math.sqrt(math.log(3)) * math.hypot(long, short)
        within = sum(
            math.hypot(drawn.gauss(0, long), drawn.gauss(0, short)) <= radius for _ in range(20_000)
        )
        assert 0.655 < within / 20_000 < 0.72


def test_on_a_slope_the_nearest_ground_in_sight_counts() -> None:
    def slope(position: Position) -> float:
        return max(metres(position)[1], 0.0) / 2  # It rises one in two to the north.

    found = aim(DOWN_45, LENS, ground=slope)
    assert isinstance(found, Aimed)
    # 100 - d = d / 2
    assert metres(found.target)[1] == pytest.approx(200 / 3, abs=0.1)
    assert found.footprint is not None
    assert found.footprint.contains(Point(found.target.lon, found.target.lat))


def test_a_wall_hides_what_lies_behind_it() -> None:
    def wall(position: Position) -> float:
        return 60.0 if 40 < metres(position)[1] < 60 else 0.0

    found = aim(DOWN_45, ground=wall)
    assert isinstance(found, Aimed)
    assert 39 < metres(found.target)[1] < 61


def test_ground_that_nobody_knows_is_no_ground() -> None:
    assert isinstance(aim(DOWN_45, ground=lambda _: None), NoTarget)
    assert isinstance(aim(DOWN_45, ground=lambda _: math.nan), NoTarget)
    assert isinstance(aim(DOWN_45, ground=lambda _: 500.0), NoTarget)
    assert above_takeoff(lambda _: None, HERE) is None


def test_heights_above_the_sea_are_taken_from_the_take_off() -> None:
    ground = above_takeoff(lambda at: 400.0 + (10.0 if at.lat > HERE.lat else 0.0), HERE)
    assert ground is not None
    found = aim(DOWN_45, ground=ground)
    assert isinstance(found, Aimed)
    assert metres(found.target)[1] == pytest.approx(90, abs=0.1)


def test_known_heights_make_the_error_smaller() -> None:
    flat = aim(DOWN_45, ground=lambda _: 0.0)
    assert isinstance(flat, Aimed)
    assert flat.error_m < aimed(DOWN_45).error_m
    assert metres(flat.target) == pytest.approx(metres(aimed(DOWN_45).target), abs=0.01)


@settings(max_examples=200, deadline=None)
@given(
    st.floats(2, 500),
    st.floats(-360, 360),
    st.floats(-100, 20),
    st.floats(-180, 180),
    st.floats(0.05, 2.0),
    st.floats(0.05, 2.0),
)
def test_a_target_always_lies_in_its_valid_footprint(
    height: float, yaw: float, pitch: float, roll: float, across: float, upright: float
) -> None:
    found = aim(Camera(HERE, height, yaw, pitch, roll), Lens(across, upright))
    if isinstance(found, NoTarget):
        assert found.why
        return
    assert found.footprint is not None
    assert found.footprint.is_valid
    assert found.footprint.contains(Point(found.target.lon, found.target.lat))
    assert found.error_m >= FLAT.position_m


def test_lenses_are_reckoned_by_the_diagonal_or_the_sensor() -> None:
    film = lens_of_film(24, 4000, 3000)
    assert film is not None
    assert math.degrees(2 * math.atan(math.hypot(film.across, film.upright))) == pytest.approx(
        84.06, abs=0.05
    )
    # 16:9 out of a 4:3 sensor: its whole width, three quarters of its height.
    cut = lens_of_sensor(10, (20, 15), 1600, 900)
    assert cut == Lens(pytest.approx(1.0), pytest.approx(0.5625))
    # 4:3 out of a 3:2 sensor: its whole height.
    assert lens_of_sensor(10, (30, 20), 400, 300) == Lens(pytest.approx(4 / 3), pytest.approx(1.0))


@pytest.mark.parametrize("focal", [0, -1, math.nan, math.inf, 0.1])
def test_a_focal_length_that_no_camera_has_is_none(focal: float) -> None:
    assert lens_of_film(focal, 4000, 3000) is None
    assert lens_of_sensor(focal, (6.17, 4.55), 4000, 3000) is None
