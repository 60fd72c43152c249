"""What the duties make of the state: a gauge that fell silent does not say how high it is now."""

from types import SimpleNamespace
from typing import Any

import pytest

from city.position import Position
from hazards.criterion import Criterion, GaugeLevel, OfGauge
from hazards.gauge import Gauge
from hazards.kinds import AlertLevel, HazardKind
from operations.duties.criteriarows import Around, criterion_row
from operations.duties.firstreport import measures, outline
from tests.unit.web.dutied import a_stamp, a_state, ago

GAUGE = Gauge("浅瀬橋0", "浅瀬川", Position(35.0, 139.0), caution_m=3.0, danger_m=4.5)
CRITERION = Criterion(
    "x", OfGauge("浅瀬橋0", GaugeLevel.DANGER), HazardKind.FLOOD, AlertLevel.ALL_LEAVE, (), "計画"
)


def a_row(**values: Any) -> dict[str, Any]:
    """The line of the criterion by a gauge that reads so."""
    row = a_state()["gauges"]["0"] | values
    around = Around([GAUGE], [row], [], [], {}, a_stamp().clock)
    return criterion_row(CRITERION, around)


def looked(missing: tuple[str, ...] = (), **sections: Any) -> Any:
    """The state as a print has it, without a database."""
    state = a_state() | sections
    return SimpleNamespace(state=state, stamp=a_stamp(missing=missing))


def test_a_gauge_says_when_it_measured() -> None:
    row = a_row(level_m=4.61)
    assert (row["reached"], row["now"]) == (True, "4.61 m（+0.40 m/時）20:34")
    assert not row["unknown"]


@pytest.mark.parametrize("level_m", [4.31, 4.61], ids=["below", "above"])
def test_rule_19_a_gauge_that_fell_silent_reaches_nothing_and_is_not_known(level_m: float) -> None:
    row = a_row(level_m=level_m, measured_at=ago(1800), silent_since=ago(1780))
    assert (row["reached"], row["reached_since"], row["unknown"]) == (False, None, True)
    last = "、基準以上" if level_m > 4.5 else ""
    words = f"水位が分からない。最後の値 {level_m:.2f} m（10/9 14:42{last}）、その後は値が来ない"
    assert row["now"] == words


def test_the_first_report_takes_no_silent_gauge_for_sure() -> None:
    silent = a_state()["gauges"]["0"] | {"silent_since": ago(5), "measured_at": ago(35)}
    (said,) = (one for one in outline(looked(gauges={"0": silent})) if "浅瀬橋0" in one["text"])
    assert not said["confirmed"]
    assert "20:07" in said["text"]
    assert "その後は値が来ない" in said["text"]


def test_reports_beyond_those_that_the_state_lists_are_told_apart() -> None:
    def texts(left: int) -> list[str]:
        return [one["text"] for one in outline(looked(city={"city": {"reports_left": left}}))]

    assert "このほか数えていない報告 12件" in texts(12)
    assert not any("数えていない" in one for one in texts(0))


def test_what_could_not_be_read_is_unknown_and_not_none() -> None:
    quiet: dict[str, Any] = {
        "gauges": {},
        "observations": {},
        "water": {},
        "rescues": {"open": {"count": 0}},
    }
    (none,) = outline(looked(**quiet))
    assert none["text"] == "被害の報告はまだ入っていない"
    unread = looked(("observations", "orders", "closures"), closures={}, orders={}, **quiet)
    (said,) = outline(unread)
    assert said == {"text": "被害の報告：不明（読めなかった）", "confirmed": False}
    texts = [one["text"] for one in measures(unread)]
    assert "避難情報：不明（読めなかった）" in texts
    assert "通行止め：不明（読めなかった）" in texts
