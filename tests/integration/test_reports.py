"""A report from the field suspends a street at once; nothing else does, and nothing reopens it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import shapely

from city.position import Position
from data.database import transaction
from data.errors import NotThere
from hazards.closure import ClosureBasis
from hazards.errors import MayNotDecide, NotAState
from hazards.evidence import Effect
from hazards.observation import Draft, ObservationKind, ObservationState
from operations.changes.roads import close_road, reopen_road
from operations.observing.deciding import decide, still_stands
from operations.observing.merging import merge
from operations.serving import utc_now
from routing.picture import Picture
from tests.integration.observed import APPROVER, DRONE, FIELD, OFFICER, Reporting, seen
from tests.integration.plannedcity import City
from tests.integration.small_city import position

CONFIRMED, REFUTED = ObservationState.CONFIRMED, ObservationState.REFUTED
RESOLVED = ObservationState.RESOLVED
HERE = (4.4, 5.0)


@pytest.fixture
def reporting(city: City) -> Reporting:
    return Reporting(city.engine)


def standing(reporting: Reporting) -> list[tuple[str, int]]:
    """(basis, streets) of what is closed, as the database has it."""
    with transaction(reporting.engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT basis, count(*) FROM closure WHERE ended_at IS NULL GROUP BY basis ORDER BY 1"
        )
        return [(row[0], row[1]) for row in rows]


def picture(city: City) -> Picture:
    city.planner.catch_up()
    return city.version.picture


def test_a_field_report_with_a_photo_suspends_its_street_at_once(
    city: City, reporting: Reporting
) -> None:
    taken = reporting.send(seen(*HERE), FIELD, photo=True)
    assert taken.effect is Effect.SUSPENDED
    (closure,) = picture(city).closures
    assert closure.basis is ClosureBasis.SUSPENDED
    assert closure.observations == (str(taken.id),)
    assert city.version.blocks.barred.touched[list(closure.all_streets)].all()


@pytest.mark.parametrize("count", [1, 20])
def test_unknown_people_close_nothing_however_many(
    city: City, reporting: Reporting, count: int
) -> None:
    for _ in range(count):
        assert reporting.send(seen(*HERE), photo=True).effect is Effect.DOUBTED
    assert standing(reporting) == []
    now = picture(city)
    assert now.closures == ()
    (doubt,) = now.doubts
    assert city.version.blocks.doubted[list(doubt.streets)].all()


@pytest.mark.parametrize("draft", [seen(*HERE, error_m=31), seen(*HERE, error_m=None)])
def test_one_report_that_may_be_of_another_street_suspends_nothing(
    reporting: Reporting, draft: object
) -> None:
    taken = reporting.send(draft, FIELD, photo=True)  # type: ignore[arg-type]
    assert taken.effect <= Effect.DOUBTED
    assert standing(reporting) == []


def test_two_known_sources_without_a_photo_suspend_and_one_twice_does_not(
    reporting: Reporting,
) -> None:
    assert reporting.send(seen(*HERE), FIELD).effect is Effect.DOUBTED
    assert reporting.send(seen(*HERE), FIELD).effect is Effect.DOUBTED
    assert reporting.send(seen(*HERE), DRONE).effect is Effect.SUSPENDED


def test_the_same_report_sent_again_is_taken_once(reporting: Reporting) -> None:
    number = uuid4()
    assert reporting.send(seen(*HERE), FIELD, photo=True, number=number).is_new
    again = reporting.send(seen(*HERE), FIELD, photo=True, number=number)
    assert not again.is_new
    assert standing(reporting) == [("suspended", 1)]


def test_an_older_report_suspends_too_and_keeps_its_age(city: City, reporting: Reporting) -> None:
    at = utc_now() - timedelta(hours=3)
    taken = reporting.send(seen(*HERE, at=at), FIELD, photo=True)
    assert taken.effect is Effect.SUSPENDED
    assert taken.seen_at == at


def test_a_clock_two_hours_ahead_tells_no_time(reporting: Reporting) -> None:
    now = utc_now()
    taken = reporting.send(seen(*HERE, at=now + timedelta(hours=2)), FIELD, photo=True, now=now)
    assert taken.seen_at == now
    assert taken.effect is Effect.SUSPENDED


@pytest.mark.parametrize(("lat", "lon"), [(0.0, 0.0), (29.5, 134.0)])
def test_a_report_from_nowhere_or_from_the_sea_is_set_aside(
    reporting: Reporting, lat: float, lon: float
) -> None:
    draft = Draft(ObservationKind.SLIDE, shapely.Point(lon, lat), 5.0)
    taken = reporting.send(draft, FIELD, photo=True)
    assert taken.set_aside
    assert standing(reporting) == []


def test_headquarters_confirms_and_only_then_it_is_closed(city: City, reporting: Reporting) -> None:
    taken = reporting.send(seen(*HERE), FIELD, photo=True)
    decided = reporting.say(taken.id, CONFIRMED)
    assert decided.weighed.confirmed
    assert standing(reporting) == [("confirmed", 1)]


def test_headquarters_closes_by_the_word_of_somebody_unknown(reporting: Reporting) -> None:
    taken = reporting.send(seen(*HERE))
    reporting.say(taken.id, CONFIRMED)
    assert standing(reporting) == [("confirmed", 1)]


def test_a_report_without_a_street_is_placed_by_headquarters(reporting: Reporting) -> None:
    taken = reporting.send(seen(*HERE, error_m=500), FIELD, photo=True)
    assert taken.streets == ()
    decide(
        reporting.engine, OFFICER, taken.id, CONFIRMED, now=utc_now(), at=Position(*position(*HERE))
    )
    assert standing(reporting) == [("confirmed", 1)]


@pytest.mark.parametrize("by", [FIELD, DRONE])
def test_nobody_but_headquarters_decides(reporting: Reporting, by: object) -> None:
    taken = reporting.send(seen(*HERE), FIELD, photo=True)
    with pytest.raises(MayNotDecide):
        reporting.say(taken.id, REFUTED, by)  # type: ignore[arg-type]
    assert standing(reporting) == [("suspended", 1)]


def test_a_refuted_report_opens_the_street_and_is_confirmed_again_by_mistake(
    reporting: Reporting,
) -> None:
    taken = reporting.send(seen(*HERE), FIELD, photo=True)
    assert reporting.say(taken.id, REFUTED).weighed.reopened
    assert standing(reporting) == []
    with pytest.raises(NotAState):
        reporting.say(taken.id, RESOLVED)
    reporting.say(taken.id, CONFIRMED, APPROVER)
    assert standing(reporting) == [("confirmed", 1)]


def test_a_street_with_other_evidence_stays_shut(reporting: Reporting) -> None:
    first = reporting.send(seen(*HERE), FIELD, photo=True)
    reporting.send(seen(*HERE), DRONE, photo=True)
    assert not reporting.say(first.id, REFUTED).weighed.reopened
    assert standing(reporting) == [("suspended", 1)]


def test_who_decides_on_what_is_not_there_is_told(reporting: Reporting) -> None:
    with pytest.raises(NotThere):
        reporting.say(uuid4(), CONFIRMED)
    with pytest.raises(NotThere):
        still_stands(reporting.engine, OFFICER, 99, now=utc_now())


def test_who_opens_a_street_by_its_number_is_not_shut_out_by_the_next_report(
    reporting: Reporting,
) -> None:
    reporting.send(seen(*HERE), FIELD, photo=True)
    reopen_road(reporting.engine, [])
    assert reporting.send(seen(*HERE)).effect is Effect.DOUBTED
    assert standing(reporting) == []


def test_an_order_stands_beside_reports_and_outlives_them(reporting: Reporting) -> None:
    taken = reporting.send(seen(*HERE), FIELD, photo=True)
    close_road(reporting.engine, Position(*position(*HERE)), "倒木", by_water=False)
    reporting.say(taken.id, RESOLVED)
    assert standing(reporting) == [("order", 1)]


def test_a_report_of_people_in_need_opens_one_case_for_rescue(reporting: Reporting) -> None:
    number = uuid4()
    for _ in range(2):
        reporting.send(seen(*HERE, ObservationKind.RESCUE), number=number)
    with transaction(reporting.engine) as connection:
        rows = connection.exec_driver_sql("SELECT state FROM rescue_case").all()
    assert [row[0] for row in rows] == ["waiting"]


def test_merged_reports_are_decided_on_as_one(reporting: Reporting) -> None:
    one, other = reporting.send(seen(*HERE), FIELD, photo=True), reporting.send(seen(*HERE), DRONE)
    merge(reporting.engine, OFFICER, other.id, one.id, now=utc_now())
    reporting.say(one.id, RESOLVED)
    with transaction(reporting.engine) as connection:
        rows = connection.exec_driver_sql("SELECT DISTINCT state FROM observation").all()
    assert [row[0] for row in rows] == ["resolved"]
    assert standing(reporting) == []


def test_a_confirmed_report_is_given_its_street_later(reporting: Reporting) -> None:
    taken = reporting.send(seen(*HERE, error_m=500), FIELD, photo=True)
    reporting.say(taken.id, CONFIRMED)
    at = Position(*position(*HERE))
    decide(reporting.engine, OFFICER, taken.id, CONFIRMED, now=utc_now(), at=at)
    assert standing(reporting) == [("confirmed", 1)]


def shut_line(reporting: Reporting) -> tuple[float, bool]:
    """How long the only closure is in metres, and whether by water."""
    with transaction(reporting.engine) as connection:
        (row,) = connection.exec_driver_sql(
            "SELECT ST_Length(geom::geography), by_water FROM closure WHERE ended_at IS NULL"
        ).all()
        return round(row[0]), row[1]


def test_rule_6_unknown_people_make_no_closure_longer_and_no_water_of_it(
    reporting: Reporting,
) -> None:
    taken = reporting.send(seen(4.3, 5.0, error_m=3), FIELD, photo=True)
    reporting.say(taken.id, CONFIRMED)
    before = shut_line(reporting)
    for _ in range(5):
        reporting.send(seen(4.9, 5.0, ObservationKind.ROAD_FLOODED, error_m=3))
    assert shut_line(reporting) == before
    assert not before[1]


def test_a_street_that_is_opened_leaves_the_others_of_its_report_shut(
    reporting: Reporting,
) -> None:
    corners = [position(*at) for at in ((1.2, 2.9), (1.8, 2.9), (1.8, 4.1), (1.2, 4.1))]
    area = shapely.Polygon([(lon, lat) for lat, lon in corners])
    draft = Draft(ObservationKind.SLIDE, area, 0.0)
    reporting.send(draft, FIELD, photo=True)
    with transaction(reporting.engine) as connection:
        numbers = [
            row[0] for row in connection.exec_driver_sql("SELECT id FROM closure ORDER BY id").all()
        ]
    assert len(numbers) > 1
    reopen_road(reporting.engine, numbers[:1])
    stranger = reporting.send(seen(1.5, 4.0))
    reporting.say(stranger.id, REFUTED)
    assert standing(reporting) == [("suspended", len(numbers) - 1)]


@pytest.mark.parametrize(("west", "counts"), [(4.3, True), (60.0, False)])
def test_an_area_that_touches_no_street_counts_where_one_is_near(
    reporting: Reporting, west: float, counts: bool
) -> None:
    corners = [position(west + x, 5.3 + y) for x, y in ((0, 0), (0.3, 0), (0.3, 0.3), (0, 0.3))]
    area = shapely.Polygon([(lon, lat) for lat, lon in corners])
    taken = reporting.send(Draft(ObservationKind.ISOLATED, area, 0.0), FIELD)
    assert (taken.set_aside == "") is counts
    assert standing(reporting) == []


def test_a_line_along_too_many_streets_is_set_aside(
    reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("data.observing.snapping", "operations.observing.report"):
        monkeypatch.setattr(f"{module}.MOST_STREETS", 2)
    ends = [position(1, 5), position(6, 5)]
    line = shapely.LineString([(lon, lat) for lat, lon in ends])
    taken = reporting.send(Draft(ObservationKind.SLIDE, line, 0.0), FIELD, photo=True)
    assert "200本" in taken.set_aside
    assert standing(reporting) == []
