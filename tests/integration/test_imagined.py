"""What if, before anybody does it: asking changes nothing, and doing it is what was said."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
import shapely

from api.app import create
from city.staff import CONSOLE, Role
from data import inforce, tables
from data.database import transaction
from data.errors import NotThere
from operations import changes
from operations.changes.roads import close_streets
from operations.changes.water import observe_areas
from operations.errors import Refused
from operations.household.turnouts import set_turnout, turnout_now
from operations.imagining.imagined import Imagined
from operations.imagining.imagining import Imagining, Superseded
from operations.imagining.turn import alone
from operations.planning import held
from operations.serving import CurrentVersion, utc_now
from routing.plan import flowloops
from shelters.place import Opening
from tests.integration.plannedcity import City
from tests.integration.staffed import Signed, signed_in
from tests.unit.api.served import TestClient

HQ = "/api/v1/headquarters"


class Room:
    """Headquarters of the small city: the API, and somebody of each role."""

    def __init__(self, city: City, client: TestClient) -> None:
        self.city, self.client = city, client
        self.operator = signed_in(city.engine, Role.OPERATOR)
        self.approver = signed_in(city.engine, Role.APPROVER)

    def get(self, path: str) -> Any:
        answer = self.client.get(f"{HQ}{path}", headers=self.operator.headers())
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        return answer.json()

    def post(self, path: str, by: Signed | None = None, **body: Any) -> Any:
        headers = (by or self.operator).headers()
        return self.client.post(f"{HQ}{path}", json=body, headers=headers)

    def imagine(self, **imagined: Any) -> Any:
        answer = self.post("/imagined", **imagined)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def adopt(
        self,
        effect: Any,
        by: Signed | None = None,
        reason: str = "点検",
        key: str | None = None,
        **what: Any,
    ) -> Any:
        body = {"imagined": what, "digest": effect["digest"], "reason": reason, "confirmed": True}
        return self.post("/imagined/adoption", by, key=key or str(uuid4()), **body)

    def published(self) -> City:
        """After the planner has seen everything, also what it recorded itself."""
        while self.city.planner.catch_up():
            pass
        self.client.app.state.service.current.refresh()  # type: ignore[attr-defined]
        return self.city


@pytest.fixture
def room(city: City) -> Iterator[Room]:
    with TestClient(create(city.folder / "state", city.database.url)) as client:
        yield Room(city, client)


def shut_street(room: Room) -> int:
    """The street whose loss makes most people walk longer, and cuts nobody off."""
    ranked = room.get("/streets-that-matter?order=minutes")["streets"]
    return int(next(one["street"] for one in ranked if not one["cut_off"] and not one["on_it"]))


def test_asking_changes_nothing_and_doing_it_is_what_was_said(room: Room) -> None:
    city, place = room.city, "E1"
    changes = city.database.one("SELECT count(*) FROM change")
    asked = {"shut": [place], "more_percent": 0}
    effect = room.imagine(**asked)
    told = room.client.app.state.imagining._today.told  # type: ignore[attr-defined]
    assert effect["moved"]["households"] + effect["cut_off"]["households"] > 0
    assert sum(row["households"] for row in effect["moves"]) >= effect["moved"]["households"]
    assert room.imagine(**asked)["digest"] == effect["digest"]
    assert city.database.one("SELECT count(*) FROM change") == changes
    assert room.published().plan.site.tolist() == told.site.tolist()
    at = utc_now()
    imagining = Imagining(room.client.app.state.service.current)  # type: ignore[attr-defined]
    foreseen = imagining.imagine(city.engine, "staff:1", Imagined(shut=(place,)), at)
    answer = room.adopt(effect, reason="", shut=[place])
    assert answer.json() == {"done": ["shut"], "refused": [], "waits": False, "behind": False}
    plan = room.published().plan
    assert plan.site.tolist() == foreseen.after.site.tolist()
    assert plan.load.tolist() == foreseen.after.load.tolist()
    opening = "SELECT opening FROM site_opening WHERE ended_at IS NULL"
    assert city.database.one(opening) == "closed"
    # Nobody is sent to a door that nobody has seen open.
    again = room.imagine(open=[place])
    assert room.adopt(again, reason="", open=[place]).json()["done"] == ["open"]
    assert city.database.one(opening) == "preparing"
    assert room.published().plan.site.tolist() == plan.site.tolist()


def test_a_closed_street_bites_at_once_and_many_who_move_wait_for_another_person(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("operations.planning.moves", "operations.imagining.effect"):
        monkeypatch.setattr(f"{module}.MOST_MOVED", -1)
    city, street = room.city, shut_street(room)
    before = city.plan.site.tolist()
    effect = room.imagine(close=[street], load=room.get("/streets-that-matter")["load"])
    assert effect["waits"]
    answer = room.adopt(effect, by=room.approver, close=[street])
    assert answer.json() == {"done": ["close"], "refused": [], "waits": True, "behind": False}
    (closure,) = room.published().version.picture.closures
    assert (closure.streets, closure.moves, closure.reason) == ((street,), False, "点検")
    assert city.version.blocks.closed[street]
    assert city.plan.site.tolist() == before
    with transaction(city.engine) as connection:
        (row,) = held.waiting(connection, "99902")
    own = room.post(f"/held/{row.id}", room.approver, decision="apply")
    assert (own.status_code, own.json()["type"]) == (409, "urn:nigemichi:problem:self-approval")
    other = signed_in(city.engine, Role.APPROVER)
    assert room.post(f"/held/{row.id}", other, decision="apply").status_code == 200
    (closure,) = room.published().version.picture.closures
    assert closure.moves
    assert street not in [one["street"] for one in room.get("/streets-that-matter")["streets"]]


def test_few_who_move_wait_for_nobody_and_an_approver_takes_it_back_and_says_why(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = shut_street(room)
    effect = room.imagine(close=[street])
    assert not effect["waits"]
    assert room.adopt(effect, close=[street]).json()["done"] == ["close"]
    line = room.city.version.ground.roads
    begin, end = line.shape_start[street : street + 2].tolist()
    again = shapely.LineString(line.shape_lonlat[begin:end])
    with pytest.raises(Refused, match="もう通行止めです：点検"):
        close_streets(room.city.engine, [again], "二人目")
    (closure,) = room.published().version.picture.closures
    assert closure.moves
    opens = f"/imagined/closures/{closure.id}/reopened"
    why: dict[str, Any] = {"reason": "点検が終わった"}
    assert room.post(opens, confirmed=True, **why).status_code == 403
    assert room.get("/imagined/deeds")["reasons"] == {str(closure.id): "点検"}
    silent = room.post(opens, room.approver, confirmed=True, reason=" ")
    assert (silent.status_code, "理由を" in silent.json()["detail"]) == (409, True)
    with transaction(room.city.engine) as connection:
        rows = inforce.standing(connection, tables.closure, "99902")
    assert room.post(opens, room.approver, confirmed=True, **why).status_code == 200
    assert not room.published().version.picture.closures
    assert room.post(opens, room.approver, confirmed=True, **why).status_code == 409
    back, done = room.get("/imagined/deeds")["done"]
    assert (back["taken_back"], done["taken_back"]) == (True, False)
    assert "（" in done["what"]
    assert done["what"].removeprefix("通行止め：") == back["what"].removeprefix("通行止めを解除：")
    assert (back["reason"], back["by"]) == (
        "点検が終わった",
        f"本部 承認者 {room.approver.caller.name}",
    )
    assert room.get("/imagined/deeds")["reasons"] == {}
    # Another approver who looked before it was open.
    monkeypatch.setattr(inforce, "standing", lambda *_: rows)
    late = room.post(opens, room.approver, confirmed=True, **why)
    assert (late.status_code, "もう開いています" in late.json()["detail"]) == (409, True)


def test_what_would_do_something_else_by_now_is_not_done(room: Room) -> None:
    asked: dict[str, Any] = {"shut": ["E1"]}
    effect = room.imagine(**asked)
    room.city.room("E3", 1)
    room.city.again()
    room.published()
    before = room.city.database.one("SELECT count(*) FROM change")
    answer = room.adopt(effect, **asked)
    assert (answer.status_code, answer.json()["title"]) == (409, "結果が変わりました")
    new = answer.json()["imagined"]
    assert new["digest"] != effect["digest"]
    assert room.city.database.one("SELECT count(*) FROM change") == before
    assert room.adopt(new, **asked).status_code == 200


def test_a_river_side_takes_its_streets_and_places_and_more_people_need_a_reason(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.imagining.tables.LEAST_CELL", 1)
    effect = room.imagine(lose_areas=["南町二丁目"], more_percent=30)
    south = {row["area"] for row in effect["cut_off"]["areas"]}
    assert south == {"南町二丁目"}
    assert effect["imagined"]["lost"][0]["area"]["coordinates"]
    asked: dict[str, Any] = {"lose_areas": ["南町二丁目"], "more_percent": 30}
    nothing = room.adopt(effect, by=room.approver, reason=" ", **asked)
    assert nothing.status_code == 409
    assert "理由を入れてください" in nothing.json()["detail"]
    with transaction(room.city.engine) as connection:
        assert not held.waiting(connection, "99902")


CLEARED = "/imagined/turnout/cleared"
STANDS = (
    "SELECT (SELECT count(*) FROM observed_water WHERE ended_at IS NULL)"
    " + (SELECT count(*) FROM turnout WHERE ended_at IS NULL)"
)


def test_water_and_more_people_are_adopted_and_taken_back_by_an_approver_alone(
    room: Room,
) -> None:
    asked: dict[str, Any] = {"lose_areas": ["南町二丁目"], "more_percent": 30}
    effect, before = room.imagine(**asked), room.city.database.one(STANDS)
    for part, value in asked.items():
        refused = room.adopt(effect, **{part: value})
        assert (refused.status_code, "承認者だけが" in refused.json()["detail"]) == (403, True)
    assert room.city.database.one(STANDS) == before
    assert room.adopt(effect, by=room.approver, **asked).json()["done"] == ["lost", "more"]
    assert room.city.database.one(STANDS) == before + 1, "water; other shares stand in for those"
    water = room.city.database.one("SELECT max(id) FROM observed_water")
    more = room.get("/imagined/turnout")["set"]["id"]
    undo = {f"/imagined/water/{water}/removed": {}, CLEARED: {"number": more, "to_city": True}}
    for path, body in undo.items():
        body |= {"reason": "水が引いた"}
        assert room.post(path, confirmed=True, **body).status_code == 403
        assert room.post(path, room.approver, confirmed=True, **body).status_code == 200
        again = room.post(path, room.approver, confirmed=True, **body)
        assert again.status_code == 409
    last = room.get("/imagined/deeds")["done"]
    assert [one["reason"] for one in last] == ["水が引いた", "水が引いた", ""]
    assert last[2]["what"] == "水の記録 1件、来る人を 30 %増"
    assert room.city.database.one(STANDS) == 0


def test_taking_back_ends_the_turnout_that_was_looked_at_alone_and_restores_the_one_before(
    room: Room,
) -> None:
    engine, names = room.city.engine, ("level_3", "level_4", "zoned_level_3", "zoned_level_4")

    def say(share: float, reason: str) -> None:
        set_turnout(engine, CONSOLE, dict.fromkeys(names, share), reason=reason, now=utc_now())

    say(0.4, "雨が強い")
    room.city.again()
    room.published()
    effect = room.imagine(more_percent=50)
    assert room.adopt(effect, by=room.approver, more_percent=50).status_code == 200
    shown = room.get("/imagined/turnout")
    assert shown["set"]["shares"]["level_4"] == pytest.approx(0.6)
    assert (shown["before"]["reason"], shown["before"]["shares"]["level_4"]) == ("雨が強い", 0.4)
    asked = {"number": shown["set"]["id"], "confirmed": True, "reason": "雨が弱まった"}
    say(0.7, "別の承認者が後で")
    refused = room.post(CLEARED, room.approver, **asked)
    assert (refused.status_code, turnout_now(engine)[0].level_4) == (409, 0.7)
    asked["number"] = room.get("/imagined/turnout")["set"]["id"]
    assert room.post(CLEARED, room.approver, **asked).status_code == 200
    shares, row = turnout_now(engine)
    assert shares.level_4 == pytest.approx(0.6)
    assert row is not None
    assert row.reason.startswith("前に戻す：")


def test_nobody_adopts_while_somebody_else_does_and_what_they_did_is_looked_at_first(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.imagining.turn.TURN_S", 0.0)
    monkeypatch.setattr("operations.imagining.adopting.PATIENCE_S", 0.0)
    first, other = room.imagine(shut=["E1"]), room.imagine(shut=["E3"])
    with alone(room.city.engine):
        refused = room.adopt(first, reason="", shut=["E1"])
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "under-way")
    assert room.adopt(first, reason="", shut=["E1"]).status_code == 200
    assert "まだ計算に入れて" in room.adopt(other, reason="", shut=["E3"]).json()["detail"]
    room.published()
    both = room.adopt(other, reason="", shut=["E3"])
    assert both.json()["title"] == "結果が変わりました"
    street = shut_street(room)
    closing = room.imagine(close=[street])
    monkeypatch.setattr("operations.imagining.turn.AT_ONCE_S", 0.0)
    with alone(room.city.engine):
        answer = room.adopt(closing, close=[street])
    assert (answer.json()["done"], answer.json()["behind"]) == (["close"], True)


def test_as_many_more_come_as_were_looked_at_whatever_is_set_meanwhile(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = room.city.engine
    asked: dict[str, Any] = {"shut": ["E1"], "more_percent": 50}
    looked_at = turnout_now(engine)[0].zoned_level_3
    effect = room.imagine(**asked)

    def meanwhile(*_: object, **__: object) -> None:
        set_turnout(engine, CONSOLE, {"zoned_level_3": 0.9}, reason="別の人", now=utc_now())

    monkeypatch.setattr("operations.imagining.adopting.change_opening", meanwhile)
    assert room.adopt(effect, by=room.approver, **asked).json()["done"] == ["shut", "more"]
    assert turnout_now(engine)[0].zoned_level_3 == pytest.approx(min(looked_at * 1.5, 1))


def test_water_closes_as_it_was_looked_at_and_streets_wait_for_no_planner_that_is_behind(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.imagining.adopting.PATIENCE_S", 0.0)
    street = shut_street(room)
    dry, wet = room.imagine(close=[street]), room.imagine(close=[street], by_water=True)
    refused = room.adopt(dry, reason="冠水のため", close=[street])
    assert (refused.status_code, "水で閉じる" in refused.json()["detail"]) == (409, True)
    assert refused.json()["type"].endswith(":speaks-of-water")
    changes.open_site(room.city.engine, "E3", Opening.FULL)
    both: dict[str, Any] = {"close": [street], "shut": ["E1"]}
    waits = room.adopt(room.imagine(**both), **both)
    assert (waits.status_code, "待たずに止められます" in waits.json()["detail"]) == (409, True)
    answer = room.adopt(wet, reason="車が止まった", close=[street], by_water=True)
    assert (answer.json()["done"], answer.json()["behind"]) == (["close"], True)
    (closure,) = room.published().version.picture.closures
    assert (closure.by_water, closure.reason) == (True, "冠水：車が止まった")


def test_the_same_key_again_changes_nothing_and_gives_the_same_answer(room: Room) -> None:
    effect, key = room.imagine(more_percent=30), str(uuid4())

    def adopt() -> Any:
        return room.adopt(effect, by=room.approver, key=key, more_percent=30)

    first, shares = adopt(), room.city.database.rows("SELECT id, level_4 FROM turnout")
    room.published()
    assert (first.json(), first.status_code) == (adopt().json(), 200)
    assert room.city.database.rows("SELECT id, level_4 FROM turnout") == shares
    another = room.adopt(effect, by=room.approver, more_percent=30)
    assert another.status_code == 409, "another turnout stands by now than was looked at"


def test_where_everything_is_refused_it_is_said_and_written_down(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise NotThere("その場所は、いまの一覧にありません")

    effect = room.imagine(shut=["E1"])
    monkeypatch.setattr("operations.imagining.adopting.change_opening", gone)
    answer = room.adopt(effect, shut=["E1"])
    assert (answer.status_code, "いまの一覧にありません" in answer.json()["detail"]) == (409, True)
    kept = "SELECT details FROM audit_entry WHERE action = 'imagined.adopted'"
    details = room.city.database.one(kept)
    assert (details["done"], details["refused"][0][0]) == ([], "shut")


def test_an_adoption_is_not_ended_by_a_question_and_another_load_is_refused(room: Room) -> None:
    service = room.client.app.state.service  # type: ignore[attr-defined]
    imagining = Imagining(service.current)
    turns = dict(imagining._turns)
    imagining.imagine(room.city.engine, None, Imagined(more=1), utc_now())
    assert imagining._turns == turns
    with pytest.raises(Refused, match="入れ替わりました"):
        imagining.imagine(room.city.engine, None, Imagined(closed=(1,), load="0"), utc_now())


def test_many_polygons_that_cover_the_city_together_wait_for_a_person(room: Room) -> None:
    here = room.published()
    lon, lat = here.version.ground.roads.shape_lonlat.T
    middle = float(np.median(lon))
    halves = [
        shapely.box(lon.min() - 0.001, lat.min() - 0.001, middle, lat.max() + 0.001),
        shapely.box(middle, lat.min() - 0.001, lon.max() + 0.001, lat.max() + 0.001),
    ]
    observe_areas(here.engine, halves, "全部")
    room.published()
    with transaction(here.engine) as connection:
        waits = held.waiting(connection, "99902")
    assert len(waits) == 2, "each of them covers half"
    assert not here.version.picture.observed


def test_what_cannot_be_imagined_is_said_in_japanese(room: Room) -> None:
    for asked, status, words in (
        ({}, 409, "何を変えるか"),
        ({"open": ["E1"]}, 409, "もう開いています"),
        ({"open": ["E9"]}, 404, "一覧にありません"),
        ({"close": [10**6]}, 404, "その番号の道はありません"),
        ({"close_named": ["幻の橋"]}, 404, "「幻の橋」という道はありません"),
        ({"close_at": [[0, 0]]}, 404, "50 m 以内に道がありません"),
        ({"lose_areas": ["幻町"]}, 404, "「幻町」という町丁目はありません"),
        ({"close": [1], "load": "another"}, 409, "市のデータが入れ替わりました"),
    ):
        answer = room.post("/imagined", **asked)
        assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text
    assert room.post("/imagined", more_percent=-1).status_code == 422


def test_the_flows_are_told_most_walked_first(room: Room) -> None:
    found = room.get("/flows")
    walkers = [one["walkers"] for one in found["streets"]]
    assert found["version"] == room.city.version.number
    assert walkers == sorted(walkers, reverse=True)
    assert walkers[0] >= 60
    assert all(len(one["line"]) > 1 for one in found["streets"])
    assert len(room.get("/flows?most=1")["streets"]) == 1
    assert len(flowloops.walked.signatures) == 1, "nothing is compiled while somebody waits"


def test_a_newer_question_of_the_same_person_ends_an_older_one(city: City) -> None:
    current = CurrentVersion(city.folder / "state")
    current.refresh()
    imagining = Imagining(current)
    first, other = imagining._turn("staff:1"), imagining._turn("staff:2")
    imagining._turn("staff:1")()
    with pytest.raises(Superseded):
        first()
    other()
