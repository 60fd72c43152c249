"""The phone desk over a real database: one slip a call, joined, handed on, closed, erased."""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, update

from api.app import create
from city.position import Position
from city.staff import Caller, CallerKind, Role
from data import tables
from data.database import connect, transaction
from data.errors import NotThere
from data.live.outbox import Topic, put
from data.people import audit
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.errors import Refused
from operations.phone import phonedesk
from operations.phone.slips import GivenSlip, HandedTo, Outcome
from operations.planning.planner import Planner
from tests.integration.databases import Database
from tests.integration.processes import wait_for
from tests.integration.staffed import Signed, signed_in
from tests.unit.api.served import TestClient

NOW = datetime(2026, 10, 10, 11, 42, tzinfo=UTC)
OPERATOR = Caller(CallerKind.STAFF, 7, "架空 太郎", frozenset({Role.PHONE}))
KEPT = phonedesk.KEPT_FOR
PERSONAL = ("架空 花子", "090-0000-1234", "母が動けません")
SLIPS = "/api/v1/phone/slips"


def a_slip(**values: Any) -> GivenSlip:
    """A slip of a new call."""
    return GivenSlip(**{"client_id": uuid4(), "landmark": "浅瀬高校", **values})


def taken(engine: Engine, now: datetime = NOW, **values: Any) -> dict[str, Any]:
    """Take a slip, and answer with what the page is told."""
    return phonedesk.take_slip(engine, OPERATOR, a_slip(**values), now)


def row_of(engine: Engine, number: int) -> Any:
    """A slip as it is stored."""
    with transaction(engine) as connection:
        table = tables.call_slip
        return connection.execute(select(table).where(table.c.id == number)).one()


def actions(engine: Engine) -> list[tuple[str, str, str]]:
    """What the audit log says of slips."""
    with transaction(engine) as connection:
        found = list(audit.entries(connection))
    assert all(one.is_as_written for one in found)
    text = str([one.details for one in found])
    assert not any(word in text for word in PERSONAL)
    return [(one.actor, one.action, one.subject) for one in found if one.action.startswith("slip.")]


def a_point(engine: Engine, metres_north: float = 0) -> Position:
    """A point near a junction of the town."""
    with transaction(engine) as connection:
        query = "SELECT ST_Y(geom), ST_X(geom) FROM junction ORDER BY number LIMIT 1"
        lat, lon = connection.exec_driver_sql(query).one()
    return Position(lat + metres_north / 111_000, lon)


# Slips


def test_a_double_enter_makes_one_slip(town_engine: Engine) -> None:
    slip = a_slip(need="水が玄関まで来た")
    first = phonedesk.take_slip(town_engine, OPERATOR, slip, NOW)
    again = phonedesk.take_slip(town_engine, OPERATOR, slip, NOW + timedelta(seconds=1))
    assert (first["fresh"], again["fresh"]) == (True, False)
    assert first["slip"] == again["slip"]
    number = first["slip"]["number"]
    assert actions(town_engine) == [("staff:7", "slip.taken", str(number))]


def test_caller_needs_no_name_but_something_must_be_said(town_engine: Engine) -> None:
    assert taken(town_engine, landmark="", phone="０９０－００００－１２３４")["slip"]["phone"] == (
        "090-0000-1234"
    )
    with pytest.raises(Refused, match="場所・用件・電話番号"):
        taken(town_engine, landmark=" ", need="\n")
    with pytest.raises(Refused, match="電話番号は数字"):
        taken(town_engine, phone="隣の家")
    assert [action for _, action, _ in actions(town_engine)] == [
        "slip.taken",
        "slip.refused",
        "slip.refused",
    ]


def test_need_may_have_line_breaks_and_is_kept_in_one_line(town_engine: Engine) -> None:
    assert taken(town_engine, need="母が\n 動けません")["slip"]["need"] == "母が 動けません"


def test_call_that_is_only_guided_is_closed_at_once(town_engine: Engine) -> None:
    number = taken(town_engine, outcome=Outcome.GUIDED)["slip"]["number"]
    assert phonedesk.standing_slips(town_engine) == []
    assert row_of(town_engine, number).closed_at == NOW


def test_newest_slip_stands_first(town_engine: Engine) -> None:
    old = taken(town_engine)["slip"]["number"]
    new = taken(town_engine, now=NOW + timedelta(minutes=1))["slip"]["number"]
    assert [one["number"] for one in phonedesk.standing_slips(town_engine)] == [new, old]


def test_near_calls_and_the_same_number_or_landmark_are_offered(town_engine: Engine) -> None:
    here, near, far = (a_point(town_engine, metres) for metres in (0, 40, 70))
    first = taken(town_engine, landmark="", position=here, exact=True, phone="090-0000-1234")
    number = first["slip"]["number"]

    def offered(**values: Any) -> list[int]:
        answer = taken(town_engine, outcome=Outcome.GUIDED, **values)
        return [one["number"] for one in answer["similar"]]

    assert offered(landmark="", position=near, exact=True) == [number]
    assert offered(landmark="", position=far, exact=True) == []
    assert offered(landmark="", phone="09000001234") == [number]
    named = taken(town_engine, landmark="絹ヶ丘の橋", exact=True)["slip"]["number"]
    assert offered(landmark="絹が丘の橋", exact=True) == [named]
    later = {"landmark": "絹が丘の橋", "exact": True, "now": NOW + timedelta(hours=6, minutes=1)}
    assert offered(**later) == []


def test_two_callers_of_one_town_are_not_one_call(town_engine: Engine) -> None:
    middle = a_point(town_engine)
    taken(town_engine, landmark="浅瀬中央一丁目", position=middle, exact=False)
    assert taken(town_engine, landmark="浅瀬中央一丁目", position=middle)["similar"] == []


def test_joined_slips_leave_the_list_and_are_counted(town_engine: Engine) -> None:
    first, second, third = (taken(town_engine)["slip"]["number"] for _ in range(3))
    phonedesk.join_slip(town_engine, OPERATOR, third, second, NOW)
    phonedesk.join_slip(town_engine, OPERATOR, second, first, NOW)
    phonedesk.join_slip(town_engine, OPERATOR, second, first, NOW)
    (left,) = phonedesk.standing_slips(town_engine)
    assert (left["number"], left["joined"]) == (first, 2)
    assert row_of(town_engine, third).joined_into == first
    with pytest.raises(Refused):
        phonedesk.join_slip(town_engine, OPERATOR, first, first, NOW)
    with pytest.raises(Refused, match="まとめられて"):
        phonedesk.join_slip(town_engine, OPERATOR, first, second, NOW)
    with pytest.raises(NotThere):
        phonedesk.join_slip(town_engine, OPERATOR, first, 99_999, NOW)


def test_handed_slip_stays_until_somebody_closes_it(town_engine: Engine) -> None:
    number = taken(town_engine, handed_to=HandedTo.FIELD)["slip"]["number"]
    phonedesk.hand_slip(town_engine, OPERATOR, number, HandedTo.FIRE)
    (slip,) = phonedesk.standing_slips(town_engine)
    assert (slip["state"], slip["handed_to"]) == ("handed", "119")
    phonedesk.close_slip(town_engine, OPERATOR, number, Outcome.RESOLVED, NOW)
    phonedesk.close_slip(town_engine, OPERATOR, number, Outcome.RESOLVED, NOW)
    with pytest.raises(Refused, match="終わって"):
        phonedesk.close_slip(town_engine, OPERATOR, number, Outcome.NO_CONTACT, NOW)
    phonedesk.reopen_slip(town_engine, OPERATOR, number)
    (slip,) = phonedesk.standing_slips(town_engine)
    assert slip["state"] == "handed"
    words = [action for _, action, _ in actions(town_engine)]
    assert words == ["slip.taken", "slip.handed", "slip.closed", "slip.refused", "slip.reopened"]


def test_who_called_is_erased_30_days_after_the_end_and_never_before(town_engine: Engine) -> None:
    said = {"caller": PERSONAL[0], "phone": PERSONAL[1], "need": PERSONAL[2]}
    told = {"verdict": "go", "place": "E1", "sentences": ["行き先は"], "household": {"floor": "2"}}
    at = a_point(town_engine)
    closed = taken(town_engine, **said, told=told, position=at, outcome=Outcome.GUIDED)["slip"]
    standing = taken(town_engine, **said)["slip"]
    assert phonedesk.erase_old(town_engine, NOW + KEPT) == 0
    assert row_of(town_engine, closed["number"]).caller == PERSONAL[0]
    later = NOW + KEPT + timedelta(seconds=1)
    assert phonedesk.erase_old(town_engine, later) == 1
    assert phonedesk.erase_old(town_engine, later) == 0
    left = row_of(town_engine, closed["number"])
    assert (left.caller, left.caller_phone, left.need, left.landmark) == ("", "", "", "")
    assert left.geom is None
    assert left.told == {"verdict": "go", "place": "E1", "exact": False}
    assert row_of(town_engine, standing["number"]).caller == PERSONAL[0]
    assert actions(town_engine)[-1] == ("system", "slip.erased", "")
    assert phonedesk.erase_old(town_engine, NOW + 3 * KEPT) == 0
    assert phonedesk.erase_old(town_engine, NOW + 3 * KEPT + timedelta(seconds=1)) == 1
    assert row_of(town_engine, standing["number"]).caller == ""


# The routes


@dataclass
class Desk:
    """The app over the town, and an operator of the phone desk."""

    client: TestClient
    engine: Engine
    planner: Planner
    operator: Signed

    def get(self, path: str, **query: Any) -> Any:
        """Ask as the operator."""
        return self.client.get(path, params=query, headers=self.operator.headers())

    def post(self, path: str, body: dict[str, Any], who: Signed | None = None) -> Any:
        """Send as the operator, or as somebody else."""
        return self.client.post(path, json=body, headers=(who or self.operator).headers())

    def door(self) -> dict[str, float]:
        """A door of the town."""
        at = a_point(self.engine)
        return {"lat": at.lat, "lon": at.lon}


@pytest.fixture
def desk(plan: tuple[Database, Path], tmp_path: Path) -> Iterator[Desk]:
    """A phone desk on a database and a state folder of the test's own."""
    database, state = plan
    engine = connect(database.url)
    planner = Planner(engine, state)
    with TestClient(create(state, database.url)) as client:
        yield Desk(client, engine, planner, signed_in(engine, Role.PHONE))
    engine.dispose()
    shutil.rmtree(tmp_path / "state", ignore_errors=True)


def test_only_the_phone_desk_and_headquarters_see_slips(desk: Desk) -> None:
    for role in Role:
        if role is Role.RESIDENT:
            continue
        who = signed_in(desk.engine, role)
        may = role in (Role.PHONE, Role.OPERATOR, Role.APPROVER)
        for path in ("/phone", SLIPS, "/api/v1/phone/search?q=浅瀬"):
            assert desk.client.get(path, headers=who.headers()).status_code == (200 if may else 403)
        answer = desk.post(SLIPS, {"id": str(uuid4()), "need": "水"}, who)
        assert answer.status_code == (200 if may else 403)
    assert desk.client.get(SLIPS, headers={"cookie": ""}).status_code == 401


def test_page_holds_no_caller_and_nothing_inline(desk: Desk) -> None:
    page = desk.get("/phone")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    for inline in (" style=", "<style", " onclick=", "<script>"):
        assert inline not in page.text
    assert "架空の市" in page.text


def test_a_town_is_found_and_answered(desk: Desk) -> None:
    hits = desk.get("/api/v1/phone/search", q="浅瀬高校").json()["hits"]
    assert hits[0]["name"] == "浅瀬高校"
    where = {"lat": hits[0]["lat"], "lon": hits[0]["lon"]}
    answer = desk.get("/api/v1/phone/answer", **where)
    assert answer.headers["cache-control"] == "no-store"
    table = answer.json()
    assert table["text"]
    assert table["seconds"] <= 20
    assert table["verdict"] in ("go", "watch")
    assert table["place"]["crowding"].startswith("混み具合は分かっていません")
    assert "point=" not in table["map"]["url"]
    assert table["map"]["south"] < where["lat"] < table["map"]["north"]


def test_answer_says_how_full_the_place_is_and_how_old_that_is(desk: Desk) -> None:
    place = desk.get("/api/v1/phone/answer", **desk.door()).json()["place"]
    now = datetime.now(UTC)
    state = {
        "id": place["id"],
        "opening": "open",
        "opening_since": None,
        "band": "some",
        "counted_at": now.isoformat(),
        "unknown_after": (now + timedelta(minutes=30)).isoformat(),
        "overflow": False,
    }

    def answer() -> dict[str, Any]:
        table: dict[str, Any] = desk.get("/api/v1/phone/answer", **desk.door()).json()
        return table

    with transaction(desk.engine, latest=True) as connection:
        put(connection, Topic.SITES, place["id"], state)
    wait_for("the figure", lambda: answer()["place"]["known"])
    assert "の報告で、やや混雑しています。" in "".join(answer()["text"])
    old = {**state, "unknown_after": (now - timedelta(seconds=1)).isoformat()}
    with transaction(desk.engine, latest=True) as connection:
        put(connection, Topic.SITES, place["id"], old)
    wait_for("its end", lambda: not answer()["place"]["known"])
    assert "やや混雑" not in "".join(answer()["text"])


@pytest.mark.parametrize("seconds", [1, -86400])
def test_nobody_is_sent_to_a_place_of_whose_closing_the_plan_does_not_know(
    desk: Desk, seconds: int
) -> None:
    """Also where the plan is of a later moment: whoever closed it had to wait."""
    place = desk.get("/api/v1/phone/answer", **desk.door()).json()["place"]
    since = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    state = {"id": place["id"], "opening": "endangered", "opening_since": since, "band": None}
    with transaction(desk.engine, latest=True) as connection:
        put(connection, Topic.SITES, place["id"], state)

    def answer() -> dict[str, Any]:
        table: dict[str, Any] = desk.get("/api/v1/phone/answer", **desk.door()).json()
        return table

    wait_for("the closing", lambda: answer()["changing"])
    table = answer()
    assert place["name"] not in str(table)
    assert (table["place"], table["steps"]) == (None, [])


def test_rule_04_at_level_5_the_answer_holds_no_place_anywhere(desk: Desk) -> None:
    names = {one["properties"]["name"] for one in desk.get("/api/v1/sites").json()["features"]}
    changes.set_level(desk.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    desk.planner.catch_up()

    def table() -> dict[str, Any]:
        answer: dict[str, Any] = desk.get("/api/v1/phone/answer", **desk.door()).json()
        return answer

    wait_for("level 5", lambda: table()["verdict"] == "secure_now")
    answer = table()
    assert (answer["place"], answer["second"], answer["steps"]) == (None, None, [])
    said = " ".join([*answer["text"], *answer["why"], str(answer["do"])])
    assert not any(name in said for name in names)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": "no id", "need": "水"}, 422),
        ({"need": "水"}, 422),
        ({"id": str(uuid4())}, 409),
        ({"id": str(uuid4()), "phone": "隣の家"}, 409),
        ({"id": str(uuid4()), "need": "水" * 401}, 422),
        ({"id": str(uuid4()), "need": "水", "at": {"lat": 99.125, "lon": 135}}, 422),
        ({"id": str(uuid4()), "need": "水", "handed_to": "隣の市"}, 422),
        ({"id": str(uuid4()), "need": "水", "unknown": 1}, 422),
        ({"id": str(uuid4()), "need": "水\x00"}, 409),
        ({"id": str(uuid4()), "need": "水", "household": {"floor": "\x00"}}, 422),
    ],
)
def test_what_is_not_understood_is_refused_in_words_and_repeats_nothing(
    desk: Desk, body: dict[str, Any], status: int
) -> None:
    answer = desk.post(SLIPS, body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert not any(word in answer.text for word in ("隣の家", "隣の市", "99.125", "水水"))
    assert desk.get(SLIPS).json()["slips"] == []


def test_slips_are_sent_read_and_changed_and_nothing_personal_is_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {
        "id": str(uuid4()),
        "landmark": "浅瀬高校",
        "at": desk.door(),
        "exact": True,
        "household": {"profile": "slow", "nonsense": "x"},
        "caller": PERSONAL[0],
        "phone": PERSONAL[1],
        "need": PERSONAL[2],
        "told": {"verdict": "go", "plan_version": 1, "sentences": ["今すぐ避難してください。"]},
        "handed_to": "welfare",
    }
    first = desk.post(SLIPS, body)
    assert desk.post(SLIPS, body).json()["slip"] == first.json()["slip"]
    assert first.headers["cache-control"] == "no-store"
    (slip,) = desk.get(SLIPS).json()["slips"]
    assert (slip["caller"], slip["handed_to"]) == (PERSONAL[0], "welfare")
    assert slip["told"]["household"] == {"profile": "slow"}
    number = slip["number"]
    assert desk.post(f"{SLIPS}/{number}", {"do": "close"}).json()["slips"] == []
    assert desk.post(f"{SLIPS}/{number}", {"do": "close", "outcome": "no_contact"}).status_code == (
        409
    )
    assert len(desk.post(f"{SLIPS}/{number}", {"do": "reopen"}).json()["slips"]) == 1
    assert desk.post(f"{SLIPS}/99999", {"do": "close"}).status_code == 404
    assert desk.post(f"{SLIPS}/{10**30}", {"do": "close"}).status_code == 422
    text = caplog.text
    assert not any(word in text for word in (*PERSONAL, f"{desk.door()['lat']:.5f}"))
    with transaction(desk.engine) as connection:
        live = connection.execute(select(tables.live_state)).all()
    assert not any(word in str(live) for word in PERSONAL)


def test_a_slip_of_another_city_is_neither_shown_nor_changed(town_engine: Engine) -> None:
    number = taken(town_engine)["slip"]["number"]
    table = tables.call_slip
    with transaction(town_engine) as connection:
        connection.execute(update(table).where(table.c.id == number).values(city_code="00000"))
    assert phonedesk.standing_slips(town_engine) == []
    with pytest.raises(NotThere):
        phonedesk.close_slip(town_engine, OPERATOR, number, Outcome.RESOLVED, NOW)
