"""The sheet of a 班: boxes to tick, a time to come back, and nobody's name."""

from dataclasses import replace

from shelters.place import Opening
from tests.unit.web.ground import asks, version
from tests.unit.web.sheeted import ALL, a_home, homes, pages


def test_sheet_has_a_row_for_every_paper_and_the_four_columns() -> None:
    (text,) = pages(homes(15), sheets=True).texts
    assert "紙の番号行き先声かけ出発残る迎え" in text
    for home in homes(15):
        assert f"{home.label}浅瀬第三小学校" in text
    assert "合計全15世帯" in text
    assert "下浅瀬二丁目1班" in text
    assert "2026年10月10日に印刷" in text
    assert "10月10日20:42の計画（第128版）" in text


def test_rule_13_every_sheet_bears_the_time_at_which_all_come_back() -> None:
    some = [*homes(2), *(replace(home, han=2) for home in homes(2))]
    for text in pages(some, sheets=True, withdraw="21:30").texts:
        assert "引き上げ時刻21:30" in text
        assert "終わっていなくても、この時刻に引き上げる。レベル5が出たら、すぐ引き上げる。" in text
        assert "全員が引き上げた" in text
    assert len(pages(some, sheets=True).texts) == 2


def test_rule_13_without_a_time_the_sheet_asks_for_one_before_anybody_sets_out() -> None:
    (text,) = pages(homes(), sheets=True).texts
    assert "＿＿時＿＿分（先に決めて書く）" in text


def test_tally_can_be_phoned_or_typed_in_from_the_sheet() -> None:
    (text,) = pages(homes(), sheets=True, phone="042-000-0000").texts
    assert "合計を知らせる電話042-000-0000" in text
    assert "入力するとき：下浅瀬二丁目1班声かけ＿＿＿出発＿＿＿残る＿＿＿迎え＿＿＿" in text


def test_home_without_a_way_is_to_be_asked_about_by_phone() -> None:
    shut = asks(version(opening=Opening.CLOSED), level=ALL)
    (text,) = pages([a_home(shut)], sheets=True).texts
    assert "K1-01行き先なし・電話で確かめる" in text
