"""要救助: no call for help is lost, and no team is sent that level 5 calls home."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from data.database import transaction
from data.observing import observations
from data.rows import current_load
from hazards.observation import ObservationKind, SourceKind
from operations.observing import report as reporting
from operations.observing.report import GivenReport
from operations.phone.phonedesk import KEPT_FOR
from operations.rescues import board
from operations.rescues.moving import erase_old
from operations.rescues.opening import open_case
from operations.serving import utc_now
from tests.integration.databases import Server
from tests.integration.missioned import MissionNight, emptied, mission_night
from tests.integration.observed import seen

NAME = "架空花子"


@pytest.fixture(scope="module")
def served(server: Server, homes_plan: tuple[str, Path]) -> Iterator[MissionNight]:
    with mission_night(server, homes_plan) as made:
        yield made


@pytest.fixture
def night(served: MissionNight) -> MissionNight:
    return emptied(served)


def reported(night: MissionNight, kind: ObservationKind, doubt: str = "") -> Any:
    """Open a case as a report that is taken does."""
    with transaction(night.engine, latest=True) as connection:
        load = current_load(connection)
        given = GivenReport(uuid4(), seen(3, 3, kind), SourceKind.PUBLIC, "")
        row = reporting._row(load, given, 0.0, utc_now()) | {"photo": False, "set_aside": doubt}
        if observations.add(connection, [row]):
            return open_case(connection, load, row), open_case(connection, load, row)
    return None


def called(night: MissionNight, **changes: Any) -> int:
    given: dict[str, Any] = {
        "id": str(uuid4()),
        "place": "南町二丁目の角",
        "persons": 2,
        "condition": NAME,
    }
    told = night.ask("rescues", by=night.scribe, **given | changes)
    return int(told["number"])


def case(night: MissionNight, number: int) -> Any:
    rows = night.ask("rescues", by=night.scribe)["rescues"]
    (found,) = [one for one in rows if one["number"] == number]
    return found


def test_a_report_of_somebody_in_need_opens_a_case_once_and_others_none(
    night: MissionNight,
) -> None:
    number, again = reported(night, ObservationKind.RESCUE, doubt="位置が海の上")
    assert again is None
    found = case(night, number)
    assert (found["state"], found["doubt"]) == ("waiting", "位置が海の上")
    assert found["where"]["type"] == "Point"
    assert reported(night, ObservationKind.SLIDE) == (None, None)


def test_a_case_goes_its_way_and_ends_by_whoever_says_how(night: MissionNight) -> None:
    number = called(night)
    path = f"rescues/{number}"
    night.ask(path, 409, state="rescued", outcome="無事")
    mission = night.begin()
    night.ask(path, state="assigned", mission=mission)
    night.ask(path, state="assigned", mission=mission)
    night.ask(path, state="on_site")
    night.ask(path, 409, state="rescued")
    night.ask(path, state="rescued", outcome="ボートで救助")
    found = case(night, number)
    assert (found["team"], found["outcome"]) == ("第2現地班", "ボートで救助")
    assert night.ask("rescues")["open"] == 0
    assert len(night.log("rescue.assigned")) == 1
    assert [one["state"] for one in found["next"]] == ["waiting"]


def test_no_name_of_a_caller_is_in_the_log_or_the_stream_and_none_is_kept_for_ever(
    night: MissionNight,
) -> None:
    number = called(night, place=f"{NAME}方")
    night.ask(f"rescues/{number}/contact", by=night.scribe, condition=f"{NAME}：水が腰", persons=3)
    night.ask(f"rescues/{number}", state="handed_over", outcome=f"{NAME}を消防へ")
    written = night.database.rows(
        "SELECT subject || details::text FROM audit_entry"
        " UNION ALL SELECT state::text FROM live_state"
    )
    assert NAME not in str(written)
    later = utc_now() + KEPT_FOR + timedelta(minutes=1)
    assert erase_old(night.engine, later) == 1
    assert erase_old(night.engine, later) == 0
    kept = night.database.rows("SELECT place, condition, outcome, persons, state FROM rescue_case")
    assert kept == [("", "", "", 3, "handed_over")]


def test_rule_13_no_team_that_is_recalled_is_sent_and_its_cases_stand_first(
    night: MissionNight,
) -> None:
    older, newer = called(night), called(night)
    mission = night.begin()
    other = night.begin("第3現地班", members=[])
    night.ask(f"rescues/{older}", state="assigned", team="架空消防団")
    night.ask(f"rescues/{newer}", state="assigned", mission=mission)
    assert night.ask("rescues")["without_team"] == 0
    night.ask("missions/recall", why="警戒レベル5")
    rows = night.ask("rescues")["rescues"]
    assert [one["number"] for one in rows] == [newer, older]
    assert rows[0]["warning"] == board.RECALLED
    assert (
        "呼び戻し中"
        in night.ask(f"rescues/{older}", 409, state="assigned", mission=other)["detail"]
    )


def test_a_caller_twice_is_one_case_and_one_without_a_place_is_asked_again(
    night: MissionNight,
) -> None:
    key = str(uuid4())
    assert called(night, id=key) == called(night, id=key)
    given = {"id": str(uuid4()), "condition": "動けない"}
    assert "どこ" in night.ask("rescues", 409, night.scribe, **given)["detail"]
    night.ask("rescues/1", 403, night.scribe, state="cancelled", outcome="x")
    night.ask("rescues", 403, night.team)
