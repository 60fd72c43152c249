"""The state of headquarters: each section says what its own page says, and nothing personal."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import shapely

from city.position import Position
from city.staff import CONSOLE, PUBLIC
from data.database import transaction
from hazards.kinds import AlertLevel, HazardKind
from hazards.observation import Draft, ObservationKind
from operations.board import alertrows, cityrows, reached, roadrows
from operations.board.counting import ReachedCounter
from operations.board.state import board_state, state_hash
from operations.changes import set_level
from operations.changes.roads import close_road
from operations.places.needs import report_need
from operations.serving import utc_now
from shelters.needs import GivenNeed, NeedKind
from tests.integration.alerted import ALERTS, AREA, GENERAL, OTHER, Headquarters
from tests.integration.observed import FIELD, Reporting

BOARD = "/api/v1/headquarters/board"
HQ = "/api/v1/headquarters"


def state_of(hq: Headquarters) -> dict[str, Any]:
    found: dict[str, Any] = hq.get(BOARD)["state"]
    return found


def test_the_state_is_whole_and_the_same_until_something_changes(hq: Headquarters) -> None:
    found = hq.get(BOARD)
    assert found["state"]["city"]["city"]["missing"] == []
    assert not found["state"]["city"]["city"]["live"]
    assert found["me"] == {"actor": hq.writer.caller.actor, "roles": ["operator"]}
    same = hq.get(f"{BOARD}?have={found['hash']}")
    assert (same["hash"], same["state"]) == (found["hash"], None)
    with transaction(hq.engine) as connection:
        assert state_hash(board_state(connection, utc_now())) == found["hash"]
    hq.send(hq.draft())
    again = hq.get(BOARD)
    assert again["hash"] != found["hash"]
    assert again["state"]["city"]["city"]["live"]
    assert again["offset"] != found["offset"]


def test_outlines_are_of_orders_and_of_what_is_proposed(hq: Headquarters) -> None:
    hq.send(hq.draft())
    proposal = {"hazard": "flood", "level": 4, "areas": [OTHER], "reason": "水位の上昇"}
    assert hq.ask(hq.writer, f"{HQ}/proposals", proposal).status_code < 300
    assert hq.get(f"{BOARD}/map")["areas"].keys() == {AREA, OTHER}


def test_an_alert_stands_with_its_order_and_with_whom_it_reached(hq: Headquarters) -> None:
    number = hq.send(hq.draft())["number"]
    found = state_of(hq)
    (order,) = found["orders"].values()
    assert (order["area_names"], order["told"], order["unreached"]) == ([AREA], True, None)
    assert ReachedCounter(hq.engine).count(utc_now()) == 1
    ledger = hq.get(f"{ALERTS}/{number}/ledger")
    found = state_of(hq)
    (order,), (alert,) = found["orders"].values(), found["alerts"].values()
    unreached = ledger["households"]["unreached"] + ledger["households"]["broadcast_only"]
    # One household of a 町丁目 could be told apart: fewer than ten are no number.
    assert unreached == 1
    assert (order["unreached"], alert["unreached_households"]) == (None, None)
    assert order["unreached_few"] is alert["unreached_few"] is True
    assert alert["reached_households"] == ledger["households"]["confirmed"]
    assert order["households"] == alert["households"] == ledger["all"]
    assert found["unreached"] == found["unreached_cells"] == {}


def test_a_household_under_two_orders_is_counted_once(
    hq: Headquarters, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert state_of(hq)["city"]["city"]["target"] == 0
    for hazard, areas in ((HazardKind.FLOOD, [AREA]), (HazardKind.LANDSLIDE, [AREA, OTHER])):
        set_level(hq.engine, hazard, AlertLevel.ALL_LEAVE, areas=areas)
    found = state_of(hq)
    assert [one["households"] for one in found["orders"].values()] == [1, 2]
    assert found["city"]["city"]["target"] == 2

    def fail(_: object) -> int:
        raise ValueError

    monkeypatch.setattr(cityrows, "households_under_any", fail)
    city = state_of(hq)["city"]["city"]
    assert (city["target"], city["live"], city["missing"]) == (None, True, ["orders.target"])


def test_what_is_not_counted_yet_is_not_shown_as_counted(
    hq: Headquarters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reached, "LEAST_CELL", 1)
    monkeypatch.setattr(alertrows, "LEAST_CELL", 1)
    names = ("unreached", "unreached_few", "counting")

    def said() -> list[Any]:
        city = state_of(hq)["city"]["city"]
        return [*(city[name] for name in names), city["counted_at"] is not None]

    assert said() == [None, False, 0, False]
    sent = hq.send(hq.draft())
    assert said() == [None, False, 1, False]
    ReachedCounter(hq.engine).count(utc_now())
    assert said() == [1, False, 0, True]
    # Whom a notice does not reach is not without an order; who has one that is not told is.
    hq.send(hq.draft(**GENERAL | {"areas": [OTHER]}))
    assert said() == [1, False, 0, True]
    set_level(hq.engine, HazardKind.LANDSLIDE, AlertLevel.ALL_LEAVE, areas=[OTHER])
    assert said() == [2, False, 0, True]
    hq.send(hq.revise(sent["alert"], step="update"))
    found = state_of(hq)
    assert found["unreached"].keys() == {OTHER}
    assert {one["unreached"] for one in found["orders"].values()} == {None}
    assert said() == [None, False, 1, False]


def test_a_count_at_a_place_is_no_line_of_the_chronology(hq: Headquarters) -> None:
    hq.send(hq.draft())
    before = state_of(hq)["chronicle"]["last"]["audit"]
    site = hq.get(HQ)["sites"][0]["id"]
    count = {"persons": 62, "id": str(uuid4())}
    hq.well(hq.ask(hq.writer, f"{HQ}/sites/{site}/count", count))
    assert state_of(hq)["chronicle"]["last"]["audit"] == before
    hq.well(hq.ask(hq.writer, f"{HQ}/sites/{site}/opening", {"opening": "open"}))
    assert state_of(hq)["chronicle"]["last"]["audit"] > before


def test_reports_of_residents_push_no_team_off_the_board(
    hq: Headquarters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roadrows, "MOST", 1)
    reporting, at = Reporting(hq.engine), shapely.Point(135.40234, 29.60234)
    for by in (FIELD, PUBLIC):
        reporting.send(Draft(ObservationKind.SLIDE, at, 12.0), by)
    state = state_of(hq)
    (one,) = state["observations"].values()
    assert one["source_kind"] == "field"
    assert state["city"]["city"]["reports_left"] == 1


def test_whom_an_alert_reached_is_told_once(hq: Headquarters) -> None:
    hq.send(hq.draft())
    counter, now = ReachedCounter(hq.engine), utc_now()
    assert [counter.count(now), counter.count(now + timedelta(seconds=1))] == [1, 0]
    query = "SELECT max(number) FROM live_state"
    before = hq.database.one(query)
    assert counter.count(now + timedelta(minutes=1)) == 1
    assert hq.database.one(query) == before


def test_places_and_what_they_ask_for_are_those_of_their_page(hq: Headquarters) -> None:
    page = hq.get(HQ)
    found = state_of(hq)
    assert list(found["sites"]) == [one["id"] for one in page["sites"]]
    (site, *_) = page["sites"]
    path = f"{HQ}/sites/{site['id']}"
    hq.well(hq.ask(hq.writer, f"{path}/opening", {"opening": "open"}))
    hq.well(hq.ask(hq.writer, f"{path}/count", {"persons": 620, "id": str(uuid4())}))
    row = state_of(hq)["sites"][site["id"]]
    assert (row["persons"], row["capacity"], row["word"]) == (620, 640, "混雑")
    assert row["opening"] == "open"
    assert row["as_of"]


def test_nothing_personal_is_in_it(hq: Headquarters) -> None:
    secrets = {"name": "架空山太郎", "phone": "042-555-0199", "note": "押し入れに祖母がいます"}
    site = hq.get(HQ)["sites"][0]["id"]
    contact = {"phone": secrets["phone"], "key_holder": secrets["name"]}
    hq.well(hq.ask(hq.writer, f"{HQ}/sites/{site}/contact", contact))
    need = GivenNeed(uuid4(), NeedKind.SUPPLIES, secrets["note"], utc_now())
    report_need(hq.engine, CONSOLE, site, need, utc_now())
    rescue = {"id": str(uuid4()), "place": secrets["note"], "condition": secrets["name"]}
    hq.well(hq.ask(hq.writer, f"{HQ}/rescues", rescue))
    reporting, at = Reporting(hq.engine), shapely.Point(135.40234, 29.60234)
    for kind in (ObservationKind.SLIDE, ObservationKind.RESCUE):
        reporting.send(Draft(kind, at, 12.0, note=secrets["note"]))
    team = {
        "team": "第1現地班",
        "contact": secrets["phone"],
        "what": secrets["note"],
        "withdraw_at": (utc_now() + timedelta(hours=1)).isoformat(),
    }
    hq.well(hq.ask(hq.writer, f"{HQ}/missions", team))
    lat, lon = hq.database.rows("SELECT ST_Y(p), ST_X(p) FROM street, ST_StartPoint(geom) p")[0]
    close_road(hq.engine, Position(lat, lon), secrets["note"])
    hq.database.rows(
        "WITH wet AS (INSERT INTO observed_water (city_code, source, geom) SELECT code,"
        " '押し入れに祖母がいます', ST_Buffer(ST_SetSRID(ST_Point(135.4, 29.6), 4326), 0.1)"
        " FROM city_load WHERE current RETURNING id, city_code) INSERT INTO held_item"
        " (city_code, kind, item, why) SELECT city_code, 'observed_water', id, 'x' FROM wet"
        " RETURNING 1"
    )
    found = state_of(hq)
    assert found["city"]["city"]["missing"] == []
    assert [one["kind"] for one in found["observations"].values()] == ["slide"]
    assert found["rescues"]["open"]["count"] == 2
    kinds = {one["kind"] for one in found["decisions"].values()}
    assert {"need", "rescue", "reports", "water"} <= kinds
    text = json.dumps(hq.get(BOARD), ensure_ascii=False)
    assert not [word for word, secret in secrets.items() if secret in text]


def test_a_section_that_fails_is_named_and_hides_no_other(hq: Headquarters) -> None:
    with hq.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sensor RENAME TO sensor_away")
    found = state_of(hq)
    assert found["city"]["city"]["missing"] == ["gauges", "decisions.silent"]
    assert found["gauges"] == {}
    assert found["sites"]


def test_two_officers_see_who_has_a_decision_open(hq: Headquarters) -> None:
    locks = f"{BOARD}/locks"
    held = {"key": "closure:5", "held": True}
    assert hq.well(hq.ask(hq.writer, locks, held))["held"]
    assert hq.ask(hq.writer, locks, held).status_code == 200
    other = hq.ask(hq.approver, locks, held)
    assert other.status_code == 409
    assert other.json()["lock"]["actor"] == hq.writer.caller.actor
    assert hq.writer.caller.name in other.json()["detail"]
    assert list(hq.get(BOARD)["locks"]) == ["closure:5"]
    # Of another's nothing is let go, and it is said that theirs stands.
    theirs = hq.ask(hq.approver, locks, held | {"held": False})
    assert (theirs.status_code, theirs.json()["lock"]["actor"]) == (409, hq.writer.caller.actor)
    assert list(hq.get(BOARD)["locks"]) == ["closure:5"]
    hq.database.rows("UPDATE decision_lock SET until = now() RETURNING 1")
    assert hq.get(BOARD)["locks"] == {}
    assert hq.well(hq.ask(hq.approver, locks, held))["held"]
    hq.well(hq.ask(hq.approver, locks, held | {"held": False}))
    assert hq.get(BOARD)["locks"] == {}
    for key in ("<b>", "closure:5:6:7", "nothing:1"):
        assert hq.ask(hq.writer, locks, {"key": key, "held": True}).status_code == 409


def test_a_lock_that_ran_out_is_told_as_gone(hq: Headquarters) -> None:
    locks = f"{BOARD}/locks"
    hq.well(hq.ask(hq.writer, locks, {"key": "closure:5", "held": True}))
    hq.database.rows("UPDATE decision_lock SET until = now() - interval '2 minutes' RETURNING 1")
    hq.well(hq.ask(hq.writer, locks, {"key": "team:doors:6", "held": True}))
    query = "SELECT key, state IS NULL FROM live_state WHERE key LIKE 'lock:%' ORDER BY key"
    assert hq.database.rows(query) == [("lock:closure:5", True), ("lock:team:doors:6", False)]


def test_the_map_has_the_outlines_of_areas_under_orders(hq: Headquarters) -> None:
    assert hq.get(f"{BOARD}/map") == {"areas": {}, "orders": {}}
    hq.send(hq.draft())
    found = hq.get(f"{BOARD}/map")
    assert list(found["areas"]) == [AREA]
    assert len(found["areas"][AREA][0]) > 3
    assert found["orders"] == {}
    more = "area_names = area_names || ARRAY['前の地図の町']"
    ((number,),) = hq.database.rows(f"UPDATE evacuation_order SET {more} RETURNING id")  # noqa: S608
    assert len(hq.get(f"{BOARD}/map")["orders"][str(number)][0]) > 3


def test_a_street_that_a_person_closed_is_called_by_its_name(hq: Headquarters) -> None:
    lat, lon = hq.database.rows(
        "SELECT ST_Y(p), ST_X(p) FROM street s, ST_LineInterpolatePoint(s.geom, 0.5) p"
        " WHERE s.name >= 0 ORDER BY ST_Length(s.geom) DESC LIMIT 1"
    )[0]
    _, name, _ = close_road(hq.engine, Position(lat, lon), "点検")
    (closure,) = state_of(hq)["closures"].values()
    assert name
    assert (closure["street"], closure["word"], closure["reports"]) == (name, "通行止め", 0)
    assert closure["line"]


def test_streets_without_a_name_that_are_closed_are_told_apart_by_where_and_how_long(
    hq: Headquarters,
) -> None:
    spots = hq.database.rows(
        "SELECT ST_Y(p), ST_X(p), round(ST_Length(s.geom::geography)), coalesce(a.name, '')"
        " FROM street s, ST_LineInterpolatePoint(s.geom, 0.5) p LEFT JOIN area a"
        " ON a.kind = 'chome' AND ST_Covers(a.geom, p)"
        " WHERE s.name < 0 AND s.flags & 1 = 0 ORDER BY a.name, 3 LIMIT 2"
    )
    said = {f"{area} 名のない道（{length:.0f} m）".strip() for _, _, length, area in spots}
    for lat, lon, *_ in spots:
        assert close_road(hq.engine, Position(lat, lon), "田中さんの家の前")[1] == ""
    closures = state_of(hq)["closures"].values()
    assert {one["called"] for one in closures} == said
    assert {one["reason"] for one in closures} == {"本部の判断"}, "the board has no typed words"
    lines = hq.get("/api/v1/headquarters/chronology")["entries"]
    closed = {one["content"] for one in lines if one["content"].startswith("通行止め")}
    assert closed == {f"通行止め：{one}" for one in said}
