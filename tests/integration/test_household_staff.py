"""Households at the phone desk, in headquarters and at the console."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from api.app import create
from city.intent import Intent
from city.position import Position
from city.staff import CONSOLE, Role
from data.database import connect, transaction
from data.errors import NotThere
from data.homes.groups import standing_groups
from data.homes.holds import standing_holds
from data.homes.said import standing_said
from data.homes.turnouts import standing_turnout
from data.people import audit
from data.rows import current_load
from operations import changes
from operations.cli import main
from operations.errors import Refused
from operations.household.links import new_links
from operations.household.saying import say
from operations.serving import utc_now
from routing.plan.turnout import Turnout
from shelters.place import Opening
from tests.integration.databases import Database, Server
from tests.integration.homed import AT, load, slips, write_homed_city
from tests.integration.processes import nigemichi
from tests.integration.small_city import position
from tests.integration.staffed import Signed, signed_in
from tests.unit.api.served import TestClient

CODE = "99902"


@dataclass
class House:
    """The app over the small city, and who is signed in."""

    database: Database
    engine: Engine
    client: TestClient
    phone: Signed
    operator: Signed

    def send(self, path: str, status: int = 200, **body: Any) -> Any:
        """What the phone desk sends to the API; the answer."""
        headers = self.phone.headers()
        found = self.client.post(f"/api/v1/phone/{path}", json=body, headers=headers)
        assert found.status_code == status, found.text
        return found.json()

    def run(self, *words: str, code: int = 0) -> str:
        """A command at the console; what it says."""
        done: Result = CliRunner().invoke(main, words)
        assert done.exit_code == code, done.output
        return done.stdout if code == 0 else done.stderr

    def changes(self) -> int:
        """How many changes the planner was woken for."""
        return int(self.database.one("SELECT count(*) FROM change"))


@pytest.fixture(scope="module")
def shared(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """One app for all tests here."""
    folder = tmp_path_factory.mktemp("homed")
    made = server.create(migrated)
    engine = connect(made.url)
    load(engine, write_homed_city(folder))
    slips(engine, *range(6))
    with TestClient(create(folder / "state", made.url)) as client:
        people = signed_in(engine, Role.PHONE), signed_in(engine, Role.OPERATOR)
        yield House(made, engine, client, *people)
    engine.dispose()
    server.drop(made)


@pytest.fixture
def house(shared: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Nothing said yet; commands use the connections that the tests close."""
    monkeypatch.setattr("operations.commands.household.engine", lambda: shared.engine)
    with transaction(shared.engine, latest=True) as connection:
        connection.exec_driver_sql(
            "TRUNCATE household_said, household_group, hold, turnout, han_tally"
        )
    return shared


def last_entry(engine: Engine) -> tuple[str, str, dict[str, Any]]:
    """What the audit log says last."""
    with transaction(engine) as connection:
        entry = audit.last(connection, 1)[0]
    return entry.actor, entry.action, dict(entry.details)


# Words by phone


def test_the_phone_desk_says_what_a_household_does_by_the_label_of_its_slip(house: House) -> None:
    before = house.changes()
    told = house.send("homes/said", label="ｓ－００３", intent="lift")
    assert (told["label"], told["intent"]) == ("S-003", "lift")
    with transaction(house.engine) as connection:
        (said,) = standing_said(connection, CODE)
    assert (said.household, said.intent) == (3, Intent.LIFT)
    assert house.changes() == before + 1
    assert last_entry(house.engine)[1] == "household.said"
    assert house.send("homes/said", label="S-003", intent=None)["since"] is None
    with transaction(house.engine) as connection:
        assert standing_said(connection, CODE) == []


def test_an_unknown_label_or_word_is_refused(house: House) -> None:
    assert "紙はありません" in house.send("homes/said", 404, label="S-9", intent="kin")["detail"]
    house.send("homes/said", 422, label="S-003", intent="away")
    house.send("homes/said", 422, label="S-003")


def test_a_label_of_two_households_writes_to_neither(house: House) -> None:
    """After a load or a reprint a label may be borne by the slips of two doors."""
    with transaction(house.engine, latest=True) as connection:
        rows = [(4, Position(*position(*AT[4])), "S-003")]
        new_links(connection, CODE, rows, now=utc_now(), expires_at=utc_now() + timedelta(days=3))
    before = house.changes()
    hold: dict[str, Any] = {"id": str(uuid4()), "site": "E1", "persons": 5}
    told = house.send("homes/said", 409, label="S-003", intent="lift")["detail"]
    assert "その番号の紙が、二つの世帯にあります" in told
    assert "場所を聞いて、電話受付票に書いてください" in told
    assert house.send("holds", 409, **hold, label="S-003")["detail"] == told
    assert house.database.one("SELECT count(*) FROM household_said") == 0
    assert house.changes() == before
    house.send("holds", **hold)
    assert house.run("household", "revoke", "--label", "S-003") == "links ended: 2\n"
    slips(house.engine, 3)
    house.send("homes/said", label="S-003", intent="lift")


def test_a_slip_that_was_printed_twice_is_of_one_household(house: House) -> None:
    slips(house.engine, 5)
    house.send("homes/said", label="S-005", intent="lift")
    assert house.database.one("SELECT household FROM household_said") == 5
    assert house.run("household", "revoke", "--label", "S-005") == "links ended: 2\n"
    slips(house.engine, 5)


def test_a_word_counts_in_the_load_in_which_it_was_said(house: House) -> None:
    with pytest.raises(NotThere):
        say(house.engine, 99, Intent.KIN, CONSOLE)
    with pytest.raises(Refused, match="another load"):
        say(house.engine, 3, Intent.KIN, CONSOLE, load_id=0)


# Room that is kept


def test_room_kept_by_the_phone_desk_is_firm_and_wakes_the_planner(house: House) -> None:
    before, number = house.changes(), str(uuid4())
    body = {"id": number, "site": "E1", "persons": 30, "label": "S-005"}
    first = house.send("holds", **body)
    assert house.send("holds", **body) == first
    assert house.changes() == before + 1
    with transaction(house.engine) as connection:
        (hold,) = standing_holds(connection, CODE, utc_now())
        later = hold.expires_at - timedelta(seconds=1)
        assert standing_holds(connection, CODE, later) == [hold]
        assert standing_holds(connection, CODE, hold.expires_at) == []
    assert (hold.site_id, hold.household, hold.persons, hold.firm) == ("E1", 5, 30, True)
    for _ in range(2):
        house.send(f"holds/{number}", do="release")
    assert house.changes() == before + 2
    with transaction(house.engine) as connection:
        assert standing_holds(connection, CODE, utc_now()) == []


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"persons": 0}, 422),
        ({"persons": 51}, 422),
        ({"site": "E9"}, 404),
        ({"label": "S-9"}, 404),
        ({"id": "1"}, 422),
    ],
)
def test_room_is_kept_for_1_to_50_at_a_place_that_there_is(
    house: House, wrong: dict[str, Any], status: int
) -> None:
    house.send("holds", status, **({"id": str(uuid4()), "site": "E1", "persons": 5} | wrong))
    assert house.database.one("SELECT count(*) FROM hold") == 0


def test_an_id_is_for_one_hold_and_only_a_firm_one_is_released(house: House) -> None:
    number = str(uuid4())
    house.send("holds", id=number, site="E1", persons=5)
    house.send("holds", 409, id=number, site="E1", persons=6)
    house.send(f"holds/{uuid4()}", 404, do="release")


def test_room_is_kept_again_only_while_the_very_same_hold_stands(house: House) -> None:
    body = {"id": str(uuid4()), "site": "E1", "persons": 5, "label": "S-003"}
    first = house.send("holds", **body)
    assert house.send("holds", **(body | {"label": "ｓ－００３"})) == first
    for other in ({"label": "S-004"}, {"label": ""}, {"site": "E3"}):
        told = house.send("holds", 409, **(body | other))["detail"]
        assert "その番号はもう使われています" in told
    house.send(f"holds/{body['id']}", do="release")
    assert "もう終わっています" in house.send("holds", 409, **body)["detail"]
    over = body | {"id": str(uuid4())}
    house.send("holds", **over)
    with transaction(house.engine, latest=True) as connection:
        connection.exec_driver_sql("UPDATE hold SET expires_at = now() WHERE ended_at IS NULL")
    assert "もう終わっています" in house.send("holds", 409, **over)["detail"]


@pytest.mark.parametrize(
    ("opening", "word"), [(Opening.CLOSED, "閉鎖"), (Opening.ENDANGERED, "危険・孤立")]
)
def test_no_room_is_kept_at_a_place_that_takes_nobody_in(
    house: House, opening: Opening, word: str
) -> None:
    kept: dict[str, Any] = {"id": str(uuid4()), "site": "E1", "persons": 5}
    house.send("holds", **kept)
    changes.open_site(house.engine, "E1", opening)
    told = house.send("holds", 409, **(kept | {"id": str(uuid4())}))["detail"]
    assert f"その避難場所は「{word}」です。別の場所を選んでください" in told
    house.send("holds", **kept)
    changes.open_site(house.engine, "E1", Opening.OPEN)
    house.send("holds", **(kept | {"id": str(uuid4())}))


def test_a_household_has_room_kept_once(house: House) -> None:
    first: dict[str, Any] = {"id": str(uuid4()), "site": "E1", "persons": 4, "label": "S-003"}
    second = first | {"id": str(uuid4()), "site": "E3"}
    house.send("holds", id=str(uuid4()), site="E1", persons=9)
    house.send("holds", **(first | {"id": str(uuid4()), "label": "S-004"}))
    house.send("holds", **first)
    house.send("holds", **second)
    details = {"hold": second["id"], "persons": 4, "replaced": 1}
    assert last_entry(house.engine)[1:] == ("room.kept", details)
    with transaction(house.engine) as connection:
        standing = standing_holds(connection, CODE, utc_now())
    found = {(hold.household, hold.site_id) for hold in standing}
    assert found == {(None, "E1"), (4, "E1"), (3, "E3")}
    house.send("holds", 409, **first)


@pytest.mark.parametrize("sign", ["\x00", "\n", "\x7f", "\x85"])
def test_a_label_with_a_control_character_is_refused(house: House, sign: str) -> None:
    hold: dict[str, Any] = {"id": str(uuid4()), "site": "E1", "persons": 5}
    house.send("homes/said", 422, label=f"S-003{sign}", intent="kin")
    house.send("holds", 422, **hold, label=f"S-003{sign}")
    house.send("holds", 422, **(hold | {"site": f"E1{sign}"}))


def test_a_resident_keeps_no_room_by_the_api(house: House) -> None:
    body = {"id": str(uuid4()), "site": "E1", "persons": 50}
    assert house.client.post("/api/v1/phone/holds", json=body).status_code == 401


# 班


def test_the_newest_tally_of_a_han_counts_and_older_ones_are_kept(house: House) -> None:
    counts = {"called": 12, "left": 3, "staying": 1, "lift": 2}
    house.send("tallies", area="北町１丁目", han=3, **counts)
    house.send("tallies", area="南町二丁目", han=3, **counts)
    house.send("tallies", area="北町一丁目", han=3, **(counts | {"left": 7}))
    found = house.client.get("/api/v1/headquarters/tallies", headers=house.operator.headers())
    told = [(one["area"], one["han"], one["left"]) for one in found.json()["tallies"]]
    assert told == [("北町一丁目", 3, 7), ("南町二丁目", 3, 3)]
    assert found.json()["tallies"][0]["by"] == house.phone.caller.actor
    assert house.database.one("SELECT count(*) FROM han_tally") == 3


def test_a_tally_is_typed_at_the_console(house: House) -> None:
    words = ("household", "tally", "北町1丁目", "2", "--called", "9", "--left", "4")
    said = house.run(*words, "--staying", "0", "--lift", "1")
    assert said == "北町一丁目 2班: 9 called, 4 left, 0 stay, 1 lift\n"


@pytest.mark.parametrize("wrong", [{"left": -1}, {"called": 10_001}, {"han": 1.5}])
def test_a_tally_of_impossible_numbers_is_refused(house: House, wrong: dict[str, Any]) -> None:
    counts = {"han": 3, "called": 12, "left": 3, "staying": 1, "lift": 2}
    house.send("tallies", 422, area="北町一丁目", **(counts | wrong))
    assert "東町" in house.send("tallies", 404, area="東町", **counts)["detail"]


# Groups


def test_a_group_of_households_stands_until_it_is_ended(house: House) -> None:
    before = house.changes()
    house.run("household", "group", "add", "あさひ寮", "--households", "3,1,2")
    with transaction(house.engine) as connection:
        (group,) = standing_groups(connection, CODE)
    assert (group.name, group.households) == ("あさひ寮", (1, 2, 3))
    assert house.run("household", "group", "list") == f"{group.id}: あさひ寮 1,2,3\n"
    house.run("household", "group", "end", str(group.id))
    assert house.changes() == before + 2
    assert "no group stands" in house.run("household", "group", "list")
    assert f"no group {group.id}" in house.run("household", "group", "end", str(group.id), code=2)


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ("1", "2 to 200"),
        ("1,1", "2 to 200"),
        (",".join(map(str, range(201))), "2 to 200"),
        ("1,99", "no such household in the loaded city: 99"),
        ("2,3", "is in group"),
        ("1,x", "numbers with commas"),
        (f"1,{10**20}", f"no such household in the loaded city: {10**20}"),
    ],
)
def test_a_group_that_cannot_be_is_refused(house: House, numbers: str, why: str) -> None:
    house.run("household", "group", "add", "一", "--households", "3,4")
    assert why in house.run("household", "group", "add", "二", "--households", numbers, code=2)
    assert house.database.one("SELECT count(*) FROM household_group") == 1


def test_a_group_is_made_by_the_labels_of_its_slips(house: House) -> None:
    words = ("household", "group", "add", "隣組")
    house.run(*words, "--label", "ｓー００３", "--label", "S-004", "--households", "1")
    with transaction(house.engine) as connection:
        (group,) = standing_groups(connection, CODE)
    assert group.households == (1, 3, 4)
    unknown = ("--label", "S-000", "--label", "S-9", "--label", "s-8")
    said = house.run(*words, *unknown, code=2)
    assert "no living link of a slip so labelled: S-9, S-8" in said
    assert "not 1" in house.run(*words, "--label", "S-000", "--label", "s-000", code=2)
    assert "say which" in house.run(*words, code=2)
    assert house.database.one("SELECT count(*) FROM household_group") == 1


def test_a_label_of_two_households_makes_no_group(house: House) -> None:
    with transaction(house.engine, latest=True) as connection:
        rows = [(4, Position(*position(*AT[4])), "S-003")]
        new_links(connection, CODE, rows, now=utc_now(), expires_at=utc_now() + timedelta(days=3))
    words = ("household", "group", "add", "隣組", "--label", "S-003", "--label", "S-000")
    assert "two households have a slip labelled S-003" in house.run(*words, code=2)
    house.run("household", "revoke", "--label", "S-003")
    slips(house.engine, 3)


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), str(10**20)])
def test_a_number_that_no_group_can_have_is_refused_in_words(house: House, number: str) -> None:
    assert "is not in the range" in house.run("household", "group", "end", "--", number, code=2)


# Turnout


def test_turnout_stands_until_it_is_cleared(house: House) -> None:
    before = house.changes()
    house.run("turnout", "set", "--level-4", "0", "--zoned-level-4", "1", "--reason", "夜")
    with transaction(house.engine) as connection:
        assert standing_turnout(connection, CODE) == Turnout(level_4=0, zoned_level_4=1)
    house.run("turnout", "set", "--level-3", "0.2", "--reason", "雨が強い")
    shown = house.run("turnout", "show")
    assert "level 3: 20%, level 4: 0%, zoned level 3: 10%, zoned level 4: 100%" in shown
    assert "雨が強い; console" in shown
    house.run("turnout", "clear")
    assert "policy" in house.run("turnout", "show")
    assert house.changes() == before + 3
    with transaction(house.engine) as connection:
        assert standing_turnout(connection, CODE) is None
        assert current_load(connection).code == CODE
    assert "that of the city's file counts" in house.run("turnout", "clear", code=2)


def test_turnout_is_shown_as_it_was_given(house: House) -> None:
    shares = ("--level-3", "0.004", "--level-4", "0.045", "--zoned-level-3", "0.14")
    said = house.run("turnout", "set", *shares, "--zoned-level-4", "0.12345678", "--reason", "夜")
    shown = "level 3: 0.4%, level 4: 4.5%, zoned level 3: 14%, zoned level 4: 12.345678%"
    assert said == f"{shown}\n"
    assert shown in house.run("turnout", "show")


@pytest.mark.parametrize("share", ["3.0", "-0.1", "nan", "15"])
def test_a_turnout_of_300_percent_is_refused_clearly(house: House, share: str) -> None:
    said = house.run("turnout", "set", "--level-4", share, "--reason", "夜", code=2)
    assert "settings.turnout.level_4: a share from 0 to 1 (0.15 is 15 %)" in said
    assert house.database.one("SELECT count(*) FROM turnout") == 0


def test_a_turnout_needs_a_share_and_a_reason(house: House) -> None:
    assert "at least one share" in house.run("turnout", "set", "--reason", "夜", code=2)
    assert "理由" in house.run("turnout", "set", "--level-4", "0.1", "--reason", " ", code=2)


# Links at the console


def test_the_console_finds_the_database_by_itself(house: House, tmp_path: Path) -> None:
    done = nigemichi(house.database.url, tmp_path, "turnout", "show")
    assert done.stdout.startswith("level 3: 5%, level 4: 15%")


def test_links_are_revoked_at_the_console(house: House) -> None:
    assert "say which" in house.run("household", "revoke", code=2)
    assert house.run("household", "revoke", "--label", "S-001") == "links ended: 1\n"
    assert house.run("household", "revoke", "--area", "南町二丁目") == "links ended: 2\n"
    assert house.run("household", "revoke", "--all") == "links ended: 3\n"
    slips(house.engine, *range(6))


def test_when_the_event_is_over_nothing_said_counts_for_the_next_one(house: House) -> None:
    house.send("homes/said", label="S-003", intent="hotel")
    house.send("holds", id=str(uuid4()), site="E1", persons=5)
    house.run("household", "group", "add", "寮", "--households", "1,2")
    before = house.changes()
    assert house.run("household", "end-event") == "links ended: 6\n"
    with transaction(house.engine) as connection:
        assert standing_said(connection, CODE) == []
        assert standing_holds(connection, CODE, utc_now()) == []
        assert len(standing_groups(connection, CODE)) == 1
    assert house.changes() == before + 1
    counts = {"links": 6, "words": 1, "holds": 1}
    assert last_entry(house.engine) == ("console", "event.ended", counts)
    house.send("homes/said", 404, label="S-003", intent="kin")
    slips(house.engine, *range(6))
