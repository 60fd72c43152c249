"""Everything that runs on such an evening: two servers, planner, relay, Redis, nginx, PostGIS."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine

from city.staff import Role
from data.database import connect
from tests.integration.databases import Database
from tests.integration.forking import Forked
from tests.integration.fronted import NGINX, Nginx
from tests.integration.livestream import Api, served
from tests.integration.processes import kill, started, wait_for
from tests.integration.staffed import Signed, a_tablet, signed_in
from tests.stories.followers import Follower
from tests.stories.tablets import Tablet, Watch


@dataclass
class Evening:
    """What the scenes play on. `api` is killed on the way, `other` never."""

    database: Database
    state: Path
    engine: Engine
    stack: ExitStack
    nginx: Nginx
    api: Api
    other: Api
    planner: Forked
    watch: Watch = field(default_factory=Watch)
    tablets: list[Tablet] = field(default_factory=list)
    followers: dict[str, Follower] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = httpx.Client(
            base_url=self.nginx.origin, verify=self.nginx.tls_context(), timeout=20
        )
        self.officer = signed_in(self.engine, Role.OPERATOR)
        self.mayor = signed_in(self.engine, Role.APPROVER)

    def headquarters(self, who: Signed, path: str, **body: Any) -> httpx.Response:
        """Somebody at headquarters sends a change through nginx."""
        headers = self.headers(who) | {"x-csrf-token": who.csrf}
        return self.people.post(f"/api/v1/headquarters/{path}", json=body, headers=headers)

    def told(self, who: Signed, path: str, **body: Any) -> dict[str, Any]:
        """The same, where it must be taken."""
        answer = self.headquarters(who, path, **body)
        assert answer.status_code == 200, answer.text
        table: dict[str, Any] = answer.json()
        return table

    def headers(self, who: Signed) -> dict[str, str]:
        """What a browser at headquarters sends over TLS."""
        return {"cookie": f"__Host-{who.cookie}={who.token}", "origin": self.nginx.origin}

    def overview(self) -> dict[str, Any]:
        """All that headquarters sees."""
        answer = self.people.get("/api/v1/headquarters", headers=self.headers(self.officer))
        assert answer.status_code == 200, answer.text
        table: dict[str, Any] = answer.json()
        return table

    def guidance(self, door: tuple[float, float], **more: str) -> dict[str, Any]:
        """What somebody at a door is told."""
        asked = {"lat": f"{door[0]:.6f}", "lon": f"{door[1]:.6f}", **more}
        answer = self.people.get("/api/v1/guidance", params=asked)
        assert answer.status_code == 200, answer.text
        table: dict[str, Any] = answer.json()
        return table

    def destination(self, door: tuple[float, float], **more: str) -> str | None:
        """Where somebody at a door is led to; None where no way is shown."""
        led = self.guidance(door, **more)["destination"]
        return led and str(led["id"])

    def tablet(self, site: str, **more: Any) -> Tablet:
        """Another tablet at a place, which sends through nginx."""
        seed = len(self.tablets)
        token = a_tablet(self.engine, site).token
        tls = self.nginx.tls_context()
        made = Tablet(site, token, self.nginx.origin, tls, self.watch, seed, **more)
        self.stack.callback(made.http.close)
        self.tablets.append(made)
        self.inside.setdefault(site, 0)
        return made

    def at(self, site: str) -> list[Tablet]:
        """The tablets of a place."""
        return [one for one in self.tablets if one.site == site]

    def follow(self, name: str, *doors: str, **more: Any) -> Follower:
        """A screen that follows from now on."""
        sees = more.pop("sees", ("sites", "levels", "plan"))
        tls, seed = self.nginx.tls_context(), len(self.followers)
        made = Follower(name, doors, sees, tls=tls, seed=seed, **more)
        self.followers[name] = made
        made.start()
        self.stack.callback(made.end)
        return made

    def kill_the_api(self) -> None:
        """`kill -9`, with all its sockets open."""
        kill(self.api.process)

    def start_the_api_again(self) -> None:
        """On the same port, as whatever watches over it would."""
        again = served(self.database.url, self.state, "serve-again", self.api.port)
        self.api = self.stack.enter_context(again)

    def end_the_planner(self) -> None:
        """After this nothing changes by itself."""
        self.planner.terminate()
        self.planner.wait(20)


def socket_of(origin: str) -> str:
    """http://… → ws://…"""
    return f"ws{origin.removeprefix('http')}"


@contextmanager
def an_evening(database: Database, folder: Path) -> Iterator[Evening]:
    """Everything runs, and the first plan is published; Redis runs already and is known."""
    state, engine = folder / "state", connect(database.url)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        words = (database.url, state)
        planner = stack.enter_context(started(*words, "planner", log=folder / "planner.log"))
        stack.enter_context(started(*words, "relay", log=folder / "relay.log"))
        api = stack.enter_context(served(*words, "serve-one"))
        other = stack.enter_context(served(*words, "serve-two"))
        nginx = stack.enter_context(in_front_of(api.port, other.port))
        made = Evening(database, state, engine, stack, nginx, api, other, planner)
        stack.callback(made.people.close)
        wait_for("the first plan", lambda: made.people.get("/readyz").status_code == 200, 120)
        yield made


@contextmanager
def in_front_of(first: int, second: int) -> Iterator[Nginx]:
    """nginx with our configuration and two servers behind it."""
    folder = Path(tempfile.mkdtemp(prefix="nigemichi-nginx-"))
    folder.chmod(0o755)
    (folder / "nigemichi").mkdir()
    (folder / "nigemichi").chmod(0o777)
    made = Nginx(folder, first)
    site, one = folder / "site.conf", f"server 127.0.0.1:{first};"
    text = site.read_text()
    assert text.count(one) == 1
    site.write_text(text.replace(one, f"{one} server 127.0.0.1:{second};"))
    process = subprocess.Popen([NGINX, "-c", made.conf], stderr=subprocess.DEVNULL)
    try:
        wait_for("nginx listens", made.listens)
        yield made
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)
