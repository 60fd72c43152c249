"""The page of calls: headquarters' server, a clerk of the phone desk, a household with a slip."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from city.position import Position
from city.staff import Role
from data.database import transaction
from operations.household.links import new_links
from operations.serving import utc_now
from tests.browser.alertserver import AlertDesk, alert_desk
from tests.integration.databases import Server
from tests.integration.staffed import Signed

LABEL = "K9-17"
_HOME = """
SELECT h.number, ST_Y(h.geom), ST_X(h.geom) FROM household h
JOIN area a ON a.load_id = h.load_id AND a.kind = 'chome' AND ST_Covers(a.geom, h.geom)
WHERE a.name = '下浅瀬一丁目' ORDER BY h.number LIMIT 1
"""


@dataclass
class CallDesk:
    """A clerk, and two officers who release alerts elsewhere."""

    alerts: AlertDesk
    clerk: Signed
    writer: Signed
    approver: Signed

    def opened(self, browser: Browser, **context: Any) -> Page:
        """The page of calls, once the alerts have come."""
        pages = browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "locale": "ja-JP", **context}
        )
        url = self.alerts.hq.url
        pages.add_cookies([{"name": self.clerk.cookie, "value": self.clerk.token, "url": url}])
        page = pages.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.alerts.hq.said.append(str(error)))
        page.goto(f"{url}/phone/calls")
        page.locator("#coming").wait_for(state="hidden")
        return page

    def sent(self, **changes: Any) -> tuple[int, int]:
        """(case, revision's id) of an alert that two people released."""
        number = self.alerts.sent(self.writer, self.approver, **changes)
        return int(self.alerts.whole(number)["alert"]), number

    def answers(self) -> list[tuple[Any, ...]]:
        """The revisions for which somebody counts as reached by voice."""
        query = "SELECT revision_id FROM confirmation WHERE how = 'voice' ORDER BY id"
        return self.alerts.hq.database.rows(query)


@contextmanager
def call_desk(server: Server, plan: tuple[str, Path], folder: Path) -> Iterator[CallDesk]:
    """A household of `alerted.AREA` has a slip that is called `LABEL`."""
    with alert_desk(server, plan, folder) as alerts:
        database, now = alerts.hq.database, utc_now()
        code = database.one("SELECT code FROM city_load WHERE current")
        ((number, lat, lon),) = database.rows(_HOME)
        slips = [(number, Position(lat, lon), LABEL)]
        with transaction(alerts.engine, latest=True) as connection:
            new_links(connection, code, slips, now=now, expires_at=now + timedelta(days=1))
        hq = alerts.hq
        people = (hq.officer(Role.PHONE), hq.officer(Role.OPERATOR), hq.officer(Role.APPROVER))
        yield CallDesk(alerts, *people)
