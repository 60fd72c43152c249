"""What rows of 現地報告 tell of kind, time and error; whatever is odd is said."""

from datetime import UTC, datetime

import pytest

from hazards.observation import Depth, ObservationKind
from tests.unit.data.observedfiles import LAT, LON, a_csv, a_row, only

AT = datetime(2026, 11, 27, 17, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28T02:10+09:00",
        "2026-11-27T17:10:00.000Z",
        "2026/11/28 2:10",
        "２０２６年１１月２８日　２時１０分",
        "2026-11-28T02:10:00",
    ],
)
def test_times_without_an_offset_are_by_the_citys_clocks(text: str) -> None:
    draft = only(a_row(at=text)).draft
    assert draft is not None
    assert draft.seen_at == AT


def test_a_day_and_a_clock_in_two_columns_are_one_time() -> None:
    row = only(a_csv(f"{LAT},{LON},冠水,2026/11/28,2:10", header="緯度,経度,種別,日付,時刻"))
    assert row.draft is not None
    assert row.draft.seen_at == AT


@pytest.mark.parametrize("text", ["2026/11/28", "02:10", "昨夜", "2026/13/28 02:10", "20261128"])
def test_half_a_time_is_refused_with_an_example(text: str) -> None:
    row = only(a_row(at=text))
    assert row.draft is None
    assert row.refused.startswith("日時「")
    assert "2026/11/28 02:10" in row.remedy


def test_what_is_not_told_is_said() -> None:
    row = only(a_row(kind="", at=""))
    assert row.draft is not None
    assert row.draft.kind is ObservationKind.OTHER
    assert row.draft.seen_at is None
    assert [said[:4] for said in row.remarks] == ["種別が書", "日時があ"]


def test_an_unknown_kind_is_other_and_stays_in_the_words() -> None:
    row = only(a_row(kind="陥没"))
    assert row.draft is not None
    assert (row.draft.kind, row.draft.note) == (ObservationKind.OTHER, "陥没")
    assert row.remarks == ("種別「陥没」は知らない語です。「その他」とします",)


def test_a_shut_road_without_a_reason_is_other() -> None:
    row = only(a_row(kind="通行止め"))
    assert row.draft is not None
    assert row.draft.kind is ObservationKind.OTHER
    assert "本部の操作" in row.remarks[0]


@pytest.mark.parametrize(
    ("kind", "note"), [("冠水", "解消しました"), ("冠水なし", ""), ("倒木", "倒木は撤去済み")]
)
def test_what_is_over_is_no_report(kind: str, note: str) -> None:
    row = only(a_row(kind=kind, note=note))
    assert row.draft is None
    assert "解消" in row.refused


def test_a_denial_of_something_else_leaves_the_report() -> None:
    row = only(a_row(kind="倒木", note="冠水なし"))
    assert row.draft is not None


def test_a_drill_is_no_report() -> None:
    row = only(a_row(note="【訓練】"))
    assert row.draft is None
    assert "訓練" in row.refused


@pytest.mark.parametrize("text", ["0", "-5", "NaN", "9999999", "たぶん近く"])
def test_an_error_that_cannot_be_is_unknown(text: str) -> None:
    row = only(a_row(error=text))
    assert row.draft is not None
    assert row.draft.error_m is None
    assert row.remarks == (f"誤差「{text}」は使えません。誤差不明とします",)


def test_a_depth_and_an_address_are_kept() -> None:
    header = "緯度,経度,種別,日時,水深,URL"
    line = f"{LAT},{LON},冠水,2026/11/28 02:10,30cm"
    row = only(a_csv(f"{line},https://example.jp/a", header=header))
    assert row.draft is not None
    assert (row.draft.depth, row.draft.link) == (Depth.KNEE, "https://example.jp/a")
    other = only(a_csv(f"{line},javascript:alert(1)", header=header))
    assert other.draft is not None
    assert other.draft.link == ""
    assert "https://" in other.remarks[0]


@pytest.mark.parametrize("link", ["https://a:99999/x", "https://1.2.3.4.5"])
def test_a_link_that_no_browser_opens_is_left_out_and_its_row_kept(link: str) -> None:
    header = "緯度,経度,種別,日時,URL"
    row = only(a_csv(f"{LAT},{LON},冠水,2026/11/28 02:10,{link}", header=header))
    assert row.draft is not None
    assert row.draft.link == ""
    assert row.remarks == (f"リンク「{link}」は開けません。リンクだけを外します",)


def test_a_note_is_one_plain_line_of_bounded_length() -> None:
    row = only(a_row(note="あ" * 300))
    assert row.draft is not None
    assert len(row.draft.note) == 200
    assert "300字" in row.remarks[0]
    hidden = only(a_row(note='"上\u202e下\n左"'))
    assert hidden.draft is not None
    assert hidden.draft.note == "上 下 左"
