"""A night in which the API and PostgreSQL are killed at random, and tablets go on counting."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from city.staff import CONSOLE, Role
from data.database import connect, migrate
from operations.load_city import load_city
from operations.people.devices import add_device
from operations.places.openings import change_opening
from shelters.place import Opening
from tests.integration.cluster import Cluster, own_cluster
from tests.integration.databases import Database
from tests.integration.forking import Forked
from tests.integration.processes import free_port, kill, started, wait_for
from tests.integration.small_city import write_small_city

TABLETS_PER_SITE = 2


@dataclass
class Tablet:
    """Counts without end, keeps what is not acknowledged, sends it again."""

    base: str
    token: str
    site: str
    seed: int
    persons: int = 0
    unsent: list[dict[str, Any]] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)

    def press(self) -> None:
        """One press of the clicker, kept before it is sent."""
        number, persons = str(uuid4()), 1 + len(self.made) % 4
        self.persons += persons
        self.made.add(number)
        at = datetime.now(UTC).isoformat()
        press = {"id": number, "kind": "change", "persons": persons, "at": at, "via": "clicker"}
        self.unsent.append(press)

    def send(self) -> bool:
        """Send all that is kept; True where the server said that it has it."""
        if not self.unsent:
            return True
        sent, body = list(self.unsent[:500]), {"sent_at": datetime.now(UTC).isoformat()}
        headers = {"authorization": f"Bearer {self.token}"}
        try:
            answer = httpx.post(
                f"{self.base}/api/v1/desk/counts",
                json={**body, "counts": sent},
                headers=headers,
                timeout=5,
            )
        except httpx.TransportError:
            return False
        if answer.status_code != 200:
            assert answer.status_code in (429, 500, 503), answer.text
            return False
        taken = {row["id"] for row in answer.json()["results"] if row["status"] != "held"}
        assert taken == {press["id"] for press in sent}
        self.acknowledged |= taken
        self.unsent = [press for press in self.unsent if press["id"] not in taken]
        return True

    def run(self, stop: threading.Event) -> None:
        """Press and send until told to stop."""
        dice = random.Random(self.seed)
        while not stop.is_set():
            for _ in range(dice.randint(1, 3)):
                self.press()
            self.send()
            # A tablet may send ten times a second; more is refused.
            time.sleep(dice.uniform(0.1, 0.3))


@dataclass
class Night:
    """The processes that are killed, and the tablets that go on."""

    cluster: Cluster
    folder: Path
    port: int
    tablets: list[Tablet] = field(default_factory=list)
    server: Forked | None = None

    @property
    def base(self) -> str:
        """Where the API is."""
        return f"http://127.0.0.1:{self.port}"

    def is_up(self) -> bool:
        """Whether a tablet is heard: API and database both answer."""
        headers = {"authorization": f"Bearer {self.tablets[0].token}"}
        time.sleep(0.2)
        try:
            answer = httpx.get(f"{self.base}/api/v1/desk/site", headers=headers, timeout=5)
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    def lost(self) -> set[str]:
        """Counts that were acknowledged and are not in the log."""
        return self.acknowledged() - self.logged()

    def acknowledged(self) -> set[str]:
        """All that the server said it has."""
        return {number for tablet in self.tablets for number in tablet.acknowledged}

    def logged(self) -> set[str]:
        """All ids in the log, read past the application."""
        rows = Database("postgres", self.cluster.url).rows("SELECT id::text FROM head_count")
        return {number for (number,) in rows}

    def counted(self, site: str) -> int:
        """The persons that headquarters sees in a place."""
        token = next(tablet.token for tablet in self.tablets if tablet.site == site)
        headers = {"authorization": f"Bearer {token}"}
        answer = httpx.get(f"{self.base}/api/v1/desk/site", headers=headers, timeout=5)
        return int(answer.json()["raw_persons"])


@contextmanager
def night(folder: Path) -> Iterator[Night]:
    """A small city with two open places and tablets at their doors."""
    with own_cluster() as cluster:
        made = Night(cluster, folder, free_port())
        engine = connect(cluster.url)
        migrate(engine)
        load_city(engine, write_small_city(folder / "city"), lambda _: None)
        ids = Database("postgres", cluster.url).rows(
            "SELECT id FROM evacuation_site ORDER BY number LIMIT 2"
        )
        now = datetime.now(UTC)
        for (site,) in ids:
            change_opening(engine, CONSOLE, site, Opening.OPEN, now=now)
            for seed in range(TABLETS_PER_SITE):
                _, token = add_device(
                    engine, CONSOLE, name=f"受付 {seed}", role=Role.DESK, site_id=site, now=now
                )
                made.tablets.append(Tablet(made.base, token, site, seed))
        engine.dispose()
        yield made


def rounds(made: Night, number: int, seed: int) -> None:
    """Kill the API or PostgreSQL at a random moment, so many times; nothing acknowledged is lost.

    Raises `AssertionError` naming what was lost, and after which kill.
    """
    dice, stop = random.Random(seed), threading.Event()
    with ExitStack() as stack:
        made.server = _serve(made, stack)
        wait_for("the tablets are heard", made.is_up, 60)
        threads = [threading.Thread(target=one.run, args=(stop,)) for one in made.tablets]
        for thread in threads:
            thread.start()
        try:
            for row in range(number):
                time.sleep(dice.uniform(0.3, 1.5))
                _kill_one(made, stack, dice)
                wait_for("they are heard again", made.is_up, 60)
                lost = made.lost()
                assert not lost, f"round {row + 1}: {len(lost)} acknowledged counts are lost"
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        _settle(made)


def _kill_one(made: Night, stack: ExitStack, dice: random.Random) -> None:
    assert made.server is not None
    if dice.random() < 0.5:
        kill(made.server)
        made.server = _serve(made, stack)
    else:
        made.cluster.kill()
        time.sleep(dice.uniform(0, 0.5))
        made.cluster.start()


def _serve(made: Night, stack: ExitStack) -> Forked:
    log = made.folder / f"serve-{uuid4().hex[:8]}.log"
    words = ("serve", "--port", str(made.port))
    return stack.enter_context(started(made.cluster.url, made.folder / "state", *words, log=log))


def _settle(made: Night) -> None:
    """Everything is sent in the end, counted once, and the sums are right."""
    for tablet in made.tablets:
        wait_for("all is sent", lambda tablet=tablet: tablet.send() and not tablet.unsent, 60)
        assert tablet.acknowledged == tablet.made
    assert made.logged() == {number for tablet in made.tablets for number in tablet.made}
    for site in {tablet.site for tablet in made.tablets}:
        expected = sum(tablet.persons for tablet in made.tablets if tablet.site == site)
        assert made.counted(site) == expected
