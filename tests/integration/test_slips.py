"""`nigemichi slips`: paper for a neighbourhood, with codes that let in and nobody's address."""

import re
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import Engine

from city.position import Position
from city.staff import CONSOLE
from data.database import transaction
from data.errors import NotThere
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.cli import main
from operations.errors import Refused
from operations.household.links import exchange
from operations.load_city import load_city
from operations.planning.planner import Planner
from operations.planning.whatif import Night, if_all_leave
from operations.serving import CurrentVersion
from operations.sheets import printing
from routing.door import Question
from routing.guidance import guide
from shelters.place import Opening
from tests.integration.databases import Database
from tests.integration.homed import AT, load, write_homed_city, write_homes
from tests.integration.processes import nigemichi
from tests.integration.small_city import SITE_COLUMNS, position, rewrite
from tests.integration.whole_city import write_whole_city
from tests.unit.web.sheeted import texts

ADDRESS = "https://nigemichi.example.jp"
NORTH = 120
"""Households of 北町一丁目."""
SLOPE, BESIDE = (6.8, 6.9), (5.8, 6.9)
"""Two homes, in streets: in the zone of a slope, and outside it."""


@pytest.fixture
def state(engine: Engine, tmp_path: Path) -> Path:
    """A state folder with the plan of a small city in which 200 households live."""
    load_city(engine, write_whole_city(tmp_path / "whole"), lambda _: None)
    Planner(engine, tmp_path / "state").catch_up()
    return tmp_path / "state"


def codes(file: Path, folder: Path, last: int) -> list[str]:
    """What the codes on the first pages say."""
    words = ("pdftoppm", "-r", "90", "-gray", "-l", str(last), "-png", str(file))
    subprocess.run([*words, str(folder / "page")], check=True)
    pictures = [Image.open(one) for one in sorted(folder.glob("page-*.png"))]
    return [code.text for one in pictures for code in zxingcpp.read_barcodes(one)]


def test_an_association_gets_a_slip_for_each_home_and_a_sheet_for_each_han(
    database: Database, engine: Engine, state: Path, tmp_path: Path
) -> None:
    out = tmp_path / "slips.pdf"
    where = ("--district", "北町1丁目", "--out", str(out), "--address", ADDRESS)
    words = (*where, "--withdraw", "21:30", "--phone", "０４２-000-0000")
    done = nigemichi(database.url, state, "slips", *words)
    assert done.returncode == 0, done.stderr
    assert f"{NORTH} slips, 8 班 sheets" in done.stdout
    assert f"{NORTH} of {NORTH} homes guided" in done.stderr
    pages = texts(out.read_bytes())
    labels = [found.group(1) for one in pages if (found := re.search(r"世帯の紙(A\d+-\d+)", one))]
    assert len(labels) == len(set(labels)) == NORTH
    assert labels == sorted(labels, key=lambda one: [int(n) for n in re.findall(r"\d+", one)])
    sheets = [one for one in pages if "引き上げ時刻21:30" in one]
    assert pages == [*pages[: -len(sheets)], *sheets]
    assert len(sheets) == 8
    assert [sum(label in one for one in sheets) for label in labels] == [1] * NORTH
    assert all("042-000-0000" in one for one in pages)
    assert all("小浜町（架空）" in one and "見本" in one for one in pages)
    assert not any(words in one for one in pages for words in ("29.60", "135.40"))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600

    now = datetime.now(UTC)
    read = codes(out, tmp_path, 2)
    assert [one.partition("#")[0] for one in read] == [f"{ADDRESS}/h"] * 2
    homes = [exchange(engine, one, now).home for one in read]
    assert [home.label for home in homes] == labels[:2]
    entry = database.one("SELECT details FROM audit_entry WHERE action = 'slips.printed'")
    assert entry == {"slips": NORTH, "sheets": 8, "areas": 1, "plan": 1, "days": 366}


def test_rule_04_paper_printed_at_level_5_shows_no_place_and_no_way(
    engine: Engine, state: Path
) -> None:
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    Planner(engine, state).catch_up()
    print_here(engine, state, sheets=False)
    pages = texts((state.parent / "here.pdf").read_bytes())
    assert len(pages) == NORTH
    for one in pages:
        assert "直ちに安全確保" in one
        assert not any(
            words in one for words in ("北小学校", "集会所", "1番目の道", "夜にゆっくり")
        )


def test_sheets_alone_make_no_link(database: Database, engine: Engine, state: Path) -> None:
    print_here(engine, state, slips=False, area="南町二丁目")
    pages = texts((state.parent / "here.pdf").read_bytes())
    assert len(pages) == 6
    assert all("＿＿時＿＿分（先に決めて書く）" in one for one in pages)
    assert database.one("SELECT count(*) FROM household_link") == 0


REFUSED = (
    (("--withdraw", "25:00"), "--withdraw is a time such as 21:30"),
    (("--withdraw", ""), "no sheet of a 班 goes out without the time"),
    (("--withdraw", "", "--sheets-only"), "no sheet of a 班 goes out without the time"),
    (("--address", "nigemichi.example.jp"), "--address is such as https://"),
    (("--slips-only", "--sheets-only"), "not both"),
    (("--phone", "市役所"), "電話番号"),
    (("--out", "/nowhere/slips.pdf"), "/nowhere/slips.pdf cannot be written"),
)


def test_what_cannot_be_printed_is_refused_and_leaves_neither_file_nor_link(
    database: Database, engine: Engine, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command uses the connections that the fixture closes."""
    monkeypatch.setattr("operations.commands.slips.engine", lambda: engine)
    out = state.parent / "slips.pdf"
    environment = {"DATABASE_URL": database.url, "NIGEMICHI_STATE": str(state)}
    for words, said in REFUSED:
        where = ("--district", "北町一丁目", "--out", str(out), "--withdraw", "21:30")
        given = ["slips", *where, *words]
        done = CliRunner().invoke(main, given, env=environment)
        assert done.exit_code == 2
        assert said in done.output
        assert not list(state.parent.glob("*slips.pdf*"))
    with pytest.raises(NotThere, match=r"no such area: 北町 \(there are: 北町一丁目、南町二丁目"):
        print_here(engine, state, area="北町")
    assert not list(state.parent.glob("*here.pdf*"))
    assert database.one("SELECT count(*) FROM household_link") == 0


def test_a_file_that_is_there_is_never_written_over(engine: Engine, state: Path) -> None:
    out = state.parent / "here.pdf"
    out.write_bytes(b"kept")
    with pytest.raises(Refused, match="exists already"):
        print_here(engine, state)
    assert out.read_bytes() == b"kept"


def test_paper_is_refused_out_of_the_plan_of_an_earlier_city(
    database: Database, engine: Engine, state: Path, tmp_path: Path
) -> None:
    load_city(engine, write_whole_city(tmp_path / "again"), lambda _: None)
    out = str(tmp_path / "slips.pdf")
    words = ("--district", "北町一丁目", "--out", out, "--slips-only")
    done = nigemichi(database.url, state, "slips", *words)
    assert done.returncode == 2
    assert "wait for the planner" in done.stderr


def test_print_that_fails_at_the_end_takes_its_links_back(
    engine: Engine, database: Database, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bytes:
        raise Refused("the disk is full")

    monkeypatch.setattr(printing, "typeset", fails)
    with pytest.raises(Refused, match="disk is full"):
        print_here(engine, state)
    assert database.one("SELECT count(*) FROM household_link") == 0
    assert not list(state.parent.glob("*.pdf*"))


def test_without_the_font_it_says_what_to_install(
    engine: Engine, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "has_font", lambda: False)
    with pytest.raises(Refused, match="install fonts-morisawa-bizud-gothic"):
        print_here(engine, state)


def test_home_is_sent_to_the_place_that_the_plan_has_for_it(engine: Engine, state: Path) -> None:
    """集会所 for everybody: without a plan most of the north goes to 北小学校."""
    print_here(engine, state, planned=lambda _: "E3", slips=False)
    rows = "".join(texts((state.parent / "here.pdf").read_bytes()))
    assert rows.count("集会所") > 100
    assert "北小学校" not in rows
    (state.parent / "here.pdf").unlink()
    print_here(engine, state, slips=False)
    assert "北小学校" in "".join(texts((state.parent / "here.pdf").read_bytes()))


@pytest.fixture
def homed(engine: Engine, tmp_path: Path) -> Path:
    """A state folder with the plan of a calm day of the city with six households.

    集会所 (E3), the nearest place of two of them, is designated for floods alone; one of these two
    lives below a slope.
    """
    city_file = write_homed_city(tmp_path / "homed")
    write_homes(city_file.parent, (*AT[:4], SLOPE, BESIDE))
    rewrite(city_file.parent / "sites.geojson", _only_floods)
    load(engine, city_file)
    Planner(engine, tmp_path / "state").catch_up()
    return tmp_path / "state"


def _only_floods(sites: dict[str, Any]) -> None:
    sites["features"][2]["properties"][SITE_COLUMNS[1]] = ""


def tonight(engine: Engine, state: Path, hazards: tuple[HazardKind, ...] = ()) -> Night:
    """The night that paper is printed for now."""
    Planner(engine, state).catch_up()
    current = CurrentVersion(state)
    current.refresh()
    with transaction(engine) as connection:
        now = datetime.now(UTC)
        return if_all_leave(connection, current.ground_folder, current.version, hazards, now)


def test_a_place_that_nobody_has_opened_yet_counts_as_open_on_paper_and_a_closed_one_does_not(
    engine: Engine, homed: Path
) -> None:
    for opening in (Opening.UNOPENED, Opening.PREPARING):
        for site in ("E1", "E3"):
            changes.open_site(engine, site, opening)
        night = tonight(engine, homed)
        assert [night.place(home) for home in range(6)] == ["E1", "E3", "E3", "E1", "E1", "E3"]
        assert receiving(night) == {"E1", "E2", "E3"}
    for opening in (Opening.CLOSED, Opening.ENDANGERED):
        changes.open_site(engine, "E3", opening)
        night = tonight(engine, homed)
        assert {night.place(home) for home in range(6)} == {"E1"}
        assert receiving(night) == {"E1", "E2"}


def receiving(night: Night) -> set[str]:
    """The places to which a door may be sent that night from a flood."""
    suits = night.version.suitable(frozenset({HazardKind.FLOOD}))
    return {site.id for site, fits in zip(night.version.ground.sites, suits, strict=True) if fits}


@pytest.mark.parametrize(
    ("asked", "places"),
    [((), ("E1", "E3")), ((HazardKind.FLOOD,), ("E1", "E3")), ((HazardKind.LANDSLIDE,), None)],
)
def test_paper_is_for_a_flood_everywhere_and_for_other_hazards_where_they_have_zones(
    engine: Engine, homed: Path, asked: tuple[HazardKind, ...], places: tuple[str, str] | None
) -> None:
    """And for those that are asked about everywhere: the plan has them all, as each door has."""
    below, beside = 4, 5
    night = tonight(engine, homed, asked)
    if places:
        assert (night.place(below), night.place(beside)) == places
    for home, at in ((below, SLOPE), (beside, BESIDE)):
        question = Question(
            Position(*position(*at)),
            datetime.now(UTC),
            hazards=frozenset(asked),
            level=AlertLevel.ALL_LEAVE,
        )
        nearest = guide(night.version, question).first
        assert nearest
        assert night.place(home) == nearest.site.id


def test_a_city_without_households_has_no_paper(
    database: Database, small_plan: Planner, tmp_path: Path
) -> None:
    words = ("--district", "北町一丁目", "--out", str(tmp_path / "slips.pdf"), "--slips-only")
    done = nigemichi(database.url, tmp_path / "state", "slips", *words, "--address", ADDRESS)
    assert small_plan.standing is not None
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "nigemichi: the city was loaded without households: there is nobody to print for"
    ]
    assert not list(tmp_path.glob("*slips.pdf*"))
    assert database.one("SELECT count(*) FROM household_link") == 0


def print_here(
    engine: Engine,
    state: Path,
    *,
    planned: printing.Planned = lambda _: None,
    slips: bool = True,
    sheets: bool = True,
    area: str = "北町一丁目",
) -> None:
    """Print an area into here.pdf in this process."""
    current = CurrentVersion(state)
    current.refresh()
    printing.print_sheets(
        *(engine, current, CONSOLE),
        printing.Print((area,), ADDRESS, slips=slips, sheets=sheets),
        state.parent / "here.pdf",
        planned=planned,
        progress=lambda _: None,
        now=datetime.now(UTC),
    )
