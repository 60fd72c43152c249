"""Headquarters' page of alerts: a real server, a city whose words are adopted, officers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from alerts.kinds import AlertKind
from alerts.life import Duty
from city.staff import Role
from data.database import transaction
from hazards.kinds import AlertLevel, HazardKind
from operations.alerts import adopting, board, deciding, delegating, drafting
from operations.alerts.deciding import Seen
from operations.alerts.draft import Draft
from operations.serving import utc_now
from tests.browser.hqserver import SCREEN, Headquarters, headquarters
from tests.integration.alerted import AREA, READINGS
from tests.integration.databases import Database, Server
from tests.integration.staffed import Signed

REASON = "川の水が、あふれるおそれがあります。"


@dataclass
class AlertDesk:
    """The server, and what is done in its city besides the browser."""

    hq: Headquarters

    @property
    def engine(self) -> Engine:
        """Of its database."""
        return self.hq.engine

    def opened(self, browser: Browser, officer: Signed, at: str = "", **context: Any) -> Page:
        """The page as that officer sees it, once the list has come; `at`: what follows the path."""
        pages = browser.new_context(**{"viewport": SCREEN, "locale": "ja-JP", **context})
        pages.add_cookies([{"name": officer.cookie, "value": officer.token, "url": self.hq.url}])
        page = pages.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self.hq.said.append(message.text))
        page.on("pageerror", lambda error: self.hq.said.append(str(error)))
        page.goto(f"{self.hq.url}/hq/alerts{at}")
        page.locator("#alerts[data-ready]").wait_for()
        return page

    def draft(self, by: Signed, *, alert: int | None = None, **changes: Any) -> int:
        """A draft by somebody elsewhere; returns its number."""
        values: dict[str, Any] = {
            "kind": AlertKind.EVACUATION,
            "hazard": HazardKind.FLOOD,
            "level": AlertLevel.ALL_LEAVE,
            "areas": (AREA,),
            "reason": REASON,
        }
        given = Draft(**(values | changes))
        return drafting.draft(self.engine, by.caller, given, alert=alert, now=utc_now())

    def submitted(self, by: Signed, **changes: Any) -> int:
        """One that waits for an approver."""
        number = self.draft(by, **changes)
        drafting.submit(self.engine, by.caller, number, now=utc_now())
        return number

    def sent(self, by: Signed, approver: Signed, **changes: Any) -> int:
        """One that two people released."""
        number = self.submitted(by, **changes)
        seen = Seen(self.whole(number)["digest"], second_look=True)
        deciding.approve(self.engine, approver.caller, number, seen, now=utc_now())
        return number

    def named(self, by: Signed, officer: Signed) -> None:
        """An approver names an officer who may send alone."""
        number = officer.caller.id
        assert number is not None
        delegating.name(self.engine, by.caller, number, Duty.BREAK_GLASS)

    def whole(self, number: int) -> dict[str, Any]:
        """A revision as the API tells it."""
        with transaction(self.engine) as connection:
            return board.whole(connection, number, utc_now())

    def adopt_words(self, *, leave_out: str = "") -> None:
        """An approver answers for all words, and says how the names are read."""
        by = self.hq.officer(Role.APPROVER).caller
        with transaction(self.engine, latest=True) as connection:
            keys = [one["key"] for one in adopting.list_templates(connection)]
        kept = [key for key in keys if not leave_out or leave_out not in key]
        adopting.adopt_all(self.engine, by, kept, now=utc_now())
        for name, kana in READINGS.items():
            adopting.confirm_reading(self.engine, by, name, kana, now=utc_now())


@contextmanager
def alert_desk(server: Server, plan: tuple[str, Path], folder: Path) -> Iterator[AlertDesk]:
    """A server of `nigemichi serve` while the block runs. Words of lifelines are not adopted; each
    area has 30 households at one spot, for a cell of fewer than ten is not shown.
    """
    with headquarters(server, plan, folder) as hq:
        made = AlertDesk(hq)
        lived_in(hq.database)
        made.adopt_words(leave_out="lifeline")
        yield made


def lived_in(database: Database) -> None:
    """Nothing is ordered in the city, and people live in it."""
    database.rows("DELETE FROM evacuation_order RETURNING 1")
    database.rows(
        "INSERT INTO household (load_id, number, area, persons, geom)"
        " SELECT load_id, number * 1000 + n, number, 3, ST_PointOnSurface(geom)"
        " FROM area, generate_series(1, 30) AS n WHERE kind = 'chome' RETURNING 1"
    )
