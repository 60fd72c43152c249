"""The field page without a server: its files as they are, a street grid, a city that takes all."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, Request, Route

from api.staff.reportbodies import LINK
from city.staff import Caller, CallerKind, Role
from tests.browser.fieldphone import PHONE, ready
from tests.unit.web.ground import at, ground
from web.assets import find_asset
from web.staff.field import field_page
from web.staff.fieldstreets import streets_of

URL = "http://localhost"
API = "/api/v1/field/"
TEAM = Caller(CallerKind.DEVICE, 5, "第2現地班", frozenset({Role.FIELD}))
HERE = at(450, 450)
"""In the middle of a block: the nearest street is 50 m away."""


@dataclass
class Alone:
    """What the page is answered; `said` goes with every report that is taken, `broken` what fails
    in the page.
    """

    up: bool = True
    streets: bool = True
    said: dict[str, Any] = field(default_factory=dict)
    taken: list[dict[str, Any]] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        """One request: a file, or what is asked of the city."""
        path = urlsplit(route.request.url).path
        asset = find_asset(path.removeprefix("/static/"))
        if path == "/field":
            page = field_page(ground(), "1", caller=TEAM, csrf="a", link=LINK, most_streets=200)
            route.fulfill(body=page, content_type="text/html; charset=utf-8")
        elif asset:
            route.fulfill(body=asset.body, content_type=asset.media_type)
        elif path == f"{API}streets" and self.streets:
            (column,), (row,) = parse_qs(urlsplit(route.request.url).query).values()
            route.fulfill(json=streets_of(ground(), int(column), int(row)))
        elif self.up and path.startswith(API):
            self.speak(route, path.removeprefix(API))
        else:
            route.abort()

    def speak(self, route: Route, path: str) -> None:
        """As a city that answers."""
        if path.startswith("uploads"):
            return self.upload(route)
        told: dict[str, Any] = {"mission": None, "reports": [self.mine(one) for one in self.taken]}
        if route.request.method == "POST":
            body = json.loads(route.request.post_data or "")
            self.taken.append(body)
            told = {"id": body["id"], "status": "taken", "words": "届きました。", **self.said}
        return route.fulfill(json=told | {"server_now": datetime.now(UTC).isoformat()})

    def upload(self, route: Route) -> None:
        """All of an original that comes."""
        request: Request = route.request
        if request.method == "PATCH":
            self.pieces.append(len(request.post_data_buffer or b""))
        offset = {"upload-offset": str(sum(self.pieces)), "location": f"{URL}{API}uploads/1"}
        route.fulfill(status=201 if request.method == "POST" else 204, headers=offset)

    @staticmethod
    def mine(body: dict[str, Any]) -> dict[str, Any]:
        """A report that was taken, as the list of one's own has it."""
        asked = {"id": body["id"], "kind": body["kind"], "seen_at": body["at"], "streets": []}
        return asked | {"state": "reported", "effect": "none", "outcome": "", "set_aside": ""}


@contextmanager
def alone(browser: Browser) -> Iterator[tuple[Page, Alone]]:
    """The page, ready, on a phone that knows where it is."""
    city = Alone()
    context = browser.new_context(
        viewport=PHONE,
        locale="ja-JP",
        service_workers="block",
        permissions=["geolocation"],
        geolocation={"longitude": HERE.lon, "latitude": HERE.lat, "accuracy": 12},
    )
    context.set_default_timeout(10_000)
    context.route("**/*", city.answer)
    page = context.new_page()
    page.on("pageerror", lambda error: city.broken.append(str(error)))
    page.goto(f"{URL}/field")
    ready(page)
    try:
        yield page, city
    finally:
        context.close()


def press(page: Page, *places: tuple[float, float]) -> None:
    """Press the map, each so many pixels to the right of its middle and below it."""
    for right, down in places:
        box = page.locator("#map").bounding_box()
        assert box
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.click(middle[0] + right, middle[1] + down)
