"""The page of alerts as it comes: every word is there, and marks lie where they belong."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from numpy.typing import NDArray

from alerts.delivery import DeliveryState
from alerts.kinds import AlertKind, ChannelKind, Language, Medium, Step
from alerts.life import Duty, RevisionState
from alerts.wording.findings import Severity
from alerts.wording.linter import RULES
from city.staff import Caller, CallerKind, Role
from data.delivery.accounted import STATES
from hazards.zone import ZoneLayer
from tests.unit.web.ground import CARD, at, ground
from web.alertsheets.kinds import PAPER_WORDS, PaperKind
from web.staff.alertareawords import HOUSEHOLDS_ONLY, LAYER_WORDS, WHERE_WORDS
from web.staff.alertmorewords import way_steps
from web.staff.alertpagewords import REMEDIES, all_words
from web.staff.alertspage import AlertDesk, Officer, alerts_page
from web.staff.cityoutline import outline_of

NOW = datetime(2026, 10, 12, 17, 14, tzinfo=UTC)
OFFICER = Caller(CallerKind.STAFF, 3, "架空 花子", frozenset({Role.OPERATOR, Role.APPROVER}))
WEB = Path(__file__).parents[3] / "web"
CHECKS = WEB.parent / "alerts" / "wording" / "checks"
SCRIPTS = sorted((WEB / "static").glob("hqalert*.js"))


def page(caller: Caller = OFFICER, **said: Any) -> str:
    desk = replace(AlertDesk(areas=["川岸町"], own=[], may_send_alone=False), **said)
    return alerts_page(desk, caller=caller, csrf="c", card=CARD, now=NOW)


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("channel", ChannelKind),
        ("duty", Duty),
        ("kind", AlertKind),
        ("language", Language),
        ("medium", Medium),
        ("paper", PaperKind),
        ("severity", Severity),
        ("state", RevisionState),
        ("step", Step),
        ("step_means", Step),
        ("ledger", STATES),
        ("delivery", [state.name.lower() for state in DeliveryState]),
    ],
)
def test_everything_that_the_api_names_has_a_word(table: str, keys: Iterable[str]) -> None:
    assert set(all_words()[table]) == set(keys)


def test_every_finding_says_what_to_do() -> None:
    said = "".join(file.read_text("utf-8") for file in sorted(CHECKS.glob("*.py")))
    codes = set(re.findall(r'(?:stops|warns)\(\s*"([a-z_]+)"', said)) | {one.code for one in RULES}
    assert codes - set(REMEDIES) == set()


def test_rule_14_a_deputy_is_no_approver_and_only_a_named_officer_may_send_alone() -> None:
    operator = Caller(CallerKind.STAFF, 4, "架空 太郎", frozenset({Role.OPERATOR}))
    assert 'data-approver=""' in page(operator)
    assert 'data-approver="yes"' in page()
    assert 'data-alone=""' in page()
    assert 'data-alone="yes"' in page(may_send_alone=True)


def test_every_paper_is_called_as_the_api_calls_it_and_says_what_it_is_for() -> None:
    said = all_words()["paper"]
    assert {key: name for key, (name, _) in said.items()} == dict(PAPER_WORDS)
    uses = [use for _, use in said.values()]
    assert all(uses)
    assert len(set(uses)) == len(uses)


def test_each_next_way_begins_ten_minutes_later_and_at_level_5_at_once() -> None:
    steps = way_steps()
    assert (steps["3"], steps["4"], steps["5"], steps["none"]) == (10, 10, 0, 10)


def test_an_approver_chooses_a_deputy_by_name_and_two_of_one_name_are_told_apart() -> None:
    named = [(7, "架空 次郎", True), (9, "架空 一美", False), (8, "架空 次郎", False)]
    shown = page(officers=[Officer(*one) for one in named])
    found = re.search(r'data-officers="([^"]*)"', shown)
    assert found is not None
    assert orjson.loads(found[1].replace("&#34;", '"')) == [
        [9, "架空 一美", False],
        [7, "架空 次郎（番号 7）", True],
        [8, "架空 次郎（番号 8）", False],
    ]


def test_only_an_approver_has_the_form_that_names_somebody() -> None:
    operator = Caller(CallerKind.STAFF, 4, "架空 太郎", frozenset({Role.OPERATOR}))
    assert 'id="name-form"' in page()
    assert 'id="name-form"' not in page(operator)


def test_names_of_areas_are_data_and_no_markup() -> None:
    shown = page(areas=['<b>町"'])
    assert "<b>町" not in shown
    found = re.search(r'data-areas="([^"]*)"', shown)
    assert found is not None
    assert orjson.loads(found[1].replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">"))


def test_without_a_plan_the_page_comes_without_a_map() -> None:
    assert 'id="reach-map"' not in page()
    assert 'id="reach-map"' in page(outline=outline_of(ground()))


def test_every_area_has_its_name_inside_the_outline() -> None:
    outline = outline_of(ground())
    assert outline is not None
    assert [name for name, _, _ in outline.names] == [area.name for area in ground().areas]
    assert all(0 < x < outline.width and 0 < y < outline.height for _, x, y in outline.names)


def test_an_order_can_be_for_areas_and_every_layer_has_a_name() -> None:
    assert set(LAYER_WORDS) == set(ZoneLayer)
    free = re.findall(r'name="where" value="([a-z]+)" data-plain', page())
    assert free == ["areas", "city", "polygon"]
    assert set(WHERE_WORDS) == {*free, *HOUSEHOLDS_ONLY}


@pytest.mark.parametrize(("east", "north"), [(0.0, 0.0), (400.0, 300.0), (800.0, 800.0)])
def test_a_position_in_degrees_lies_where_its_metres_lie(east: float, north: float) -> None:
    outline = outline_of(ground())
    assert outline is not None
    by = np.array(outline.by_degrees).reshape(2, 3)

    def units(x: float, y: float) -> NDArray[np.float64]:
        position = at(x, y)
        found: NDArray[np.float64] = by @ np.array((1, position.lon, position.lat))
        return found

    corner, found = units(0, 0), units(east, north)
    scale = np.linalg.norm(units(1000, 0) - corner) / 1000
    assert np.allclose(found - corner, (east * scale, -north * scale), atol=1.0)
    assert 0 <= found[0] <= outline.width
    assert 0 <= found[1] <= outline.height


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_of_it_names_the_abolished_order_or_takes_markup(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "避難勧告" not in text
    assert not re.search("innerHTML|insertAdjacentHTML|outerHTML|document.write", text)
    assert text.count("\n") < 200
