"""What the report says: figures with what each is from, two charts, events and places."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from web.nightsheet.charts import Mark, chart
from web.nightsheet.told import FEW, NO_ORDER, UNKNOWN, NightTold, Row

MOST_EVENTS: Final = 11
MOST_PLACES: Final = 12
_TOLD: Final = ("level", "lifted", "alert")
_RANKS: Final = {FEW: 9, UNKNOWN: 9.5, NO_ORDER: -1}
_COMPARED: Final = (
    ("turned_away", "断られた人", 1),
    ("overflow", "予備の部屋に入った人", 1),
    ("walked_m", "歩いた距離（人×km）", 1000),
    ("exposed_m", "想定の区域の中（人×km）", 1000),
)


def report_values(told: NightTold, now: datetime, font: str) -> dict[str, Any]:
    """Plain values for `report.typ`."""
    zone = ZoneInfo(told.zone)
    events = [one for one in told.events if one["kind"] in _TOLD]
    places = told.places[:MOST_PLACES]
    return {
        "title": ("訓練 " if told.drill else "") + "夜の記録（事後報告）",
        "city": told.name,
        "fictional": told.fictional,
        "drill": told.drill,
        "span": f"{told.name}　{_span(told, zone)}",
        "basis": _basis(told),
        "figures": list(_figures(told, zone)),
        "charts": list(_charts(told, events, font)),
        "events": [
            {"at": f"{one['at'].astimezone(zone):%H:%M}", "words": one["words"]}
            for one in events[:MOST_EVENTS]
        ],
        "more_events": max(0, len(told.events) - min(len(events), MOST_EVENTS)),
        "cut_events": told.more_events,
        "places": [
            {
                "name": one.name,
                "peak": UNKNOWN if one.peak is None else f"{one.peak:,}人",
                "at": f"{one.peak_at.astimezone(zone):%H:%M}" if one.peak_at else "—",
                "last": UNKNOWN if one.last is None else f"{one.last:,}人",
            }
            for one in places
        ],
        "more_places": max(0, len(told.places) - len(places)),
        "counts": f"{sum(one.counts for one in told.places):,}",
        "again": _again(told.run),
        "foot": "個人の情報はありません。数字は記録と版の番号からたどれます。"
        + (f"{told.name}は架空の市です。" if told.fictional else ""),
        "made": f"作成 {_moment(now, zone)}",
    }


def _basis(told: NightTold) -> str:
    agreed = "引いた記録はすべて照合一致" if told.agrees else "照合が一致しない記録があります"
    first, last = told.versions
    plans = f"計画は第{first}版から第{last}版" if last else "計画の版はありません"
    shown = f"本部が見た記録 {told.frames:,}回（最後は記録{told.last_frame}）"
    gaps = sum(row.level is None for row in told.rows)
    lost = f"記録がない時刻が{gaps}あり、不明とする。" if gaps else ""
    damaged = f"{told.lost_words}。" if told.lost else ""
    return f"{shown}、{plans}、人数は受付の記録による。{agreed}。{lost}{damaged}"


def _figures(told: NightTold, zone: ZoneInfo) -> Iterator[dict[str, str]]:
    """Each number with the frame, the version or the log that it is from."""
    most, last = _most(told.rows, "inside"), told.rows[-1]
    ordered, late = _most(told.rows, "households"), _late(told)
    yield _figure("避難場所にいた人（最大）", most.inside, "人", f"{_at(most, zone)} 人数の記録")
    yield _figure("避難場所にいた人（終わり）", last.inside, "人", f"{_at(last, zone)} 人数の記録")
    yield _figure("避難情報の世帯（最大）", ordered.households, "世帯", _of(ordered, zone))
    known = all(told.unreached_of(row) != UNKNOWN for row in told.rows)
    unit = "世帯" if known else "世帯以上"
    yield _figure("届いていない世帯（最大）", told.unreached_of(late), unit, _of(late, zone))
    opened = _received(told.rows)
    besides = f"（ほか未確認 {opened.unconfirmed:,}）" if opened.unconfirmed else ""
    yield _figure("受け入れた場所（最大）", opened.open_sites, f"か所{besides}", _of(opened, zone))
    shut = _most(told.rows, "closures")
    yield _figure("通行止め（最大）", shut.closures, "件", _of(shut, zone))
    first, until = told.versions
    of_plans = f"第{first}版～第{until}版の合計" if until else "版なし"
    yield _figure("行き先が変わった世帯", told.moved, "世帯（延べ）", of_plans)
    reached = told.unreached_of(last)
    yield _figure("届いていない世帯（終わり）", reached, "世帯", _of(last, zone))


def _figure(what: str, value: int | str | None, unit: str, source: str) -> dict[str, str]:
    if not isinstance(value, int):
        return {"what": what, "value": value or UNKNOWN, "unit": "", "from": source}
    return {"what": what, "value": f"{value:,}", "unit": unit, "from": source}


def _of(row: Row, zone: ZoneInfo) -> str:
    return f"{_at(row, zone)} 記録{row.frame}・第{row.version}版"


def _at(row: Row, zone: ZoneInfo) -> str:
    return f"{row.at.astimezone(zone):%H:%M}"


def _most(rows: Sequence[Row], name: str) -> Row:
    """Of the rows where it is known."""
    known = [row for row in rows if getattr(row, name) is not None]
    return max(known, key=lambda row: getattr(row, name), default=rows[-1])


def _received(rows: Sequence[Row]) -> Row:
    """With most opened places, of those the first with most that nobody confirmed."""
    known = [row for row in rows if row.open_sites is not None]
    return max(known, key=lambda row: (row.open_sites, row.unconfirmed or 0), default=rows[-1])


def _late(told: NightTold) -> Row:
    """With most unreached; what is not known may be more than fewer than ten."""

    def rank(row: Row) -> float:
        said = told.unreached_of(row)
        return said if isinstance(said, int) else _RANKS[said]

    return max(told.rows, key=rank)


def _charts(
    told: NightTold, events: Sequence[Mapping[str, Any]], font: str
) -> Iterator[dict[str, str]]:
    """10 minutes apart; what was told as lines."""
    levels: dict[datetime, int] = {}
    for one in events:
        if one["kind"] == "level" and told.first <= one["at"] <= told.last:
            levels[one["at"]] = max(one["level"], levels.get(one["at"], 0))
    marks = [Mark(at, f"レベル{level}", level) for at, level in sorted(levels.items())]
    inside = [(row.at, UNKNOWN if row.inside is None else row.inside) for row in told.rows]
    unreached = [(row.at, told.unreached_of(row)) for row in told.rows]
    yield {
        "title": "避難場所にいる人",
        "from": "人・受付の記録を数え直したもの",
        "svg": chart(inside, marks, told.zone, font),
    }
    yield {
        "title": "届いていない世帯",
        "from": f"世帯・記録{told.rows[0].frame}から{told.last_frame}まで",
        "svg": chart(unreached, marks, told.zone, font),
    }


def _again(run: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The night once more, in four rows."""
    if run is None:
        return None
    change = run["change"]
    parts = (
        ("発令", change["orders_earlier_min"]),
        ("開設", change["sites_earlier_min"]),
    )
    title = "・".join(f"{what}を{minutes}分早く" for what, minutes in parts if minutes)
    rows = [
        [words, f"{run['recorded'][key] / per:,.0f}", f"{run['changed'][key] / per:,.0f}"]
        for key, words, per in _COMPARED
    ]
    first, last = run["versions"]
    note = f"第{first}版～第{last}版の状況で計画し直したもの。記録の列も同じ計算で、実数ではない。"
    return {"title": title, "rows": rows, "note": note}


def _span(told: NightTold, zone: ZoneInfo) -> str:
    first, last = told.first.astimezone(zone), told.last.astimezone(zone)
    day = "" if first.date() == last.date() else f"{last.day}日"
    return f"{_moment(first, zone)}～{day}{last:%H:%M}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
