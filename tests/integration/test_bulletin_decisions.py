"""A person decides on a suggestion: on the page of headquarters; a reading comes at the console."""

from typing import Any

import pytest
from click.testing import CliRunner, Result

from city.staff import Role
from operations.cli import main
from tests.integration.alerted import AREA, OTHER, Headquarters
from tests.integration.staffed import signed_in

HERE = "/api/v1/headquarters"
TABLE = (
    '[{"id": "浅瀬橋-4", "hazard": "flood", "level": 4, "gauge": "浅瀬橋", "at": "danger_m",'
    f' "why": "市の計画", "areas": ["{AREA}"]}}]'
)
WHY = {"why": "堤防に余裕がある"}


@pytest.fixture
def hq(hq: Headquarters, monkeypatch: pytest.MonkeyPatch) -> Headquarters:
    """The town with one gauge and one line in its table."""
    monkeypatch.setattr("operations.commands.bulletin.engine", lambda: hq.engine)
    hq.database.rows(
        "UPDATE city_load SET settings = jsonb_set(settings, '{criteria}', "  # noqa: S608
        f"'{TABLE}') RETURNING 1"
    )
    hq.database.rows(
        "INSERT INTO gauge (load_id, number, name, river, danger_m, geom)"
        " SELECT id, 9999, '浅瀬橋', '小川', 3.1, ST_SetSRID(ST_Point(135.4, 29.6), 4326)"
        " FROM city_load RETURNING 1"
    )
    return hq


def gauge(*words: str) -> Result:
    return CliRunner().invoke(main, ["bulletin", "gauge", *words])


def suggested(hq: Headquarters) -> int:
    """The number of a suggestion that waits."""
    assert gauge("浅瀬橋", "3.2", "--before", "3.0").exit_code == 0
    (found,) = board(hq)
    return int(found["number"])


def board(hq: Headquarters) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hq.get(f"{HERE}/bulletins")["suggestions"]
    return found


def decided(hq: Headquarters) -> list[tuple[Any, ...]]:
    return hq.database.rows("SELECT state, decided_why, decided_by FROM suggestion")


def test_a_reading_at_the_console_waits_on_the_page(hq: Headquarters) -> None:
    low = gauge("浅瀬橋", "3.0")
    assert low.exit_code == 0
    said, below, means = low.stdout.splitlines()
    assert said == "浅瀬橋: 3 m, 新しい候補 0 件"
    assert below == "  氾濫危険水位 3.10 m（警戒レベル4 避難指示）には達していません"
    assert means == "  候補がないのは、安全という意味ではありません"
    high = gauge("浅瀬橋", "3.2", "--before", "3.0", "--at", "2026-09-01T20:00+0900")
    first, second = high.stdout.splitlines()
    assert "基準に達しています。新しい候補が無いのは" in gauge("浅瀬橋", "3.2").stdout
    assert first == "浅瀬橋: 3.2 m, 新しい候補 1 件"
    assert second.startswith("  候補 1 が判断を待っています")
    (found,) = board(hq)
    assert (found["number"], found["gauge"], found["level"]) == (1, "浅瀬橋", 4)


def test_a_gauge_without_a_line_in_the_city_s_table_is_not_said_to_be_well(
    hq: Headquarters,
) -> None:
    hq.database.rows("UPDATE gauge SET name = '別の橋' WHERE number = 9999 RETURNING 1")
    said = gauge("別の橋", "9.9").stdout
    assert "基準は、市の発令判断表にありません" in said
    assert "安全という意味ではありません" in said
    assert board(hq) == []


def test_a_city_without_a_table_is_told_by_the_gauge_s_own_levels(hq: Headquarters) -> None:
    hq.database.rows("UPDATE city_load SET settings = settings - 'criteria' RETURNING 1")
    assert "新しい候補 1 件" in gauge("浅瀬橋", "3.1").stdout
    (found,) = board(hq)
    assert (found["level"], found["areas_chosen"]) == (4, False)
    assert "区域を選んでください" in found["reason"]


@pytest.mark.parametrize(
    "words", [("深瀬橋", "3"), ("浅瀬橋", "nan"), ("浅瀬橋", "x"), ("浅瀬橋",)]
)
def test_a_reading_that_is_none_is_refused(hq: Headquarters, words: tuple[str, ...]) -> None:
    assert gauge(*words).exit_code == 2
    assert board(hq) == []


def test_what_is_taken_up_is_a_draft_s_beginning_and_no_order(hq: Headquarters) -> None:
    number = suggested(hq)
    taken = hq.well(hq.ask(hq.writer, f"{HERE}/suggestions/{number}/taken"))
    assert (taken["hazard"], taken["level"], taken["area_names"]) == ("flood", 4, [AREA])
    assert taken["areas_chosen"] is True
    assert "市の計画" in taken["reason"]
    assert hq.orders() == []
    assert decided(hq) == [("taken", None, hq.writer.caller.actor)]


def test_what_is_taken_up_stays_listed_until_a_draft_of_it_is_stored(hq: Headquarters) -> None:
    number = suggested(hq)
    path = f"{HERE}/suggestions/{number}"
    assert board(hq)[0]["state_words"] == "判断待ち"
    hq.well(hq.ask(hq.writer, f"{path}/taken"))
    (found,) = board(hq)
    assert (found["number"], found["state_words"]) == (number, "下書き中")
    assert "【下書き中】候補" in CliRunner().invoke(main, ["bulletin", "list"]).stdout
    assert hq.well(hq.ask(hq.approver, f"{path}/taken"))["area_names"] == [AREA], "again"
    hq.draft(areas=[OTHER])
    hq.draft(level=3)
    hq.draft(status="Exercise")
    assert len(board(hq)) == 1, "drafts of something else"
    hq.draft()
    assert board(hq) == []
    assert (
        hq.database.one("SELECT state -> 'suggestions' FROM live_state WHERE key = 'bulletins'")
        == []
    )
    again = hq.ask(hq.approver, f"{path}/passed_over", WHY)
    assert (again.status_code, "採用" in again.json()["detail"]) == (409, True)


def test_what_was_taken_up_and_never_drafted_may_be_passed_over(hq: Headquarters) -> None:
    number = suggested(hq)
    hq.well(hq.ask(hq.writer, f"{HERE}/suggestions/{number}/taken"))
    path = f"{HERE}/suggestions/{number}/passed_over"
    assert hq.well(hq.ask(hq.approver, path, WHY))["suggestions"] == []
    assert decided(hq) == [("passed_over", WHY["why"], hq.approver.caller.actor)]


def test_what_was_taken_up_ends_as_a_proposal_too(hq: Headquarters) -> None:
    number = suggested(hq)
    hq.well(hq.ask(hq.writer, f"{HERE}/suggestions/{number}/taken"))
    asked = {"hazard": "flood", "level": 4, "areas": [AREA], "reason": "水位"}
    hq.well(hq.ask(hq.writer, f"{HERE}/proposals", asked))
    assert board(hq) == []


def test_what_is_passed_over_has_a_reason_and_a_person(hq: Headquarters) -> None:
    number = suggested(hq)
    path = f"{HERE}/suggestions/{number}/passed_over"
    assert hq.ask(hq.approver, path, {}).status_code == 422
    assert hq.ask(hq.approver, path, {"why": " "}).status_code == 409
    assert len(board(hq)) == 1
    assert hq.well(hq.ask(hq.approver, path, WHY))["suggestions"] == []
    assert decided(hq) == [("passed_over", WHY["why"], hq.approver.caller.actor)]


def test_only_headquarters_sees_and_decides(hq: Headquarters) -> None:
    number = suggested(hq)
    desk = signed_in(hq.engine, Role.DESK)
    assert hq.ask(desk, f"{HERE}/bulletins", method="GET").status_code == 403
    for path, body in (("taken", None), ("passed_over", WHY)):
        assert hq.ask(desk, f"{HERE}/suggestions/{number}/{path}", body).status_code == 403
    assert hq.ask(hq.writer, f"{HERE}/suggestions/{number + 1}/taken").status_code == 404
    assert [state for state, *_ in decided(hq)] == ["waiting"]
