"""The whole app over the fictional town, its planner beside it, and an operator signed in."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page

from api.app import create
from city.staff import Role
from data.database import connect
from tests.integration.databases import Database, Server
from tests.integration.processes import started
from tests.integration.staffed import Signed, signed_in


class PhoneDesk:
    """A server on a port of its own; `stop` and `start` let it be away for a while."""

    def __init__(self, database: Database, state: Path) -> None:
        self.database, self.state = database, state
        self.engine = connect(database.url)
        self.operator: Signed = signed_in(self.engine, Role.PHONE)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Serve, and wait until it answers."""
        app = create(self.state, self.database.url)
        config = uvicorn.Config(app, port=self.port, log_level="critical", ws="none")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)

    def stop(self) -> None:
        """Answer nobody."""
        self.server.should_exit = True
        self.thread.join()

    def close(self) -> None:
        """End all of it."""
        self.stop()
        self.engine.dispose()

    def opened(self, browser: Browser, **context: object) -> Page:
        """The page, as an operator at headquarters opens it."""
        wanted = {"viewport": {"width": 1440, "height": 900}, "locale": "ja-JP", **context}
        pages = browser.new_context(**wanted)  # type: ignore[arg-type]
        cookie = {"name": self.operator.cookie, "value": self.operator.token, "url": self.url}
        pages.add_cookies([cookie])  # type: ignore[list-item]
        page = pages.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{self.url}/phone")
        return page


@contextmanager
def phone_desk(server: Server, plan: tuple[str, Path], folder: Path) -> Iterator[PhoneDesk]:
    """A phone desk on a copy of the town with its first plan."""
    made = server.create(plan[0])
    state = shutil.copytree(plan[1], folder / "state", symlinks=True)
    with started(made.url, state, "planner", log=folder / "planner.log"):
        desk = PhoneDesk(made, state)
        try:
            yield desk
        finally:
            desk.close()
    server.drop(made)
