"""What the papers say of 発令判断表, keys and ./dev is so."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from hazards.criteriatable import criteria_from
from hazards.criterion import GaugeLevel
from operations.commands.keys import keys
from operations.registering.keyring import GIVE_UP
from tests.chaos import run as chaos

ROOT: Final = Path(__file__).parents[2]
MANUAL: Final = (ROOT / "docs" / "criteria.md").read_text("utf-8")
TEMPLATE: Final = (ROOT / "data" / "cities" / "template.toml").read_text("utf-8")
DEV: Final = (ROOT / "dev").read_text("utf-8")


def criteria_of_template() -> list[dict[str, Any]]:
    """The examples, as they are once their marks are taken away."""
    begin = TEMPLATE.index("# [[settings.criteria]]")
    lines = [line.removeprefix("#").strip() for line in TEMPLATE[begin:].splitlines()]
    found: list[dict[str, Any]] = tomllib.loads("\n".join(lines))["settings"]["criteria"]
    return found


def criteria_of_manual() -> list[dict[str, Any]]:
    (block,) = re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL)
    found: list[dict[str, Any]] = tomllib.loads(block)["settings"]["criteria"]
    return found


@pytest.mark.parametrize("read", [criteria_of_template, criteria_of_manual])
def test_examples_are_a_table_that_can_be_used(read: Any) -> None:
    by_gauge, by_bulletin = criteria_from(read())
    assert by_gauge.area_names
    assert not by_bulletin.area_names


def test_the_manual_names_every_level_of_a_gauge() -> None:
    assert all(f"`{level}`" in MANUAL for level in GaugeLevel)


def test_a_start_makes_keys_only_where_none_are_missed() -> None:
    for text in (DEV, (ROOT / "docker-compose.yml").read_text("utf-8")):
        assert "nigemichi keys ready" in text
        assert "keys new" not in text
    manual = (ROOT / "docs" / "carriers.md").read_text("utf-8")
    assert "ready" in keys.commands
    assert GIVE_UP in keys.commands["new"].params[0].opts
    assert f"nigemichi keys new {GIVE_UP}" in manual


def test_help_names_all_that_chaos_kills() -> None:
    assert f"--only {chaos.API}|{chaos.PLANNER}|{chaos.DELIVERY}" in DEV


def test_no_manual_names_the_city_of_the_tests() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        assert "浅瀬市" not in path.read_text("utf-8")
