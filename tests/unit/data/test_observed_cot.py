"""Cursor on Target: marks and drawings are reports, positions and chats are none."""

import pytest

from hazards.observation import ObservationKind
from tests.unit.data.observedfiles import LAT, LON, only


def a_cot(kind: str, how: str = "h-g-i-g-o", detail: str = "", ce: str = "9999999.0") -> str:
    """An event as tablets write it."""
    return (
        f"<event version='2.0' uid='a' type='{kind}' how='{how}' start='2026-11-27T17:10:00.000Z'>"
        f"<point lat='{LAT}' lon='{LON}' hae='9999999.0' ce='{ce}' le='9999999.0'/>"
        f"<detail>{detail}</detail></event>"
    )


def test_an_alarm_of_a_tablet_is_somebody_to_rescue() -> None:
    row = only(a_cot("b-a-o-tbl", "h-e", "<emergency type='911 Alert'>SP-1</emergency>", "17.75"))
    assert row.draft is not None
    assert (row.draft.kind, row.draft.error_m) == (ObservationKind.RESCUE, 17.75)


def test_a_drawing_of_a_tablet_is_a_line_or_an_area() -> None:
    corners = [(LAT, LON), (LAT + 0.001, LON), (LAT, LON + 0.001), (LAT, LON)]
    links = [f"<link point='{lat},{lon}'/>" for lat, lon in corners]
    named = "<contact callsign='冠水'/>"
    whole, part = only(a_cot("u-d-f", "h-e", named + "".join(links))), links[:3]
    assert whole.draft is not None
    assert whole.draft.geometry.geom_type == "Polygon"
    opened = only(a_cot("u-d-f", "h-e", named + "".join(part)))
    assert opened.draft is not None
    assert opened.draft.geometry.geom_type == "LineString"


@pytest.mark.parametrize(
    ("kind", "how", "why"),
    [
        ("a-f-G-E-V-C", "m-g", "現在地"),
        ("a-f-A-M-H-Q", "", "現在地"),
        ("b-t-f", "h-g-i-g-o", "チャット"),
        ("b-m-p-s-p-loc", "h-g-i-g-o", "カメラ"),
        ("u-d-c-e", "h-e", "円"),
        ("b-a-o-can", "h-e", "取り消し"),
        ("b-m-r", "h-e", "計画の線"),
    ],
)
def test_what_a_tablet_sends_besides_reports_is_refused(kind: str, how: str, why: str) -> None:
    row = only(a_cot(kind, how))
    assert row.draft is None
    assert why in row.refused
    assert row.remedy
