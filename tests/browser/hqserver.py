"""Headquarters: a real server over the fictional town, and officers who have signed in."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, text

from city.staff import Role
from data.database import connect
from operations.places.counts import GivenCount, record_counts
from operations.places.needs import report_need
from operations.places.openings import change_opening
from operations.places.siteinfo import Contact, set_contact
from shelters.counting import CountKind, Via
from shelters.needs import GivenNeed, NeedKind
from shelters.place import Opening
from tests.integration.databases import Database, Server
from tests.integration.processes import free_port, started, wait_for
from tests.integration.staffed import Signed, signed_in

SCREEN = {"width": 1440, "height": 900}


@dataclass
class Headquarters:
    """The server's address, its database, and what the pages' consoles said."""

    url: str
    database: Database
    engine: Engine
    said: list[str] = field(default_factory=list)

    def officer(self, *roles: Role) -> Signed:
        """Somebody who has signed in."""
        return signed_in(self.engine, *roles)

    def opened(
        self,
        browser: Browser,
        officer: Signed,
        *,
        at: str = "/hq/places",
        blocked: str = "",
        **context: Any,
    ) -> Page:
        """The page of places or another, as that officer sees it; that of places is live unless its
        stream is blocked.
        """
        pages = browser.new_context(**{"viewport": SCREEN, "locale": "ja-JP", **context})
        pages.add_cookies([{"name": officer.cookie, "value": officer.token, "url": self.url}])
        page = pages.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        if blocked:
            page.route(blocked, lambda route: route.abort())
        page.goto(f"{self.url}{at}")
        if at == "/hq/places" and context.get("java_script_enabled", True) and not blocked:
            page.locator("#hq[data-live-now]").wait_for()
        return page

    def names(self) -> list[str]:
        """The names of all places, as the city's list has them."""
        return [
            name
            for (name,) in self.database.rows("SELECT name FROM evacuation_site ORDER BY number")
        ]

    def site(self, name: str) -> str:
        """The id of a place."""
        with self.engine.connect() as connection:
            query = text("SELECT id FROM evacuation_site WHERE name = :name")
            return str(connection.execute(query, {"name": name}).scalar_one())

    def opening(self, name: str, opening: Opening, **said: Any) -> None:
        """Somebody elsewhere says so."""
        by, now = self.officer(Role.OPERATOR).caller, datetime.now(UTC)
        change_opening(self.engine, by, self.site(name), opening, now=now, **said)

    def counted(self, name: str, persons: int, kind: CountKind = CountKind.TOTAL) -> None:
        """Somebody at a place counts."""
        by, now = self.officer(Role.OPERATOR).caller, datetime.now(UTC)
        given = GivenCount(
            id=str(uuid4()),
            kind=kind,
            persons=persons,
            at=now,
            via=Via.CLICKER,
            confirmed=True,
        )
        record_counts(self.engine, by, self.site(name), [given], sent_at=now, now=now)

    def need(self, name: str, words: str) -> None:
        """The desk of a place asks for something."""
        by, now = self.officer(Role.DESK).caller, datetime.now(UTC)
        given = GivenNeed(uuid4(), NeedKind.SUPPLIES, words, now)
        report_need(self.engine, by, self.site(name), given, now)

    def long_open(self, name: str, phone: str) -> None:
        """A place that was opened an hour ago, and that nobody has counted since."""
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        by = self.officer(Role.OPERATOR).caller
        change_opening(self.engine, by, self.site(name), Opening.OPEN, now=an_hour_ago)
        set_contact(self.engine, by, self.site(name), Contact(phone=phone))


@contextmanager
def headquarters(server: Server, plan: tuple[str, Path], folder: Path) -> Iterator[Headquarters]:
    """A server of `nigemichi serve` while the block runs."""
    database = server.create(plan[0])
    state = shutil.copytree(plan[1], folder / "state", symlinks=True)
    engine, port = connect(database.url), free_port()
    words = ("serve", "--port", str(port))
    try:
        with started(database.url, state, *words, log=folder / "serve.log"):
            wait_for("the server listens", lambda: _listens(port), 60)
            yield Headquarters(f"http://127.0.0.1:{port}", database, engine)
    finally:
        engine.dispose()
        server.drop(database)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
