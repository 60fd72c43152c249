"""Papers of an alert: whole, readable, marked, and never with a place at level 5."""

import re
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from pypdf import PdfReader

from alerts.errors import NotFit
from alerts.kinds import AlertKind, Step
from alerts.levels import COLOURS
from alerts.wording.morae import morae, seconds
from tests.unit.alerts.asase import SETTINGS, SITES, a_notice
from tests.unit.web.alertpapered import LIVE_LINK, issued, many_areas, pictures
from tests.unit.web.sheeted import texts
from web.alertsheets.issued import Issued
from web.alertsheets.kinds import PaperKind
from web.alertsheets.typesetting import paper_values, typeset

PAGES = {
    PaperKind.LOUDSPEAKER: 1,
    PaperKind.AREA_MAIL: 1,
    PaperKind.RADIO: 1,
    PaperKind.CAR: 2,
    PaperKind.TELEVISION: 1,
    PaperKind.POSTER_A4: 3,
    PaperKind.POSTER_A3: 3,
    PaperKind.CIRCULAR: 1,
    PaperKind.RETURN: 1,
    PaperKind.PACK: 5,
}
SCRIPTS = [PaperKind.LOUDSPEAKER, PaperKind.RADIO, PaperKind.CAR]
A4_MM, A3_MM = (210, 297), (297, 420)


@cache
def made(kind: PaperKind, **_: Any) -> bytes:
    """A paper of the alert of level 4, typeset once."""
    return typeset(issued(), kind)


def as_printed(segments: list[list[Any]]) -> str:
    """A line as its text stands in the document: each word, and its reading after it."""
    return "".join(f"{word}{kana}" for word, kana, _ in segments)


def words_at(pdf: bytes) -> list[tuple[int, float, float, float, float, str]]:
    """Each word on paper: its page, left, top, right, bottom in points, its letters."""
    command = ("pdftotext", "-bbox", "-", "-")
    html = subprocess.run(command, input=pdf, check=True, capture_output=True).stdout.decode()
    found: list[tuple[int, float, float, float, float, str]] = []
    number = 0
    for line in html.splitlines():
        number += "<page " in line
        if word := re.search(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*)</w', line):
            left, top, right, bottom = map(float, word.groups()[:4])
            found.append((number, left, top, right, bottom, word[5]))
    return found


@pytest.mark.parametrize("kind", list(PaperKind))
def test_each_paper_has_its_pages_in_its_size(kind: PaperKind) -> None:
    pages = PdfReader(BytesIO(made(kind))).pages
    assert len(pages) == PAGES[kind]
    wanted = A3_MM if kind is PaperKind.POSTER_A3 else A4_MM
    for page in pages:
        size = tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:])
        assert size == wanted


@pytest.mark.parametrize("kind", SCRIPTS)
@pytest.mark.parametrize("drill", [False, True], ids=["live", "drill"])
def test_every_line_is_printed_with_its_readings_morae_and_seconds(
    kind: PaperKind, drill: bool
) -> None:
    of = issued(drill=drill)
    for values, text in zip(paper_values(of, kind), texts(typeset(of, kind)), strict=True):
        for line in values["lines"]:
            said = as_printed(line["segments"]) or line["cue"]
            if line["number"] is not None and kind is not PaperKind.RADIO:
                cue = f"（{line['cue']}）" if line["cue"] else ""
                said += f"{cue}{line['morae']}{int(line['seconds'] + 0.5)}"
            assert "".join(said.split()) in text, said
        assert values["totals"][0][1] in text


@pytest.mark.parametrize("kind", SCRIPTS)
@pytest.mark.parametrize("drill", [False, True], ids=["live", "drill"])
def test_seconds_agree_with_the_morae_and_add_up(kind: PaperKind, drill: bool) -> None:
    for values in paper_values(issued(drill=drill), kind):
        total = 0.0
        for line in values["lines"]:
            total += line["seconds"]
            said = "".join(kana or word for word, kana, _ in line["segments"])
            if said:
                assert line["morae"] == morae(said)
                assert line["seconds"] == pytest.approx(seconds(said, SETTINGS.pace), abs=0.06)
        minutes, rest = divmod(round(total), 60)
        if kind is not PaperKind.CAR or not drill:
            words = f"{minutes}分{rest}秒" if minutes else f"{rest}秒"
            assert values["totals"][0][1] == words


@pytest.mark.parametrize("kind", [*SCRIPTS, PaperKind.POSTER_A4, PaperKind.CIRCULAR])
def test_readings_stand_whole_above_their_words_inside_the_page(kind: PaperKind) -> None:
    found = words_at(made(kind))
    readings = {
        kana
        for values in paper_values(issued(), kind)
        for line in values.get("lines", [{"segments": values.get("action", [])}])
        for _, kana, _ in line["segments"]
        if len(kana) > 1
    }
    assert readings
    for kana in readings:
        whole = [one for one in found if kana in one[5]]
        assert whole, f"{kana} is broken into lines"
        for _, left, top, right, bottom, _ in whole:
            assert left > 25
            assert right < 572
            assert bottom - top < 36 / 0.8
            assert top > 25


def test_letters_are_all_in_the_font() -> None:
    command = ("pdffonts", "-")
    for kind in PaperKind:
        listed = subprocess.run(command, input=made(kind), check=True, capture_output=True)
        fonts = listed.stdout.decode().splitlines()[2:]
        assert fonts
        assert all("BIZUDPGothic" in one for one in fonts), (kind, fonts)
        assert "\ufffd" not in "".join(texts(made(kind)))


@pytest.mark.parametrize("kind", list(PaperKind))
def test_nothing_runs_over_the_edge(kind: PaperKind, tmp_path: Path) -> None:
    for page in pictures(made(kind), tmp_path, dpi=50):
        edge = 12
        for side in (page[:edge], page[-edge:], page[:, :edge], page[:, -edge:]):
            assert side.min() > 250
        assert page.min() < 60


@pytest.mark.parametrize("kind", list(PaperKind))
def test_rule_16_a_drill_says_so_at_head_and_tail_and_has_no_colour_of_a_level(
    kind: PaperKind, tmp_path: Path
) -> None:
    pdf = typeset(issued(drill=True), kind)
    found = words_at(pdf)
    pages = PdfReader(BytesIO(pdf)).pages
    for number, page in enumerate(pages, start=1):
        tall = float(page.mediabox.height)
        marks = [one for one in found if one[0] == number and one[5] in ("訓", "練", "訓練")]
        assert any(bottom < 40 for _, _, _, _, bottom, _ in marks)
        assert any(top > tall - 40 for _, _, top, _, _, _ in marks)
    for picture in pictures(pdf, tmp_path):
        for background, _ in (COLOURS[level] for level in COLOURS if level >= 3):
            level = np.array([int(background[at : at + 2], 16) for at in (1, 3, 5)])
            if background == "#0c000c":
                continue
            assert np.abs(picture.astype(int) - level).max(axis=2).min() > 30, background
    assert "▼" not in "".join(texts(pdf))


def test_rule_04_papers_of_level_5_name_no_place_and_have_no_map() -> None:
    five = issued(level=5)
    for kind in PaperKind:
        if kind is PaperKind.CIRCULAR:
            with pytest.raises(NotFit, match="回覧"):
                typeset(five, kind)
            continue
        text = "".join(texts(typeset(five, kind)))
        assert "緊急安全確保" in text
        assert not any(name in text for name in SITES)
        assert "浸水の想定" not in text
    assert all(page["map"] is None for page in paper_values(five, PaperKind.POSTER_A4))
    assert "浸水の想定" in texts(made(PaperKind.POSTER_A4))[0]


def test_rule_13_level_5_recalls_everybody_and_sends_no_car() -> None:
    (text,) = texts(typeset(issued(level=5), PaperKind.CAR))
    assert "引き揚げの伝え方" in text
    assert "返事のあるまで" in text


def test_rule_13_each_car_has_its_withdrawal_time() -> None:
    pages = texts(made(PaperKind.CAR))
    assert len(pages) == 2
    assert all("引き揚げる時刻21時58分" in page for page in pages)


@pytest.mark.parametrize("kind", [PaperKind.POSTER_A4, PaperKind.POSTER_A3, PaperKind.CIRCULAR])
def test_code_leads_to_the_citys_page(kind: PaperKind, tmp_path: Path) -> None:
    for page in pictures(made(kind), tmp_path, dpi=75):
        (code,) = zxingcpp.read_barcodes(page)
        assert code.text == LIVE_LINK


@pytest.mark.parametrize("kind", list(PaperKind))
def test_a_draft_says_that_it_is_one_on_every_page(kind: PaperKind) -> None:
    for text in texts(typeset(issued(draft=True), kind)):
        assert "下書き" in text
        assert "未承認" in text
    assert "下書き" not in "".join(texts(made(kind)))


@pytest.mark.parametrize("kind", list(PaperKind))
def test_who_approved_stands_there_by_role_and_until_when_it_is_valid(kind: PaperKind) -> None:
    for text in texts(made(kind)):
        assert "承認20時31分本部" in text or "Approvedat20:31byheadquarters." in text
        assert "22時28分" in text or "22:28" in text


def test_many_areas_take_a_second_page_with_its_head_and_lose_nothing() -> None:
    of = issued(area_names=many_areas(), reason="川の水位が、上がっています。" * 6)
    text = texts(typeset(of, PaperKind.LOUDSPEAKER))
    assert len(text) == 2
    assert "2枚目" in text[1]
    assert "読む言葉" in text[1]
    (values,) = paper_values(of, PaperKind.LOUDSPEAKER)
    whole = "".join(text)
    assert all(as_printed(one["segments"]) in whole for one in values["lines"])
    back = "".join(texts(typeset(of, PaperKind.RETURN)))
    assert f"{len(many_areas())}南部地区なんぶちく軒" in back


def test_poster_with_three_hundred_areas_is_whole() -> None:
    names = tuple(f"渡場{stem}町" for stem in map(str, range(300)))
    text = "".join(texts(typeset(issued(area_names=names), PaperKind.POSTER_A4)))
    assert all(name in text.replace("わたしば", "") for name in names)


@pytest.mark.parametrize(
    "of",
    [
        issued(step=Step.ALL_CLEAR),
        issued(step=Step.CANCEL),
        issued(a_notice(AlertKind.LIFELINE, action="給水車に並んでください。")),
    ],
    ids=["all-clear", "cancelled", "another kind"],
)
def test_what_is_no_order_in_force_has_no_colour_and_no_siren(of: Issued) -> None:
    no_mail = of.alert.kind is not AlertKind.EVACUATION
    for kind in PaperKind:
        if kind is PaperKind.AREA_MAIL and no_mail:
            continue
        for values in paper_values(of, kind):
            assert values["issue"]["colours"] is None
        assert typeset(of, kind)
    assert "サイレン" not in "".join(texts(typeset(of, PaperKind.LOUDSPEAKER)))


def test_rule_20_the_fictional_city_is_called_so_on_every_page() -> None:
    for kind in PaperKind:
        for text in texts(made(kind)):
            assert "架空の市です" in text


def test_rule_17_names_that_nobody_confirmed_are_on_no_live_script() -> None:
    of = issued(area_names=("鵜首",))
    with pytest.raises(NotFit, match="鵜首"):
        typeset(of, PaperKind.PACK)


def test_rule_16_not_even_a_drill_of_level_5_has_its_black_band() -> None:
    for kind in (PaperKind.LOUDSPEAKER, PaperKind.POSTER_A4, PaperKind.PACK):
        for values in paper_values(issued(drill=True, level=5), kind):
            assert values["issue"]["colours"] is None
            assert values["issue"]["drill"]


@pytest.mark.parametrize("drill", [False, True], ids=["live", "drill"])
def test_english_poster_has_its_heading_and_its_legend_in_english(drill: bool) -> None:
    words = texts(typeset(issued(drill=drill), PaperKind.POSTER_A4))[-1]
    for said in (
        "AsaseCity(fictional)",
        "Alert128,revision1,20:28,10October.",
        "Level4EvacuationOrderfloods",
        "Areaofthisalert",
        "Assumedflooding",
        "Landslidewarningzone",
        "Placeswithoutcolourmaybedangeroustoo.",
    ):
        assert said in words, said
    for japanese in ("警戒レベル", "避難指示", "洪水", "案件", "この知らせの区域", "浸水の想定"):
        assert japanese not in words
    assert ("DRILL訓練Level4" in words) is drill


@pytest.mark.parametrize("step", [Step.ALL_CLEAR, Step.CANCEL])
def test_english_poster_of_what_is_over_says_so_in_its_heading(step: Step) -> None:
    words = texts(typeset(issued(step=step), PaperKind.POSTER_A4))[-1]
    assert ("Lifted:EvacuationOrder" in words) is (step is Step.ALL_CLEAR)
    assert ("Withdrawn:EvacuationOrder" in words) is (step is Step.CANCEL)
