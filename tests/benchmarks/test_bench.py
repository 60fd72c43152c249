"""The bench itself: it compares equal answers only, and hides no second and no missed figure."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from routing.plan.plan import Costs, Going, make_plan
from tests.benchmarks.children import Told
from tests.benchmarks.countclients import Run
from tests.benchmarks.fields import is_equal
from tests.benchmarks.loads import stages
from tests.benchmarks.machine import cpu_s, machine, peak_mb
from tests.benchmarks.opens import read_log
from tests.benchmarks.plans import is_least
from tests.benchmarks.plansmatrix import is_same
from tests.benchmarks.planspeers import FirstCome, Greedy, problem
from tests.benchmarks.planssolvers import in_cells, networkxs, scipys
from tests.benchmarks.polygons import CORNERS, blobs
from tests.benchmarks.table import Table
from tests.builders import a_grid

FAR = 2**31 - 1


def test_a_peer_that_finds_other_costs_gets_no_time() -> None:
    ours = np.array([5, FAR, 7], np.int32)
    is_equal("a peer", np.array([5.0, np.inf, 7.0]), ours)
    with pytest.raises(AssertionError, match="a peer: junction 2 costs 6"):
        is_equal("a peer", np.array([5.0, np.inf, 6.0]), ours)
    with pytest.raises(AssertionError, match="junction 1"):
        is_equal("a peer", np.array([5.0, 9.0, 7.0]), ours)


def test_a_peer_of_the_plan_that_finds_another_answer_gets_no_time() -> None:
    costs = np.array([[5, 7], [6, 8]], np.int32)
    is_same("a peer", costs.copy(), costs)
    with pytest.raises(AssertionError, match=r"a peer finds another cost at \[1, 0\]"):
        is_same("a peer", np.array([[5, 7], [9, 8]], np.int32), costs)
    with pytest.raises(AssertionError, match="a peer: the least cost is 12, not 11"):
        is_least("a peer", 12, 11)


def test_no_peer_beats_the_plan_and_those_that_are_exact_find_its_bound() -> None:
    rng = np.random.default_rng(3)
    count, sites = 300, 6
    nothing = np.full(count, -1, np.int32), np.zeros(count, bool)
    row = np.arange(count, dtype=np.int32) // 2
    going = Going(row, rng.integers(1, 9, count), *nothing)
    matrix = rng.integers(100, 30_000, (count // 2, sites)).astype(np.int32)
    room = np.full(sites, going.demand.sum() // sites + 5)
    given, plan = problem(matrix, going, room), make_plan(matrix, going, room, Costs())
    for peer in (FirstCome(going), Greedy(going)):
        assert given.worth(row, peer(given), going.demand) > plan.cost
    assert scipys(given) == networkxs(given) == plan.bound
    with pytest.raises(AssertionError, match="place 2 holds too many"):
        given.worth(row, np.full(count, 2), going.demand)


def test_a_city_in_cells_is_as_many_people_at_fewer_doors() -> None:
    rng = np.random.default_rng(4)
    matrix = rng.integers(0, 900, (200, 3)).astype(np.int32)
    count = np.arange(200, dtype=np.int32)
    nothing = np.full(200, -1, np.int32), np.zeros(200, bool)
    going = Going(count, np.full(200, 7), *nothing)
    small = in_cells(problem(matrix, going, np.array([500, 500, 500])), rng.random((200, 2)), 4)
    assert len(small.cost) == 16
    assert small.total.sum() == 1400


def test_the_stages_of_a_load_add_up_to_all_of_its_seconds() -> None:
    said: tuple[tuple[float, str], ...] = (
        (1.0, "tables"),
        (1.5, "reading roads: a.osm.pbf"),
        (4.0, "read 200,000 ways"),
    )
    said += ((6.0, "simplifying 3 ways of 4 nodes with OSMnx"), (9.0, "reading sites: b.csv"))
    said += ((9.5, "checking how streets, zones and sites fit"), (11.0, "writing to the database"))
    found = stages(Told(15.0, 9.0, 100.0, (*said, (14.0, "loaded")), ""))
    assert sum(found.values()) == pytest.approx(15.0)
    assert found["reading roads"] == pytest.approx(4.5)
    assert found["simplifying"] == pytest.approx(3.0)
    assert found["ground"] == pytest.approx(1.5)


def test_a_missed_figure_is_marked_whether_it_is_a_time_or_a_rate(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table("a city")
    table.row("slow", 31.0, "ms", must=30, stretch=8)
    table.row("quick", 29.0, "ms", must=30, stretch=8)
    table.row("few", 499.0, "req/s", must=500)
    table.row("many", 501.0, "req/s", must=500)
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line}
    assert {name for name, line in lines.items() if "MISSED" in line} == {"slow", "few"}


def test_generated_polygons_are_the_same_each_time_and_as_large_together_in_any_number() -> None:
    ground = a_grid()
    few, many = blobs(ground, 100), blobs(ground, 10_000)
    assert [shape.wkb for shape in few] == [shape.wkb for shape in blobs(ground, 100)]
    assert len(few[0].exterior.coords) == CORNERS + 1
    areas = [sum(shape.area for shape in shapes) for shapes in (few, many)]
    assert areas[0] == pytest.approx(areas[1], rel=0.05)


def test_the_machine_is_named_by_its_parts_and_the_peak_is_this_process_own() -> None:
    assert "cores" in machine()
    assert "Python 3." in machine()
    assert 20 < peak_mb() < 10_000


def test_a_count_that_had_to_wait_has_waited_since_it_was_due(tmp_path: Path) -> None:
    run = Run(tmp_path / "acknowledged")
    run.answered(200, b"one", time.monotonic() - 5)
    run.answered(429, b"two", time.monotonic())
    assert run.latencies[0] >= 5
    assert (run.ids, dict(run.statuses)) == ([b"one"], {200: 1, 429: 1})


def test_pages_that_were_not_answered_well_are_named(tmp_path: Path) -> None:
    log = tmp_path / "h2load.tsv"
    log.write_text("1\t200\t1000\n2\t200\t3000\n3\t503\t9000\n4\t-1\t9000\n")
    opened = read_log(log, 2, "app 0.10", "load average 1.0")
    assert (opened.good, opened.last_ms) == (1.0, 9.0)
    assert opened.note.endswith(", 1 × 503, 1 × -1 MISSED")


def test_a_process_that_computes_is_seen_to_compute() -> None:
    before = cpu_s(os.getpid())
    sum(number * number for number in range(2_000_000))
    assert cpu_s(os.getpid()) > before
