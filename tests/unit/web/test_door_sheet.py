"""A door list on paper: one A4 with every door, until when all are back, a drill that is one."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader

from alerts.doors import OUTCOME_WORDS
from alerts.registration import AccessNeed
from tests.unit.web.alertpapered import many_areas, pictures
from tests.unit.web.doorsheeted import MOST, door_map, printed
from tests.unit.web.sheeted import texts
from tests.unit.web.test_alert_sheets import words_at
from web.alertsheets.doormap import runs
from web.alertsheets.doorsheet import FIELDS, NEED_WORDS, PRIVATE

WORST: dict[str, Any] = {
    "needs": tuple(AccessNeed),
    "team": "下浅瀬地区自主防災会・消防団第三分団の合同班です",
    "area": "下浅瀬中央十五丁目",
    "drill": True,
    "area_names": many_areas(),
    "reason": "浅瀬川の水位が、上がっています。" * 3,
}


@pytest.mark.parametrize("given", [{}, WORST, WORST | {"team": ""}, {"count": 1}])
def test_a_list_is_one_a4_with_each_door_and_all_outcomes(given: dict[str, Any]) -> None:
    pdf = printed(**given)
    (page,) = PdfReader(BytesIO(pdf)).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    (text,) = texts(pdf)
    labels = [f"AB112-{n:02}" for n in range(1, given.get("count", MOST) + 1)]
    assert all(text.count(label) == 1 for label in labels)
    for word in (*OUTCOME_WORDS.values(), *FIELDS, *PRIVATE):
        assert "".join(word.split()) in text, word


@pytest.mark.parametrize("given", [WORST, {}], ids=["worst", "usual"])
def test_nothing_of_it_is_cut_off_or_lies_on_the_foot(given: dict[str, Any]) -> None:
    found = words_at(printed(**given))
    # 訓練 lies behind all of it, in letters as high as a hand.
    before = [one for one in found if one[4] - one[2] < 60]
    for _, left, top, right, bottom, word in before:
        assert (left >= 30, top >= 4, right <= 566, bottom <= 838) == (True,) * 4, word
    fields = max(bottom for *_, bottom, word in found if FIELDS[0] in word)
    foot = min(top for _, _, top, _, _, word in found if word.startswith(PRIVATE[0][:8]))
    assert fields < foot


def test_until_when_all_are_back_is_the_largest_on_it_and_the_words_are_the_approved_ones() -> None:
    pdf = printed()
    (text,) = texts(pdf)
    assert "10月11日0時40分までに全員戻る" in text
    assert "警戒けいかいレベル4よん" in text
    heights = {word: bottom - top for _, _, top, _, bottom, word in words_at(pdf)}
    assert max(heights, key=lambda word: heights[word]).startswith("10月11日0時40分")


def test_rule_16_a_drill_says_so_at_head_and_tail_and_has_no_levels_colour(tmp_path: Path) -> None:
    live, drill = printed(), printed(drill=True)
    assert "訓練" not in texts(live)[0]
    found = [(top, word) for _, _, top, _, _, word in words_at(drill) if "訓" in word]
    assert min(top for top, _ in found) < 30
    assert max(top for top, _ in found) > 810
    purple = np.array((0xAA, 0x00, 0xAA))
    for name, pdf, has in (("live", live, True), ("drill", drill, False)):
        folder = tmp_path / name
        folder.mkdir()
        (page,) = pictures(pdf, folder)
        near = np.abs(page.astype(int) - purple).max(axis=2) < 12
        assert bool(near.any()) is has


def test_before_a_team_took_it_the_team_and_another_time_are_written_by_hand() -> None:
    assert "本部が時刻を変えたら" in texts(printed(team=""))[0]
    (handed,) = texts(printed())
    assert "本部が時刻を変えたら" not in handed
    assert "消防団1" in handed


def test_what_was_told_before_is_ticked_where_a_list_is_printed_again(tmp_path: Path) -> None:
    ink = []
    for name in ("fresh", "again"):
        (tmp_path / name).mkdir()
        pdf = printed(called=name == "again")
        (page,) = pictures(pdf, tmp_path / name)
        assert "23時55分に印刷" in texts(pdf)[0]
        ink.append(int((page.max(axis=2) < 128).sum()))
    assert ink[1] > ink[0]


def test_every_need_has_short_words() -> None:
    assert set(NEED_WORDS) == set(AccessNeed)
    (text,) = texts(printed(needs=(AccessNeed.WHEELCHAIR, AccessNeed.CARE)))
    assert "車いす・" in text


def test_doors_that_stand_together_share_a_sign_and_each_is_on_the_map() -> None:
    made = door_map([(1, 0, 0), (2, 1, 1), (3, 2, 0), (7, 1, 0), (9, 150, 80)])
    assert sorted(one.text for one in made.signs()) == ["1-3,7", "9"]
    assert ">1-3,7</text>" in made.svg()
    assert runs([4]) == "4"
    assert runs([1, 2, 5]) == "1-2,5"
