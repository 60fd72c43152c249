"""Steps where no path is known: told as such, with heading and metres, and why."""

import pytest

from routing.advice import Advice
from routing.steps import OFF_ROAD_M, Step, Turn
from routing.words import say_reason, say_step
from tests.builders import a_grid, a_site, a_version, an_order, ask


def walked(door: tuple[float, float], *at: float) -> Advice:
    """The way from that door to a site at (x, y)."""
    told = ask(a_version(a_grid(3, sites=[a_site(*at)]), orders=[an_order(4)]), door)
    assert told.first is not None
    codes = {reason.code: reason for reason in told.reasons}
    far = [step for step in told.first.steps if step.turn in (Turn.OFF_ROAD, Turn.LEAVE_ROAD)]
    assert ("off_road" in codes) == bool(far)
    if far:
        reason = codes["off_road"]
        ends = (told.first.way.snap.offset_m, told.first.way.site_offset_m)
        metres = f"{sum(end for end in ends if end >= OFF_ROAD_M):.0f}"
        assert (reason.values, reason.source) == ({"metres": metres}, "way")
        assert f"{metres} m は、地図に道がありません。" in say_reason(reason.code, reason.values)
    steps = sum(step.distance_m for step in told.first.steps)
    assert steps == pytest.approx(told.first.way.distance_m)
    return told.first


def turns(advice: Advice) -> list[Turn]:
    """What to do at each step."""
    return [step.turn for step in advice.steps]


def words(step: Step) -> str:
    """The step as it is read aloud."""
    return say_step(step, "学校")


def test_far_from_any_street_the_straight_line_is_its_own_step() -> None:
    advice = walked((40.0, 280.0), 150.0, 0.0)
    off, depart, *_ = advice.steps
    assert (off.turn, off.heading, off.street) == (Turn.OFF_ROAD, 4, "")
    assert off.distance_m == pytest.approx(80, abs=0.1)
    assert words(off) == "南の道へ出る小道をさがして進む（地図に道がない）"
    assert (depart.turn, depart.street) == (Turn.DEPART, "横の道")
    assert depart.distance_m < 80


@pytest.mark.parametrize(("x", "y", "heading"), [(-60, -60, 1), (260, -60, 7), (-90, 110, 2)])
def test_heading_of_the_straight_line_is_where_it_leads(x: float, y: float, heading: int) -> None:
    off = walked((x, y), 100.0, 200.0).steps[0]
    assert (off.turn, off.heading) == (Turn.OFF_ROAD, heading)


def test_site_far_from_any_street_is_reached_by_a_step_of_its_own() -> None:
    advice = walked((100.0, 5.0), 100.0, 290.0)
    *_, leave, arrive = advice.steps
    assert (leave.turn, leave.heading) == (Turn.LEAVE_ROAD, 0)
    assert leave.distance_m == pytest.approx(90, abs=0.1)
    assert words(leave) == "道をはなれて、北の行き先へ出る小道をさがして進む（地図に道がない）"
    assert (arrive.turn, arrive.distance_m) == (Turn.ARRIVE, 0)


def test_way_without_any_street_still_tells_both_ends() -> None:
    advice = walked((100.0, 280.0), 100.0, 270.0)
    assert turns(advice) == [Turn.OFF_ROAD, Turn.LEAVE_ROAD, Turn.ARRIVE]
    assert [step.heading for step in advice.steps[:2]] == [4, 0]
    near = walked((100.0, 230.0), 100.0, 270.0)
    assert turns(near) == [Turn.LEAVE_ROAD, Turn.ARRIVE]


@pytest.mark.parametrize(("away", "told"), [(OFF_ROAD_M - 1, False), (OFF_ROAD_M + 0.01, True)])
def test_nearer_than_50_m_a_yard_counts_to_the_first_and_last_steps(
    away: float, told: bool
) -> None:
    door = turns(walked((30.0, 200 + away), 200.0, 5.0))
    assert door[:2] == ([Turn.OFF_ROAD, Turn.DEPART] if told else door[:2])
    assert (door[0] is Turn.OFF_ROAD) is told
    site = turns(walked((30.0, 5.0), 170.0, 200 + away))
    assert (Turn.LEAVE_ROAD in site) is told
