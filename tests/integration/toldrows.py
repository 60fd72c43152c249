"""Revisions that went out, straight in the tables of a loaded city: what is to be published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from geoalchemy2.shape import from_shape
from shapely.geometry import box
from sqlalchemy import Engine

from alerts.kinds import Status, Step
from data import inforce, tables
from data.alerts import revisions
from data.database import transaction
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind

INWARD = "only for headquarters"
AREA = box(139.30, 35.65, 139.32, 35.66)
BORN = datetime(2026, 10, 13, 2, 14, tzinfo=UTC)


def rendered(words: str) -> dict[str, Any]:
    """As `alerts.wording` renders, as far as it is published, and what is not."""
    web = {"title": words, "paragraphs": ["川の水位が、上がっています。", "逃げること。"]}
    english = {"title": f"{words} (English)", "paragraphs": ["The river rises.", "Leave."]}
    return {
        "messages": {"web": {"ja": web, "en": english}, "sms": {"ja": {"text": INWARD}}},
        "actions": {"ja": ["逃げること。"], "en": ["Leave."]},
    }


@dataclass
class Told:
    """A loaded city, and a clock that stands where the test puts it."""

    engine: Engine
    now: datetime = BORN

    def clock(self) -> datetime:
        return self.now

    def pass_time(self, **lasting: float) -> None:
        self.now += timedelta(**lasting)

    def alert(self, status: Status = Status.ACTUAL, kind: str = "evacuation") -> int:
        """A new case."""
        with transaction(self.engine, latest=True) as connection:
            code = current_load(connection).code
            values = {"city_code": code, "status": status, "kind": kind}
            query = tables.alert.insert().values(**values).returning(tables.alert.c.id)
            return int(connection.execute(query).scalar_one())

    def revision(
        self,
        alert: int,
        words: str = "避難指示",
        *,
        step: Step = Step.ISSUE,
        state: str = "approved",
        areas: Sequence[str] = ("下浅瀬一丁目", "川岸町"),
        **values: Any,
    ) -> int:
        """A revision in that state, as headquarters would leave it; returns its id."""
        with transaction(self.engine, latest=True) as connection:
            row = revisions.add_revision(
                connection,
                alert,
                city_code=current_load(connection).code,
                step=step,
                area_names=list(areas),
                whole_city=not areas,
                geom=from_shape(AREA, srid=4326) if areas else None,
                segment={"names": [INWARD]},
                **{"subject": "", "reason": "川の水位が、上がっています。", "action": ""},
                **{"hazard": "flood", "level": 4, "made_by": 77, "made_at": self.now},
                **{"submitted_by": 78, "decided_by": 79, "decided_at": self.now},
                **{"decided_why": INWARD, "glass_why": INWARD, "stopped_why": INWARD},
                blast={"households": 4242, "note": INWARD},
                expires_at=self.now + timedelta(hours=2),
            )
            revisions.change(
                connection, row.id, **{"state": state, "rendered": rendered(words)} | values
            )
            return int(row.id)

    def stop(self, number: int) -> None:
        """Nothing more of a revision is sent, from now by this clock."""
        with transaction(self.engine, latest=True) as connection:
            revisions.stop(connection, [number], "staff:79", INWARD, self.now)

    def order(self, alert: int) -> int:
        """An order that stands for the alert."""
        with transaction(self.engine, latest=True) as connection:
            number = inforce.add_order(
                connection,
                current_load(connection).code,
                hazard=HazardKind.FLOOD,
                level=AlertLevel.ALL_LEAVE,
                area_names=["下浅瀬一丁目"],
                area=AREA,
            )
            revisions.add_order(connection, alert, number)
            return number

    def lift(self, order: int) -> None:
        """The order ends, now by this clock."""
        with transaction(self.engine, latest=True) as connection:
            table = tables.evacuation_order
            query = table.update().where(table.c.id == order).values(ended_at=self.now)
            connection.execute(query)
