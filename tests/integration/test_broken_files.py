"""A broken file is refused with one clear line, or repaired and told of: whatever is broken in it,
and nothing of the city is ever half there.

Files are garbled at random, the same way each time: the number that a failure shows says which way.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from city.position import Position
from data.city_rows import CityRows
from data.cityfile import read_city_file
from data.database import transaction
from data.errors import BrokenCityFile, BrokenSource, BrokenSources
from data.readers.elevation import UNKNOWN
from data.readers.tabular import UNENDED
from data.report import LoadReport, SourceReport
from data.rows import current_load, read_city
from data.sourcerun import EMPTY
from hazards.zone import ZoneLayer
from operations.cli import KNOWN
from operations.fitted_city import FittedCity, fitted
from operations.load_city import load_city
from routing.verdict import Verdict
from tests.builders import STAYER, a_version, an_order, ask
from tests.integration import loaded
from tests.integration.damages import (
    BYTES,
    CHANGED_ROWS,
    another_value,
    cut,
    damages_of,
    lose_property,
    other_properties,
    reshape,
    write_over,
)
from tests.integration.databases import Database
from tests.integration.small_city import SIDE, position, rewrite, write_features
from tests.integration.wide_city import VARIANTS, homes

SEEDS: Final = st.integers(0, 2**32 - 1)
often = partial(settings, derandomize=True, deadline=None, database=None)
MORE: Final = 2 if "NIGEMICHI_WHOLE" in os.environ else 1
"""Half of the generated cases in each run, all where NIGEMICHI_WHOLE is set."""
LONGEST: Final = 600
JOINED: Final = {"elevation": UNKNOWN}
"""Rows of these that are not kept are counted under these words."""
PARTS: Final = "areas in several parts, joined by their code"
UNCOUNTED: Final = ("households", "places")
MOVED: Final = ("elsewhere", "crossing itself")
"""Shapes that are another zone, and not a broken one: nothing in a file says that it was meant
otherwise.
"""
SLIVER: Final = 1e-13
"""Square degrees, some 10 cm across and 10 m long: what a union may round away."""
DOORS: Final = [Position(*position(x + 0.3, y)) for x in range(SIDE - 1) for y in (0, 1, 3, 7)]


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The city file of each variant, by its name."""
    folder = tmp_path_factory.mktemp("cities")
    return {name: write(folder / name) for name, write in VARIANTS.items()}


@pytest.fixture(scope="module")
def sound(cities: dict[str, Path]) -> dict[str, tuple[FittedCity, LoadReport]]:
    """Each variant as it is read before anything becomes of its files."""
    found = {}
    for name, city_file in cities.items():
        report = LoadReport("")
        found[name] = (city_of(city_file, report), report)
    return found


@pytest.fixture(scope="module")
def staying(sound: dict[str, tuple[FittedCity, LoadReport]]) -> set[Position]:
    """The doors of the wide city that are told to stay; there are some, and others."""
    found = stayers(sound["wide"][0])
    assert set() < found < set(DOORS)
    return found


@contextmanager
def as_it_was(path: Path) -> Iterator[None]:
    """Put a file back as it was, whatever became of it."""
    whole = path.read_bytes()
    try:
        yield
    finally:
        if path.is_dir():
            path.rmdir()
        path.write_bytes(whole)


def city_of(city_file: Path, report: LoadReport) -> FittedCity:
    return fitted(read_city_file(city_file), report, lambda _: None)


def is_clear(error: Exception, city_file: Path) -> None:
    """One short line for each broken source, which names the file and says what to do."""
    lines = str(error).split("\n")
    known = {path.name for path in city_file.parent.iterdir()} | named_in(city_file)
    if not isinstance(error, BrokenSources):
        assert len(lines) == 1, lines
    for line in lines:
        assert line.isprintable(), line
        assert len(line) < LONGEST, line
        if isinstance(error, BrokenCityFile):
            assert line.startswith(("city.toml: ", "city.crs: ", f"{city_file}: ")), line
            continue
        assert str(city_file.parent) not in line
        file, _, said = line.partition(": ")
        assert file.split(", ")[0] in known, line
        what, _, remedy = said.rpartition(" — ")
        assert what, line
        assert len(remedy) > 10, line


def named_in(city_file: Path) -> set[str]:
    """Files that it names now, there or not."""
    try:
        sources = read_city_file(city_file).sources
    except BrokenCityFile:
        return set()
    return {source.title for source in sources.all()}


def counts_agree(report: SourceReport) -> None:
    """Every row that was read was kept, or is counted with the reason why it was not."""
    name, dropped = report.source, sum(report.dropped.values())
    if report.file.startswith(("by nearest", "placed along")):
        return
    if name == "zones":
        # A row may be a zone of several layers.
        far = sum(count for why, count in report.noted.items() if why.startswith("zones far"))
        assert report.kept + dropped + far >= report.read
    else:
        joined = report.noted[JOINED.get(name, PARTS)]
        assert report.kept + dropped + joined == report.read, report.lines()


def content(rows: CityRows) -> tuple[Any, ...]:
    """All that rows say, as bytes and plain values."""
    network, homes = rows.network, rows.households
    arrays = [getattr(network, name) for name in network.__slots__] + [
        getattr(homes, name) for name in homes.__slots__
    ]
    zones = [(z.layer, z.rank, z.kind, z.after_min, z.geometry.wkb) for z in rows.zones]
    areas = [(a.code, a.name, a.geometry.wkb) for a in (*rows.areas, *rows.districts)]
    return (
        [a.tobytes() if hasattr(a, "tobytes") else a for a in arrays],
        (rows.sites, rows.shelters, rows.welfare, rows.gauges, rows.readings, rows.damaged),
        (zones, areas, [(name, surface.wkb) for name, surface in rows.waterways]),
    )


def nobodys_home_is_told(text: str) -> None:
    for _, (lat, lon) in homes():
        assert f"{lat:.4f}" not in text
        assert f"{lon:.4f}" not in text


@pytest.mark.parametrize("variant", VARIANTS)
def test_reading_twice_gives_the_same_bytes(
    cities: dict[str, Path], sound: dict[str, tuple[FittedCity, LoadReport]], variant: str
) -> None:
    again = city_of(cities[variant], LoadReport(""))
    assert content(again.rows) == content(sound[variant][0].rows)


@often(max_examples=100 * MORE)
@given(variant=st.sampled_from(sorted(VARIANTS)), seed=SEEDS)
def test_whatever_becomes_of_a_file_it_is_refused_in_a_clear_line_or_all_is_counted(
    cities: dict[str, Path], variant: str, seed: int
) -> None:
    random, city_file = Random(seed), cities[variant]
    path = random.choice(sorted(city_file.parent.iterdir()))
    damage = random.choice(damages_of(path))
    report, again = LoadReport(""), LoadReport("")
    with as_it_was(path):
        damage(path, random)
        try:
            city = city_of(city_file, report)
        except KNOWN as error:
            is_clear(error, city_file)
            told = str(error)
        else:
            told = ""
            assert content(city_of(city_file, again).rows) == content(city.rows)
            assert again.as_dict() == report.as_dict()
            for source in report.sources:
                counts_agree(source)
    if path.stem == "points":
        sources = [source for source in report.sources if source.source == "households"]
        nobodys_home_is_told(told + str([source.as_dict() for source in sources]))


@often(max_examples=60 * MORE)
@given(variant=st.sampled_from(sorted(VARIANTS)), seed=SEEDS)
def test_no_row_goes_without_being_counted(
    cities: dict[str, Path],
    sound: dict[str, tuple[FittedCity, LoadReport]],
    variant: str,
    seed: int,
) -> None:
    """Where a row is garbled, as many rows are read as before: `counts_agree` tells the rest."""
    random, city_file = Random(seed), cities[variant]
    files = [f for f in city_file.parent.iterdir() if CHANGED_ROWS.get(f.suffix)]
    path = random.choice(sorted(files))
    damage = random.choice(CHANGED_ROWS[path.suffix])
    report = LoadReport("")
    with as_it_was(path):
        damage(path, random)
        try:
            city_of(city_file, report)
        except BrokenSource as error:
            is_clear(error, city_file)
            return
    read = {(source.source, source.file): source.read for source in report.sources}
    for source in sound[variant][1].sources:
        if source.source not in UNCOUNTED and (source.source, source.file) in read:
            now = read[source.source, source.file]
            assert now == source.read or (damage.__name__ == "another_member" and now == 0)


@often(max_examples=45 * MORE)
@given(file=st.sampled_from(["flood.geojson", "slopes.geojson"]), seed=SEEDS)
def test_a_broken_zone_never_shrinks_unless_outside_its_layer_counts_as_unknown(
    cities: dict[str, Path],
    sound: dict[str, tuple[FittedCity, LoadReport]],
    staying: set[Position],
    file: str,
    seed: int,
) -> None:
    """And nobody who was in a zone is told to stay because its row could not be read."""
    random, city_file = Random(seed), cities["wide"]
    whole, path = sound["wide"][0], city_file.parent / file
    report, became = LoadReport(""), ""

    def damage(table: Any) -> None:
        nonlocal became
        change = random.choice((reshape, reshape, another_value, lose_property, other_properties))
        became = (change(table, random) or (0, ""))[1]

    with as_it_was(path):
        rewrite(path, damage)
        try:
            city = city_of(city_file, report)
        except BrokenSource as error:
            is_clear(error, city_file)
            return
    if became in MOVED:
        return
    (source,) = (source for source in report.sources if source.file == file)
    for layer in ZoneLayer:
        if layer in city.rows.damaged:
            assert source.dropped
            assert layer not in city.ground.card.complete
        else:
            lost = shapely.difference(ground_of(whole, layer), ground_of(city, layer))
            assert lost.area < SLIVER, (layer, became)
    assert stayers(city) <= staying


def ground_of(city: FittedCity, layer: ZoneLayer) -> shapely.Geometry:
    """All that lies in the zones of a layer."""
    zones = [zone.geometry for zone in city.rows.zones if zone.layer is layer]
    return shapely.union_all(zones)


def stayers(city: FittedCity) -> set[Position]:
    """The doors at which those who could stay are told to, under an order for all."""
    version = a_version(city.ground, orders=[an_order(4)])
    return {door for door in DOORS if ask(version, door, STAYER).verdict is Verdict.STAY_SAFE}


DAMAGES_OF_A_LOAD: Final = [
    *("roads.osm.pbf", "flood.shp", "points.csv", "sites.geojson", "districts.geojson"),
    *("gauges.geojson", "welfare.csv", "elevation.tif"),
]


@pytest.mark.parametrize("file", DAMAGES_OF_A_LOAD)
def test_a_load_of_garbled_files_changes_nothing_or_everything(
    cities: dict[str, Path], engine: Engine, database: Database, file: str
) -> None:
    """Over a city that is loaded: either every table is as it was, or it holds the new city."""
    city_file, random = cities["other"], Random(file)
    path = city_file.parent / file
    damages = [damage for damage in damages_of(path) if damage not in BYTES] or [cut, write_over]
    load_city(engine, city_file, lambda _: None)
    before = loaded.everything(database)
    for _ in range(3):
        with as_it_was(path):
            random.choice(damages)(path, random)
            try:
                load_city(engine, city_file, lambda _: None)
            except KNOWN as error:
                is_clear(error, city_file)
                assert loaded.everything(database) == before
                continue
            city = city_of(city_file, LoadReport(""))
        before = loaded.everything(database)
        with transaction(engine) as connection:
            stored = read_city(connection, current_load(connection))
        assert set(loaded.loads_of_rows(database)["junction"]) == {loaded.current(database)}
        assert len(stored.zones) == len(city.rows.zones)
        assert (stored.sites, stored.gauges) == (city.rows.sites, city.rows.gauges)
        assert len(stored.network.start) == len(city.rows.network.start)
        assert stored.damaged == city.rows.damaged


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999", "-1e308"])
def test_a_coordinate_that_is_no_number_costs_its_row_and_not_the_load(
    cities: dict[str, Path], engine: Engine, text: str
) -> None:
    """The report tells where a dropped row lay: PostgreSQL's JSON has no such numbers."""
    city_file = cities["older"]
    path = city_file.parent / "sites.csv"
    with as_it_was(path):
        lines = path.read_bytes().splitlines(keepends=True)
        cells = lines[4].split(b",")
        lines[4] = b",".join([*cells[:3], text.encode(), *cells[4:]])
        path.write_bytes(b"".join(lines))
        report = load_city(engine, city_file, lambda _: None)
    assert report is not None
    (sites,) = (source for source in report.sources if source.source == "sites")
    assert [(spot.row, spot.lon, spot.lat) for spot in sites.spots] == [("row 5", None, None)]


@pytest.mark.parametrize(
    ("file", "column"),
    [("districts.geojson", "S_NAME"), ("areas.geojson", "KEY_CODE"), ("gauges.geojson", "river")],
)
def test_the_character_nul_costs_its_row(cities: dict[str, Path], file: str, column: str) -> None:
    """PostgreSQL takes no text with it."""
    path, report = cities["wide"].parent / file, LoadReport("")
    with as_it_was(path):
        rewrite(path, lambda table: table["features"][3]["properties"].update({column: "北\0町"}))
        city_of(cities["wide"], report)
    (source,) = (source for source in report.sources if source.file == file)
    assert dict(source.dropped) == {"a property holds the character NUL": 1}


@pytest.mark.parametrize(
    ("variant", "file", "old", "new", "words"),
    [
        ("other", "flood.cpg", b"UTF-8", b"UT\0-8", "an encoding that is not known"),
        ("older", "roads.osm", b'lat="29.6', b'lat="29_6', "is cut off or no OSM file"),
    ],
)
def test_garbled_words_are_refused_in_a_line(
    cities: dict[str, Path], variant: str, file: str, old: bytes, new: bytes, words: str
) -> None:
    path = cities[variant].parent / file
    with as_it_was(path):
        whole = path.read_bytes()
        assert old in whole
        path.write_bytes(whole.replace(old, new, 1))
        with pytest.raises(BrokenSource, match=words) as refused:
            city_of(cities[variant], LoadReport(""))
    is_clear(refused.value, cities[variant])


def test_heights_of_garbled_bytes_are_unknown_and_counted(cities: dict[str, Path]) -> None:
    """Among them the NaN that signals, of which numpy warns."""
    path, report = cities["wide"].parent / "elevation.tif", LoadReport("")
    with as_it_was(path):
        whole = path.read_bytes()
        at = len(whole) - 44 * 44 * 4
        path.write_bytes(whole[:at] + b"\x01\x00\x80\x7f" * (44 * 44))
        city = city_of(cities["wide"], report)
    (source,) = (source for source in report.sources if source.source == "elevation")
    assert source.kept == 0
    assert source.noted[UNKNOWN] == source.read == len(city.rows.network.elevation_m)


def test_both_rows_of_a_name_that_is_read_two_ways_are_counted(cities: dict[str, Path]) -> None:
    path, report = cities["wide"].parent / "readings.csv", LoadReport("")
    with as_it_was(path):
        path.write_text(path.read_text("utf-8") + "北町一丁目,ほかのよみ,1\n", "utf-8")
        city = city_of(cities["wide"], report)
    (source,) = (source for source in report.sources if source.source == "readings")
    assert [spot.row for spot in source.spots] == ["row 2", "row 14"]
    assert source.kept == len(city.rows.readings) == 11


def test_an_empty_list_and_a_last_row_that_may_be_cut_off_are_noted(
    cities: dict[str, Path],
) -> None:
    folder, report = cities["wide"].parent, LoadReport("")
    shelters, counts = folder / "shelters.geojson", folder / "households.csv"
    with as_it_was(shelters), as_it_was(counts):
        write_features(shelters, [])
        counts.write_bytes(counts.read_bytes()[:-2])
        city_of(cities["wide"], report)
    noted = {source.file: source.noted for source in report.sources}
    assert noted["shelters.geojson"][EMPTY] == 1
    assert noted["households.csv"][UNENDED] == 1
