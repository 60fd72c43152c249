"""Papers of alerts: in the queue unasked, made, printed, brought back."""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from click.testing import CliRunner
from sqlalchemy import update

from alerts.kinds import ChannelKind, Status
from city.staff import CONSOLE, Role
from data import tables
from data.alerts import revisions
from data.database import transaction
from data.delivery import carriers
from operations.alerts import papers
from operations.alerts.paperfolder import write_papers
from operations.alerts.unasked import unasked
from operations.cli import main
from tests.integration.alerted import ALERTS, AREA, OTHER, Headquarters
from tests.integration.staffed import signed_in
from tests.unit.web.alertpapered import pictures
from tests.unit.web.sheeted import texts
from web.alertsheets.kinds import PaperKind

State = Mapping[str, int]


def carrier(
    hq: Headquarters,
    credential: str,
    channel: ChannelKind,
    state: State,
    status: Status = Status.ACTUAL,
) -> None:
    """A carrier as it is known: moments are seconds from now."""
    now = datetime.now(UTC)
    table = tables.carrier_state
    values = {
        name: now + timedelta(seconds=value) if name.endswith(("_until", "_at")) else value
        for name, value in state.items()
    }
    with transaction(hq.engine, latest=True) as connection:
        carriers.know(connection, credential, channel, status, now)
        if values:
            query = update(table).where(table.c.credential == credential)
            connection.execute(query.values(**values))


def jobs(hq: Headquarters) -> list[tuple[Any, ...]]:
    """Papers in the queue and why they are there."""
    return hq.database.rows("SELECT paper, why FROM print_job ORDER BY id")


def pdf(hq: Headquarters, number: int, paper: str) -> bytes:
    """A paper as the API gives it."""
    answer = hq.ask(hq.writer, f"{ALERTS}/{number}/papers/{paper}.pdf", method="GET")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    content: bytes = answer.content
    return content


SHUT: State = {"shut_until": 60, "failures": 4}
FAILED: State = {"failures": 3, "accepted_at": -31}
GONE: State = {"seen_at": -61}
WELL: State = {}


def test_script_of_an_order_is_made_unasked_as_soon_as_it_is_approved(hq: Headquarters) -> None:
    number = hq.send(hq.draft())["number"]
    begun, now = time.monotonic(), datetime.now(UTC)
    assert len(unasked(hq.engine, now)) == 1
    assert papers.print_next(hq.engine, now)
    took = time.monotonic() - begun
    assert jobs(hq) == [("loudspeaker", "避難情報が承認された")]
    text = "".join(texts(pdf(hq, number, "loudspeaker")))
    assert "緊急放送" in text
    assert "しもあさせ" in text
    assert unasked(hq.engine, now) == []
    assert not papers.print_next(hq.engine, now)
    assert took < 60


@pytest.mark.parametrize("state", [SHUT, FAILED, GONE], ids=["let be", "silent", "gone"])
def test_radio_pack_is_printed_unasked_when_line_and_sms_are_both_down(
    hq: Headquarters, state: State
) -> None:
    number = hq.send(hq.draft())["number"]
    carrier(hq, "line-main", ChannelKind.LINE, state)
    carrier(hq, "sms-main", ChannelKind.SMS, SHUT)
    carrier(hq, "mail", ChannelKind.MAIL, WELL)
    begun, now = time.monotonic(), datetime.now(UTC)
    assert len(unasked(hq.engine, now)) == 2
    assert papers.print_all(hq.engine, now) == 2
    assert jobs(hq)[1] == ("pack", "LINE・SMS がどれも送れない")
    assert time.monotonic() - begun < 60
    pages = texts(pdf(hq, number, "pack"))
    for title in ("放送原稿", "ラジオ原稿", "広報車の原稿", "読み上げの記録"):
        assert any(title in page for page in pages), title
    job = hq.database.one("SELECT id FROM print_job WHERE paper = 'pack'")
    assert f"紙の番号{job}" in pages[-1]


@pytest.mark.parametrize(
    ("line", "sms", "why"),
    [
        (SHUT, WELL, "sms works"),
        (WELL, WELL, "both work"),
        (SHUT, {"failures": 3, "accepted_at": 0}, "sms took one a moment ago"),
        (SHUT, {"failures": 2}, "sms failed twice only"),
        ({"shut_until": -1}, SHUT, "line is tried again"),
    ],
)
def test_no_pack_while_one_carrier_works(
    hq: Headquarters, line: State, sms: State, why: str
) -> None:
    hq.send(hq.draft())
    carrier(hq, "line-main", ChannelKind.LINE, line)
    carrier(hq, "sms-main", ChannelKind.SMS, sms)
    unasked(hq.engine, datetime.now(UTC))
    assert [paper for paper, _ in jobs(hq)] == ["loudspeaker"], why


def test_carriers_of_drills_say_nothing_of_an_alert(hq: Headquarters) -> None:
    hq.send(hq.draft())
    carrier(hq, "line-main", ChannelKind.LINE, SHUT)
    carrier(hq, "line-drill", ChannelKind.LINE, WELL, Status.EXERCISE)
    unasked(hq.engine, datetime.now(UTC))
    assert [paper for paper, _ in jobs(hq)] == ["loudspeaker", "pack"]


def test_drill_s_carrier_that_is_down_prints_no_pack_of_an_alert(hq: Headquarters) -> None:
    hq.send(hq.draft())
    carrier(hq, "line-main", ChannelKind.LINE, WELL)
    carrier(hq, "line-drill", ChannelKind.LINE, SHUT, Status.EXERCISE)
    unasked(hq.engine, datetime.now(UTC))
    assert [paper for paper, _ in jobs(hq)] == ["loudspeaker"]


def test_paper_says_what_was_approved_whatever_words_are_adopted_later(hq: Headquarters) -> None:
    number = hq.send(hq.draft())["number"]
    before = texts(pdf(hq, number, "poster_a4"))
    hq.database.rows("UPDATE alert_revision SET reason = '川は、引きました。' RETURNING 1")
    assert texts(pdf(hq, number, "poster_a4")) == before
    assert "あふれるおそれ" in before[0]


def test_poster_has_a_map_of_the_area_and_a_code_that_can_be_read(
    hq: Headquarters, tmp_path: Path
) -> None:
    number = hq.send(hq.draft())["number"]
    made = pdf(hq, number, "poster_a4")
    (code,) = zxingcpp.read_barcodes(pictures(made, tmp_path, dpi=75)[0])
    assert code.text == "http://localhost:8080/"
    text = texts(made)[0]
    assert "この紙は" in text, "Japanese comes first"
    assert "この知らせの区域" in text
    assert "浸水の想定" in text
    assert AREA in text


def test_draft_can_be_looked_at_and_not_be_printed(hq: Headquarters) -> None:
    number = hq.draft()["number"]
    assert "下書き" in texts(pdf(hq, number, "loudspeaker"))[0]
    refused = hq.ask(hq.writer, f"{ALERTS}/{number}/papers", {"paper": "loudspeaker"})
    assert refused.status_code == 422
    assert "承認されていない" in refused.json()["detail"]
    assert jobs(hq) == []


def test_paper_is_asked_for_once_printed_and_brought_back(hq: Headquarters) -> None:
    number = hq.send(hq.draft(areas=[AREA, OTHER]))["number"]
    here = f"{ALERTS}/{number}/papers"
    for _ in range(2):
        hq.well(hq.ask(hq.writer, here, {"paper": "pack"}))
    (job,) = [one["job"] for one in hq.get(here)["queue"]]
    early = hq.ask(hq.writer, f"{here}/{job}/printed")
    assert (early.status_code, "まだできていない" in early.text) == (422, True)
    papers.print_all(hq.engine, datetime.now(UTC))
    for _ in range(2):
        shown = hq.well(hq.ask(hq.writer, f"{here}/{job}/printed"))
    assert shown["queue"] == []
    (mine,) = [one["job"] for one in shown["papers"] if one["job"]]
    assert mine["printed_by"] == hq.writer.caller.name
    sheet = {
        "areas": [{"area": AREA, "heard": True, "called": 12}, {"area": OTHER, "heard": False}]
    }
    hq.well(hq.ask(hq.writer, f"{here}/{job}/return", sheet))
    later = {"areas": [{"area": AREA, "heard": True, "called": 15}]}
    back = hq.well(hq.ask(hq.writer, f"{here}/{job}/return", later))
    assert (back["called"], back["heard"], back["not_heard"]) == (15, [AREA], [OTHER])
    assert hq.get(here)["returned"] == back
    done = [row[0] for row in hq.database.rows(
        "SELECT action FROM audit_entry WHERE action LIKE 'paper.%' ORDER BY number"
    )]  # fmt: skip
    assert done == ["paper.asked", "paper.printed", "paper.returned", "paper.returned"]


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        ([{"area": "どこにもない町"}], 422),
        ([{"area": AREA}, {"area": AREA}], 422),
        ([], 422),
        ([{"area": AREA, "called": -1}], 422),
    ],
)
def test_a_sheet_with_strange_lines_is_refused_whole(
    hq: Headquarters, areas: list[dict[str, Any]], status: int
) -> None:
    number = hq.send(hq.draft())["number"]
    here = f"{ALERTS}/{number}/papers"
    hq.well(hq.ask(hq.writer, here, {"paper": "return"}))
    (job,) = [one["job"] for one in hq.get(here)["queue"]]
    refused = hq.ask(hq.writer, f"{here}/{job}/return", {"areas": areas})
    assert refused.status_code == status
    assert hq.database.one("SELECT count(*) FROM paper_return") == 0
    assert (
        hq.ask(hq.writer, f"{here}/{job + 1}/return", {"areas": [{"area": AREA}]}).status_code
        == 404
    )


def test_paper_that_cannot_be_made_keeps_its_reason_and_holds_up_no_other(
    hq: Headquarters,
) -> None:
    number = hq.send(hq.draft(level=5))["number"]
    here = f"{ALERTS}/{number}/papers"
    for paper in ("circular", "car"):
        hq.well(hq.ask(hq.writer, here, {"paper": paper}))
    assert papers.print_all(hq.engine, datetime.now(UTC)) == 2
    found = {one["paper"]: one for one in hq.get(here)["queue"]}
    assert "回覧しません" in found["circular"]["failed_why"]
    assert found["car"]["made_at"]
    assert "引き揚げの伝え方" in texts(pdf(hq, number, "car"))[0]
    hq.well(hq.ask(hq.writer, here, {"paper": "circular"}))
    assert papers.print_next(hq.engine, datetime.now(UTC))


def test_rule_04_papers_of_level_5_name_no_place_of_the_city(hq: Headquarters) -> None:
    sites = [row[0] for row in hq.database.rows("SELECT name FROM evacuation_site")]
    number = hq.send(hq.draft(level=5))["number"]
    for paper in ("loudspeaker", "radio", "car", "television", "poster_a4", "pack", "return"):
        text = "".join(texts(pdf(hq, number, paper)))
        assert [name for name in sites if name in text] == [], paper


def test_expired_text_is_not_printed(hq: Headquarters) -> None:
    number = hq.send(hq.draft())["number"]
    now = datetime.now(UTC)
    unasked(hq.engine, now)
    assert not papers.print_next(hq.engine, now + timedelta(hours=3))
    assert "期限が過ぎました" in withdrawn(hq, number, now + timedelta(hours=3))


def withdrawn(hq: Headquarters, number: int, now: datetime) -> str:
    """Why the papers of a revision are not printed, "" while they are."""
    with transaction(hq.engine) as connection:
        (why,) = {one["withdrawn"] for one in papers.papers_of(connection, number, now)}
        assert bool(why) != bool(papers.queue(connection, now))
    return why or ""


@pytest.mark.parametrize("made", [False, True])
def test_paper_of_what_was_stopped_is_withdrawn_made_or_not(
    hq: Headquarters, tmp_path: Path, made: bool
) -> None:
    number = hq.send(hq.draft())["number"]
    now = datetime.now(UTC)
    unasked(hq.engine, now)
    if made:
        papers.print_all(hq.engine, now)
    assert withdrawn(hq, number, now) == ""
    hq.well(hq.decide(hq.writer, number, "stop", why="文面の誤り"))
    assert withdrawn(hq, number, now).startswith("取り下げ：送信を止めました")
    assert not papers.print_next(hq.engine, now)
    assert write_papers(hq.engine, tmp_path, now).written == ()
    assert unasked(hq.engine, now) == []
    refused = hq.ask(hq.writer, f"{ALERTS}/{number}/papers", {"paper": "radio"})
    assert (refused.status_code, "取り下げ" in refused.json()["detail"]) == (422, True)


@pytest.mark.parametrize("step", ["update", "cancel", "all_clear"])
def test_paper_of_what_was_replaced_is_withdrawn_and_the_next_has_its_own(
    hq: Headquarters, tmp_path: Path, step: str
) -> None:
    first = hq.send(hq.draft())
    now = datetime.now(UTC)
    unasked(hq.engine, now)
    papers.print_all(hq.engine, now)
    second = hq.send(hq.revise(first["alert"], step=step, reason="水位が変わりました。"))["number"]
    unasked(hq.engine, datetime.now(UTC))
    done = write_papers(hq.engine, tmp_path, datetime.now(UTC))
    assert [name.split("-", 1)[1] for name in done.written] == [f"alert{second}-loudspeaker.pdf"]
    here = hq.get(f"{ALERTS}/{first['number']}/papers")["papers"]
    assert {one["withdrawn"] for one in here} == {"取り下げ：第2版に替わりました（replaced）"}
    there = hq.get(f"{ALERTS}/{second}/papers")["papers"]
    assert {one["withdrawn"] for one in there} == {None}


def test_next_revision_that_nobody_approved_withdraws_nothing(hq: Headquarters) -> None:
    first = hq.send(hq.draft())
    unasked(hq.engine, datetime.now(UTC))
    hq.revise(first["alert"], step="all_clear", reason="水が引きました。")
    assert withdrawn(hq, first["number"], datetime.now(UTC)) == ""


def test_two_makers_never_make_one_paper_twice_and_a_dead_one_is_replaced(
    hq: Headquarters,
) -> None:
    hq.send(hq.draft())
    now = datetime.now(UTC)
    unasked(hq.engine, now)
    hq.database.rows("UPDATE print_job SET lease_until = now() + interval '50 seconds' RETURNING 1")
    assert not papers.print_next(hq.engine, now)
    assert papers.print_next(hq.engine, now + timedelta(seconds=61))


def test_drill_is_marked_on_paper_too(hq: Headquarters) -> None:
    number = hq.send(hq.draft(status="Exercise"))["number"]
    unasked(hq.engine, datetime.now(UTC))
    assert [paper for paper, _ in jobs(hq)] == ["loudspeaker"]
    assert "【訓練】放送原稿" in texts(pdf(hq, number, "loudspeaker"))[0]


def test_paper_says_by_which_duty_it_was_approved_and_nobody_s_name(hq: Headquarters) -> None:
    number = hq.send(hq.draft())["number"]
    japanese, easy, english = texts(pdf(hq, number, "poster_a4"))
    for page in (japanese, easy):
        assert re.search("承認[0-9]+時([0-9]+分)?本部", page)
    assert re.search("Approvedat[0-9:]+byheadquarters", english)
    assert "承認者" not in japanese + easy + english


def test_nothing_else_than_an_order_is_printed_unasked(hq: Headquarters) -> None:
    other = {"kind": "general", "hazard": None, "level": None, "subject": "断水のお知らせ"}
    hq.send(hq.draft(**other, action="水をためてください。"))
    assert unasked(hq.engine, datetime.now(UTC)) == []


@pytest.mark.parametrize(("status", "mark"), [("Actual", ""), ("Exercise", "訓練-drill-")])
def test_printer_s_folder_gets_each_paper_once_and_names_a_drill(
    hq: Headquarters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str, mark: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", hq.database.url)
    monkeypatch.setenv("NIGEMICHI_STATE", str(tmp_path))
    number = hq.send(hq.draft(status=status))["number"]
    with transaction(hq.engine, latest=True) as connection:
        row = revisions.get(connection, hq.database.one("SELECT code FROM city_load"), number)
        for paper in (PaperKind.LOUDSPEAKER, PaperKind.RADIO):
            papers.ask_for(connection, row, paper, "試験", by=CONSOLE, now=datetime.now(UTC))
    folder = tmp_path / "printer"
    written = []
    for _ in range(2):
        done = CliRunner().invoke(main, ["alert", "papers", "--out", str(folder)])
        assert done.exit_code == 0, done.output
        written.append(sorted(one.name for one in folder.iterdir()))
    assert [name.split("-", 1)[1] for name in written[0]] == [
        f"{mark}alert{number}-loudspeaker.pdf",
        f"{mark}alert{number}-radio.pdf",
    ]
    assert written[0] == written[1]
    assert all((folder / name).read_bytes().startswith(b"%PDF") for name in written[0])
    shown = hq.get(f"{ALERTS}/{number}/papers")["papers"]
    assert {one["job"]["printed_by"] for one in shown if one["job"]} == {"console"}


@pytest.mark.parametrize("status", ["Actual", "Exercise"])
def test_send_sheet_says_what_was_approved_and_of_a_drill_that_nobody_sends_it(
    hq: Headquarters, status: str
) -> None:
    number = hq.send(hq.draft(status=status))["number"]
    hq.well(hq.ask(hq.writer, f"{ALERTS}/{number}/papers", {"paper": "area_mail"}))
    papers.print_all(hq.engine, datetime.now(UTC))
    (text,) = texts(pdf(hq, number, "area_mail"))
    mail = hq.get(f"{ALERTS}/{number}")["rendered"]["messages"]["area_mail"]["ja"]
    assert all("".join(line.split()) in text for line in mail["text"].split("\n"))
    code = hq.database.one("SELECT code FROM city_load WHERE current")
    assert f"市の番号{code}" in text
    is_drill = status == "Exercise"
    assert ("緊急速報メールは送りません" in text) == is_drill
    assert ("打ち込んだ人・時刻" in text) != is_drill


def test_what_is_no_evacuation_order_has_no_send_sheet_and_says_why(hq: Headquarters) -> None:
    other = {"kind": "general", "hazard": None, "level": None, "subject": "断水のお知らせ"}
    number = hq.send(hq.draft(**other, action="水をためてください。"))["number"]
    refused = hq.ask(hq.writer, f"{ALERTS}/{number}/papers/area_mail.pdf", method="GET")
    assert (refused.status_code, "避難情報だけ" in refused.text) == (422, True)


def test_only_headquarters_sees_papers(hq: Headquarters) -> None:
    number = hq.send(hq.draft())["number"]
    desk = signed_in(hq.engine, Role.DESK)
    for path in ("papers", "papers/loudspeaker.pdf"):
        assert hq.ask(desk, f"{ALERTS}/{number}/{path}", method="GET").status_code == 403
