"""A city file that is not understood is refused with the key that is wrong."""

from pathlib import Path

import pytest

from data.cityfile import CityFile, read_city_file
from data.errors import BrokenCityFile
from hazards.kinds import AlertLevel
from routing.rules import Rules

UBE = Path(__file__).parents[2] / "cities" / "ube.toml"


def told(city_file: Path) -> str:
    with pytest.raises(BrokenCityFile) as refused:
        read_city_file(city_file)
    assert city_file.name in str(refused.value)
    return str(refused.value)


def replaced(city_file: Path, old: str, new: str) -> Path:
    text = city_file.read_text("utf-8")
    assert old in text
    city_file.write_text(text.replace(old, new, 1), "utf-8")
    return city_file


def added(city_file: Path, more: str) -> Path:
    city_file.write_text(city_file.read_text("utf-8") + more, "utf-8")
    return city_file


def test_paths_are_beside_the_city_file(small_city: Path) -> None:
    found = read_city_file(small_city)
    assert all(source.path.parent == small_city.parent for source in found.sources.all())
    assert all(source.path.is_file() for source in found.sources.all())


def test_nothing_but_what_is_named_is_a_source(small_city: Path) -> None:
    names = [source.path.name for source in read_city_file(small_city).sources.all()]
    assert sorted(names) == [
        *("areas.geojson", "flood.geojson", "river.geojson", "roads.graphml"),
        *("shelters.geojson", "sites.geojson", "slopes.geojson"),
    ]


def test_the_city_file_of_ube_is_understood() -> None:
    found = read_city_file(UBE)
    assert (found.city.code, found.city.fictional) == ("35202", False)
    assert any("OpenStreetMap" in line for line in found.card.attributions)


def test_a_fictional_city_says_so_in_its_name(small_city: Path) -> None:
    assert "must contain 架空" in told(replaced(small_city, "（架空）", ""))


@pytest.mark.parametrize(
    "start", ['orders = [{hazard = "flood", level = 4}]', 'observed_water = [{path = "w.geojson"}]']
)
def test_no_real_city_begins_with_an_order(small_city: Path, start: str) -> None:
    replaced(small_city, "fictional = true", "fictional = false")
    replaced(small_city, "（架空）", "")
    assert "[start] is for fictional cities" in told(added(small_city, f"\n[start]\n{start}\n"))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("[city]", "[city]\nmayor = 1", "city.mayor"),
        ('crs = "EPSG:32653"\n', "", "city.crs"),
        ('code = "99902"', 'code = "9990"', "city.code"),
        ('code = "99902"', "code = 99902", "city.code"),
        ("fictional = true", 'fictional = "yes"', "city.fictional"),
        ("小浜町", "小\\u0000", "city.name"),
        ('name_en = "Kohama (fictional)"\n', "", "city.name_en"),
        ("[sources.roads]", 'timezone = "Asia/Tokio"\n[sources.roads]', "city.timezone"),
        ("[sources.roads]", 'timezone = "../etc/passwd"\n[sources.roads]', "city.timezone"),
        ("osmnx-graphml", "shapefile", "sources.roads"),
        ("a33-geojson", "a33-shp", "sources.zones.1.format"),
        ("[sources.sites]", "[sources.schools]", "sources.sites"),
        ("[sources.areas]", "[sources.areas]\nsheet = 2", "sources.areas.sheet"),
    ],
)
def test_a_wrong_key_is_named(small_city: Path, old: str, new: str, key: str) -> None:
    assert f"city.toml: {key}: " in told(replaced(small_city, old, new))


@pytest.mark.parametrize(
    "crs", ["EPSG:4326", "EPSG:6668", "EPSG:2263", "EPSG:4978", "EPSG:999999", "north", ""]
)
def test_a_crs_that_is_not_metric_is_refused(small_city: Path, crs: str) -> None:
    assert "city.toml: city.crs: " in told(replaced(small_city, "EPSG:32653", crs))


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("night_factor = 0", "night_factor"),
        ("night_factor = nan", "night_factor"),
        ("night_factor = true", "night_factor"),
        ("nightfactor = 0.8", "nightfactor"),
        ("speed_m_s = 1", "speed_m_s"),
        ("speed_m_s = {fly = 1}", "speed_m_s"),
        ("speed_m_s = {walk = 9}", "speed_m_s.walk"),
        ("penalty_s_per_m = {depth_1 = -1}", "penalty_s_per_m.depth_1"),
        ("penalty_s_per_m = {depth_9 = 1}", "penalty_s_per_m"),
        ("underpass_closes_at = 9", "underpass_closes_at"),
        ("underpass_closes_at = 2.5", "underpass_closes_at"),
        ("bridge_closes_at = true", "bridge_closes_at"),
        ("bridge_order_margin_m = 501", "bridge_order_margin_m"),
        ("snap_limit_m = 10", "snap_limit_m"),
        ("start_delay_s = inf", "start_delay_s"),
    ],
)
def test_a_setting_out_of_its_range_is_refused(small_city: Path, line: str, key: str) -> None:
    said = told(added(small_city, f"\n[settings]\n{line}\n"))
    assert f"city.toml: settings.{key}: " in said


def test_settings_change_the_rules(small_city: Path) -> None:
    more = """
[settings]
source = "地域防災計画 資料編 3-2"
snap_limit_m = 120
speed_m_s = {walk = 0.6}
underpass_closes_at = 2
bridge_closes_at = 4
bridge_order_margin_m = 0
"""
    rules = read_city_file(added(small_city, more)).rules
    assert (rules.snap_limit_m, rules.speed_m_s["walk"]) == (120, 0.6)
    assert rules.underpass_closes_at is AlertLevel.ADVISORY
    assert rules.bridge_closes_at is AlertLevel.ALL_LEAVE
    assert rules.bridge_order_margin_m == 0


@pytest.mark.parametrize("source", ["", 'source = " "', "source = 3", 'source = "a\\u0000"'])
def test_changed_settings_without_a_source_are_refused(small_city: Path, source: str) -> None:
    said = told(added(small_city, f"\n[settings]\nnight_factor = 0.7\n{source}\n"))
    assert "city.toml: settings.source: say in a line where the values are from" in said


@pytest.mark.parametrize("settings", ["", 'source = "何も変えない"'])
def test_settings_that_change_nothing_need_no_source(small_city: Path, settings: str) -> None:
    assert read_city_file(added(small_city, f"\n[settings]\n{settings}\n")).rules == Rules()


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('\n[sites]\nassume = "maybe"', "sites.assume"),
        ('\n[start]\norders = [{hazard = "flood", level = 2}]', "start.orders.0.level"),
        ('\n[start]\norders = [{hazard = "fire", level = 4}]', "start.orders.0.hazard"),
        ('\n[start]\norders = [{hazard = "flood"}]', "start.orders.0.level"),
        ("\n[weather]\nrain = 1", "weather"),
    ],
)
def test_a_wrong_table_is_named(small_city: Path, more: str, key: str) -> None:
    assert f"city.toml: {key}: " in told(added(small_city, more))


@pytest.mark.parametrize(
    "text",
    [b"[", b"\xef\xbb\xbf[city]", "name = '宇部'".encode("shift_jis"), b"x = " + b"[" * 5000, b""],
)
def test_what_is_no_toml_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "city.toml"
    path.write_bytes(text)
    told(path)


def test_there_is_no_such_city_file(tmp_path: Path) -> None:
    assert "there is no such file" in told(tmp_path / "nowhere.toml")


def test_a_city_file_is_never_changed_by_reading_it(small_city: Path) -> None:
    before = small_city.read_bytes()
    assert isinstance(read_city_file(small_city), CityFile)
    assert small_city.read_bytes() == before
