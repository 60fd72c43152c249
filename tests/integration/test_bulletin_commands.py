"""Telegrams, suggestions and what stands, at the console."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from operations.cli import main
from tests.integration.databases import Database
from tests.unit.data.jmatelegrams import a_kind, a_telegram

SLIDE_4 = "レベル４土砂災害危険警報"
TITLE = "気象警報・注意報（Ｒ０６）（土砂）"


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    """Every test finds the small city loaded."""
    return with_small_city


@pytest.fixture(autouse=True)
def _its_engine(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operations.commands.bulletin.engine", lambda: engine)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["bulletin", *words])


def written(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def test_each_file_has_its_line_and_a_broken_one_stops_no_other(
    database: Database, tmp_path: Path
) -> None:
    sound = a_telegram(a_kind(SLIDE_4), title=TITLE, reported="2025-09-01T20:00:00+09:00")
    quake = a_telegram(title="震度速報").replace(b"meteorology1", b"seismology1")
    files = [
        written(tmp_path, "a.xml", sound[:-50]),
        str(tmp_path / "none.xml"),
        written(tmp_path, "b.xml", quake),
        written(tmp_path, "c.xml", sound),
        written(tmp_path, "d.xml", sound),
    ]
    done = run("read", *files)
    assert done.exit_code == 2
    refused, said = done.stderr.splitlines(), done.stdout.splitlines()
    assert refused[0].startswith("a.xml: 途中で切れている")
    assert refused[1].startswith("none.xml: cannot be opened")
    assert said[0].startswith("b.xml: 地震の電文です（震度速報）")
    assert said[1] == f"c.xml: 架空県{TITLE}を取り込みました"
    assert said[2] == "  候補 1 が判断を待っています（nigemichi bulletin list）"
    assert said[3].startswith("d.xml: ")
    assert "もう取り込んであります" in said[3]
    assert database.one("SELECT count(*) FROM bulletin") == 1


def test_sound_files_end_well(tmp_path: Path) -> None:
    sound = a_telegram(a_kind("大雪警報"), reported="2025-09-01T20:00:00+09:00")
    assert run("read", written(tmp_path, "a.xml", sound)).exit_code == 0
    assert run("read").exit_code == 2


def test_the_list_says_what_stands_how_old_and_what_waits(tmp_path: Path) -> None:
    assert run("list").stdout == "nothing stands, nothing waits\n"
    kinds = a_kind(SLIDE_4), a_kind("大雨警報")
    sound = a_telegram(*kinds, title=TITLE, reported="2025-09-01T20:00:00+09:00")
    run("read", written(tmp_path, "a.xml", sound))
    head, first, second, *suggested = run("list").stdout.splitlines()
    at = "2025-09-01 20:00+0900"
    assert head.startswith(f"架空県{TITLE} [発表中] 架空地方気象台 {at} (")
    assert head.endswith("日前)")
    assert first == f"  {SLIDE_4} 発表: 小浜町"
    assert second == "  大雨警報（レベル3相当） 発表: 小浜町"
    assert suggested[0].startswith("候補 1: 土砂災害 警戒レベル4 避難指示 市内全域 — 架空")


def test_a_suggestion_whose_cause_is_over_says_so(tmp_path: Path) -> None:
    for hour, condition in ((20, "発表"), (21, "解除")):
        reported = f"2025-09-01T{hour}:00:00+09:00"
        content = a_telegram(a_kind(SLIDE_4, condition), title=TITLE, reported=reported)
        said = run("read", written(tmp_path, f"{hour}.xml", content)).stdout.splitlines()
    assert said == [f"21.xml: 架空県{TITLE}を取り込みました（この市では解除）"]
    (only,) = run("list").stdout.splitlines()
    assert "— 【根拠の情報は、今はもう発表されていません】架空地方気象台" in only


def test_a_suggestion_is_passed_over_at_the_console(database: Database, tmp_path: Path) -> None:
    sound = a_telegram(a_kind(SLIDE_4), title=TITLE, reported="2025-09-01T20:00:00+09:00")
    run("read", written(tmp_path, "a.xml", sound))
    assert run("pass-over", "1", "--why", " ").exit_code == 2
    assert run("pass-over", "1").exit_code == 2
    assert run("pass-over", "1", "--why", "雨は上がる").stdout == "passed over: 1\n"
    query = "SELECT state, decided_why, decided_by FROM suggestion"
    assert database.rows(query) == [("passed_over", "雨は上がる", "console")]
    again = run("pass-over", "1", "--why", "雨は上がる")
    assert again.exit_code == 2
    assert "もう見送りになっています" in again.stderr
