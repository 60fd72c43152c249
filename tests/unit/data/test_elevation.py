"""Heights of junctions: bilinear, unknown where the model knows none, broken models refused."""

import io
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio import Affine

from data.errors import BrokenSource
from data.readers import elevation, fgdfiles
from data.readers.cells import heights_at
from data.readers.elevation import IMPOSSIBLE, UNKNOWN, read_elevation
from data.report import SourceReport

Floats = NDArray[np.float64]
WEST, NORTH = 135.4, 29.7
CELL = 0.001


def from_corner(west: float, north: float, size: float) -> Affine:
    return Affine(size, 0, west, 0, -size, north)


def a_report() -> SourceReport:
    return SourceReport("elevation", "dem")


def slope(rows: int = 6, columns: int = 8) -> Floats:
    """Rises by 1 m a column and 10 m a row."""
    return np.arange(columns) + 10.0 * np.arange(rows)[:, np.newaxis]


def a_raster(path: Path, cells: Any, *, crs: str | None = "EPSG:4326", **more: Any) -> Path:
    """`cells` from the corner WEST, NORTH."""
    cells = np.asarray(cells)
    profile = {
        "driver": "GTiff",
        "count": 1,
        "height": cells.shape[0],
        "width": cells.shape[1],
        "dtype": cells.dtype.name,
        "transform": from_corner(WEST, NORTH, CELL),
    } | more
    with rasterio.open(path, "w", crs=crs, **profile) as raster:
        for band in range(1, profile["count"] + 1):
            raster.write(cells if band == 1 else np.zeros_like(cells), band)
    return path


def place(row: float, column: float) -> list[float]:
    """Degrees of a place, by rows and columns from the middle of the first cell."""
    return [WEST + (column + 0.5) * CELL, NORTH - (row + 0.5) * CELL]


def heights(path: Path, *places: list[float], format: str = "geotiff") -> list[float]:
    found = read_elevation(path, format, np.array(places).reshape(-1, 2), a_report())
    return [round(height, 6) for height in found.tolist()]


def told(path: Path, format: str = "geotiff", lonlat: Any = None) -> str:
    with pytest.raises(BrokenSource) as refused:
        read_elevation(
            path, format, np.array([place(1, 1)]) if lonlat is None else lonlat, a_report()
        )
    said = str(refused.value)
    assert said.startswith(path.name)
    assert "—" in said, f"says nothing of what to do: {said}"
    return said


# Between the cells


def test_a_height_between_four_known_cells_is_bilinear(tmp_path: Path) -> None:
    path = a_raster(tmp_path / "dem.tif", slope())
    assert heights(path, place(1, 2), place(1.5, 2.5), place(3.25, 0)) == [12, 17.5, 32.5]


def test_beside_an_unknown_cell_the_nearest_known_height_counts(tmp_path: Path) -> None:
    cells = slope()
    cells[1, 1] = np.nan
    path = a_raster(tmp_path / "dem.tif", cells)
    assert heights(path, place(0.6, 1.9), place(0.2, 1.3), place(1, 2)) == [12, 1, 12]


def test_at_the_rim_the_nearest_cell_counts_and_beyond_nothing(tmp_path: Path) -> None:
    path = a_raster(tmp_path / "dem.tif", slope())
    rim, corner, beyond = heights(path, place(-0.4, 3.2), place(5.4, 7.4), place(-0.6, 3))
    assert (rim, corner) == (3, 57)
    assert np.isnan(beyond)


@pytest.mark.parametrize("nodata", [-9999.0, 0.0, None])
def test_no_data_is_unknown_and_counted(tmp_path: Path, nodata: float | None) -> None:
    cells = slope().astype(np.float32) + 100
    cells[:4, :4] = np.nan if nodata is None else nodata
    path, report = a_raster(tmp_path / "dem.tif", cells, nodata=nodata), a_report()
    found = read_elevation(path, "geotiff", np.array([place(1, 1), place(5, 5)]), report)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(155)
    assert (report.read, report.kept, report.noted[UNKNOWN]) == (2, 1, 1)


@pytest.mark.parametrize("code", [-32768, -9999, -501, 9001, 32767])
def test_impossible_heights_are_unknown_reported_and_never_blended(
    tmp_path: Path, code: int
) -> None:
    cells = np.full((6, 6), 50, np.int16)
    cells[2, 2] = code
    path, report = a_raster(tmp_path / "dem.tif", cells), a_report()
    places = np.array([place(2.4, 2.4), place(2, 2), place(4, 4)])
    found = read_elevation(path, "geotiff", places, report)
    assert found.tolist() == [50, 50, 50]
    assert report.noted[IMPOSSIBLE] == 2


@given(
    cells=st.lists(
        st.one_of(st.floats(-600, 9100), st.just(float("nan"))), min_size=12, max_size=12
    ),
    row=st.floats(-2, 5),
    column=st.floats(-2, 5),
)
def test_no_height_leaves_the_range_of_the_cells_about_it(
    cells: list[float], row: float, column: float
) -> None:
    grid = np.array(cells).reshape(3, 4)
    found = heights_at(grid, np.array([row]), np.array([column]))[0][0]
    top, left = int(np.floor(row)), int(np.floor(column))
    about = grid[max(top, 0) : max(top + 2, 0), max(left, 0) : max(left + 2, 0)]
    known = about[(about >= -500) & (about <= 9000)]
    if not len(known):
        assert np.isnan(found)
    else:
        assert known.min() - 1e-6 <= found <= known.max() + 1e-6


# Rasters


def test_a_raster_in_metres_is_asked_in_its_own_system(tmp_path: Path) -> None:
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:6674", always_xy=True)
    x, y = to_metres.transform(WEST, NORTH)
    path = a_raster(tmp_path / "dem.tif", slope(), crs="EPSG:6674", transform=from_corner(x, y, 10))
    lon, lat = to_metres.transform(x + 25, y - 15, direction="INVERSE")
    assert heights(path, [lon, lat]) == [pytest.approx(12, abs=1e-4)]


def test_of_several_bands_the_first_counts(tmp_path: Path) -> None:
    assert heights(a_raster(tmp_path / "dem.tif", slope(), count=3), place(2, 2)) == [22]


def test_scaled_heights_are_unscaled(tmp_path: Path) -> None:
    path = a_raster(tmp_path / "dem.tif", np.full((4, 4), 1234, np.int16))
    with rasterio.open(path, "r+") as raster:
        raster.scales, raster.offsets = (0.1,), (5.0,)
    assert heights(path, place(1, 1)) == [pytest.approx(128.4, abs=1e-4)]


@pytest.mark.parametrize("tiled", [True, False])
def test_pieces_of_a_large_raster_join_without_a_seam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiled: bool
) -> None:
    monkeypatch.setattr(elevation, "_MOST_CELLS", 300)
    blocks = {"tiled": True, "blockxsize": 16, "blockysize": 16} if tiled else {}
    path = a_raster(tmp_path / "dem.tif", slope(100, 90), **blocks)
    at = np.random.default_rng(1).uniform((0, 0), (99, 89), (3_000, 2))
    found = heights(path, *(place(*one) for one in at.tolist()))
    assert found == pytest.approx((10 * at[:, 0] + at[:, 1]).tolist(), abs=1e-5)


def test_70_000_junctions_take_less_than_half_a_second(tmp_path: Path) -> None:
    path = a_raster(tmp_path / "dem.tif", slope(2_000, 2_000).astype(np.float32) / 10)
    at = np.random.default_rng(2).uniform(0, 1_999, (70_000, 2))
    lonlat = np.column_stack([WEST + (at[:, 1] + 0.5) * CELL, NORTH - (at[:, 0] + 0.5) * CELL])
    took_s = []
    for _ in range(3):
        begin = time.perf_counter()
        found = read_elevation(path, "geotiff", lonlat, a_report())
        took_s.append(time.perf_counter() - begin)
    assert min(took_s) < 0.5
    assert found == pytest.approx((10 * at[:, 0] + at[:, 1]) / 10, abs=1e-3)


def test_no_junction_is_no_fault(tmp_path: Path) -> None:
    assert heights(a_raster(tmp_path / "dem.tif", slope())) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"crs": None}, "crs: the raster has none"),
        ({"transform": from_corner(130, 40, CELL)}, "lies wholly outside"),
        ({"crs": 'LOCAL_CS["site",UNIT["metre",1]]'}, "crs: "),
        ({"dtype": "complex64"}, "band 1: holds complex64"),
    ],
)
def test_a_raster_that_cannot_be_used_is_refused(
    tmp_path: Path, more: dict[str, Any], words: str
) -> None:
    said = told(a_raster(tmp_path / "dem.tif", slope(), **more))
    assert said.startswith("dem.tif: ")
    assert words in said


def test_heights_in_feet_are_refused(tmp_path: Path) -> None:
    path = a_raster(tmp_path / "dem.tif", slope())
    with rasterio.open(path, "r+") as raster:
        raster.units = ("ft",)
    assert "band 1: unit is 'ft', not metres" in told(path)


def broken_rasters(folder: Path) -> list[Path]:
    whole = a_raster(folder / "whole.tif", slope(300, 300), compress="deflate").read_bytes()
    contents = {
        "empty.tif": b"",
        "text.tif": b"not a raster",
        "half.tif": whole[: len(whole) // 2],
        "head.tif": whole[:20],
        "hole.tif": whole[:4000] + bytes(len(whole) - 4000),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def test_broken_rasters_are_refused(tmp_path: Path) -> None:
    every = np.array([place(row, 5) for row in range(300)])
    for path in broken_rasters(tmp_path):
        said = told(path, lonlat=every)
        assert said.startswith(f"{path.name}: is no GeoTIFF, or cut off")
        assert str(tmp_path) not in said


ASK = """
import sys
from pathlib import Path
import numpy as np
from data.errors import BrokenSource
from data.readers.elevation import read_elevation
from data.report import SourceReport
for name in sys.argv[1:]:
    try:
        read_elevation(Path(name), "geotiff", np.full((9, 2), (135.41, 29.6)), SourceReport("", ""))
    except BrokenSource:
        print("refused")
"""


def test_gdal_prints_nothing_of_its_own(tmp_path: Path) -> None:
    paths = [str(path) for path in broken_rasters(tmp_path)]
    ran = subprocess.run(
        [sys.executable, "-c", ASK, *paths],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert ran.stdout.split() == ["refused"] * len(paths)
    assert ran.stderr == ""


def test_a_raster_that_names_another_file_is_not_followed(tmp_path: Path) -> None:
    a_raster(tmp_path / "real.tif", slope())
    (tmp_path / "dem.tif").write_text(
        '<VRTDataset rasterXSize="8" rasterYSize="6"><SRS>EPSG:4326</SRS>'
        f"<GeoTransform>{WEST}, {CELL}, 0, {NORTH}, 0, -{CELL}</GeoTransform>"
        '<VRTRasterBand dataType="Float64" band="1"><SimpleSource>'
        '<SourceFilename relativeToVRT="1">real.tif</SourceFilename>'
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )
    assert "is no GeoTIFF" in told(tmp_path / "dem.tif")


def test_a_file_that_is_not_there_a_folder_and_a_format_unknown_are_refused(
    tmp_path: Path,
) -> None:
    assert "there is no such file" in told(tmp_path / "none.tif")
    assert "is a folder" in told(tmp_path)
    assert "format 'png' is none of geotiff, gsi-dem" in told(tmp_path, "png")


# The GSI's own tiles


def a_tile(
    cells: Any,
    *,
    south: float = 29.6,
    west: float = 135.4,
    size: float = 0.01,
    start: tuple[int, int] = (0, 0),
    leave: int = 0,
) -> str:
    """A tile of size degrees; the first cells before `start` and the last `leave` are left out."""
    cells = np.asarray(cells, dtype=float)
    rows, columns = cells.shape
    values = cells.ravel()[start[1] * columns + start[0] : cells.size - leave]
    lines = "\n".join("データなし,-9999." if h == -9999 else f"地表面,{h:.2f}" for h in values)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Dataset xmlns="http://example.org/fgd" xmlns:gml="http://www.opengis.net/gml/3.2">
<DEM gml:id="DEM001"><type>5mメッシュ（標高）</type><mesh>00000000</mesh>
<coverage gml:id="DEM001-3"><gml:boundedBy><gml:Envelope srsName="fguuid:jgd2011.bl">
<gml:lowerCorner>{south} {west}</gml:lowerCorner>
<gml:upperCorner>{south + size} {west + size}</gml:upperCorner>
</gml:Envelope></gml:boundedBy>
<gml:gridDomain><gml:Grid dimension="2"><gml:limits><gml:GridEnvelope>
<gml:low>0 0</gml:low><gml:high>{columns - 1} {rows - 1}</gml:high>
</gml:GridEnvelope></gml:limits></gml:Grid></gml:gridDomain>
<gml:rangeSet><gml:DataBlock><gml:tupleList>
{lines}
</gml:tupleList></gml:DataBlock></gml:rangeSet>
<gml:coverageFunction><gml:GridFunction><gml:sequenceRule order="+x-y">Linear</gml:sequenceRule>
<gml:startPoint>{start[0]} {start[1]}</gml:startPoint></gml:GridFunction></gml:coverageFunction>
</coverage></DEM></Dataset>
"""


def in_tile(row: float, column: float, cells: int = 10, north: float = 29.61) -> list[float]:
    return [135.4 + (column + 0.5) * 0.01 / cells, north - (row + 0.5) * 0.01 / cells]


DEM5, DEM10 = "FG-GML-0000-00-00-DEM5A-20200101.xml", "FG-GML-0000-00-DEM10B-20200101.xml"


def a_zip(path: Path | io.BytesIO, members: dict[str, str | bytes]) -> Any:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def test_a_tile_is_read_from_north_to_south_and_west_to_east(tmp_path: Path) -> None:
    (tmp_path / DEM5).write_text(a_tile(slope(10, 10)), "utf-8")
    places = in_tile(0, 0), in_tile(0, 9), in_tile(9, 0), in_tile(4.5, 2.5)
    assert heights(tmp_path / DEM5, *places, format="gsi-dem") == [0, 9, 90, 47.5]


def test_a_tile_that_begins_late_and_ends_early_is_unknown_there(tmp_path: Path) -> None:
    (tmp_path / DEM5).write_text(a_tile(slope(10, 10), start=(5, 2), leave=15), "utf-8")
    places = in_tile(0, 0), in_tile(1.4, 3), in_tile(2, 5), in_tile(8, 4), in_tile(9, 9)
    found = heights(tmp_path / DEM5, *places, format="gsi-dem")
    assert found[2:4] == [25, 84]
    assert np.isnan([found[0], found[1], found[4]]).all()


def test_no_data_of_a_tile_is_unknown_and_no_impossible_height(tmp_path: Path) -> None:
    cells, report = slope(10, 10), a_report()
    cells[:5] = -9999
    (tmp_path / DEM5).write_text(a_tile(cells), "utf-8")
    places = np.array([in_tile(2, 2), in_tile(8, 2)])
    found = read_elevation(tmp_path / DEM5, "gsi-dem", places, report)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(82)
    assert dict(report.noted) == {UNKNOWN: 1}


def test_the_finer_model_wins_and_the_coarser_fills_its_gaps(tmp_path: Path) -> None:
    fine, coarse = np.full((10, 10), 5.0), np.full((5, 5), 10.0)
    fine[:, 5:] = -9999
    (tmp_path / DEM5).write_text(a_tile(fine), "utf-8")
    (tmp_path / DEM10).write_text(a_tile(coarse), "utf-8")
    (tmp_path / "fmdid15-0000.xml").write_text("<metadata/>", "utf-8")
    assert heights(tmp_path, in_tile(3, 2), in_tile(3, 8), format="gsi-dem") == [5, 10]


def test_of_equally_fine_tiles_the_better_class_wins(tmp_path: Path) -> None:
    for letter, height in (("C", 7.0), ("A", 5.0), ("B", 6.0)):
        tile = a_tile(np.full((10, 10), height))
        (tmp_path / DEM5.replace("5A", f"5{letter}")).write_text(tile, "utf-8")
    assert heights(tmp_path, in_tile(3, 2), format="gsi-dem") == [5]


def test_a_zip_as_downloaded_holds_tiles_and_zips_of_tiles(tmp_path: Path) -> None:
    inner = a_zip(io.BytesIO(), {DEM5: a_tile(slope(10, 10) + 100, south=29.61)}).getvalue()
    members = {f"a/{DEM5}": a_tile(slope(10, 10)), "b.zip": inner, "fmdid.xml": "<m/>"}
    path = a_zip(tmp_path / "PackDLMap.zip", members)
    places = in_tile(1, 1), in_tile(1, 1, north=29.62), in_tile(30, 1)
    first, second, none = heights(path, *places, format="gsi-dem")
    assert (first, second) == (11, 111)
    assert np.isnan(none)


def test_a_tile_without_a_junction_is_not_read_beyond_its_head(tmp_path: Path) -> None:
    far = a_tile(slope(99, 99), south=35.0).removesuffix("</Dataset>\n")
    path = a_zip(tmp_path / "dem.zip", {DEM5: a_tile(slope(10, 10)), DEM10: far})
    assert heights(path, in_tile(1, 1), format="gsi-dem") == [11]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("地表面,12.00", "地表面,twelve", "'gml:tupleList': its entry 13 is '地表面,twelve'"),
        ("地表面,12.00", "12.00", "'gml:tupleList': its entry 13 is '12.00'"),
        ("<gml:low>0 0</gml:low>", "", "element 'gml:low' is missing"),
        ("9 9</gml:high>", "9</gml:high>", "element 'gml:high' is '9', not two numbers"),
        ("9 9</gml:high>", "9 8</gml:high>", "'gml:tupleList': 100 heights from cell 0 of 90"),
        ("9 9</gml:high>", "99999 99999</gml:high>", "'gml:GridEnvelope': a grid of 100,000"),
        ("29.6 135.4<", "135.4 29.6<", "element 'gml:Envelope': its corners"),
        ('order="+x-y"', 'order="+x+y"', "'gml:sequenceRule': order '+x+y'"),
        ("gml:tupleList>", "gml:other>", "element 'gml:tupleList' is missing"),
        ("</Dataset>", "", "is cut off or no XML"),
        ("<Dataset ", "<!DOCTYPE d><Dataset ", "holds a DOCTYPE"),
    ],
)
def test_a_broken_tile_is_refused_with_its_file_and_element(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    tile = a_tile(slope(10, 10))
    assert old in tile
    (tmp_path / DEM5).write_text(tile.replace(old, new), "utf-8")
    path = a_zip(tmp_path / "dem.zip", {DEM5: tile.replace(old, new)})
    place = np.array([in_tile(1, 1)])
    assert words in told(tmp_path / DEM5, "gsi-dem", place)
    said = told(path, "gsi-dem", place)
    assert said.startswith(f"dem.zip, {DEM5}")
    assert words in said


def test_files_that_hold_no_tile_are_refused(tmp_path: Path) -> None:
    (tmp_path / "dem").mkdir()
    assert "holds no FG-GML" in told(tmp_path / "dem", "gsi-dem")
    assert "holds no FG-GML" in told(a_zip(tmp_path / "roads.zip", {"a.xml": "<a/>"}), "gsi-dem")
    for name, words in {"no.zip": "is no zip", "no.xml": "is empty"}.items():
        (tmp_path / name).write_bytes(b"")
        assert words in told(tmp_path / name, "gsi-dem")


def test_tiles_of_another_place_are_refused(tmp_path: Path) -> None:
    (tmp_path / DEM5).write_text(a_tile(slope(10, 10), south=35.0), "utf-8")
    assert "lies wholly outside" in told(tmp_path / DEM5, "gsi-dem")


def test_a_zip_that_is_cut_or_spoilt_is_refused(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "dem.zip", {DEM5: a_tile(np.random.default_rng(3).random((99, 99)))})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "is no zip that can be unpacked" in told(path, "gsi-dem")
    path.write_bytes(whole[:900] + bytes(2_000) + whole[2_900:])
    assert f"dem.zip, {DEM5}: cannot be read" in told(path, "gsi-dem", np.array([in_tile(1, 1)]))


def test_zips_that_unpack_to_too_much_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fgdfiles, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(fgdfiles, "MOST_ZIP_BYTES", 1_000_000)
    tile = a_tile(slope(10, 10)) + " " * 2_000_000
    assert "unpacks to 2,0" in told(a_zip(tmp_path / "one.zip", {DEM5: tile}), "gsi-dem")
    inner = {"b.zip": b" " * 2_000_000}
    assert "unpacks to more than" in told(a_zip(tmp_path / "two.zip", inner), "gsi-dem")
    (tmp_path / DEM5).write_text(tile, "utf-8")
    place = np.array([in_tile(1, 1)])
    assert "is larger than 1,000,000 bytes" in told(tmp_path / DEM5, "gsi-dem", place)
