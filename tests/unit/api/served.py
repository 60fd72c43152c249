"""A state folder as the planner leaves it, made of a small city without a database."""

import warnings
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import shapely

from api.app import create
from data import mapped
from data.cityfile import read_city_file
from data.groundwork import ground_of
from data.report import LoadReport
from data.sources import read_sources
from hazards.closure import ObservedWater
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from routing.ground import in_metres
from routing.picture import Picture
from routing.version import PlanVersion
from shelters.place import Opening, SiteState
from tests.basis import save_basis
from tests.integration.small_city import box, position

with warnings.catch_warnings():
    # Starlette prefers httpx2; httpx does for these tests.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

__all__ = ["ALL_SOUTH", "NORTH", "OUTSIDE", "SLOPE", "SOUTH", "Served", "TestClient", "order"]

NORTH = dict(zip(("lat", "lon"), position(4.4, 5.1), strict=True))
"""A door outside every zone."""
SOUTH = dict(zip(("lat", "lon"), position(3.4, 1.1), strict=True))
"""A door in water of rank 2 (up to 3 m) for up to 24 hours."""
SLOPE = dict(zip(("lat", "lon"), position(6.8, 6.7), strict=True))
"""A door below a slope."""
OUTSIDE = dict(zip(("lat", "lon"), position(60, 60), strict=True))


def order(level: int, hazard: HazardKind = HazardKind.FLOOD) -> EvacuationOrder:
    """An order for the whole city."""
    issued = datetime.now(UTC) - timedelta(minutes=12)
    return EvacuationOrder(1, hazard, AlertLevel(level), (), None, issued)


class Served:
    """The small city, served from a state folder; `publish` puts another picture in force."""

    def __init__(self, city_file: Path, state: Path) -> None:
        file = read_city_file(city_file)
        rows = read_sources(file, LoadReport(""), lambda _: None)
        self.state = state
        self.home = mapped.home(state)
        self.home.mkdir(parents=True)
        self.ground = ground_of(file.card, file.rules, rows)
        mapped.whole_folder(self.home / "ground-1", lambda folder: save_basis(folder, self.ground))
        self.number = 0
        self.publish()

    def publish(self, *orders: EvacuationOrder, water: Mapping[str, Any] | None = None) -> None:
        """Put these orders and this observed water in force, now."""
        now = datetime.now(UTC)
        self.number += 1
        states = {site.id: SiteState(Opening.UNCONFIRMED) for site in self.ground.sites}
        states["E1"] = SiteState(Opening.OPEN, now - timedelta(minutes=90))
        seen: tuple[ObservedWater, ...] = ()
        if water is not None:
            (area,) = in_metres([shapely.geometry.shape(water)], self.ground.metres)
            seen = (ObservedWater(1, "現地班", area, now),)
        numbered = tuple(replace(one, id=n) for n, one in enumerate(orders, start=1))
        picture = Picture(self.number, now, numbered, seen, (), states)
        version = PlanVersion.of(self.number, self.ground, picture)
        name = f"version-{self.number}"
        mapped.whole_folder(
            self.home / name,
            lambda folder: mapped.save_version(folder, version, mapped.Origin("1")),
        )
        mapped.publish(self.home, name)
        self.checked(now)

    def checked(self, at: datetime) -> None:
        """Say when the planner last looked."""
        mapped.say_checked(self.home, at)

    def client(self, *, raise_server_exceptions: bool = True) -> TestClient:
        """A client; its `with` block starts and ends the app."""
        app = create(self.state)
        return TestClient(app, raise_server_exceptions=raise_server_exceptions)


ALL_SOUTH = box(-2, -2, 9, 2.8)
