"""What headquarters is told of the field in one answer, and what a decision would do to streets."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.app import create
from city.position import Position
from city.staff import Role
from data.database import connect
from data.errors import NotThere
from hazards.observation import ObservationState
from operations.observing.deciding import decide
from operations.observing.fieldboard import field_waits
from operations.observing.foreseen import foresee
from operations.observing.merging import merge
from operations.serving import utc_now
from tests.integration.databases import Database, Server
from tests.integration.observed import DRONE, FIELD, OFFICER, Reporting, seen
from tests.integration.small_city import position
from tests.integration.staffed import signed_in
from tests.unit.api.served import TestClient

HERE, THERE = (6.5, 3.0), (4.5, 5.0)


@pytest.fixture
def reporting(homes_plan: tuple[str, Any], server: Server) -> Iterator[Reporting]:
    made: Database = server.create(homes_plan[0])
    engine = connect(made.url)
    yield Reporting(engine)
    engine.dispose()
    server.drop(made)


def shut(reporting: Reporting, at: tuple[float, float] = HERE, by: Any = FIELD) -> UUID:
    reporting.send(seen(*at), by, photo=True)
    return reporting.given[-1]


def test_what_a_decision_opens_is_what_it_opens_then(reporting: Reporting) -> None:
    number = shut(reporting)
    seen_before = foresee(reporting.engine, number)
    assert (len(seen_before.opens), seen_before.stays) == (1, [])
    assert seen_before.closes == seen_before.opens
    done = reporting.say(number, ObservationState.REFUTED)
    assert len(done.weighed.reopened) == 1


def test_what_another_report_keeps_shut_does_not_open(reporting: Reporting) -> None:
    first, second = shut(reporting), shut(reporting, by=DRONE)
    found = foresee(reporting.engine, first)
    assert (found.opens, len(found.stays)) == ([], 1)
    assert not reporting.say(first, ObservationState.REFUTED).weighed.reopened
    assert len(foresee(reporting.engine, second).opens) == 1


def test_reports_of_the_same_are_foreseen_as_one(reporting: Reporting) -> None:
    first, second = shut(reporting), shut(reporting, by=DRONE)
    merge(reporting.engine, OFFICER, second, first, now=utc_now())
    found = foresee(reporting.engine, first)
    assert (found.reports, len(found.opens), found.stays) == (2, 1, [])


def test_a_confirmed_street_is_closed_already(reporting: Reporting) -> None:
    number = shut(reporting)
    reporting.say(number, ObservationState.CONFIRMED)
    found = foresee(reporting.engine, number)
    assert (found.closes, len(found.closed)) == ([], 1)


def test_a_position_names_the_street_that_the_decision_will_name(reporting: Reporting) -> None:
    reporting.send(seen(*HERE, error_m=300.0), FIELD)
    number, at = reporting.given[-1], Position(*position(*THERE))
    assert foresee(reporting.engine, number).closes == []
    found = foresee(reporting.engine, number, at)
    assert len(found.closes) == 1
    assert len(found.chosen) > 1
    confirmed = ObservationState.CONFIRMED
    decide(reporting.engine, OFFICER, number, confirmed, now=utc_now(), at=at)
    assert foresee(reporting.engine, number).closed == found.closes
    with pytest.raises(NotThere, match="100m"):
        foresee(reporting.engine, number, Position(0, 0))
    with pytest.raises(NotThere):
        foresee(reporting.engine, uuid4())


def test_what_waits_is_counted_and_what_was_decided_is_not(reporting: Reporting) -> None:
    number = shut(reporting)
    nothing = {"moves": 0, "asks": 0, "overdue": 0, "reports": 0}
    assert field_waits(reporting.engine, utc_now()) == nothing | {"reports": 1}
    with reporting.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE closure SET begun_at = begun_at - interval '1 hour'")
    assert field_waits(reporting.engine, utc_now()) == nothing | {"reports": 1, "asks": 1}
    reporting.say(number, ObservationState.RESOLVED)
    assert field_waits(reporting.engine, utc_now()) == nothing


def test_one_answer_holds_all_that_the_page_shows(
    homes_plan: tuple[str, Any], reporting: Reporting
) -> None:
    number = shut(reporting)
    officer = signed_in(reporting.engine, Role.OPERATOR)
    url = reporting.engine.url.render_as_string(hide_password=False)
    with TestClient(create(homes_plan[1], url)) as client:
        answer = client.get("/api/v1/headquarters/field", headers=officer.headers())
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        told = answer.json()
        assert [one["id"] for one in told["reports"]] == [str(number)]
        assert told["closures"][0]["reports"] == [str(number)]
        parts = {"plan", "missions", "rescues", "gauges", "alerts", "moved", "shapes", "more"}
        assert parts <= set(told)
        path = f"/api/v1/headquarters/reports/{number}/effects"
        seen_then = client.post(path, json={}, headers=officer.headers()).json()
        assert len(seen_then["opens"]) == 1
        assert (
            client.post(
                path, json={"at": {"lat": 99, "lon": 0}}, headers=officer.headers()
            ).status_code
            == 422
        )
