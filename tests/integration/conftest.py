"""Cities with homes and plans that were published, for tests of what serves and renews them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine

from city.staff import CONSOLE
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.household.turnouts import set_turnout
from operations.load_city import load_city
from operations.people import passwords
from operations.planning.planner import Planner
from operations.serving import utc_now
from tests.integration.alerted import Headquarters, Manned, copied, manned
from tests.integration.databases import Database, Server, connected
from tests.integration.doored import DoorNight, ToldNight, door_night, told_night
from tests.integration.homed import load, write_homed_city
from tests.integration.livestream import Stream, begun_anew, served
from tests.integration.plannedcity import City
from tests.integration.readers import Readers, reader_app, readers_of
from tests.integration.registered import Office, an_office
from tests.integration.registerhouse import House, emptied, register_app
from tests.unit.api.served import TestClient


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost next to nothing, for tests of who is let in rather than of the hash."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    monkeypatch.setattr(passwords, "HASHES", quick)


@pytest.fixture
def plan(
    server: Server, with_plan: tuple[str, Path], tmp_path: Path
) -> Iterator[tuple[Database, Path]]:
    """A database with the town, and a state folder with its first version."""
    made = server.create(with_plan[0])
    state = shutil.copytree(with_plan[1], tmp_path / "state", symlinks=True)
    yield made, state
    server.drop(made)


@pytest.fixture
def small_plan(engine: Engine, small_city: Path, tmp_path: Path) -> Planner:
    """A planner that has published the small city."""
    load_city(engine, small_city, lambda _: None)
    planner = Planner(engine, tmp_path / "state")
    planner.catch_up()
    return planner


@pytest.fixture
def city(engine: Engine, database: Database, tmp_path: Path) -> City:
    """The small city with households under level 4, all of whom come, and its first plan."""
    load(engine, write_homed_city(tmp_path / "city"))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    set_turnout(engine, CONSOLE, {"level_4": 1, "zoned_level_4": 1}, reason="試験", now=utc_now())
    made = City(engine, database, Planner(engine, tmp_path / "state"), tmp_path)
    made.planner.catch_up()
    return made


@pytest.fixture(scope="session")
def city_hall(server: Server, with_town: str) -> Manned:
    """A template with the town, two people of headquarters and the city's words."""
    made = server.create(with_town)
    with connected(made.url) as engine:
        return manned(engine, made)


@pytest.fixture
def hq(server: Server, city_hall: Manned, with_plan: tuple[str, Path]) -> Iterator[Headquarters]:
    """The API as both use it, over a database of the test's own."""
    with copied(server, city_hall, with_plan[1]) as made:
        yield made


@pytest.fixture(scope="module")
def streaming(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stream]:
    """One server of the live stream for all tests of a file that let it run."""
    made = server.create(migrated)
    with connected(made.url) as engine, served(made.url, tmp_path_factory.mktemp("live")) as api:
        yield engine, api
    server.drop(made)


@pytest.fixture
def stream(streaming: Stream) -> Stream:
    """The same, with nothing in it."""
    begun_anew(*streaming)
    return streaming


@pytest.fixture(scope="module")
def told(server: Server, city_hall: Manned, with_plan: tuple[str, Path]) -> ToldNight:
    """A template with an alert that went out a moment ago."""
    return told_night(server, city_hall, with_plan[1])


@pytest.fixture
def night(server: Server, told: ToldNight, with_plan: tuple[str, Path]) -> Iterator[DoorNight]:
    """The night on which teams call at doors, in a database of the test's own."""
    with door_night(server, told, with_plan[1]) as made:
        yield made


@pytest.fixture(scope="session")
def with_homes(server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a template with the small city and its households."""
    made = server.create(migrated)
    with connected(made.url) as engine:
        load(engine, write_homed_city(tmp_path_factory.mktemp("homes")))
    return made.name


@pytest.fixture(scope="session")
def homes_plan(
    server: Server, with_homes: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """The same with its plan, and the state folder of it."""
    made, state = server.create(with_homes), tmp_path_factory.mktemp("homes plan") / "state"
    with connected(made.url) as engine:
        Planner(engine, state).catch_up()
    return made.name, state


@pytest.fixture
def office(server: Server, with_homes: str, tmp_path: Path) -> Iterator[Office]:
    """Where people register: the city of a test's own."""
    with an_office(server, with_homes, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def registering(
    server: Server, homes_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """One app for all tests of a file that register."""
    with register_app(server, homes_plan, tmp_path_factory.mktemp("registering")) as made:
        yield made


@pytest.fixture
def house(registering: House) -> House:
    """The app with nobody registered."""
    return emptied(registering)


@pytest.fixture(scope="module")
def reading(
    server: Server, homes_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """One app for all tests of a file that read."""
    with reader_app(server, homes_plan, tmp_path_factory.mktemp("reading")) as client:
        yield client


@pytest.fixture
def readers(reading: TestClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Readers]:
    """The city with nobody registered and nothing told; the page goes by its clock."""
    with readers_of(reading) as made:
        monkeypatch.setattr("api.reader.utc_now", made.clock)
        yield made
