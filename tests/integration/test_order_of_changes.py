"""No change is overtaken by one that was recorded later and committed sooner."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import shapely
from sqlalchemy import Engine

from data import inforce
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.load_city import load_city
from operations.planning.planner import Planner
from operations.serving import CurrentVersion
from tests.integration import loaded
from tests.integration.databases import Database
from tests.integration.processes import wait_for
from tests.integration.small_city import position


def test_rule_06_a_change_that_commits_late_is_published_too(
    engine: Engine, database: Database, small_city: Path, tmp_path: Path
) -> None:
    """Numbers are taken in the order of commits: a slow disk hides no closure (rule 19 too)."""
    load_city(engine, small_city, lambda _: None)
    planner = Planner(engine, tmp_path / "state")
    with ThreadPoolExecutor() as pool, engine.connect() as slow:
        late = slow.begin()
        line = shapely.LineString([position(1.0, 1.0)[::-1], position(2.0, 1.0)[::-1]])
        inforce.add_closure(slow, "99902", "陥没", line, by_water=False)
        inforce.record_change(slow, "road closed")
        order = pool.submit(changes.set_level, engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
        wait_for("the order waits", lambda: loaded.locks_waited_for(database) == 1)
        planner.catch_up()
        late.commit()
        order.result(timeout=30)
    assert planner.catch_up()
    current = CurrentVersion(tmp_path / "state")
    current.refresh()
    picture = current.version.picture
    assert (len(picture.closures), len(picture.orders)) == (1, 1)
    assert not planner.catch_up()
