"""緊急速報メール送信票: what is typed stands there letter by letter, and a drill is never sent."""

from typing import Any

import pytest

from alerts.errors import NotFit
from alerts.kinds import AlertKind, Medium, Step
from alerts.wording.media.lengths import AREA_MAIL_TEXT_MOST, AREA_MAIL_TITLE_MOST
from tests.unit.alerts.asase import a_notice
from tests.unit.web.alertpapered import issued, many_areas
from tests.unit.web.sheeted import texts
from web.alertsheets.issued import Issued
from web.alertsheets.kinds import PaperKind
from web.alertsheets.typesetting import paper_values, typeset

SHEET = PaperKind.AREA_MAIL


def values(of: Issued) -> dict[str, Any]:
    (found,) = paper_values(of, SHEET)
    return found


@pytest.mark.parametrize(
    "of",
    [
        issued(),
        issued(level=5),
        issued(drill=True),
        issued(step=Step.ALL_CLEAR),
        issued(area_names=many_areas(), reason="川の水位が、上がっています。" * 10),
    ],
    ids=["live", "level 5", "drill", "all-clear", "long"],
)
def test_title_and_text_are_those_that_were_approved_letter_by_letter(of: Issued) -> None:
    message = of.rendered.message(Medium.AREA_MAIL)
    assert message is not None
    found = values(of)
    assert "".join(found["title"]) == message["title"]
    assert len(found["title"]) <= found["title_most"] == AREA_MAIL_TITLE_MOST
    assert "\n".join(line for _, line, _ in found["lines"]) == message["text"]
    assert found["count"] == len(message["text"]) <= found["most"] == AREA_MAIL_TEXT_MOST
    assert sum(count for _, _, count in found["lines"]) + found["breaks"] == found["count"]
    shown = "".join(texts(typeset(of, SHEET)))
    for number, line, count in found["lines"]:
        assert f"{number}{''.join(line.split())}{count}" in shown
    assert f"{found['count']}字／500字まで" in shown
    assert f"{len(found['title'])}字／15字まで" in shown


def test_whither_and_from_whom_it_goes_and_that_another_person_reads_it_back() -> None:
    (text,) = texts(typeset(issued(), SHEET))
    for said in (
        "種別災害・避難情報",
        "配信先浅瀬市（架空）の全域市の番号99901",
        "発信者浅瀬市（架空）",
        "市内のすべての携帯電話に届きます",
        "打ち込んだ人・時刻読み合わせた人・時刻",
        "打ち込んだ人と読み合わせた人は、別の人。",
        "22時28分まで。そのあとは送らない。",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (issued(drill=True), "訓練です。緊急速報メールは送りません。"),
        (issued(drill=True, step=Step.ALL_CLEAR), "訓練です。緊急速報メールは送りません。"),
        (issued(drill=True, draft=True), "訓練です。緊急速報メールは送りません。"),
        (issued(draft=True), "下書きです。送りません。"),
    ],
    ids=["drill", "all-clear of a drill", "draft of a drill", "draft"],
)
def test_rule_16_a_drill_is_never_typed_in_nor_is_a_draft(of: Issued, why: str) -> None:
    (text,) = texts(typeset(of, SHEET))
    assert why in text
    assert "業務端末に打ち込まない" in text
    for sending in ("事業者", "送った時刻", "携帯電話に届きます", "手で送る"):
        assert sending not in text


def test_what_is_no_evacuation_order_has_no_such_sheet() -> None:
    notice = issued(a_notice(AlertKind.LIFELINE, action="給水車に並んでください。"))
    with pytest.raises(NotFit, match="避難情報だけ"):
        typeset(notice, SHEET)


def test_sheet_is_in_no_radio_pack_for_in_a_blackout_there_is_no_network() -> None:
    assert "area_mail" not in [page["kind"] for page in paper_values(issued(), PaperKind.PACK)]


def test_longest_text_loses_nothing_and_stays_on_one_page() -> None:
    of = issued(
        area_names=many_areas(), reason="川の水位が、上がっています。" * 21 + "雨が続いています。"
    )
    assert values(of)["count"] > AREA_MAIL_TEXT_MOST - 10
    (text,) = texts(typeset(of, SHEET))
    assert "送らなかった事業者と、その理由" in text


@pytest.mark.parametrize("count", [1, 2, 4])
def test_level_5_fits_on_one_page_however_long_its_reason_is(count: int) -> None:
    gauge = "綾畑水位観測所の水位が、氾濫危険水位を超えました。川の水が、あふれています。"
    (text,) = texts(typeset(issued(level=5, reason=gauge * count), SHEET))
    assert "送らなかった事業者と、その理由" in text
