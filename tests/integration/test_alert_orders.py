"""What is told and what is in force are one: what may follow an alert, or stand beside an order."""

from datetime import timedelta
from typing import Any

import pytest

from city.staff import Role
from hazards.kinds import AlertLevel, HazardKind
from operations.changes import lift_level, set_level
from operations.serving import utc_now
from tests.integration.alerted import (
    ALERTS,
    AREA,
    FLOOD,
    GENERAL,
    OTHER,
    WORDING,
    Headquarters,
)
from tests.integration.staffed import signed_in

BOTH = [AREA, OTHER]


def refused(hq: Headquarters, alert: int, **changes: Any) -> str:
    """Why a next revision is not even drafted."""
    answer = hq.ask(hq.writer, f"{ALERTS}/{alert}/revisions", FLOOD | changes)
    assert answer.status_code in (409, 422), answer.text
    return str(answer.json()["detail"])


def not_released(hq: Headquarters, shown: dict[str, Any]) -> str:
    """Why a draft is not submitted."""
    answer = hq.decide(hq.writer, shown["number"], "submit")
    assert answer.status_code in (409, 422), answer.text
    return str(answer.json()["detail"])


def half(hq: Headquarters, area: str, share: float = 0.5) -> dict[str, Any]:
    """The western part of an area, drawn."""
    boxes = hq.database.rows(
        "SELECT name, ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom) FROM area"
    )
    west, south, east, north = next(box for name, *box in boxes if name == area)
    middle = west + share * (east - west)
    ring = [[west, south], [middle, south], [middle, north], [west, north], [west, south]]
    return {"areas": [], "polygon": {"type": "Polygon", "coordinates": [ring]}}


def inside(hq: Headquarters, area: str) -> dict[str, Any]:
    """A small square in the middle of an area, drawn."""
    rows = hq.database.rows(
        "SELECT name, ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom)) FROM area"
    )
    lon, lat = next(point for name, *point in rows if name == area)
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    ring = [[lon + east * 2e-4, lat + north * 2e-4] for east, north in corners]
    return {"areas": [], "polygon": {"type": "Polygon", "coordinates": [ring]}}


def test_an_update_does_not_drop_an_area(hq: Headquarters) -> None:
    alert = hq.send(hq.draft(areas=BOTH))["alert"]
    assert "区域を減らせません" in refused(hq, alert, step="update", level=5, areas=[AREA])
    assert hq.orders() == [("flood", 4, BOTH)]


def test_an_all_clear_is_of_all_areas(hq: Headquarters) -> None:
    alert = hq.send(hq.draft(areas=BOTH))["alert"]
    why = refused(hq, alert, step="all_clear", areas=[AREA], reason="水が引きました。")
    assert "区域全部" in why
    assert hq.orders() == [("flood", 4, BOTH)]


def test_an_area_is_kept_by_an_alert_of_its_own_and_the_rest_is_cleared(hq: Headquarters) -> None:
    both = hq.send(hq.draft(areas=BOTH))["alert"]
    hq.send(hq.draft(areas=[OTHER], reason="川の水が、まだ多いためです。"))
    why = refused(hq, both, step="all_clear", areas=BOTH, reason="水が引きました。")
    assert AREA in why
    clear = hq.revise(both, step="all_clear", areas=[AREA], reason="水が引きました。")
    hq.send(clear)
    assert hq.orders() == [("flood", 4, [OTHER])]


@pytest.mark.parametrize("step", ["all_clear", "cancel", "update"])
def test_another_hazard_is_another_alert(hq: Headquarters, step: str) -> None:
    alert = hq.send(hq.draft())["alert"]
    assert "災害の種類" in refused(hq, alert, step=step, hazard="landslide")
    assert hq.orders() == [("flood", 4, [AREA])]


def test_the_end_of_a_duplicate_does_not_lift_the_order_of_the_first(hq: Headquarters) -> None:
    hq.send(hq.draft())
    twice = hq.send(hq.draft())["alert"]
    assert "停止" in refused(hq, twice, step="cancel", reason="二重でした。")
    assert hq.orders() == [("flood", 4, [AREA])]


def test_an_area_that_is_drawn_larger_is_in_force_whole(hq: Headquarters) -> None:
    first = hq.send(hq.draft(**inside(hq, AREA)))
    assert first["area_names"] == [AREA]
    hq.send(hq.revise(first["alert"], step="update", **half(hq, AREA)))
    assert set(BOTH) <= set(hq.orders()[0][2])
    areas = hq.database.rows(
        "SELECT ST_Area(o.geom), ST_Area(ST_Union(a.geom)) FROM evacuation_order o, area a"
        " WHERE o.ended_at IS NULL AND a.kind = 'chome' AND a.name = ANY(o.area_names)"
        " GROUP BY o.geom"
    )
    assert areas[0][0] == pytest.approx(areas[0][1])


def test_rule_04_nobody_under_a_level_5_is_told_to_set_out(hq: Headquarters) -> None:
    hq.send(hq.draft(level=5))
    shown = hq.draft(hazard="landslide", level=4, areas=BOTH)
    assert "警戒レベル5" in not_released(hq, shown)


def test_what_stands_by_the_console_counts_at_the_moment_of_release(hq: Headquarters) -> None:
    shown = hq.draft(level=3)
    submitted = hq.well(hq.decide(hq.writer, shown["number"], "submit"))
    set_level(hq.engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=[AREA])
    seen = {"digest": submitted["digest"], "second_look": True}
    answer = hq.decide(hq.approver, shown["number"], "approve", **seen)
    assert (answer.status_code, "警戒レベル4" in answer.text) == (409, True)


def test_lifting_an_order_at_the_console_stops_what_is_sent_of_it(hq: Headquarters) -> None:
    sent = hq.send(hq.draft())
    lift_level(hq.engine, HazardKind.FLOOD)
    assert hq.get(f"{ALERTS}/{sent['number']}")["stopped_at"] is not None


def test_who_wrote_first_does_not_approve_what_a_colleague_saved_again(hq: Headquarters) -> None:
    both = signed_in(hq.engine, Role.OPERATOR, Role.APPROVER)
    number = hq.well(hq.ask(both, ALERTS, FLOOD))["number"]
    hq.well(hq.ask(hq.writer, f"{ALERTS}/{number}", FLOOD, "PUT"))
    submitted = hq.well(hq.decide(hq.writer, number, "submit"))
    seen = {"digest": submitted["digest"], "second_look": True}
    assert hq.decide(both, number, "approve", **seen).status_code == 403


def test_what_was_seen_holds_the_ground_too(hq: Headquarters) -> None:
    later = {"expires_at": (utc_now() + timedelta(hours=1)).isoformat()}
    first = hq.draft(**GENERAL | half(hq, AREA, 0.4) | later)
    changed = FLOOD | GENERAL | half(hq, AREA, 0.45) | later
    second = hq.well(hq.ask(hq.writer, f"{ALERTS}/{first['number']}", changed, "PUT"))
    assert first["area_names"] == second["area_names"]
    assert first["digest"] != second["digest"]


def test_nobody_takes_a_warning_back_alone(hq: Headquarters) -> None:
    alert = hq.send(hq.draft(level=5))["alert"]
    named = {"staff": hq.writer.caller.id, "duty": "break_glass"}
    hq.well(hq.ask(hq.approver, f"{WORDING}/delegates", named))
    clear = hq.revise(alert, step="all_clear", level=5, reason="水が引きました。")
    seen = {"digest": clear["digest"], "second_look": True, "why": "ほかに誰もいない"}
    answer = hq.decide(hq.writer, clear["number"], "send_alone", **seen)
    assert answer.status_code == 403
    assert hq.orders() == [("flood", 5, [AREA])]
