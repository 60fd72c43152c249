"""`nigemichi slips`: paper for a neighbourhood, with codes that let in and nobody's address."""

import re
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import Engine

from city.position import Position
from city.staff import CONSOLE
from data.database import transaction
from data.errors import NotThere
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.cli import main
from operations.errors import Refused
from operations.household import holding
from operations.household.links import exchange
from operations.load_city import load_city
from operations.places.counts import GivenCount, record_counts
from operations.places.siteinfo import GivenRoom, set_room
from operations.planning.expecting import on_a_calm_day
from operations.planning.planner import Planner
from operations.planning.whatif import Night, if_all_leave, if_all_leave_tonight
from operations.serving import CurrentVersion
from operations.sheets import printing
from routing.door import Question
from routing.guidance import guide
from shelters.counting import CountKind
from shelters.place import Opening
from tests.integration.databases import Database
from tests.integration.homed import AT, load, write_homed_city, write_homes
from tests.integration.processes import commanded, nigemichi
from tests.integration.small_city import SITE_COLUMNS, box, position, rewrite, write_features
from tests.integration.whole_city import write_whole_city
from tests.unit.web.sheeted import texts

ADDRESS = "https://nigemichi.example.jp"
NORTH = 120
"""Households of 北町一丁目."""
EACH = ["E1", "E3", "E3", "E1", "E1", "E3"]
"""The places of the six households where all are open and have room."""
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


def test_rule_04_paper_printed_for_a_night_of_level_5_shows_no_place_and_no_way(
    engine: Engine, state: Path
) -> None:
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    planned = night(engine, state, plan=if_all_leave_tonight)
    print_here(engine, state, planned=planned.place, night=planned, sheets=False, tonight=True)
    pages = texts((state.parent / "here.pdf").read_bytes())
    assert len(pages) == NORTH
    for one in pages:
        assert "直ちに安全確保" in one
        assert "だけの紙です" in one
        assert not any(
            words in one for words in ("北小学校", "集会所", "1番目の道", "夜にゆっくり")
        )


def test_rule_04_level_5_over_a_home_refuses_paper_with_a_way_there_and_nowhere_else(
    database: Database, engine: Engine, state: Path
) -> None:
    """At once: the planner has not looked yet."""
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, areas=["北町一丁目"])
    with pytest.raises(Refused, match=r"level 5 .* after the order is lifted, .* --tonight"):
        print_here(engine, state)
    assert not list(state.parent.glob("*here.pdf*"))
    assert database.one("SELECT count(*) FROM household_link") == 0
    assert print_here(engine, state, area="南町二丁目").remark == ""


def test_rule_04_paper_for_tonight_waits_for_a_plan_that_has_the_level_5(
    engine: Engine, state: Path
) -> None:
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    planned = night(engine, state, plan=if_all_leave_tonight)
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    with pytest.raises(Refused, match="wait for the planner"):
        print_here(engine, state, planned=planned.place, night=planned, tonight=True)


def test_paper_for_another_night_is_the_same_whatever_is_in_force_now(
    engine: Engine, state: Path, tmp_path: Path
) -> None:
    """In the middle of the evening: water over half of the homes, level 4, a full place."""
    before = pages_of_another_night(engine, state)
    assert sum("北小学校" in one for one in before) > NORTH / 2
    assert not any("直ちに安全確保" in one for one in before)
    water = write_features(tmp_path / "water.geojson", [(box(-1, 5, 8, 8), {})])
    changes.observe_water(engine, water)
    changes.close_road(engine, Position(*position(2.5, 4)), "冠水")
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    changes.open_site(engine, "E1", Opening.FULL)
    changes.open_site(engine, "E3", Opening.UNOPENED)
    assert pages_of_another_night(engine, state) == before


def pages_of_another_night(engine: Engine, state: Path) -> list[str]:
    """What the slips say, but for the moment and the number of the plan."""
    planned = night(engine, state)
    (state.parent / "here.pdf").unlink(missing_ok=True)
    print_here(engine, state, planned=planned.place, night=planned)
    pages = texts((state.parent / "here.pdf").read_bytes())
    return [re.sub(r"\d+月\d+日\d+:\d\dの計画(です)?（第\d+版）", "", one) for one in pages]


@pytest.mark.parametrize("what", ["level 4", "seen water"])
def test_paper_for_another_night_says_so_where_something_is_in_force(
    engine: Engine, state: Path, tmp_path: Path, what: str
) -> None:
    if what == "level 4":
        changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=["北町一丁目"])
    else:
        water = write_features(tmp_path / "water.geojson", [(box(-1, 6, 8, 8), {})])
        changes.observe_water(engine, water)
    said = print_here(engine, state, slips=False).remark
    assert said.startswith(f"{what} over homes there: this paper is for another night")
    assert "--tonight" in said
    (state.parent / "here.pdf").unlink()
    assert print_here(engine, state, slips=False, area="南町二丁目").remark == ""
    (state.parent / "here.pdf").unlink()
    assert print_here(engine, state, slips=False, tonight=True).remark == ""


def test_command_prints_for_tonight_with_codes_of_three_days_and_a_foot_that_says_so(
    database: Database, engine: Engine, state: Path, tmp_path: Path
) -> None:
    """And with the places of tonight: nobody is told the one that nobody opened."""
    changes.open_site(engine, "E3", Opening.UNOPENED)
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    Planner(engine, state).catch_up()
    where = ("--district", "北町一丁目", "--address", ADDRESS, "--withdraw", "21:30")
    for words, days, marked in (((), 366, False), (("--tonight",), 3, True)):
        out = tmp_path / f"{days}.pdf"
        done = commanded(database.url, state, "slips", *where, *words, "--out", str(out))
        assert done.returncode == 0, done.stderr
        assert ("level 4 over homes there" in done.stderr) is not marked
        pages = texts(out.read_bytes())
        assert len(pages) == NORTH + 8
        assert any("集会所" in one for one in pages[NORTH:]) is not marked
        assert {bool(re.search(r"今夜（\d+年\d+月\d+日）だけの紙です", one)) for one in pages} == {
            marked
        }
        lasting = database.rows("SELECT expires_at - printed_at FROM household_link")
        assert sum(round(one / timedelta(days=1)) == days for (one,) in lasting) == NORTH


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
    done = commanded(database.url, state, "slips", *words)
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


def night(
    engine: Engine,
    state: Path,
    hazards: tuple[HazardKind, ...] = (),
    plan: Callable[..., Night] = if_all_leave,
) -> Night:
    """The night that paper is printed for, when the planner has looked."""
    Planner(engine, state).catch_up()
    return night_as_served(engine, state, hazards, plan)


def night_as_served(
    engine: Engine,
    state: Path,
    hazards: tuple[HazardKind, ...] = (),
    plan: Callable[..., Night] = if_all_leave,
) -> Night:
    """The night that paper is printed for now."""
    current = CurrentVersion(state)
    current.refresh()
    with transaction(engine) as connection:
        now = datetime.now(UTC)
        return plan(connection, current.ground_folder, current.version, hazards, now)


def places(night: Night) -> list[str | None]:
    """Of each of the six households."""
    return [night.place(home) for home in range(6)]


@pytest.mark.parametrize("plan", [if_all_leave, if_all_leave_tonight])
def test_a_place_that_nobody_has_opened_yet_counts_as_open_on_paper_and_a_closed_one_does_not(
    engine: Engine, homed: Path, plan: Callable[..., Night]
) -> None:
    for opening in (Opening.UNOPENED, Opening.PREPARING):
        for site in ("E1", "E3"):
            changes.open_site(engine, site, opening)
        planned = night(engine, homed, plan=plan)
        assert places(planned) == EACH
        assert receiving(planned) == {"E1", "E2", "E3"}
    for opening in (Opening.CLOSED, Opening.ENDANGERED):
        changes.open_site(engine, "E3", opening)
        planned = night(engine, homed, plan=plan)
        assert set(places(planned)) == {"E1"}
        assert receiving(planned) == {"E1", "E2"}


def test_who_is_told_a_place_keeps_it_on_paper_for_tonight_and_on_no_other(
    engine: Engine, homed: Path
) -> None:
    changes.open_site(engine, "E3", Opening.UNOPENED)
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    assert set(places(night(engine, homed, plan=if_all_leave_tonight))) == {"E1"}
    assert places(night(engine, homed)) == EACH
    little, now = GivenRoom("体育館", 10, in_use=True), datetime.now(UTC)
    set_room(engine, CONSOLE, "E1", "体育館", little, now=now)
    planned = night_as_served(engine, homed, plan=if_all_leave_tonight)
    assert set(places(planned)) == {"E1"}


@pytest.mark.parametrize("what", ["inside", "kept", "full"])
def test_who_is_inside_and_whom_room_is_kept_for_count_on_paper_for_tonight_alone(
    engine: Engine, homed: Path, what: str
) -> None:
    now = datetime.now(UTC)
    for site in ("E1", "E3"):
        room = GivenRoom("体育館", 100, in_use=True)
        set_room(engine, CONSOLE, site, "体育館", room, now=now)
    assert places(night(engine, homed)) == EACH
    changes.open_site(engine, "E3", Opening.FULL if what == "full" else Opening.OPEN)
    if what == "inside":
        count = GivenCount(str(uuid4()), CountKind.CHANGE, 100, now)
        record_counts(engine, CONSOLE, "E3", [count], sent_at=now, now=now)
    elif what == "kept":
        holding.keep_room(engine, CONSOLE, uuid4(), "E3", 100, now=now)
    assert set(places(night(engine, homed, plan=if_all_leave_tonight))) == {"E1"}
    assert places(night(engine, homed)) == EACH


def test_an_overflow_room_that_was_opened_is_the_same_on_paper_for_another_night(
    engine: Engine, homed: Path
) -> None:
    current = CurrentVersion(homed)
    current.refresh()
    found = []
    for opened in (False, True):
        now = datetime.now(UTC)
        for key, persons, meant_for in (("予備", 30, "general"), ("犬猫", 50, "pets")):
            room = GivenRoom(key, persons, meant_for, overflow=True, in_use=opened)
            set_room(engine, CONSOLE, "E1", key, room, now=now)
        room = GivenRoom("体育館", 100, in_use=True)
        set_room(engine, CONSOLE, "E1", "体育館", room, now=now)
        with transaction(engine) as connection:
            load, ground = current_load(connection), current.version.ground
            found.append(on_a_calm_day(connection, load, ground, now).free.tolist())
    assert found[0] == found[1]
    assert found[0][0] == 130


def test_roads_closed_for_another_reason_than_water_stay_closed_on_paper(
    engine: Engine, homed: Path
) -> None:
    changes.close_road(engine, Position(*position(2.5, 4)), "冠水")
    changes.close_road(engine, Position(*position(2.5, 3)), "工事")
    assert [one.reason for one in night(engine, homed).version.picture.closures] == ["工事"]
    planned = night(engine, homed, plan=if_all_leave_tonight)
    assert {one.reason for one in planned.version.picture.closures} == {"冠水", "工事"}


def receiving(night: Night) -> set[str]:
    """The places to which a door may be sent that night from a flood."""
    suits = night.version.suitable(frozenset({HazardKind.FLOOD}))
    return {site.id for site, fits in zip(night.version.ground.sites, suits, strict=True) if fits}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [((), ("E1", "E3")), ((HazardKind.FLOOD,), ("E1", "E3")), ((HazardKind.LANDSLIDE,), None)],
)
def test_paper_is_for_a_flood_everywhere_and_for_other_hazards_where_they_have_zones(
    engine: Engine, homed: Path, asked: tuple[HazardKind, ...], expected: tuple[str, str] | None
) -> None:
    """And for those that are asked about everywhere: the plan has them all, as each door has."""
    below, beside = 4, 5
    planned = night(engine, homed, asked)
    if expected:
        assert (planned.place(below), planned.place(beside)) == expected
    for home, at in ((below, SLOPE), (beside, BESIDE)):
        question = Question(
            Position(*position(*at)),
            datetime.now(UTC),
            hazards=frozenset(asked),
            level=AlertLevel.ALL_LEAVE,
        )
        nearest = guide(planned.version, question).first
        assert nearest
        assert planned.place(home) == nearest.site.id


def test_a_city_without_households_has_no_paper(
    database: Database, small_plan: Planner, tmp_path: Path
) -> None:
    words = ("--district", "北町一丁目", "--out", str(tmp_path / "slips.pdf"), "--slips-only")
    done = commanded(database.url, tmp_path / "state", "slips", *words, "--address", ADDRESS)
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
    night: Night | None = None,
    slips: bool = True,
    sheets: bool = True,
    tonight: bool = False,
    area: str = "北町一丁目",
) -> printing.Printed:
    """Print an area into here.pdf in this process."""
    current = CurrentVersion(state)
    current.refresh()
    return printing.print_sheets(
        *(engine, current, CONSOLE),
        printing.Print((area,), ADDRESS, slips=slips, sheets=sheets, tonight=tonight),
        state.parent / "here.pdf",
        planned=planned,
        night=night.version if night else None,
        progress=lambda _: None,
        now=datetime.now(UTC),
    )
