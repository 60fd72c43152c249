"""A desk's server in one process: the real page, and a small city that keeps head counts by id."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from api import maps
from api.caller import CALLER, CSRF
from api.headers import SafeHeaders
from api.staff import deskpage
from api.state import Service
from city.staff import Caller, CallerKind, Role
from operations.live.hub import LiveHub
from operations.people.auditing import Refusals
from operations.serving import CurrentVersion
from shelters.counting import CountKind, HeadCount, figure
from shelters.doubts import moment_of
from tests.unit.api.served import Served

TABLET = Caller(CallerKind.DEVICE, 5, "田中", frozenset({Role.DESK}), site_id="E1")
CLERK = Caller(CallerKind.STAFF, 3, "佐藤", frozenset({Role.OPERATOR}))
HALF_HOUR = timedelta(minutes=30)
NOT_KNOWN = "この避難場所はありません。"


class City:
    """What the city knows of one place; every count once, by its id.

    `slow_s` is how long the next counts are on their way, `slow_back_s` how long every answer to a
    look at the place is. Its own token keeps out what a page of the test before has still on its
    way.
    """

    def __init__(self) -> None:
        self.counts: dict[str, dict[str, Any]] = {}
        self.posts = 0
        self.sent: list[str] = []
        self.needs: list[dict[str, Any]] = []
        self.persons: int | None = None
        self.counted_at: datetime | None = None
        self.opening = "open"
        self.opening_since: datetime | None = None
        self.said: list[str] = []
        self.slow_s = 0.0
        self.slow_back_s = 0.0
        self.held: list[dict[str, Any]] = []
        self.unreadable: set[int] = set()
        self.revoked = False
        self.csrf = uuid4().hex
        self.clock = timedelta(0)
        self.rooms: dict[str, dict[str, Any]] = {}

    def now(self) -> datetime:
        """The city's clock."""
        return datetime.now(UTC) + self.clock

    def room(self, key: str, name: str, capacity: int, persons: int, **values: Any) -> None:
        """Add a room."""
        plain = {"meant_for": "general", "overflow": False, "in_use": True}
        row = {"room": key, "name": name, "capacity": capacity, "persons": persons}
        self.rooms[key] = plain | row | values

    def take(self, count: dict[str, Any]) -> dict[str, Any]:
        """Take a count, once."""
        if count["id"] in self.counts:
            return {"id": count["id"], "status": "known", "flags": []}
        self.counts[count["id"]] = count
        persons, change = count["persons"], count["kind"] == "change"
        after = (self.persons or 0) + persons if change else persons
        if after < 0 or (after > 2200 and not count["confirmed"]):
            flags = ["negative" if after < 0 else "ten_times"]
            row = {"id": count["id"], "persons": persons, "kind": count["kind"]}
            self.held.append(row | {"flags": flags, "counted_at": count["at"]})
            return {"id": count["id"], "status": "held", "flags": flags}
        if count["room"]:
            self.rooms[count["room"]]["persons"] += persons
        if count["kind"] != "still":
            self.persons = after
        self.counted_at = self.now()
        return {"id": count["id"], "status": "applied", "flags": []}

    def reckoned(self) -> int | None:
        """How many are inside by the city's own rules, from the moments as they were sent."""
        return figure(
            HeadCount(
                one["id"],
                CountKind(one["kind"]),
                one["persons"],
                moment_of(
                    datetime.fromisoformat(one["at"]), sent_at=one["sent"], now=one["received"]
                ).at,
                undoes=one["undoes"],
            )
            for one in self.counts.values()
        ).persons

    def state(self) -> dict[str, Any]:
        """The staff's state of the place."""
        at = self.counted_at
        return {
            "id": "E1",
            "opening": self.opening,
            "opening_since": self.opening_since and self.opening_since.isoformat(),
            "raw_persons": self.persons,
            "raw_band": None,
            "raw_capacity": 220,
            "raw_counted_at": at.isoformat() if at else None,
            "raw_unknown_after": (at + HALF_HOUR).isoformat() if at else None,
            "below_zero": False,
            "raw_counted_by": "係員",
            "rooms": list(self.rooms.values()),
            "held": self.held,
            "needs": self.needs,
            "thresholds": {"some": 0.6, "crowded": 0.8, "full": 1.0},
        }


class DeskServer:
    """The page on a port of its own; `city` may be changed while it runs."""

    def __init__(self, city_file: Path, state: Path) -> None:
        self.served = Served(city_file, state)
        self.caller = TABLET
        self.city = City()
        self.others: dict[str, City] = {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        config = uvicorn.Config(self._app(state), port=port, log_level="critical", ws="none")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)

    def place(self, site: str) -> City | None:
        """What the city knows of a place, None where it knows no such place."""
        return self.city if site == "E1" else self.others.get(site)

    def close(self) -> None:
        """End the server."""
        self.server.should_exit = True
        self.thread.join()

    def _app(self, state: Path) -> FastAPI:
        app, current = FastAPI(), CurrentVersion(state)
        current.try_refresh()
        app.state.service = Service(current, LiveHub(state, None, None))
        app.state.refusals = Refusals(None)
        app.include_router(deskpage.router)
        app.include_router(maps.router)
        self._routes(app)

        @app.middleware("http")
        async def _gate(
            request: Request, go_on: Callable[[Request], Awaitable[Response]]
        ) -> Response:
            request.scope[CALLER], request.scope[CSRF] = self.caller, self.city.csrf
            path, ours = request.url.path, request.headers.get("x-csrf-token") == self.city.csrf
            if self.city.revoked and not path.startswith("/static/"):
                return _problem(401, "この端末は止められています。")
            if request.method == "POST" and not ours:
                return _problem(403, "画面を開き直してください。")
            return await go_on(request)

        app.add_middleware(SafeHeaders)
        return app

    def _routes(self, app: FastAPI) -> None:
        def answer(**values: Any) -> dict[str, Any]:
            return {**values, "server_now": self.city.now().isoformat()}

        @app.get("/api/v1/desk/site", response_model=None)
        async def site(site: str) -> dict[str, Any] | Response:
            city = self.place(site)
            if city is None:
                return _problem(404, NOT_KNOWN)
            found = answer(**city.state())
            await asyncio.sleep(city.slow_back_s)
            return found

        @app.post("/api/v1/desk/counts", response_model=None)
        async def counts(request: Request) -> dict[str, Any] | Response:
            body = await request.json()
            city, given = self.place(body["site"]), body["counts"]
            if city is None:
                return _problem(404, NOT_KNOWN)
            city.posts += 1
            if any(one["persons"] in city.unreadable for one in given):
                return _problem(422, "この人数は受け取れません。")
            slow_s, city.slow_s = city.slow_s, 0.0
            await asyncio.sleep(slow_s)
            when = {"sent": datetime.fromisoformat(body["sent_at"]), "received": city.now()}
            results = [city.take(one | when) for one in given]
            city.sent.append(body["sent_at"])
            return answer(results=results, site=city.state())

        @app.post("/api/v1/desk/needs")
        async def needs(request: Request) -> dict[str, Any]:
            given = (await request.json())["needs"]
            for one in given:
                received = {"state": "sent", "received_at": self.city.now().isoformat()}
                empty = {"answer": "", "answered_at": None, "expected_at": None}
                self.city.needs.append(one | received | empty)
                if one["kind"] == "danger":
                    self.city.opening = "endangered"
            results = [{"id": one["id"], "status": "sent"} for one in given]
            return answer(results=results, site=self.city.state())

        @app.post("/api/v1/desk/rooms")
        async def rooms(request: Request) -> dict[str, Any]:
            given = await request.json()
            self.city.rooms[given["room"]]["in_use"] = given["in_use"]
            return answer(site=self.city.state())

        @app.post("/api/v1/desk/opening")
        async def opening(request: Request) -> dict[str, Any]:
            self.city.opening = (await request.json())["opening"]
            self.city.said.append(self.city.opening)
            return answer(site=self.city.state())


def _problem(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail, "status": status}, status)
