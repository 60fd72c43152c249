"""The README's "Bring your own city", followed to the letter, on a small extract of our own."""

import re
import shlex
import shutil
import sys
from pathlib import Path
from subprocess import run

import osmium
import pytest
from sqlalchemy import Engine

from operations.planning.planner import Planner
from operations.serving import CurrentVersion
from tests.integration.databases import Database
from tests.integration.processes import ROOT, environment

SECTION = re.search(
    r"## Bring your own city\n(.*?)\n## ", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
)
SIDE = 9


def commands() -> list[list[str]]:
    """Every command of the section, without its comment."""
    assert SECTION
    blocks = re.findall(r"```sh\n(.*?)```", SECTION[1], re.DOTALL)
    lines = [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [shlex.split(line) for line in lines if line]


def write_extract(path: Path) -> None:
    """A grid of streets near the middle of zone IX, as anybody's extract."""
    writer = osmium.SimpleWriter(str(path))
    rows = range(SIDE)
    for row in rows:
        for column in rows:
            at = (139.30 + column * 0.001, 35.65 + row * 0.001)
            number = row * SIDE + column + 1
            writer.add_node(osmium.osm.mutable.Node(id=number, location=at))
    tags = {"highway": "residential"}
    for line in rows:
        across = [line * SIDE + column + 1 for column in rows]
        along = [row * SIDE + line + 1 for row in rows]
        for number, refs in ((line + 1, across), (SIDE + line + 1, along)):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))
    writer.close()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks like the checkout to whoever follows the section."""
    folder = tmp_path / "main"
    shutil.copytree(ROOT / "data" / "cities", folder / "data" / "cities")
    write_extract(folder / "YOUR-EXTRACT.osm.pbf")
    return folder


def test_whoever_follows_the_section_gets_a_running_city(
    checkout: Path, engine: Engine, database: Database, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    said = ""
    for words in commands():
        given = [*words]
        if words[:3] == ["./dev", "run", "nigemichi"]:
            given = [sys.executable, "-m", "operations.cli", *words[3:]]
        elif words[:2] == ["./dev", "up"]:
            assert words[2] == "--city"
            given = [sys.executable, "-m", "operations.cli", "city", "load", words[3]]
        done = run(
            given,
            cwd=checkout,
            env=environment(database.url, state),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, (words, done.stderr)
        said += done.stdout
    assert "it would be loaded" in said
    assert (checkout / "my-city" / "report.svg").read_text("utf-8").startswith("<svg")
    assert Planner(engine, state).catch_up()
    serving = CurrentVersion(state)
    serving.refresh()
    assert serving.version.ground.card.name == "見本市（架空）"
    assert len(serving.version.ground.sites) >= 1
    assert serving.version.ground.roads.street_count == 2 * SIDE * (SIDE - 1) - 4


def test_the_section_names_only_commands_that_exist() -> None:
    assert SECTION
    named = set(re.findall(r"`city ([a-z-]+)`", SECTION[1]))
    assert named == {"check", "diff", "load", "report"}
    done = run(
        [sys.executable, "-m", "operations.cli", "city", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert all(f"  {name} " in done.stdout for name in named)
