"""A night of alerts: level 3, level 4 with a changed area, a cancelled alert, level 5, all-clear.

Two people at headquarters, a worker as a process, LINE, SMS and mail as peers that count; the
ledger accounts for every household after each step.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from alerts.kinds import ChannelKind, Status
from data.database import transaction
from operations.delivery.confirming import How, confirm
from tests.chaos.delivery_night import CARRIERS
from tests.integration.alerted import ALERTS, AREA, OTHER, WORDING, Headquarters, headquarters
from tests.integration.databases import Database
from tests.integration.outbox import ADDRESSES, Outbox, everything
from tests.integration.processes import started, wait_for
from tests.peers.controls import LineControl, SmscControl
from tests.peers.running import line_server, smsc, smtp_server

LINE, SMS, MAIL = ChannelKind.LINE, ChannelKind.SMS, ChannelKind.MAIL
WHY_3 = "川の水が、増えています。"


@dataclass
class Night:
    """Headquarters, the people who registered, and what the carriers' peers count."""

    hq: Headquarters
    outbox: Outbox
    line: LineControl
    sms: SmscControl
    homes: int

    def got(self, kind: ChannelKind, number: int) -> int:
        """How many messages somebody got on a way."""
        control = self.line if kind is LINE else self.sms
        return int(control.counts().get(ADDRESSES[kind].format(number).removeprefix("+"), 0))

    def sent(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Release it and wait until what is due was handed over."""
        released = self.hq.send(shown)
        number = released["number"]

        def due_is_done() -> bool:
            waiting = self.hq.database.rows(
                "SELECT v.id FROM alert_revision v LEFT JOIN alert_chunk c"
                " ON c.revision_id = v.id AND c.done_at IS NULL AND c.ready_at <= now()"
                " WHERE v.expanded_at IS NULL AND v.state IN ('approved', 'sending')"
                " OR c.id IS NOT NULL AND v.stopped_at IS NULL"
            )
            return (number,) not in waiting

        wait_for("what is due was handed over", due_is_done)
        return released

    def ledger(self, number: int) -> dict[str, int]:
        """The ledger, which accounts for every household of the area, once."""
        told = self.hq.get(f"{ALERTS}/{number}/ledger")
        shown = self.hq.get(f"{ALERTS}/{number}")
        assert sum(told["households"].values()) == told["all"] == shown["blast"]["households"]
        found: dict[str, int] = told["households"]
        return found


@pytest.fixture
def night(
    town_engine: Engine, town_database: Database, with_plan: tuple[str, Path], tmp_path: Path
) -> Iterator[Night]:
    with ExitStack() as stack:
        hq = stack.enter_context(headquarters(town_engine, town_database, with_plan[1]))
        line = stack.enter_context(line_server())
        sms = stack.enter_context(smsc())
        mail = stack.enter_context(smtp_server())
        code = town_database.one("SELECT code FROM city_load WHERE current")
        outbox = Outbox(town_engine, tmp_path, datetime.now(UTC), code)
        file = tmp_path / "carriers.toml"
        file.write_text(CARRIERS.format(line=line.origin, sms=sms.port, mail=mail.port))
        file.chmod(0o600)
        more = {"NIGEMICHI_CARRIERS": str(file), "NIGEMICHI_KEYS": str(tmp_path / "keys.toml")}
        log = tmp_path / "deliver.log"
        stack.enter_context(
            started(town_database.url, tmp_path / "s", "deliver", log=log, more=more)
        )
        homes = town_database.one("SELECT count(*) FROM household")
        yield Night(hq, outbox, line, sms, homes)


def home_in(night: Night, area: str) -> int:
    """The number of a household there."""
    found = night.hq.database.rows(
        "SELECT a.name, h.number FROM household h JOIN area a ON a.load_id = h.load_id"
        " AND a.number = h.area"
    )
    return int(next(number for name, number in found if name == area))


def test_a_night_from_level_3_to_the_all_clear(night: Night) -> None:
    hq, outbox = night.hq, night.outbox
    first, second = home_in(night, AREA), home_in(night, OTHER)
    (taps,) = outbox.register(1, LINE, SMS, area=AREA, household=first)
    (waits,) = outbox.register(1, SMS, area=AREA)
    (later,) = outbox.register(1, LINE, area=OTHER, household=second)
    outbox.register(1, LINE, area=AREA, status=Status.EXERCISE)

    three = night.sent(hq.draft(level=3, areas=[AREA], reason=WHY_3))
    assert [night.got(LINE, n) for n in (taps, later)] == [1, 0]
    assert night.got(SMS, waits) == 1
    assert night.ledger(three["number"])["followed"] == 1, "the SMS of who has LINE waits"
    with transaction(hq.engine, latest=True) as connection:
        assert (
            confirm(connection, taps, How.TAP, datetime.now(UTC), shown=everything(connection)) == 1
        )
    assert night.ledger(three["number"])["confirmed"] == 1

    alert = three["alert"]
    four = night.sent(hq.revise(alert, step="update", level=4, areas=[AREA, OTHER]))
    assert [night.got(LINE, n) for n in (taps, later)] == [2, 1]
    assert night.got(SMS, waits) == 2
    assert hq.orders() == [("flood", 4, sorted([AREA, OTHER]))]
    assert night.ledger(four["number"])["confirmed"] == 0, "a tap at level 3 is none at level 4"

    wrong = night.sent(hq.draft(hazard="landslide", level=3, areas=[OTHER], reason=WHY_3))
    undone = hq.revise(
        wrong["alert"],
        hazard="landslide",
        level=3,
        step="cancel",
        areas=[OTHER],
        reason="区域を間違えました。",
    )
    night.sent(undone)
    assert hq.get(f"{ALERTS}/{wrong['number']}")["stopped_at"] is not None
    assert [order[0] for order in hq.orders()] == ["flood"]
    assert night.got(LINE, later) == 3

    five = night.sent(hq.revise(alert, step="update", level=5, areas=[AREA, OTHER]))
    assert hq.orders() == [("flood", 5, sorted([AREA, OTHER]))]
    assert night.got(SMS, taps) == 1, "at level 5 no way waits for another"
    sites = [name for (name,) in hq.database.rows("SELECT name FROM evacuation_site")]
    words = str(five["rendered"]["messages"])
    assert [name for name in sites if name in words] == []

    clear = night.sent(
        hq.revise(alert, step="all_clear", level=5, areas=[AREA, OTHER], reason="水が引きました。")
    )
    assert hq.orders() == []
    assert [night.got(LINE, n) for n in (taps, later)] == [4, 5]
    night.ledger(clear["number"])
    drilled = hq.database.one(
        "SELECT count(*) FROM delivery d JOIN recipient r ON r.id = d.recipient_id"
        " WHERE r.status = 'Exercise'"
    )
    assert drilled == 0


def test_break_glass_with_one_officer_awake_is_out_within_two_minutes(night: Night) -> None:
    hq, outbox = night.hq, night.outbox
    (sleeper,) = outbox.register(1, LINE, SMS, area=AREA)
    named = {"staff": hq.writer.caller.id, "duty": "break_glass"}
    hq.well(hq.ask(hq.approver, f"{WORDING}/delegates", named))
    shown = hq.draft(level=5)
    seen = {"digest": shown["digest"], "second_look": True}
    why = "三時五分、承認者に連絡がつかない"
    sent = hq.well(hq.decide(hq.writer, shown["number"], "send_alone", **seen, why=why))
    within = wait_for("it is out", lambda: night.got(LINE, sleeper) == 1, 120)
    assert within < 120
    assert (sent["alone"], sent["countersigned_at"]) == (True, None)
    waiting = [one for one in hq.get(ALERTS)["alerts"] if one["alone"]]
    assert [one["countersigned_at"] for one in waiting] == [None], "it is asked for"
    assert hq.orders() == [("flood", 5, [AREA])]


def test_with_line_and_sms_down_the_radio_pack_is_in_the_print_queue_unasked(
    night: Night,
) -> None:
    hq, outbox = night.hq, night.outbox
    outbox.register(2, LINE, SMS, area=AREA)
    night.line.behave("off")
    night.sms.behave("off")
    number = hq.send(hq.draft())["number"]

    def papers() -> dict[str, bytes]:
        rows = hq.database.rows(
            "SELECT revision_id, paper, pdf FROM print_job WHERE pdf IS NOT NULL"
        )
        return {paper: pdf for revision, paper, pdf in rows if revision == number}

    wait_for("the loudspeaker's script", lambda: "loudspeaker" in papers(), 10)
    wait_for("the radio pack", lambda: "pack" in papers(), 60)
    assert papers()["pack"].startswith(b"%PDF")
    night.line.behave("ok")
    night.sms.behave("ok")
    wait_for("they got it when LINE was back", lambda: night.line.summary()["recipients"] == 2, 90)
