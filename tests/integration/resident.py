"""A resident at the public pages of reporting, with a browser that knows no script."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Engine

from operations.observing.deciding import decide
from operations.serving import utc_now
from tests.integration.observed import OFFICER
from tests.integration.registerhouse import House
from tests.integration.small_city import position

HERE = (6.5, 3.0)
"""On a street of the small city."""


@dataclass
class Resident:
    """Whoever reports over the app of a house."""

    house: House

    @property
    def engine(self) -> Engine:
        """The database behind it."""
        return self.house.office.engine

    def fresh(self) -> None:
        """From now on another browser."""
        self.house.client.cookies.clear()

    def get(self, path: str, status: int = 200) -> str:
        """A page, that nobody keeps."""
        return checked(self.house.client.get(path), status)

    def post(self, path: str, fields: Mapping[str, str], status: int = 200) -> str:
        """Send a form."""
        return checked(self.house.client.post(path, data=fields), status)

    def placed(self, kind: str = "slide", at: tuple[float, float] = HERE) -> str:
        """The page for a few words, after the position of a phone."""
        lat, lon = position(*at)
        return self.post("/report/place", {"kind": kind, "lat": str(lat), "lon": str(lon)})

    def report(self, kind: str = "slide") -> str:
        """Report with what the pages hold; returns the receipt."""
        return self.post("/report", hidden(self.placed(kind)))

    def photo(self, receipt: str, content: bytes, status: int = 200, name: str = "a.jpg") -> str:
        """Send a picture by the form of the receipt."""
        files = {"photo": (name, content, "image/jpeg")}
        sent = self.house.client.post("/report/photo", data=hidden(receipt), files=files)
        return checked(sent, status)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        return self.house.rows(query)

    def say(self, to: Any, outcome: str = "") -> None:
        """Headquarters decides on the only report."""
        ((number,),) = self.rows("SELECT id FROM observation")
        decide(self.engine, OFFICER, number, to, now=utc_now(), outcome=outcome)


def checked(found: httpx.Response, status: int) -> str:
    """The text of an answer that no cache keeps."""
    assert found.status_code == status, found.text
    assert found.headers["cache-control"] == "no-store"
    return found.text


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's last form with any of them."""
    forms = [
        one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'type="hidden"' in one
    ]
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', forms[-1])
    return {name: html.unescape(value) for name, value in found}
