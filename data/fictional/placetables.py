"""The tables of places: GSI's CSV, the Digital Agency's in Shift_JIS, and 福祉避難所."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from data.fictional.addresses import Address
from data.fictional.frame import degrees
from data.fictional.land import Land
from data.fictional.names import CITY, Namebook
from data.fictional.places import Place

CODE: Final = "999024"
HAZARDS: Final = {
    "洪水": "洪",
    "崖崩れ、土石流及び地滑り": "崖",
    "高潮": "高",
    "地震": "地",
    "津波": "津",
    "大規模な火事": "火",
    "内水氾濫": "内",
    "火山現象": "山",
}
GSI: Final = (
    *("NO", "共通ID", "都道府県名及び市町村名", "施設・場所名", "住所"),
    *(*HAZARDS, "指定避難所との住所同一", "緯度", "経度", "備考"),
)
AGENCY: Final = (
    *("全国地方公共団体コード", "ID", "地方公共団体名", "名称", "名称_カナ", "名称_英字"),
    *("所在地_連結表記", "緯度", "経度", "標高", "電話番号"),
    *(*(f"災害種別_{hazard}" for hazard in HAZARDS), "指定緊急避難場所との重複"),
    *("想定収容人数", "対象となる町会・自治会", "備考"),
)
WELFARE_NOTE: Final = "個別避難計画で行き先と定めた方のみ"
SPELT_OTHERWISE: Final = 11
"""Every eleventh shelter is spelt otherwise than the site in the same building."""
Row = dict[str, str | int]


def write_sites(
    path: Path, sites: list[Place], addresses: list[Address], are_shelters: frozenset[str]
) -> None:
    """Write the 指定緊急避難場所 as the GSI publishes them: UTF-8 with a byte order mark."""
    rows = (
        {
            "NO": 990_000 + number,
            "共通ID": f"E99902{number:05d}201",
            "都道府県名及び市町村名": CITY,
            "施設・場所名": site.name,
            "住所": _address(site, addresses, number),
            **{hazard: _flag(letter in site.suits) for hazard, letter in HAZARDS.items()},
            "指定避難所との住所同一": _flag(site.name in are_shelters),
            **_position(site),
            "備考": "想定収容人数：" + "、".join(_capacities(site)),
        }
        for number, site in enumerate(sites, start=1)
    )
    _write(path, GSI, rows, "utf-8-sig")


def write_shelters(
    path: Path,
    shelters: list[Place],
    addresses: list[Address],
    land: Land,
    book: Namebook,
    *,
    encoding: str = "cp932",
    welfare: bool = False,
) -> None:
    """Write 指定避難所 or 福祉避難所 in the columns of the Digital Agency's 推奨データセット."""
    rows = _shelter_rows(shelters, addresses, land, book, welfare)
    _write(path, AGENCY, rows, encoding)


def _shelter_rows(
    shelters: list[Place], addresses: list[Address], land: Land, book: Namebook, welfare: bool
) -> Iterator[Row]:
    heights_m = land.height_at(np.array([[each.x_m, each.y_m] for each in shelters]))
    for number, (place, height_m) in enumerate(zip(shelters, heights_m, strict=True), start=1):
        name = place.name if welfare else _spelt(place.name, number, book)
        yield {
            "全国地方公共団体コード": CODE,
            "ID": f"{(2 if welfare else 1)}{number:09d}",
            "地方公共団体名": CITY,
            "名称": name,
            "名称_カナ": _katakana(book.readings[name]),
            "名称_英字": place.name_en,
            "所在地_連結表記": _address(place, addresses, number),
            **_position(place),
            "標高": f"{height_m:.1f}",
            "電話番号": "",
            **{f"災害種別_{h}": _flag(c in place.suits) for h, c in HAZARDS.items()},
            "指定緊急避難場所との重複": _flag(bool(place.suits)),
            "想定収容人数": place.indoors // 20 if welfare else _rooms(place, number),
            "対象となる町会・自治会": "" if welfare else f"{addresses[place.area].name}町会",
            "備考": WELFARE_NOTE if welfare else _note(place, number),
        }


def _rooms(place: Place, number: int) -> int:
    """Count the places in ordinary times; in a storm fewer rooms can be used."""
    return place.indoors if number % 5 == 0 else round(1.3 * place.indoors)


def _note(place: Place, number: int) -> str:
    return "" if number % 5 == 0 else f"想定収容人数：風水害（屋内）{place.indoors}人"


def _spelt(name: str, number: int, book: Namebook) -> str:
    if number % SPELT_OTHERWISE:
        return name
    if name.endswith("学校"):
        return book.note(f"澄瀬市立{name}", f"すみせしりつ{book.readings[name]}")
    return book.note(f"{name}（本館）", f"{book.readings[name]}ほんかん")


def _capacities(site: Place) -> Iterator[str]:
    if "地" in site.suits:
        yield f"地震（屋外）{site.outdoors}人"
    if site.suits != "地":
        yield f"風水害（屋内）{site.indoors}人"


def _address(place: Place, addresses: list[Address], number: int) -> str:
    return f"{CITY}{addresses[place.area].counted_as}{1 + number % 28}-{1 + number % 13}"


def _position(place: Place) -> Row:
    lon, lat = degrees(np.array([[place.x_m, place.y_m]]))[0].tolist()
    return {"緯度": f"{lat:.6f}", "経度": f"{lon:.6f}"}


def _flag(is_so: bool) -> str:
    return "1" if is_so else ""


def _katakana(kana: str) -> str:
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in kana)


def _write(path: Path, columns: Iterable[str], rows: Iterable[Row], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, list(columns), lineterminator="\r\n")
        table.writeheader()
        table.writerows(rows)
