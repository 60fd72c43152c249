"""Flight tracks of drones' tools, as CSV and as GPX, whole and broken."""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.errors import BrokenSource
from data.readers import flightgpx
from data.readers.flightpoints import NOWHERE
from data.readers.flighttrack import MOST_BYTES, TWICE, read_track
from data.report import SourceReport
from hazards.flight import Track
from tests.unit.data.dronemade import NO_SAMPLES, SAMPLES

TOKYO = ZoneInfo("Asia/Tokyo")
BEGINS = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
GPX = """\
<?xml version="1.0"?>
<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><metadata/><trk><trkseg>{}</trkseg>
</trk></gpx>"""
POINT = '<trkpt lat="{}" lon="139.5"><ele>40</ele><time>{}</time></trkpt>'
TWO = POINT.format(35.25, "2026-09-01T02:00:00Z") + POINT.format(35.26, "2026-09-01T02:00:04Z")


def read(
    folder: Path, content: str | bytes, begins: datetime | None = None
) -> tuple[Track, SourceReport]:
    path = folder / "track"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = SourceReport("flight", path.name)
    return read_track(path, report, TOKYO, begins=begins), report


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=NO_SAMPLES)
def test_a_real_track_is_read_and_placed_by_the_moment_it_counts_from() -> None:
    path = SAMPLES / "flight_track.csv"
    report = SourceReport("flight", path.name)
    track = read_track(path, report, TOKYO, begins=BEGINS)
    assert (report.read, report.kept, len(track.fixes)) == (92, 92, 92)
    found = track.at(BEGINS + timedelta(seconds=0.45))
    assert found is not None
    # Rows 2 and 3: halfway between 0.4 and 0.5 s.
    assert found.position.lat == pytest.approx((-44.69009389 - 44.69009368) / 2, abs=1e-9)
    assert found.position.lon == pytest.approx((170.42456538 + 170.42456536) / 2, abs=1e-9)
    assert read_track(path, SourceReport("flight", ""), TOKYO).at(BEGINS) is None


@pytest.mark.parametrize(
    "rows",
    [
        "Time(seconds),Latitude,Longitude\n0,35.25,139.5\n4,35.26,139.5\n",
        "time(millisecond),latitude,longitude\n0,35.25,139.5\n4000,35.26,139.5\n",
        "TIME(SECONDS),LAT,LON\n0,35.25,139.5\n4,35.26,139.5\n",
        "経過秒,緯度,経度\n0,35.25,139.5\n4,35.26,139.5\n",
        "OSD.flyTime [s],OSD.latitude,OSD.longitude\n0,35.25,139.5\n4,35.26,139.5\n",
    ],
    ids=["dji", "airdata", "capitals", "japanese", "txt log"],
)
def test_columns_are_known_by_the_names_that_tools_write(tmp_path: Path, rows: str) -> None:
    track, _ = read(tmp_path, rows, BEGINS)
    found = track.at(BEGINS + timedelta(seconds=2))
    assert found is not None
    assert found.position.lat == pytest.approx(35.255)


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("datetime(utc)", "2026-09-01 02:00:00", "2026-09-01 02:00:04"),
        ("日時", "2026/09/01 11:00:00", "2026/09/01 11:00:04"),
        ("timestamp", "2026-09-01T02:00:00Z", "2026-09-01T02:00:04Z"),
        ("timestamp", "1788228000", "1788228004"),
        ("timestamp", "1788228000000", "1788228004000"),
    ],
    ids=["utc", "local", "offset", "since 1970", "milliseconds"],
)
def test_times_of_day_need_no_beginning(
    tmp_path: Path, column: str, first: str, second: str
) -> None:
    track, _ = read(tmp_path, f"{column},lat,lon\n{first},35.25,139.5\n{second},35.26,139.5\n")
    assert track.begins == BEGINS
    assert [fix.seconds for fix in track.fixes] == [0, 4]


def test_seconds_are_finer_than_the_time_of_day_beside_them(tmp_path: Path) -> None:
    rows = "".join(
        f"{ms},2026-09-01 02:00:00,35.25,139.5,{100 + ms / 100}\n" for ms in range(0, 500, 100)
    )
    head = "time(millisecond),datetime(utc),latitude,longitude,height_above_takeoff(feet)\n"
    track, _ = read(tmp_path, head + rows)
    assert len(track.fixes) == 5
    assert track.begins == BEGINS
    assert track.fixes[1].height_m == pytest.approx(101 * 0.3048)


def test_zeros_before_the_first_fix_are_left_out_and_shift_nothing(tmp_path: Path) -> None:
    rows = "Time(seconds),lat,lon\n0,0,0\n1,0.0,0.0\n2,35.25,139.5\n3,35.26,139.5\n"
    track, report = read(tmp_path, rows, BEGINS)
    assert report.dropped == {NOWHERE: 2}
    assert track.begins == BEGINS + timedelta(seconds=2)


def test_rows_out_of_order_are_put_in_order_and_doubled_ones_left_out(tmp_path: Path) -> None:
    rows = "Time(seconds),lat,lon\n3,35.3,139.5\n1,35.1,139.5\n2,35.2,139.5\n2,35.9,139.5\n"
    track, report = read(tmp_path, rows)
    assert [fix.position.lat for fix in track.fixes] == [35.1, 35.2, 35.3]
    assert report.dropped == {TWICE: 1}


def test_one_broken_row_among_many_is_left_out(tmp_path: Path) -> None:
    rows = "".join(f"{second},35.25,139.5\n" for second in range(20))
    track, report = read(tmp_path, "Time(seconds),lat,lon\n" + rows + "20,north,139.5\n")
    assert len(track.fixes) == 20
    assert report.dropped.total() == 1


def test_the_points_of_a_gpx_are_read_with_and_without_a_namespace(tmp_path: Path) -> None:
    for content in (GPX.format(TWO), f"<gpx><trk><trkseg>{TWO}</trkseg></trk></gpx>"):
        track, _ = read(tmp_path, content)
        assert track.begins == BEGINS
        assert [fix.seconds for fix in track.fixes] == [0, 4]
        assert track.fixes[0].height_m is None  # Above the sea is not above the take-off.


def test_a_gpx_without_offsets_counts_in_utc(tmp_path: Path) -> None:
    track, _ = read(tmp_path, GPX.format(TWO.replace("Z<", "<")))
    assert track.begins == BEGINS


def test_a_gpx_is_not_kept_in_memory(tmp_path: Path) -> None:
    points = "".join(
        POINT.format(35.25, (BEGINS + timedelta(seconds=s)).isoformat()) for s in range(300)
    )
    path = tmp_path / "long.gpx"
    path.write_text(GPX.format(points))
    with path.open("rb") as file:
        used = list(flightgpx._track_points(path, file))
    assert len(used) == 300
    assert not any(len(point) for point in used)  # Each emptied when the next was asked for.


BOMB = '<!DOCTYPE g [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE g [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("lat,lon\n35,139\n", "no column says when"),
        ("Time(seconds),lat\n0,35\n", "'lon' is missing"),
        ("Time(seconds),lat,lon\n", "no row"),
        ("Time(seconds),lat,lon\n0,0,0\n", "no point"),
        ("Time(seconds),lat,lon\n0,95,139\n", "no such position"),
        ("Time(seconds),lat,lon\nsoon,35,139\n", "no number"),
        ("Time(seconds),lat,lon\nnan,35,139\n", "no number"),
        ("日時,lat,lon\n昨夜,35,139\n", "no such time"),
        ("timestamp,lat,lon\n9e99,35,139\n", "no such time"),
        ("日時,lat,lon\n2026-09-01,35,139\n5,35,139\n", "some times count seconds"),
        (GPX.format(""), "no point"),
        (GPX.format('<trkpt lat="35" lon="139"/>'), "says no time"),
        (GPX.format(POINT.format("north", "2026-09-01T02:00:00Z")), "no such position"),
        (GPX.format(TWO)[:-20], "cut off"),
        ("<kml/>", "no GPX"),
        (BOMB + GPX.format(TWO)[22:].replace("40", "&b;"), "DOCTYPE or an entity"),
        (OUTSIDE + GPX.format(TWO)[22:].replace("40", "&a;"), "DOCTYPE or an entity"),
        ("<gpx>" + "<a>" * 60, "nested too deep"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4, "CSV|UTF-8|missing|NUL"),
    ],
    ids=[
        *("empty", "no time", "no lon", "no row", "zeros", "95 north", "soon", "nan", "last night"),
        *("9e99", "mixed", "gpx empty", "gpx no time", "gpx north", "gpx cut", "kml", "bomb"),
        *("outside", "deep", "jpeg"),
    ],
)
def test_what_is_no_track_is_refused(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(BrokenSource, match=words) as refusal:
        read(tmp_path, content)
    assert "root:" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_track_larger_than_any_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "vast.csv"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(BrokenSource, match="larger than"):
        read_track(path, SourceReport("flight", ""), TOKYO)
    with pytest.raises(BrokenSource, match="cannot be read"):
        read_track(tmp_path / "none.csv", SourceReport("flight", ""), TOKYO)


def test_a_drone_that_flies_fast_is_placed_less_surely(tmp_path: Path) -> None:
    track, _ = read(tmp_path, GPX.format(TWO))  # A hundredth of a degree in four seconds.
    found = track.at(BEGINS + timedelta(seconds=4))
    assert found is not None
    assert found.sigma_m == pytest.approx(math.hypot(3.3, 1_109.5 / 4), rel=0.01)
