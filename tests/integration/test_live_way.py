"""Of all households' ways a follower hears the one whose key it shows, on every way to listen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.app import create
from data.database import connect, transaction
from data.live import outbox as live
from data.live.outbox import LiveState, Topic
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.live.now import LiveNow, View
from operations.people.signing import hash_of
from operations.planning.planner import Planner
from operations.planning.telling import way_key
from operations.serving import utc_now
from tests.integration.databases import Connects, Database, Server
from tests.integration.homed import load, slips, write_homed_city
from tests.integration.livestream import Api, Picture, change, events, listen, served
from tests.unit.api.served import TestClient

MINE, OTHER, NOBODYS = "0a" * 16, "1b" * 16, "2c" * 16
ASKED = "?topics=way,sites&way="


@pytest.fixture(scope="module")
def database(server: Server, migrated: str) -> Iterator[Database]:
    """One for all: each test puts newer states of the same things."""
    made = server.create(migrated)
    yield made
    server.drop(made)


@pytest.fixture(scope="module")
def api(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server of the module's own."""
    with served(database.url, tmp_path_factory.mktemp("way")) as made:
        yield made


@pytest.fixture(scope="module")
def engine(database: Database) -> Iterator[Engine]:
    """The database's."""
    made = connect(database.url)
    yield made
    made.dispose()


def told(engine: Engine, number: int) -> None:
    """Both households' ways change in a version; then a place, so that all can be waited for."""
    with transaction(engine, latest=True) as connection:
        state = {"number": number}
        live.put_all(connection, {(Topic.WAY, key): state for key in (OTHER, MINE)})
    change(engine, "E1", {"persons": number})


def heard_all(picture: Picture, number: int) -> bool:
    """Whether it knows the place as it was told last."""
    return bool(picture.states.get("E1") == {"persons": number})


@pytest.mark.parametrize("by", ["socket", "events"])
def test_a_follower_hears_of_its_own_way_and_of_no_other(api: Api, engine: Engine, by: str) -> None:
    told(engine, 1)
    picture = Picture()
    if by == "socket":
        with api.socket(ASKED + MINE) as socket:
            listen(socket, picture, lambda: heard_all(picture, 1))
            told(engine, 2)
            listen(socket, picture, lambda: heard_all(picture, 2))
    else:
        events(api, ASKED + MINE, picture, lambda: heard_all(picture, 1))
        told(engine, 2)
        query = f"{ASKED}{MINE}&since={picture.since}"
        events(api, query, picture, lambda: heard_all(picture, 2))
    assert picture.states == {MINE: {"number": 2}, "E1": {"persons": 2}}


def test_a_way_is_polled_and_kept_by_no_cache_of_others(api: Api, engine: Engine) -> None:
    told(engine, 3)
    picture = Picture()
    with api.socket(ASKED + MINE) as socket:
        listen(socket, picture, lambda: heard_all(picture, 3))
    answer = api.changes(ASKED + MINE)
    assert {one["key"] for one in answer.json()["snapshot"]} == {MINE, "E1"}
    assert answer.headers["cache-control"].startswith("private")
    assert api.changes().headers["cache-control"].startswith("public")
    told(engine, 4)
    with api.socket(ASKED + MINE) as socket:
        listen(socket, picture, lambda: heard_all(picture, 4))
    newer = api.changes(f"{ASKED}{MINE}&since={answer.json()['epoch']}:{answer.json()['offset']}")
    assert [one["key"] for one in newer.json()["changes"]] == [MINE, "E1"]


@pytest.mark.parametrize("query", ["?topics=way,sites", ASKED + NOBODYS, f"?way={MINE}"])
def test_without_a_key_or_with_nobodys_no_way_is_heard(
    api: Api, engine: Engine, query: str
) -> None:
    told(engine, 5)
    picture = Picture()
    with api.socket(query) as socket:
        listen(socket, picture, lambda: heard_all(picture, 5))
        told(engine, 6)
        listen(socket, picture, lambda: heard_all(picture, 6))
    assert picture.states.keys() == {"E1"}


@pytest.mark.parametrize("key", [MINE.upper(), MINE[:-1], MINE + "0", "", "*"])
@pytest.mark.parametrize("path", ["", "/events", "/changes"])
def test_a_malformed_key_is_refused_and_not_repeated(api: Api, path: str, key: str) -> None:
    socket = {} if path else {"connection": "upgrade", "upgrade": "websocket"}
    more = {"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13"}
    answer = api.http.get(f"/api/v1/live{path}{ASKED}{key}", headers=socket and socket | more)
    assert answer.status_code == 422
    assert "way" in answer.text
    assert len(key) < 2 or key not in answer.text


def test_no_key_is_ever_logged(api: Api, engine: Engine) -> None:
    told(engine, 7)
    picture = Picture()
    with api.socket(ASKED + MINE) as socket:
        listen(socket, picture, lambda: heard_all(picture, 7))
    api.changes(ASKED + MINE + "0")
    assert MINE not in api.log.read_text("utf-8")


def test_a_city_that_moves_is_gone_through_once_and_not_for_each_household() -> None:
    class Counted(LiveNow):
        gone_through = 0

        def _newer(self, view: View, offset: int):  # type: ignore[no-untyped-def]
            type(self).gone_through += 1
            return super()._newer(view, offset)

    keys = [f"{number:032x}" for number in range(500)]
    states = [LiveState(n, Topic.WAY, key, {}, utc_now()) for n, key in enumerate(keys, 1)]
    grown = LiveNow("E").grown(states)
    now = Counted(grown.epoch, grown.offset, grown.things)
    topics = frozenset({Topic.WAY, Topic.PLAN})
    said = [now.message(View(topics, way=key), 0) or "" for key in keys]
    assert [re.findall(r'"key":"(\w+)"', one) for one in said] == [[key] for key in keys]
    assert now.message(View(topics), 0) is None
    assert Counted.gone_through == 1


def test_a_households_page_holds_its_key_and_hears_exactly_of_its_own_way(
    server: Server, migrated: str, tmp_path: Path, connects: Connects
) -> None:
    made, state = server.create(migrated), tmp_path / "state"
    engine = connects(made.url)
    load(engine, write_homed_city(tmp_path))
    planner = Planner(engine, state)
    planner.catch_up()
    north, south = slips(engine, 0, 3)
    with TestClient(create(state, made.url), follow_redirects=False) as client:
        keys = []
        for slip in (north, south):
            client.cookies.clear()
            client.post("/h", data={"code": slip.token})
            page = client.get("/h/way").text
            keys.append(way_key(hash_of(slip.token)))
            assert f'data-stream-key="{keys[-1]}"' in page
            assert hash_of(slip.token) not in page
        changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=["南町二丁目"])
        planner.catch_up()
    with transaction(engine) as connection:
        ways = {one.key: one.state for one in live.since(connection, 0) if one.topic is Topic.WAY}
    standing = planner.standing
    assert standing is not None
    assert ways == {keys[1]: {"number": standing.number}}
    engine.dispose()
    server.drop(made)
