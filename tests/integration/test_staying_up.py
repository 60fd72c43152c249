"""Behind nginx as we configure it: what goes on when the application or PostgreSQL is away."""

import gzip
import json
import re
import signal
import socket as sockets
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine
from websockets.sync.client import ClientConnection, connect

from city.staff import CONSOLE, Role
from data.database import migrate
from operations.load_city import load_city
from operations.places.counts import GivenCount, record_counts
from operations.places.openings import change_opening
from operations.places.siteinfo import GivenRoom, set_room
from shelters.counting import CountKind, Via
from shelters.place import Opening
from shelters.rooms import MeantFor
from tests.integration.cluster import Cluster, own_cluster
from tests.integration.databases import Database, Server, connected
from tests.integration.fronted import Answer, Nginx, fronted
from tests.integration.livestream import Api, Picture, change, closed_with, listen, served
from tests.integration.processes import kill, started, wait_for
from tests.integration.small_city import position, write_small_city
from tests.integration.staffed import Signed, a_tablet, signed_in

LAT, LON = (f"{degrees:.6f}" for degrees in position(3.4, 1.1))
"""A door of the small city."""
SITE = "E1"
OF_ALL = (
    *("/", "/?lang=en", "/places", "/places?lang=en", "/places.svg", "/map.svg"),
    *("/api/v1/sites", "/api/v1/city", "/map/now.json"),
    *("/api/v1/live/changes", "/api/v1/live/changes?topics=plan,levels"),
    *("/info", "/open", "/open/places.csv", "/open/congestion.geojson"),
)
OF_SOMEBODY = tuple(
    f"{path}?lat={LAT}&lon={LON}" for path in ("/", "/way", "/places", "/info", "/api/v1/guidance")
)
STAFFS = ("/hq", "/signin", "/phone", "/desk", "/api/v1/headquarters", "/api/v1/desk/site")
KEPT = ("HIT", "STALE", "UPDATING")
SINCE = re.compile(r"\d+:\d\d\S* から市の最新情報を確認できていません")


@dataclass
class City:
    """The small city with a place that is open, its server, and nginx before it."""

    engine: Engine
    api: Api
    nginx: Nginx

    def cached(self) -> dict[str, bytes]:
        """All that nginx keeps, by its file."""
        folder = self.nginx.folder / "nigemichi"
        return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def keys(self) -> set[str]:
        """The addresses of all that nginx keeps."""
        found = [re.search(rb"\nKEY: (.*)\n", body) for body in self.cached().values()]
        return {one[1].decode().partition("nigemichi")[2] for one in found if one}

    def is_kept(self, path: str) -> bool:
        """Whether nginx answers it by itself."""
        answer = self.nginx.get(path)
        assert answer.status == 200, (path, answer.status)
        return answer.headers["X-Cache"] == "HIT"

    @contextmanager
    def socket(self, query: str = "") -> Iterator[ClientConnection]:
        """A follower that comes through nginx."""
        url = f"wss://127.0.0.1:{self.nginx.tls}/api/v1/live{query}"
        with connect(url, ssl=self.nginx.tls_context(), compression=None, proxy=None) as made:
            yield made


def counted(engine: Engine, persons: int) -> None:
    """Somebody at the place counts."""
    now = datetime.now(UTC)
    given = GivenCount(
        id=str(uuid4()), kind=CountKind.TOTAL, persons=persons, at=now, via=Via.CLICKER
    )
    record_counts(engine, CONSOLE, SITE, [given], sent_at=now, now=now)


@contextmanager
def planned(url: str, folder: Path) -> Iterator[Engine]:
    """Loaded, opened, counted, and planned while the block runs."""
    with connected(url) as engine:
        load_city(engine, write_small_city(folder / "city"), lambda _: None)
        now = datetime.now(UTC)
        change_opening(engine, CONSOLE, SITE, Opening.OPEN, now=now)
        gym = GivenRoom("体育館", 100, MeantFor.GENERAL, overflow=False, in_use=True)
        set_room(engine, CONSOLE, SITE, "gym", gym, now=now)
        counted(engine, 12)
        with started(url, folder / "state", "planner", log=folder / "planner.log"):
            yield engine


@contextmanager
def fronted_city(engine: Engine, api: Api) -> Iterator[City]:
    """Its server says all, and an nginx that keeps nothing yet stands before it."""
    wait_for("a plan", lambda: api.http.get("/readyz").status_code == 200, 60)
    wait_for("the count", lambda: '"persons":12' in api.changes().text)
    with fronted(api.port) as nginx:
        yield City(engine, api, nginx)


@dataclass
class House:
    """The city of all tests of this file; its server is started again after one has ended it."""

    url: str
    folder: Path
    engine: Engine
    stack: ExitStack
    api: Api | None = None

    def serving(self) -> Api:
        """A server that runs."""
        if self.api is None or self.api.process.poll() is not None:
            name = f"serve-{uuid4().hex[:8]}"
            state = self.folder / "state"
            self.api = self.stack.enter_context(served(self.url, state, name))
        return self.api


@pytest.fixture(scope="module")
def house(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A planner that runs, and whoever serves."""
    made, folder = server.create(migrated), tmp_path_factory.mktemp("staying")
    with planned(made.url, folder) as engine, ExitStack() as stack:
        yield House(made.url, folder, engine, stack)
    server.drop(made)


@pytest.fixture
def city(house: House) -> Iterator[City]:
    """The city with an nginx of the test's own."""
    with fronted_city(house.engine, house.serving()) as made:
        yield made


def moments(answer: Answer) -> list[str]:
    """The moments in a page."""
    return re.findall(r'<time datetime="([^"]+)"', answer.body.decode())


def test_the_links_of_those_who_registered_are_not_in_nginxs_log(city: City) -> None:
    for path in ("/r/SeCrEt", "/r/SeCrEt/leave", "/leave/SeCrEt", "/register/SeCrEt"):
        city.nginx.get(path)
    city.nginx.get("/places")
    log = city.nginx.folder / "nigemichi.log"
    wait_for("it is logged", lambda: " /places " in log.read_text())
    assert "SeCrEt" not in log.read_text()
    assert " /r/- " in log.read_text()


def test_pages_and_lists_of_the_whole_city_outlive_the_application(city: City) -> None:
    for path in OF_ALL:
        wait_for(f"{path} is kept", lambda: city.is_kept(path))  # noqa: B023
    before = {path: city.nginx.get(path) for path in OF_ALL}
    kill(city.api.process)
    for path in OF_ALL:
        answer = city.nginx.get(path)
        assert (path, answer.status) == (path, 200)
        assert answer.headers["X-Cache"] in KEPT
        assert answer.headers["Content-Type"] == before[path].headers["Content-Type"]
    page = city.nginx.get("/places")
    assert "12 ／ 100 人" in page.body.decode()
    assert "現在" in page.body.decode()
    for moment in moments(page):
        assert datetime.fromisoformat(moment) < datetime.now(UTC)
    table = json.loads(city.nginx.get("/api/v1/sites").body)
    assert datetime.fromisoformat(table["as_of"]) < datetime.now(UTC)


def test_one_copy_is_there_for_browsers_of_every_kind(city: City) -> None:
    browsers = ("gzip, deflate, br, zstd", "gzip, deflate, br", "gzip", "br;q=1.0, gzip;q=0.8")
    asks = {"Accept-Encoding": browsers[0]}
    wait_for("a copy", lambda: city.nginx.get("/places", **asks).headers["X-Cache"] == "HIT")
    kill(city.api.process)
    for browser in browsers:
        answer = city.nginx.get("/places", **{"Accept-Encoding": browser})
        assert (browser, answer.status) == (browser, 200)
        assert b"12 \xef\xbc\x8f 100 " in gzip.decompress(answer.body)
    assert "12 ／ 100 人" in city.nginx.get("/places").body.decode()


def test_two_languages_are_kept_apart(city: City) -> None:
    for path, lang in (
        ("/", "ja"),
        ("/?lang=en", "en"),
        ("/places", "ja"),
        ("/places?lang=en", "en"),
    ):
        wait_for(f"{path} is kept", lambda: city.is_kept(path))  # noqa: B023
        for asks in ("ja", "en"):
            answer = city.nginx.get(path, **{"Accept-Language": asks})
            assert f'<html lang="{lang}">' in answer.body.decode()


def test_what_a_position_made_is_never_on_the_disk_of_nginx(city: City) -> None:
    for _ in range(3):
        for path in OF_SOMEBODY:
            answer = city.nginx.get(path)
            assert (path, answer.status) == (path, 200)
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Cache"] not in KEPT
    wait_for("the page of all", lambda: city.is_kept("/places"))
    kept = city.cached()
    assert kept
    for body in kept.values():
        assert LAT[:6].encode() not in body.partition(b"\n\n")[0]
        assert f"{LAT}".encode() not in body
        assert f"lon={LON}".encode() not in body
    kill(city.api.process)
    for path in OF_SOMEBODY:
        answer = city.nginx.get(path)
        assert answer.status in (502, 504)
        assert "119" in answer.body.decode()
        assert LAT not in answer.body.decode()


def test_what_staff_see_is_never_on_the_disk_of_nginx(city: City) -> None:
    officer = signed_in(city.engine, Role.OPERATOR, Role.PHONE)
    tablet = a_tablet(city.engine, SITE)
    for one in (officer, tablet):
        cookie = {"Cookie": f"__Host-{one.cookie}={one.token}"}
        for _ in range(2):
            for path in STAFFS:
                answer = city.nginx.get(path, **cookie)
                assert answer.headers["X-Cache"] not in KEPT, path
            # Whoever works here reads no copy, and leaves none to others.
            answer = city.nginx.get("/places", **cookie)
            assert (answer.status, answer.headers["X-Cache"]) == (200, "BYPASS")
    assert city.keys() == set()
    assert not any(b"set-cookie" in body.lower() for body in city.cached().values())


def test_with_nothing_kept_nginx_says_what_to_do_without_us(city: City) -> None:
    kill(city.api.process)
    for path in ("/", "/places", "/way", "/api/v1/city"):
        answer = city.nginx.get(path)
        assert answer.status == 502
        assert "いま案内を出せません" in answer.body.decode()
        assert "119" in answer.body.decode()
    assert city.nginx.get("/api/v1/desk/counts", "POST", b"{}").status == 502


def presses(*ids: str) -> dict[str, Any]:
    """What a tablet sends: a person came, once for each id."""
    now = datetime.now(UTC).isoformat()
    counts = [
        {"id": one, "kind": "change", "persons": 1, "at": now, "via": "clicker"} for one in ids
    ]
    return {"site": SITE, "sent_at": now, "counts": counts}


def sent(city: City, tablet: Signed, *ids: str) -> httpx.Response:
    """A tablet sends head counts."""
    headers = {"authorization": f"Bearer {tablet.token}"}
    return city.api.http.post("/api/v1/desk/counts", json=presses(*ids), headers=headers)


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[tuple[City, Cluster]]:
    """A city on a PostgreSQL that may be killed."""
    with own_cluster() as cluster:
        with connected(cluster.url) as engine:
            migrate(engine)
        with (
            planned(cluster.url, tmp_path) as engine,
            served(cluster.url, tmp_path / "state") as api,
            fronted_city(engine, api) as made,
        ):
            yield made, cluster


def test_without_postgresql_the_last_good_picture_goes_on_and_counts_wait(
    mortal: tuple[City, Cluster],
) -> None:
    city, cluster = mortal
    tablet = a_tablet(city.engine, SITE)
    officer = signed_in(city.engine, Role.OPERATOR)
    cookie = {"cookie": f"{officer.cookie}={officer.token}"}
    first, second = str(uuid4()), str(uuid4())
    assert sent(city, tablet, first).status_code == 200
    cluster.kill()
    refused = sent(city, tablet, first, second)
    assert refused.status_code == 503
    assert refused.headers["content-type"].startswith("application/problem+json")
    page = city.api.http.get("/hq", headers=cookie)
    assert (page.status_code, page.headers["content-type"][:9]) == (503, "text/html")
    assert "<h1" in page.text
    assert "Traceback" not in page.text
    guided = city.api.http.get("/api/v1/guidance", params={"lat": LAT, "lon": LON})
    assert guided.status_code == 200
    wait_for("since when", lambda: SINCE.search(city.api.http.get("/places").text), 40)
    assert "12 ／ 100 人" in city.api.http.get("/places").text
    assert city.api.http.get("/way", params={"lat": LAT, "lon": LON}).status_code == 200
    cluster.start()
    wait_for("counts are taken", lambda: sent(city, tablet, first, second).status_code == 200)
    last = sent(city, tablet, first, second)
    assert [row["status"] for row in last.json()["results"]] == ["known", "known"]
    city.engine.dispose()
    found = Database("postgres", cluster.url).rows(
        "SELECT id::text FROM head_count WHERE kind = 'change' ORDER BY id"
    )
    assert [number for (number,) in found] == sorted([first, second])
    wait_for("news", lambda: not SINCE.search(city.api.http.get("/places").text), 40)
    assert city.api.http.get("/hq", headers=cookie).status_code == 200


def test_a_server_that_is_told_to_end_lets_those_behind_nginx_go(city: City) -> None:
    with city.socket() as one, city.socket("?topics=sites") as other:
        seen = Picture()
        listen(one, seen, lambda: seen.epoch)
        city.api.process.send_signal(signal.SIGTERM)
        assert [closed_with(one), closed_with(other)] == [1012, 1012]
        city.api.process.wait(10)
    assert "Cancel" not in city.api.log.read_text()


def one_byte_at_a_time(city: City, path: str, headers: str = "") -> ssl.SSLSocket:
    """Somebody who asks, and takes next to nothing of the answer."""
    plain = sockets.socket()
    plain.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 1024)
    plain.connect(("127.0.0.1", city.nginx.tls))
    made = city.nginx.tls_context().wrap_socket(plain)
    made.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())
    return made


def test_who_reads_a_byte_a_second_through_nginx_disturbs_nobody(city: City) -> None:
    upgrade = (
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    somebody = f"/places?lat={LAT}&lon={LON}"
    with ExitStack() as stack, city.socket("?topics=sites") as follower:
        seen = Picture()
        slow = [
            stack.enter_context(one_byte_at_a_time(city, *asked))
            for asked in (
                *(("/places",), (somebody,)) * 20,
                *(("/api/v1/live", upgrade), ("/api/v1/live/events",)) * 5,
            )
        ]
        for number in range(40):
            change(city.engine, f"X{number % 8}", {"note": "満" * 20_000, "number": number})
            if number % 10 == 0:
                assert all(one.recv(1) for one in slow)
                assert city.nginx.get("/places").status == 200
                assert city.nginx.get(somebody).status == 200
        listen(follower, seen, lambda: seen.states.get("X7", {}).get("number") == 39)
        for number in range(8):
            change(city.engine, f"X{number}", None)
    assert "Traceback" not in city.api.log.read_text()
