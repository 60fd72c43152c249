"""The plan in headquarters and at the console: who goes where, who is changed, what waits."""

import csv
import io
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from api.app import create
from city.staff import Role
from data.database import connect, transaction
from data.people import audit
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.cli import main
from operations.planning.planner import Planner
from operations.published.board import audience
from operations.published.boardlines import NO_HOMES
from operations.sheets.neighbours import neighbours
from shelters.place import Opening
from tests.integration.databases import Database, Server
from tests.integration.homed import AT, PERSONS, load, write_homed_city
from tests.integration.small_city import box, write_features
from tests.integration.staffed import Signed, signed_in
from tests.unit.api.served import TestClient

HQ = "/api/v1/headquarters"
NORTH, SOUTH = "北町一丁目", "南町二丁目"


@dataclass
class House:
    """The app over the small city, its planner, and who is signed in."""

    database: Database
    engine: Engine
    planner: Planner
    client: TestClient
    operator: Signed
    approver: Signed

    def get(self, path: str, status: int = 200) -> Any:
        """What headquarters is answered."""
        found = self.client.get(f"{HQ}{path}", headers=self.operator.headers())
        assert found.status_code == status, found.text
        assert status != 200 or found.headers["cache-control"] == "no-store"
        return found.json()

    def apply(self, number: int, by: Signed, **body: Any) -> Any:
        """Somebody says that a held item is meant."""
        body = body or {"decision": "apply"}
        return self.client.post(f"{HQ}/held/{number}", json=body, headers=by.headers())

    def run(self, *words: str, code: int = 0) -> str:
        """A command at the console; what it says."""
        done = CliRunner().invoke(main, words)
        assert done.exit_code == code, done.output
        return done.stdout if code == 0 else done.stderr

    def drown(self, folder: Path) -> None:
        """Somebody draws water over nearly all of the city; the planner lets it wait."""
        path = write_features(folder / "vast.geojson", [(box(-2, -2, 9, 9), {})])
        changes.observe_water(self.engine, path)
        self.planner.catch_up()


@pytest.fixture(scope="module")
def planned(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A template with the small city under level 4, planned, and the folder of its files."""
    folder = tmp_path_factory.mktemp("planned")
    made = server.create(migrated)
    engine = connect(made.url)
    load(engine, write_homed_city(folder))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    Planner(engine, folder / "state").catch_up()
    engine.dispose()
    return made.name, folder


@pytest.fixture
def house(
    server: Server, planned: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """A copy of the planned city, and whoever may see it; the app follows no later version."""
    folder = shutil.copytree(planned[1], tmp_path / "city", symlinks=True)
    made = server.create(planned[0])
    engine = connect(made.url)
    monkeypatch.setattr("operations.commands.plan.engine", lambda: engine)
    planner = Planner(engine, folder / "state")
    planner.catch_up()
    app = create(folder / "state", made.url)
    app.state.service.current.refresh()
    people = signed_in(engine, Role.OPERATOR), signed_in(engine, Role.APPROVER)
    yield House(made, engine, planner, TestClient(app), *people)
    app.state.refusals.close()
    app.state.service.engine.dispose()
    engine.dispose()
    server.drop(made)


# Figures


def test_the_newest_plan_is_told_with_its_figures_and_its_cause_in_words(house: House) -> None:
    found = house.get("/plan")
    figures = found["plan"]["figures"]
    assert figures["going"] == len(AT)
    assert 0 < figures["expected"] <= sum(PERSONS)
    assert not found["stale"]
    assert found["plan"]["later"] is None
    changes.open_site(house.engine, "E1", Opening.CLOSED)
    house.planner.catch_up()
    again = house.get("/plan")["plan"]
    assert again["number"] > found["plan"]["number"]
    assert again["cause"] == "site E1: closed"
    assert again["cause_words"] == "避難場所の開設状況（閉鎖）"


def test_what_the_plan_does_not_hold_yet_is_counted(house: House) -> None:
    changes.open_site(house.engine, "E1", Opening.CLOSED)
    later = house.get("/plan")["plan"]["later"]
    assert later["changes"] == 1
    assert later["since"]
    assert "not in it yet: 1 changes" in house.run("plan", "show")


def test_a_city_without_a_plan_has_none_and_says_so(
    engine: Engine, database: Database, small_city: Path, tmp_path: Path
) -> None:
    load(engine, small_city)
    operator = signed_in(engine, Role.OPERATOR)
    with TestClient(create(tmp_path / "state", database.url)) as client:
        found = client.get(f"{HQ}/plan", headers=operator.headers()).json()
        assert (found["plan"], found["waiting"], found["stale"]) == (None, [], True)
        answer = client.get(f"{HQ}/plan/blocks", headers=operator.headers())
        assert (answer.status_code, answer.headers["content-type"]) == (
            *(404, "application/problem+json"),
        )
        assert "まだ割当がありません" in answer.json()["detail"]
        assert "まだ割当がありません" in client.get("/hq/places", headers=operator.headers()).text
        assert (
            '<span id="plan-note">まだありません'
            in client.get("/hq", headers=operator.headers()).text
        )


# Blocks


def test_blocks_say_how_many_of_each_area_go_where(house: House) -> None:
    blocks = {one["area"]: one for one in house.get("/plan/blocks")["blocks"]}
    assert {area: one["households"] for area, one in blocks.items()} == {NORTH: 4, SOUTH: 2}
    for one in blocks.values():
        placed = sum(place["households"] for place in one["places"])
        assert placed + one["no_way"] + one["no_room"] == one["households"]
    expected = sum(place["persons_expected"] for one in blocks.values() for place in one["places"])
    assert int(expected) == house.get("/plan")["plan"]["figures"]["expected"]


def test_a_csv_of_blocks_has_the_han_of_the_printed_slips_and_no_position(
    house: House, tmp_path: Path
) -> None:
    lines = [
        f"{29.6 + 0.00037 * (n % 17):.5f},{135.4 + 0.00041 * (n % 13):.5f},2" for n in range(90)
    ]
    (tmp_path / "city" / "homes.csv").write_text("\n".join(["lat,lon,persons", *lines]) + "\n")
    load(house.engine, tmp_path / "city" / "city.toml")
    house.planner.catch_up()
    path = tmp_path / "blocks.csv"
    house.run("plan", "blocks", "--csv", str(path))
    text = path.read_text("utf-8-sig")
    listed: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(io.StringIO(text)):
        listed[row["area"], row["han"]] += int(row["households"])
    with transaction(house.engine) as connection:
        homes = neighbours(connection, current_load(connection), [NORTH, SOUTH])
    assert listed == Counter((one.area, str(one.han)) for one in homes)
    assert len(listed) > 4
    assert "135." not in text
    assert "exists already" in house.run("plan", "blocks", "--csv", str(path), code=2)
    assert house.run("plan", "blocks", "--csv", "-").replace("\r\n", "\n") == text.replace(
        "\r\n", "\n"
    )


def test_blocks_of_a_district_are_listed_by_han_and_an_unknown_one_is_refused(
    house: House,
) -> None:
    said = house.run("plan", "blocks", "--district", "北町１丁目")
    assert f"{NORTH} 1班 → " in said
    assert SOUTH not in said
    assert "1班" not in house.run("plan", "blocks")
    assert "no such area: 西町" in house.run("plan", "blocks", "--district", "西町", code=2)


def test_who_has_no_place_is_counted_by_area_and_reason(house: House) -> None:
    assert "everybody who is told to go has a place" in house.run("plan", "unplaced")
    for site in ("E1", "E2", "E3", "E4"):
        changes.open_site(house.engine, site, Opening.CLOSED)
    house.planner.catch_up()
    assert f"{NORTH}: 4 households (4 no way, 0 no room)" in house.run("plan", "unplaced")
    rows = house.run("plan", "unplaced", "--csv", "-").splitlines()
    assert rows == ["area,households,no_way,no_room", f"{NORTH},4,4,0", f"{SOUTH},2,2,0"]
    lines = house.run("plan", "blocks").splitlines()
    assert f"{NORTH}: 4 households without a place, no way" in lines
    assert f"{house.get('/plan')['plan']['figures']['no_way']}" == "6"


def test_a_plan_of_an_earlier_load_gives_no_blocks(house: House, tmp_path: Path) -> None:
    load(house.engine, tmp_path / "city" / "city.toml")
    assert house.get("/plan")["plan"]["earlier_load"]
    assert "新しい割当を待って" in house.get("/plan/blocks", 409)["detail"]
    house.planner.catch_up()
    assert not house.get("/plan")["plan"]["earlier_load"]
    assert house.get("/plan/blocks")["blocks"]


# Whom a version changed


def test_the_audience_of_a_version_is_counted_and_never_named(house: House) -> None:
    first = house.get("/plan")["plan"]["number"]
    told = house.get(f"/plan/{first}/audience")
    assert (told["before"], told["place"]) == (None, len(AT))
    with transaction(house.engine) as connection:
        all_of_them = audience(connection, first).households.tolist()
    assert all_of_them == list(range(len(AT)))
    goes = {one["area"]: one["places"][0]["site_id"] for one in house.get("/plan/blocks")["blocks"]}
    changes.open_site(house.engine, goes[SOUTH], Opening.CLOSED)
    house.planner.catch_up()
    second = house.get("/plan")["plan"]
    told = house.get(f"/plan/{second['number']}/audience")
    assert told["before"] == first
    counted = ("households", "verdict", "place", "way")
    assert {key: told[key] for key in counted} == second["changed"]
    assert told["place"] > 0
    for key in counted:
        assert sum(one[key] for one in told["areas"]) == told[key]
    with transaction(house.engine) as connection:
        numbers = audience(connection, second["number"]).households
    assert len(numbers) == told["households"]


def test_an_audience_is_of_a_published_version_whose_arrays_are_there(house: House) -> None:
    number = house.get("/plan")["plan"]["number"]
    house.get("/plan/0/audience", 422)
    assert "第999版はありません" in house.get("/plan/999/audience", 404)["detail"]
    with transaction(house.engine) as connection:
        connection.exec_driver_sql("DELETE FROM plan_blob")
    assert "もう残っていません" in house.get(f"/plan/{number}/audience", 409)["detail"]


# What waits for a person


def test_what_waits_is_applied_by_an_approver_alone_and_once(house: House, tmp_path: Path) -> None:
    house.drown(tmp_path)
    (one,) = house.get("/plan")["waiting"]
    assert one["words"]["what"].startswith(f"観測された浸水 {one['item']}番")
    assert "市の交差点の" in one["why_words"]
    assert house.apply(one["number"], house.operator).status_code == 403
    assert house.apply(one["number"], house.approver, decision="forget").status_code == 422
    assert house.get("/plan")["waiting"] != []
    answer = house.apply(one["number"], house.approver)
    assert answer.json() == {"number": one["number"], "decision": "apply"}
    assert house.get("/plan")["waiting"] == []
    refused = house.apply(one["number"], house.approver)
    assert (refused.status_code, refused.json()["title"]) == (409, "この操作はできません")
    with transaction(house.engine) as connection:
        entry = audit.last(connection, 1)[0]
    assert (entry.actor, entry.action) == (house.approver.caller.actor, "held.applied")
    house.planner.catch_up()
    assert house.get("/plan")["plan"]["figures"]["no_way"] == len(AT)


def test_what_waits_and_has_ended_waits_no_longer(house: House, tmp_path: Path) -> None:
    house.drown(tmp_path)
    (one,) = house.get("/plan")["waiting"]
    changes.remove_water(house.engine, [one["item"]])
    assert house.get("/plan")["waiting"] == []
    assert house.run("held", "list") == "nothing waits\n"


def test_held_items_are_listed_and_applied_at_the_console(house: House, tmp_path: Path) -> None:
    house.drown(tmp_path)
    (one,) = house.get("/plan")["waiting"]
    number, item = one["number"], one["item"]
    listed = house.run("held", "list")
    assert listed.startswith(f"{number}: water {item} (vast.geojson), since ")
    assert f"nigemichi held apply {number}, or nigemichi water remove {item}" in listed
    assert listed.strip() in house.run("plan", "show")
    house.run("held", "apply", code=2)
    assert house.run("held", "apply", str(number)) == f"applied: {number}\n"
    assert "nothing of that number waits" in house.run("held", "apply", str(number), code=2)


@pytest.mark.parametrize("number", ["0", str(2**63), str(10**20)])
def test_a_number_that_no_item_can_have_is_refused_in_words(house: House, number: str) -> None:
    assert "is not in the range" in house.run("held", "apply", number, code=2)


def test_of_a_city_without_households_nothing_is_said_of_anybody(
    engine: Engine, small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(engine, small_city)
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    Planner(engine, tmp_path / "state").catch_up()
    monkeypatch.setattr("operations.commands.plan.engine", lambda: engine)
    for what in ("unplaced", "blocks"):
        assert CliRunner().invoke(main, ["plan", what]).stdout == f"{NO_HOMES}\n"


def test_the_words_of_the_figures_are_explained() -> None:
    told = CliRunner().invoke(main, ["plan", "show", "--help"]).stdout
    lines = [line.split()[0] for line in told.splitlines() if line.strip()]
    assert {"no", "moved", "least", "gap"} <= set(lines)


def test_versions_are_shown_and_listed_in_words(house: House) -> None:
    changes.open_site(house.engine, "E1", Opening.CLOSED)
    house.planner.catch_up()
    number = house.get("/plan")["plan"]["number"]
    shown = house.run("plan", "show")
    assert f"version {number}, published 20" in shown
    assert "cause: site E1: closed" in shown
    assert "waits for a person: nothing" in shown
    lines = house.run("plan", "list", "--last", "1").splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"{number}: ")
    assert len(house.run("plan", "list").splitlines()) == 2
