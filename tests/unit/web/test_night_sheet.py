"""The report after a night: one page, whatever happened, each number with what it is from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from web.nightsheet.charts import Mark, chart, nice
from web.nightsheet.reporting import report_values
from web.nightsheet.tables import night_csv, night_geojson
from web.nightsheet.told import NightTold, PlaceTold, Row
from web.nightsheet.typesetting import typeset_report
from web.sheets.compiling import FONT

FIRST = datetime(2026, 10, 10, 9, tzinfo=UTC)
"""18:00 in Japan."""
LAST = FIRST + timedelta(hours=12)
TEN = timedelta(minutes=10)


def a_night(**changed: Any) -> NightTold:
    """A full one: more events and places than a page shows, and the night once more."""
    rows = [
        Row(
            FIRST + turn * TEN,
            turn + 1,
            400 + turn,
            4,
            90_000,
            max(0, 9000 - 90 * turn),
            60,
            7,
            40 * turn,
        )
        for turn in range(73)
    ]
    events = [
        {
            "at": FIRST + turn * 2 * TEN,
            "kind": "level",
            "words": f"下浅瀬{turn}丁目・上浅瀬一丁目・本町一丁目ほか12 洪水 レベル4 避難指示",
            "short": "下浅瀬 レベル4",
            "level": 4,
            "drill": False,
        }
        for turn in range(30)
    ]
    places = [
        PlaceTold(
            f"E{row}",
            f"浅瀬第{row}小学校体育館",
            29.6,
            135.4,
            500,
            480 - row,
            FIRST,
            40,
            900,
            FIRST,
        )
        for row in range(40)
    ]
    totals = {"turned_away": 12, "overflow": 214, "walked_m": 20_870_400, "exposed_m": 3_930_100}
    run = {
        "change": {"orders_earlier_min": 120, "sites_earlier_min": 120, "sites": None},
        "versions": [400, 1306],
        "recorded": totals,
        "changed": dict.fromkeys(totals, 0),
    }
    made = NightTold(
        "浅瀬市（架空）",
        True,
        "Asia/Tokyo",
        FIRST,
        LAST,
        8640,
        8640,
        True,
        False,
        rows,
        places,
        events,
        (400, 1306),
        3204,
        run,
    )
    return replace(made, **changed)


def words_of(told: NightTold) -> list[str]:
    pdf = typeset_report(report_values(told, LAST, FONT))
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_a_full_night_is_one_page_and_says_what_each_number_is_from() -> None:
    (page,) = words_of(a_night())
    for words in ("2,880", "記録1・第400版", "9,000", "第400版～第1306版", "仮定：", "架空"):
        assert words in page, words
    assert "ほか" in page


def test_a_drill_is_one_at_head_and_tail() -> None:
    (page,) = words_of(a_night(drill=True))
    assert page.count("訓 練") == 6
    assert "訓練 夜の記録" in page
    assert "訓練：時刻" in night_csv(a_night(drill=True)).decode()


def test_records_that_do_not_agree_are_said() -> None:
    (page,) = words_of(a_night(agrees=False))
    assert "照合が一致しない記録があります" in page


def test_a_night_in_which_nothing_happened_is_a_page_as_well() -> None:
    calm = Row(FIRST, 1, 0, 0, 0, 0, 0, 0, 0)
    quiet = a_night(rows=[calm], places=[], events=[], run=None, versions=(0, 0), last=FIRST)
    assert len(words_of(quiet)) == 1


def test_a_chart_is_well_formed_whatever_it_is_told() -> None:
    rows = [(FIRST, 0), (LAST, 0)]
    marks = [Mark(FIRST, "<レベル>&4", 4), Mark(LAST, "解除", 0)]
    for values in (rows, rows[:1], [(FIRST, 12_345), (LAST, 99_999)]):
        made = ElementTree.fromstring(chart(values, marks, "Asia/Tokyo", FONT))  # noqa: S314
        assert made.tag.endswith("svg")


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (3, 5), (10, 10), (111, 200), (9000, 10_000)]
)
def test_an_axis_ends_with_a_round_number(most: int, top: int) -> None:
    assert nice(most) == top


def test_a_spreadsheet_takes_no_name_for_a_formula() -> None:
    bad = PlaceTold("E1", "=HYPERLINK()", 29.6, 135.4, None, 1, None, None, 1, None)
    assert "'=HYPERLINK" in night_csv(a_night(places=[bad])).decode()
    shown = night_geojson(a_night(places=[bad]), [])
    assert shown["features"][0]["properties"]["last_persons"] is None


def test_a_recorder_that_was_dead_is_unknown_and_no_calm_line() -> None:
    rows = [
        replace(row, level=None, households=None, unreached=None, open_sites=None, closures=None)
        if 20 <= turn < 40
        else row
        for turn, row in enumerate(a_night().rows)
    ]
    told = a_night(rows=rows)
    values = report_values(told, LAST, FONT)
    inside, unreached = (one["svg"] for one in values["charts"])
    assert ("不明" in inside, "不明" in unreached) == (False, True)
    assert unreached.count('stroke-width="2.2"') == 2
    assert "20あり、不明とする" in values["basis"]
    assert len(words_of(told)) == 1
    lost = night_csv(told).decode().splitlines()[25].split(",")
    assert lost[5:12] == ["不明"] * 6 + [str(40 * 24)]


def test_what_nobody_counted_is_unknown_and_not_nobody() -> None:
    rows = [replace(row, inside=None, unreached=None) for row in a_night().rows]
    nobody = replace(a_night().places[0], peak=None, peak_at=None, last=None)
    told = a_night(rows=rows, places=[nobody], moved=None)
    values = report_values(told, LAST, FONT)
    unknown = [one["what"] for one in values["figures"] if one["value"] == "不明"]
    assert len(unknown) == 5
    assert values["places"][0]["peak"] == values["places"][0]["last"] == "不明"
    assert len(words_of(told)) == 1


def test_events_that_were_left_out_are_counted_on_paper_and_in_the_table() -> None:
    told = a_night(more_events=321)
    assert "321" in words_of(told)[0]
    assert "321件" in night_csv(told).decode()


def test_every_row_of_a_table_names_the_city_and_a_fictional_one_is_called_so() -> None:
    told = a_night(name="浅瀬市", lost=[4, 5])
    heading, *rows = night_csv(told).decode("utf-8-sig").splitlines()
    assert heading.endswith(",市")
    assert rows
    assert all(row.endswith(",浅瀬市（架空）") for row in rows)
    assert "浅瀬市（架空）（" not in night_csv(a_night()).decode()
    assert night_geojson(told, [])["name"] == "浅瀬市（架空） 夜の記録"
    assert any("壊れて読めない記録が2回あり、除いた（記録4・5）" in row for row in rows)
    (page,) = words_of(told)
    assert "壊れて読めない記録が2回" in page.replace("\n", "")


def figures_of(told: NightTold) -> dict[str, tuple[str, str]]:
    figures = report_values(told, LAST, FONT)["figures"]
    return {one["what"]: (one["value"], one["unit"]) for one in figures}


def test_where_nobody_was_told_the_unreached_are_unknown_and_never_none() -> None:
    untold, calm = (replace(a_night().rows[0], level=one, unreached=None) for one in (4, 0))
    hours = [FIRST + 24 * n * TEN for n in range(4)]
    rows = [untold, calm, replace(untold, unreached=0), calm]
    told = a_night(rows=[replace(row, at=at) for row, at in zip(rows, hours, strict=True)])
    shown = figures_of(told)
    assert shown["届いていない世帯（最大）"] == ("不明", "")
    assert shown["届いていない世帯（終わり）"] == ("発令なし", "")
    chart_of = report_values(told, LAST, FONT)["charts"][1]["svg"]
    assert ("不明" in chart_of, "発令なし" in chart_of) == (True, True)
    lines = night_csv(told).decode().splitlines()[1:5]
    assert [line.split(",")[7] for line in lines] == ["不明", "発令なし", "0", "発令なし"]
    assert figures_of(replace(told, drill=True))["届いていない世帯（終わり）"] == ("不明", "")
    assert len(words_of(told)) == 1


def test_fewer_than_ten_are_no_number_and_more_than_none() -> None:
    few = replace(a_night().rows[0], unreached=None, few_unreached=True)
    none = replace(few, at=LAST, unreached=0, few_unreached=False)
    shown = figures_of(a_night(rows=[few, none]))
    assert shown["届いていない世帯（最大）"] == ("10未満", "")
    assert shown["届いていない世帯（終わり）"] == ("0", "世帯")
    unknown = replace(few, few_unreached=False)
    most = "届いていない世帯（最大）"
    assert figures_of(a_night(rows=[few, unknown]))[most] == ("不明", "")
    assert figures_of(a_night(rows=[*a_night().rows, unknown]))[most] == ("9,000", "世帯以上")


def test_places_that_nobody_confirmed_are_named_beside_those_that_were_opened() -> None:
    planned = replace(a_night().rows[0], open_sites=0, unconfirmed=150)
    told = a_night(rows=[replace(planned, unconfirmed=0), planned])
    assert figures_of(told)["受け入れた場所（最大）"] == ("0", "か所（ほか未確認 150）")
    assert night_csv(told).decode().splitlines()[2].split(",")[8:10] == ["0", "150"]
    opened = replace(planned, open_sites=3, unconfirmed=147)
    shown = figures_of(replace(told, rows=[planned, opened]))
    assert shown["受け入れた場所（最大）"] == ("3", "か所（ほか未確認 147）")
    assert figures_of(a_night())["受け入れた場所（最大）"] == ("60", "か所")
    assert len(words_of(told)) == 1


def test_of_two_levels_at_one_moment_the_chart_names_the_higher() -> None:
    event = a_night().events[0]
    events = [{**event, "level": 3}, {**event, "level": 4}]
    drawn = report_values(a_night(events=events), LAST, FONT)["charts"][0]["svg"]
    assert ("レベル4" in drawn, "レベル3" in drawn) == (True, False)
