"""Headquarters' page of the field: the small city with one bridge, a planner at work, teams."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from playwright.sync_api import Browser, Page

from city.staff import CONSOLE, Role
from data.database import connect
from hazards.kinds import AlertLevel, HazardKind
from hazards.observation import Draft, ObservationKind, ObservationState, SourceKind
from operations import changes
from operations.household.turnouts import set_turnout
from operations.observing.deciding import decide
from operations.observing.report import GivenReport, Thumbnail, report
from operations.planning.planner import Planner
from operations.serving import utc_now
from shelters.place import Opening
from tests.browser.hqserver import SCREEN, Headquarters, headquarters
from tests.integration.bridged import write_bridged_city
from tests.integration.databases import Server
from tests.integration.homed import load
from tests.integration.observed import seen
from tests.integration.staffed import Signed, a_tablet
from tests.pictures import a_photo


@dataclass
class FieldDesk:
    """The server, and what is reported in its city besides the browser."""

    hq: Headquarters
    folder: Path
    team: Signed
    drone: Signed

    def opened(self, browser: Browser, officer: Signed, **context: Any) -> Page:
        """The page as that officer sees it, read once and live."""
        pages = browser.new_context(**{"viewport": SCREEN, "locale": "ja-JP", **context})
        pages.add_cookies([{"name": officer.cookie, "value": officer.token, "url": self.hq.url}])
        page = pages.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self.hq.said.append(message.text))
        page.on("pageerror", lambda error: self.hq.said.append(str(error)))
        page.goto(f"{self.hq.url}/hq/field")
        page.locator("#fielddesk[data-ready][data-live-now]").wait_for()
        return page

    def reported(
        self,
        at: tuple[float, float],
        kind: ObservationKind = ObservationKind.SLIDE,
        *,
        by: Signed | None = None,
        photo: bool = True,
        error_m: float | None = 12.0,
        seed: int = 0,
        **more: Any,
    ) -> UUID:
        """A team reports something at (x, y) streets; by nobody known with `by` the public."""
        caller = (by or self.team).caller
        draft = seen(*at, kind, error_m=error_m)
        draft = Draft(draft.kind, draft.geometry, draft.error_m, None, **more)
        picture = Thumbnail(uuid4(), a_photo(240, 180, seed)) if photo else None
        given = GivenReport(
            uuid4(), draft, SourceKind.FIELD, caller.actor, photo=photo, thumbnail=picture
        )
        report(self.hq.engine, caller, given, utc_now())
        return given.id

    def by_public(self, at: tuple[float, float], kind: ObservationKind, **more: Any) -> UUID:
        """A resident reports something."""
        draft = seen(*at, kind, error_m=20)
        draft = Draft(draft.kind, draft.geometry, draft.error_m, None, **more)
        given = GivenReport(uuid4(), draft, SourceKind.PUBLIC, "")
        report(self.hq.engine, CONSOLE, given, utc_now())
        return given.id

    def say(self, number: UUID, to: ObservationState) -> None:
        """Another officer decides."""
        by = self.hq.officer(Role.OPERATOR).caller
        decide(self.hq.engine, by, number, to, now=utc_now(), outcome="電話で確認")

    def over(self) -> None:
        """Everything that was reported is over, and so nothing is shut."""
        live = "SELECT id FROM observation WHERE state IN ('reported', 'confirmed')"
        for (number,) in self.hq.database.rows(live):
            self.say(number, ObservationState.RESOLVED)

    def pass_minutes(self, minutes: int) -> None:
        """As if so much time had passed since everything that was said of closures."""
        for column in ("begun_at", "reviewed_at"):
            self.hq.database.rows(
                f"UPDATE closure SET {column} = {column} - interval '{minutes} minutes' RETURNING 1"  # noqa: S608
            )

    @contextmanager
    def planning(self) -> Iterator[None]:
        """A planner at work beside the server."""
        stop = threading.Event()
        planner = Planner(self.hq.engine, self.folder / "state")
        thread = threading.Thread(target=planner.run, args=(stop, lambda _: None))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@contextmanager
def field_desk(server: Server, migrated: str, folder: Path) -> Iterator[FieldDesk]:
    """A server of `nigemichi serve` while the block runs: all of the city is told to leave, and one
    bridge leads from the south to every open place.
    """
    made = server.create(migrated)
    engine = connect(made.url)
    load(engine, write_bridged_city(folder / "city"))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    everybody = {"level_4": 1, "zoned_level_4": 1}
    set_turnout(engine, CONSOLE, everybody, reason="試験", now=utc_now())
    changes.open_site(engine, "南公園", Opening.CLOSED)
    Planner(engine, folder / "first").catch_up()
    team = a_tablet(engine, None, Role.FIELD)
    drone = a_tablet(engine, None, Role.FIELD)
    engine.dispose()
    with headquarters(server, (made.name, folder / "first"), folder) as found:
        yield FieldDesk(found, folder, team, drone)
