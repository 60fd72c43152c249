"""What the paper on gauges says is so."""

import re
import tomllib
from pathlib import Path
from typing import Final

from api.sensors import ReadingsBody
from hazards import readings
from hazards.gaugerules import GAUGE_RULES, KINDS, gauge_rules_from
from hazards.observation import CLOCKS_APART
from hazards.waterstate import SILENT_AFTER, TOGETHER
from operations.commands.gauge import gauge
from operations.observing.gauges import MOST

ROOT: Final = Path(__file__).parents[2]
MANUAL: Final = (ROOT / "docs" / "gauges.md").read_text("utf-8")
TEMPLATE: Final = (ROOT / "data" / "cities" / "template.toml").read_text("utf-8")


def block(kind: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)```", MANUAL, re.DOTALL)
    return str(found)


def test_examples_of_rules_can_be_used() -> None:
    begin = TEMPLATE.index("# [[settings.gauge_rules]]")
    lines = TEMPLATE[begin:].split("\n#\n")[0].splitlines()
    template = tomllib.loads("\n".join(line.removeprefix("# ") for line in lines))
    for table in (template, tomllib.loads(block("toml"))):
        assert gauge_rules_from(table["settings"][GAUGE_RULES])


def test_the_example_of_readings_is_understood() -> None:
    assert ReadingsBody.model_validate_json(block("http").split("\n\n", 1)[1]).readings


def test_the_manual_names_each_command_and_kind() -> None:
    assert all(f"nigemichi gauge {name}" in MANUAL for name in gauge.commands)
    assert all(f"`{kind}`" in MANUAL for kind in KINDS)


def test_figures_of_the_manual_are_those_of_the_code() -> None:
    minutes = {
        f"at most {TOGETHER.seconds // 60} minutes apart",
        f"for {readings.SETTLES.seconds // 60} minutes after it",
        f"over {CLOCKS_APART.seconds // 60} minutes after it came",
        f"nothing came for {SILENT_AFTER.seconds // 60} minutes",
        f"for {readings.STUCK.seconds // 3600} hours",
        f"over {round(readings.LATE.total_seconds() / 3600)} hours",
        f"{readings.FASTEST_M_MIN} m/min",
        f"{readings.ANOTHER_UNIT_M_MIN} m/min",
        f"{readings.ABOVE_OVERFLOW_M:g} m above",
        f"{readings.ABOVE_OTHERS_M:g} m above",
        f"{readings.BELOW_M:g} m below",
        f"at most {MOST} readings",
    }
    assert {said for said in minutes if said not in MANUAL.replace("\n", " ")} == set()
