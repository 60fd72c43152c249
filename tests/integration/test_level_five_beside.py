"""Level 5 comes while something lower is on its way: nobody under it is told to leave any more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.channels.port import Fate
from alerts.kinds import ChannelKind
from hazards.kinds import AlertLevel, HazardKind
from operations.alerts import papers
from operations.alerts.unasked import unasked
from operations.changes import lift_level, set_level
from tests.integration.alerted import ALERTS, AREA, OTHER, Headquarters
from tests.integration.outbox import Counting, Outbox

LINE, SMS = ChannelKind.LINE, ChannelKind.SMS
FIVE = AlertLevel.SECURE_NOW
LANDSLIDE = HazardKind.LANDSLIDE


@pytest.fixture
def outbox(hq: Headquarters, tmp_path: Path) -> Outbox:
    code = hq.database.one("SELECT code FROM city_load WHERE current")
    return Outbox(hq.engine, tmp_path, datetime.now(UTC), code)


def stopped_why(hq: Headquarters, number: int) -> str | None:
    return hq.database.one(f"SELECT stopped_why FROM alert_revision WHERE id = {number}")  # type: ignore[no-any-return]  # noqa: S608


def sent(outbox: Outbox, carrier: Counting, minutes: float) -> list[int]:
    """Who is handed something after so long."""
    outbox.pass_time(60 * minutes)
    outbox.work_off(outbox.slot(carrier))
    return sorted(carrier.taken)


def test_rule_04_level_5_stops_what_was_lower_all_over_its_area(
    hq: Headquarters, outbox: Outbox
) -> None:
    outbox.register(1, LINE, SMS, area=AREA)
    four = hq.send(hq.draft(level=4))["number"]
    notice = hq.send(
        hq.draft(
            kind="lifeline", hazard=None, level=None, subject="断水", action="水をためること。"
        )
    )
    outbox.now = datetime.now(UTC)
    outbox.expand()
    assert len(sent(outbox, Counting(LINE, remembers_s=86400), 0)) == 1
    hq.send(hq.draft(level=5, hazard="landslide"))
    assert "警戒レベル5" in str(stopped_why(hq, four))
    assert stopped_why(hq, notice["number"]) is None
    outbox.now = datetime.now(UTC)
    outbox.expand()
    sms = Counting(SMS)
    sent(outbox, sms, 11)
    revisions = {one.message["text"] for one in sms.batches}
    assert not any("避難指示" in text for text in revisions), revisions
    assert any("緊急安全確保" in text for text in revisions)


def test_rule_04_an_order_without_words_stops_it_too(hq: Headquarters) -> None:
    four = hq.send(hq.draft(level=4))["number"]
    set_level(hq.engine, LANDSLIDE, FIVE, areas=[OTHER])
    assert stopped_why(hq, four) is None
    set_level(hq.engine, LANDSLIDE, FIVE)
    assert "警戒レベル5" in str(stopped_why(hq, four))


def test_rule_04_where_level_5_is_over_a_part_only_the_others_are_told_to_leave(
    hq: Headquarters, outbox: Outbox
) -> None:
    under, also = (
        outbox.register(1, LINE, SMS, area=AREA)[0],
        outbox.register(1, LINE, SMS, area=OTHER)[0],
    )
    points = "SELECT name, ST_X(p), ST_Y(p) FROM area, ST_PointOnSurface(geom) AS p"
    ((lon, lat),) = [(x, y) for name, x, y in hq.database.rows(points) if name == AREA]
    (at,) = outbox.register(1, LINE, SMS, area=OTHER)
    outbox.execute(
        "UPDATE recipient SET geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) WHERE id = :id",
        lon=lon,
        lat=lat,
        id=at,
    )
    number = hq.send(hq.draft(level=4, areas=[AREA, OTHER]))["number"]
    outbox.now = datetime.now(UTC)
    outbox.expand()
    line = Counting(LINE, remembers_s=86400)
    assert sent(outbox, line, 0) == sorted([under, also, at])
    set_level(hq.engine, LANDSLIDE, FIVE, areas=[AREA])
    assert stopped_why(hq, number) is None
    assert sent(outbox, Counting(SMS), 11) == [also]
    assert outbox.counts(number)["sms"] == {"accepted": 1, "not_needed": 2}


def test_rule_04_a_second_try_leaves_out_who_came_under_level_5_since(
    hq: Headquarters, outbox: Outbox
) -> None:
    outbox.register(1, LINE, area=AREA)
    (also,) = outbox.register(1, LINE, area=OTHER)
    hq.send(hq.draft(level=4, areas=[AREA, OTHER]))
    outbox.now = datetime.now(UTC)
    outbox.expand()
    line = Counting(LINE, remembers_s=86400, fates=[Fate.UNKNOWN])
    assert sent(outbox, line, 0) == []
    set_level(hq.engine, LANDSLIDE, FIVE, areas=[AREA])
    assert sent(outbox, line, 1) == [also]


def withdrawn(hq: Headquarters, number: int) -> Any:
    (why,) = {one["withdrawn"] for one in hq.get(f"{ALERTS}/{number}/papers")["papers"]}
    return why


def test_rule_04_papers_that_send_out_people_under_level_5_are_withdrawn(
    hq: Headquarters,
) -> None:
    number = hq.send(hq.draft(level=4, areas=[AREA, OTHER]))["number"]
    here, now = f"{ALERTS}/{number}/papers", datetime.now(UTC)
    assert len(unasked(hq.engine, now)) == 1
    set_level(hq.engine, LANDSLIDE, FIVE, areas=[AREA])
    assert AREA in withdrawn(hq, number)
    assert not papers.print_next(hq.engine, now)
    assert hq.get(here)["queue"] == []
    for method, path, body in (
        ("POST", here, {"paper": "radio"}),
        ("GET", f"{here}/loudspeaker.pdf", None),
    ):
        refused = hq.ask(hq.writer, path, body, method=method)
        assert (refused.status_code, "警戒レベル5" in refused.text) == (422, True), path
    lift_level(hq.engine, LANDSLIDE, areas=[AREA])
    assert withdrawn(hq, number) is None
    assert papers.print_next(hq.engine, now)


def test_papers_are_not_made_unasked_where_level_5_stands(hq: Headquarters) -> None:
    hq.send(hq.draft(level=4, areas=[AREA, OTHER]))
    set_level(hq.engine, LANDSLIDE, FIVE, areas=[AREA])
    assert unasked(hq.engine, datetime.now(UTC)) == []


def test_a_paper_of_what_is_told_no_more_cannot_be_opened_to_be_printed(hq: Headquarters) -> None:
    first = hq.send(hq.draft(level=3))
    path = f"{ALERTS}/{first['number']}/papers/poster_a4.pdf"
    assert hq.ask(hq.writer, path, method="GET").status_code == 200
    hq.send(hq.revise(first["alert"], step="update", level=4))
    refused = hq.ask(hq.writer, path, method="GET")
    assert (refused.status_code, "取り下げ" in refused.text) == (422, True)


def test_what_is_below_level_5_goes_on_elsewhere_and_after_it(
    hq: Headquarters, outbox: Outbox
) -> None:
    (there,) = outbox.register(1, LINE, SMS, area=OTHER)
    set_level(hq.engine, LANDSLIDE, FIVE, areas=[AREA])
    hq.send(hq.draft(level=4, areas=[OTHER]))
    outbox.now = datetime.now(UTC) + timedelta(seconds=1)
    outbox.expand()
    assert sent(outbox, Counting(LINE, remembers_s=86400), 0) == [there]
