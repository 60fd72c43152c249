"""Reports in the small city, as teams, residents and headquarters send them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import shapely
from sqlalchemy import Engine

from city.staff import PUBLIC, Caller, CallerKind, Role
from hazards.observation import Draft, ObservationKind, ObservationState, SourceKind
from operations.observing.deciding import DecidedReport, decide
from operations.observing.report import GivenReport, TakenReport, report
from operations.serving import utc_now
from tests.integration.small_city import position

FIELD = Caller(CallerKind.STAFF, 7, "第2現地班", frozenset({Role.FIELD}))
DRONE = Caller(CallerKind.DEVICE, 3, "ドローン1", frozenset({Role.FIELD}))
OFFICER = Caller(CallerKind.STAFF, 1, "本部", frozenset({Role.OPERATOR}))
APPROVER = Caller(CallerKind.STAFF, 2, "承認者", frozenset({Role.APPROVER}))


def seen(
    x: float,
    y: float,
    kind: ObservationKind = ObservationKind.SLIDE,
    *,
    error_m: float | None = 12.0,
    at: datetime | None = None,
) -> Draft:
    """Something at (x, y) streets of the small city."""
    lat, lon = position(x, y)
    return Draft(kind, shapely.Point(lon, lat), error_m, at)


@dataclass
class Reporting:
    """Whoever reports into a database."""

    engine: Engine
    given: list[UUID] = field(default_factory=list)

    def send(
        self,
        draft: Draft,
        by: Caller = PUBLIC,
        *,
        photo: bool = False,
        number: UUID | None = None,
        now: datetime | None = None,
        **more: Any,
    ) -> TakenReport:
        """Report something."""
        known = by.kind is not CallerKind.PUBLIC
        kind = SourceKind.FIELD if known else SourceKind.PUBLIC
        source = by.actor if known else ""
        one = GivenReport(number or uuid4(), draft, kind, source, photo=photo, **more)
        self.given.append(one.id)
        return report(self.engine, by, one, now or utc_now())

    def say(self, number: UUID, to: ObservationState, by: Caller = OFFICER) -> DecidedReport:
        """Headquarters decides."""
        return decide(self.engine, by, number, to, now=utc_now())
