"""Slips on paper: what to do at each level, two ways, and never a way where none may be shown."""

import re
import secrets
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import shapely
import zxingcpp
from PIL import Image
from shapely.geometry.base import BaseGeometry

from city.traveller import Household, Profile
from hazards.kinds import HazardKind
from routing.version import PlanVersion
from shelters.place import Opening
from tests.unit.web.ground import NOW, SITES, asks, box, ground, order, site, version
from tests.unit.web.sheeted import ALL, URL, Pages, a_home, homes, pages
from tests.unit.web.test_slip import walked
from web.sheets.compiling import has_font
from web.sheets.face import in_units
from web.sheets.maps import maps_of
from web.sheets.placewords import slow_minutes
from web.sheets.qrpath import MANY, qr_paths
from web.sheets.slips import slips

NOON = NOW.replace(hour=3)
NO_SITE = [site.name for site in SITES]


def drawn(of: Pages, folder: Path, dpi: int = 100) -> list[np.ndarray]:
    """The pages as grey pictures."""
    file = folder / "sheets.pdf"
    file.write_bytes(of.pdf)
    tool = shutil.which("pdftoppm")
    assert tool, "install poppler-utils"
    subprocess.run(
        [tool, "-r", str(dpi), "-gray", "-png", str(file), str(folder / "page")], check=True
    )
    return [np.asarray(Image.open(one)) for one in sorted(folder.glob("page-*.png"))]


def test_slip_says_what_to_do_at_each_level_where_to_and_how_far() -> None:
    (text,) = pages(homes(), phone="042-000-0000").texts
    for words in (
        "浅瀬市（架空）",
        "世帯の紙K1-01",
        "下浅瀬二丁目1班",
        "住所・名前は書いてありません",
        "警戒レベル3高齢者等避難時間のかかる人は、今すぐ出る",
        "警戒レベル4避難指示全員、今すぐ出る",
        "警戒レベル5緊急安全確保避難場所へ出発しない",
        "浅瀬第三小学校",
        "1番目へ行けないとき",
        "浅瀬高校",
        "夜にゆっくり歩いて",
        "家族が会う場所",
        "042-000-0000",
        "この紙は10月10日20:42の計画です（第128版）。",
        "道に水があれば進まず",
        "浸水の想定区域の中です",
        "地図に色がない場所も、安全とは限りません。",
    ):
        assert words in text, words


def test_every_slip_is_one_page_in_the_order_of_the_homes() -> None:
    some = homes(17)
    texts = pages(some).texts
    assert len(texts) == 17
    for home, text in zip(some, texts, strict=True):
        assert f"世帯の紙{home.label}" in text


def test_fictional_city_is_called_a_sample_on_every_page() -> None:
    plan = version(order(5))
    secured = a_home(asks(plan), 2)
    for text in [*pages([*homes(), secured]).texts, *pages(homes(), sheets=True).texts]:
        assert "見本・架空の市" in text
        assert "実際の避難には使えません" in text


@pytest.mark.parametrize("profile", [Profile.WALK, Profile.SLOW])
@pytest.mark.parametrize("at", [NOW, NOON], ids=["at night", "at noon"])
def test_minutes_are_those_of_slow_people_in_the_dark(at: datetime, profile: Profile) -> None:
    told = asks(version(), level=ALL, at=at, household=Household(profile))
    assert told.first
    by_hand = told.first.way.distance_m / (0.5 * 0.8) / 60
    assert by_hand <= slow_minutes(told, told.first) <= by_hand + 2


@pytest.mark.parametrize(
    "plan",
    [version(order(5)), version(order(5), order(4)), version(water=box(580, 100, 640, 160))],
    ids=["level 5", "level 5 above level 4", "water around"],
)
def test_where_life_is_to_be_secured_now_there_is_neither_a_place_nor_a_way(
    plan: PlanVersion,
) -> None:
    (text,) = pages([a_home(asks(plan, level=ALL))]).texts
    assert "直ちに安全確保" in text
    assert "119に電話" in text
    for words in (*NO_SITE, "1番目の道", "歩いて", "家族が会う場所", "いますぐ市役所に電話"):
        assert words not in text, words


def test_a_guidance_that_holds_a_way_at_secure_now_prints_none() -> None:
    """Whatever is wrong before it, the paper shows no way then."""
    led = asks(version(), level=ALL)
    secured = replace(asks(version(order(5))), first=led.first, second=led.second)
    home = a_home(secured)
    assert (home.ways, home.destination) == (None, "")
    (text,) = pages([home]).texts
    assert not any(name in text for name in NO_SITE)


def test_without_a_way_before_an_order_there_is_somebody_to_ask() -> None:
    shut = asks(version(opening=Opening.CLOSED), level=ALL)
    ordered = asks(version(order(4), opening=Opening.CLOSED))
    calm, pressed, far = pages([a_home(shut), a_home(ordered, 2), a_home(None, 3)]).texts
    for text in (calm, far):
        assert "歩いて行ける避難場所が、いまの計画にありません" in text
        assert "いますぐ市役所に電話し、行ける場所を聞く" in text
    assert "直ちに安全確保" in pressed
    assert "早めに移る" not in pressed


@pytest.mark.parametrize("count", [5, 19, 40])
def test_no_step_is_left_out_however_many_there_are(count: int) -> None:
    texts = pages([a_home(walked(asks(version(), level=ALL), count))]).texts
    whole = "".join(texts)
    assert [n for n in range(count - 1) if f"本町通り{n}" not in whole] == []
    assert len(texts) == 1 + (count == 40)
    assert ("道順は、次の紙にあります" in texts[0]) == (count == 40)
    assert "世帯の紙K1-01" in texts[-1]


def test_many_hazards_leave_everything_on_the_page() -> None:
    every = frozenset(HazardKind)
    suited = tuple(replace(site, designated_for=every) for site in SITES)
    plan = version(on=ground(suited))
    (text,) = pages([a_home(asks(plan, level=ALL, hazards=every))]).texts
    assert "津波は、すぐ近くの高台か" in text
    assert "薬・持ち物" in text
    assert "この紙は" in text


def test_neighbours_with_the_same_places_share_a_map() -> None:
    some = [*homes(15), *(replace(home, han=2) for home in homes(2))]
    faces, number = maps_of(version(), some, [5] * 17)
    assert number == [0] * 15 + [1] * 2
    assert len(faces) == 2
    assert maps_of(version(), [a_home(None)], [0]) == ([], [-1])


def test_map_holds_every_way_on_it_and_names_homes_clear_of_names() -> None:
    some = homes(15)
    values = slips(version(), some, lambda _: None)
    (drawing,) = values["faces"]
    width, height = 718, drawing["height"]
    for page in values["slips"]:
        x, y = page["trail"]["home"]
        assert 0 < x < width
        assert 0 < y < height
        assert all(abs(y - at) > 8 or abs(x - left) > 30 for left, at, *_ in drawing["labels"])
    assert [sign[2] for sign in drawing["sites"]] == [1, 2]
    assert {"assumed", "slide"} <= set(drawing["zones"])


def hatched(svg: str) -> BaseGeometry:
    """What a drawing hatches as water that could be, in units."""
    rings, at = [], np.zeros(2)
    data = re.findall(r'<path d="M0 0([^"]*)" fill="url\(#a\)"', svg)
    for ring in "".join(data).split("m")[1:]:
        steps = np.array(re.findall(r"-?\d+", ring), float).reshape(-1, 2)
        points = at + np.cumsum(steps, axis=0)
        rings.append(shapely.Polygon(points))
        at = points[0]
    return shapely.union_all(rings)


def test_zone_is_drawn_to_the_edge_of_every_map() -> None:
    """Where the drawing ends before the map does, the rest of it would look safe."""
    plan = version(on=ground((site("西", 60, 200), site("東", 760, 200))))
    doors = ((20, 130), (780, 130), (400, 130), (610, 10))
    some = [a_home(asks(plan, *at, level=ALL), 1, han=n) for n, at in enumerate(doors, 1)]
    faces, _ = maps_of(plan, some, [2, 5, 5, 21])
    assert len(faces) == 4
    assert not faces[0].frame.box.intersects(faces[1].frame.box)
    for face in faces:
        real = in_units(face.frame, box(-50, -50, 850, 250).intersection(face.frame.box))
        whole = shapely.box(0, 0, face.frame.width, face.frame.height)
        shown = hatched(face.drawn["svg"]).intersection(whole)
        assert shown.symmetric_difference(real).area < 0.02 * whole.area


def test_code_on_the_paper_opens_that_homes_page(tmp_path: Path) -> None:
    some = homes(2)
    for home, picture in zip(some, drawn(pages(some), tmp_path), strict=True):
        (read,) = zxingcpp.read_barcodes(picture)
        assert read.text == home.url
        assert read.ec_level == "M"


def test_codes_made_together_are_those_made_one_by_one() -> None:
    urls = [f"{URL}{secrets.token_urlsafe(32)}" for _ in range(MANY)] + [URL + "a" * 200]
    together = qr_paths(urls)
    assert together == [qr_paths([url])[0] for url in urls]
    assert len(set(together)) == len(urls)


def test_page_is_not_blank_and_runs_over_no_edge(tmp_path: Path) -> None:
    (picture,) = drawn(pages(homes()), tmp_path, dpi=50)
    assert picture.shape[0] > picture.shape[1]
    edge = 15
    for side in (picture[:edge], picture[-edge:], picture[:, :edge], picture[:, -edge:]):
        assert side.min() > 250


def test_the_font_of_the_sheets_is_there() -> None:
    assert has_font()


def test_paper_has_no_position_and_no_address() -> None:
    (home,) = homes()
    text = pages([home]).texts[0]
    assert home.guidance
    at = home.guidance.question.position
    assert f"{at.lat:.3f}" not in text
    assert f"{at.lon:.3f}" not in text
