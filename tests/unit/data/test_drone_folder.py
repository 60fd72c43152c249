"""Photos by the folder and by the ZIP: two hundred that land, and those that must not."""

import math
import os
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from PIL.ExifTags import Base
from shapely.geometry import Point

from city.position import Position
from data.errors import BrokenSource
from data.readers import photoentries
from data.readers.dronefolder import (
    NOT_ON_TRACK,
    SAME,
    Landed,
    Outcome,
    PhotoSetAside,
    Setting,
    read_photos,
)
from hazards.aiming import FLAT
from hazards.flight import Fix, Track
from hazards.observation import ObservationKind
from tests.unit.data.dronemade import LAT, LON, TAGS, a_photo, aimed_photo, xmp

SETTING = Setting(ZoneInfo("Asia/Tokyo"))
NORTH_M = 111_132.954 - 559.822 * math.cos(2 * math.radians(LAT))
EAST_M = 111_412.84 * math.cos(math.radians(LAT)) - 93.5 * math.cos(3 * math.radians(LAT))
MANY = 200


def by_hand(height: float, yaw: float, pitch: float, tilt: float = 0.0) -> tuple[float, float]:
    """East and north of the target in metres, with a `tilt` to the right of the line of sight."""
    down, ahead = math.radians(-pitch), math.radians(yaw)
    far = height / math.tan(down)
    right = height / math.sin(down) * math.tan(math.radians(tilt))
    return (
        far * math.sin(ahead) + right * math.cos(ahead),
        far * math.cos(ahead) - right * math.sin(ahead),
    )


def views(drawn: Random) -> Iterator[tuple[float, float, float]]:
    """Heights, yaws all round and pitches of -30 to -80 degrees, as DJI rounds them."""
    for at in range(MANY):
        yaw = round(-180 + 360 * at / MANY, 1)
        yield round(drawn.uniform(30, 120), 1), yaw, round(drawn.uniform(-80, -30), 1)


def landed(path: Path) -> dict[str, Landed]:
    found: dict[str, Landed] = {}
    for outcome in read_photos(path, SETTING):
        assert isinstance(outcome, Landed), outcome
        found[outcome.name] = outcome
    return found


def off_m(found: Landed, east: float, north: float) -> float:
    """How far a target lies from where it ought to be."""
    target = found.aimed.target
    return math.hypot((target.lon - LON) * EAST_M - east, (target.lat - LAT) * NORTH_M - north)


def test_two_hundred_photos_land_in_their_footprints_within_their_stated_error(
    tmp_path: Path,
) -> None:
    expected = {}
    for at, (height, yaw, pitch) in enumerate(views(Random(1))):
        name = f"DJI_{at:04}.JPG"
        (tmp_path / name).write_bytes(aimed_photo(LAT, LON, height, yaw, pitch))
        expected[name] = by_hand(height, yaw, pitch)
    found = landed(tmp_path)
    assert found.keys() == expected.keys()
    for name, (east, north) in expected.items():
        one = found[name]
        assert off_m(one, east, north) < 0.1 < one.aimed.error_m < 60
        assert one.aimed.footprint is not None
        spot = Point(LON + east / EAST_M, LAT + north / NORTH_M)
        assert one.aimed.footprint.contains(spot)


def test_with_the_noise_of_real_sensors_two_thirds_lie_within_their_stated_error(
    tmp_path: Path,
) -> None:
    drawn = Random(2)
    expected = {}
    for at, (height, yaw, pitch) in enumerate(views(drawn)):
        ground, tilt = drawn.gauss(0, FLAT.ground_m), drawn.gauss(0, FLAT.tilt)
        right = tilt * math.sin(math.radians(-pitch))
        name = f"DJI_{at:04}.JPG"
        expected[name] = by_hand(max(height - ground, 1.0), yaw, pitch, right)
        content = aimed_photo(
            LAT + drawn.gauss(0, FLAT.position_m) / NORTH_M,
            LON + drawn.gauss(0, FLAT.position_m) / EAST_M,
            height + drawn.gauss(0, FLAT.height_m),
            yaw + drawn.gauss(0, FLAT.yaw),
            pitch + drawn.gauss(0, FLAT.tilt),
        )
        (tmp_path / name).write_bytes(content)
    found = landed(tmp_path)
    shares = [off_m(found[name], *at) / found[name].aimed.error_m for name, at in expected.items()]
    assert len(shares) == MANY
    assert 2 / 3 <= sum(share <= 1 for share in shares) / MANY <= 0.85
    assert sum(share <= 2 for share in shares) / MANY >= 0.95


def outcomes(path: Path, setting: Setting = SETTING) -> list[Outcome]:
    return list(read_photos(path, setting))


def why(outcome: Outcome) -> str:
    return outcome.why if isinstance(outcome, PhotoSetAside) else "landed"


BAD = {
    "DJI_0002.JPG": (a_photo(place={}), "位置情報（GPS）がありません"),
    "DJI_0003.JPG": (aimed_photo(0, 0, 100, 0, -45), "0,0"),
    "DJI_0004.JPG": (aimed_photo(LAT, LON, 100, 0, 0), "水平か上"),
    "DJI_0005.JPG": (aimed_photo(LAT, LON, 100, 0, -3), "遠すぎ"),
    "DJI_0006.JPG": (b"MZ" + b"\0" * 900, "実行ファイル"),
    "DJI_0007.JPG": (a_photo()[:-9], "切れています"),
    "DJI_0008.JPG": (b"", "空です"),
    "DJI_0009.JPG": (a_photo(), SAME),
    "inner.zip": (b"PK\x03\x04" + b"\0" * 900, "ZIPの中のZIP"),
    "flight.csv": (
        b"Time(seconds),lat,lon\n",
        "飛行記録のようです（a flight track） — --track で渡してください",
    ),
    "flight2.csv": ("経過秒,緯度,経度\n".encode("cp932"), "飛行記録のようです"),
    "flight.gpx": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<gpx version="1.1">', "飛行記録のようです"),
    "other.csv": (b"id,lat,lon\n", "JPEGの写真ではありません"),
    "notes.xml": (b"<notes/>", "JPEGの写真ではありません"),
    "binary": (bytes(range(256)) * 99, "JPEGの写真ではありません"),
}


def as_folder(at: Path, files: dict[str, bytes]) -> Path:
    folder = at / "DCIM"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def as_zip(at: Path, files: dict[str, bytes]) -> Path:
    path = at / "DCIM.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("packed", [as_folder, as_zip], ids=["folder", "zip"])
def test_each_file_lands_or_is_set_aside_with_its_reason(packed: object, tmp_path: Path) -> None:
    assert callable(packed)
    files = {"DJI_0001.JPG": a_photo()} | {name: content for name, (content, _) in BAD.items()}
    found = {outcome.name: outcome for outcome in outcomes(packed(tmp_path, files))}
    assert found.keys() == files.keys()
    assert isinstance(found.pop("DJI_0001.JPG"), Landed)
    for name, outcome in found.items():
        assert BAD[name][1] in why(outcome)


def test_a_landed_photo_is_a_draft_with_its_error_and_its_time(tmp_path: Path) -> None:
    (one,) = outcomes(as_folder(tmp_path, {"a.jpg": a_photo()}))
    assert isinstance(one, Landed)
    draft = one.draft(ObservationKind.BRIDGE, "落橋")
    # 100 m up, 45 degrees down, to the east.
    assert draft.geometry.x == pytest.approx(LON + 100 / EAST_M, abs=1e-6)
    assert draft.geometry.y == pytest.approx(LAT, abs=1e-6)
    assert draft.error_m == one.aimed.error_m
    assert draft.seen_at == datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
    assert (draft.kind, draft.note) == (ObservationKind.BRIDGE, "落橋")


def test_the_same_photo_has_the_same_id_wherever_it_is_read(tmp_path: Path) -> None:
    (one,) = outcomes(as_folder(tmp_path, {"a.jpg": a_photo()}))
    (other,) = outcomes(as_zip(tmp_path, {"b/c.jpg": a_photo()}))
    assert isinstance(one, Landed)
    assert isinstance(other, Landed)
    assert one.id == other.id


def test_the_content_can_be_stored_while_it_is_its_turn(tmp_path: Path) -> None:
    for path in (as_folder(tmp_path, {"a.jpg": a_photo()}), as_zip(tmp_path, {"a": a_photo()})):
        for outcome in read_photos(path, SETTING):
            assert outcome.content is not None
            assert outcome.content.read() == a_photo()


def test_a_photo_without_a_position_gets_it_from_the_track(tmp_path: Path) -> None:
    begins = datetime(2026, 9, 1, 1, 59, 58, tzinfo=UTC)
    fixes = tuple(Fix(second, Position(LAT, LON + second / 1e4)) for second in range(0, 8, 2))
    setting = Setting(SETTING.zone, Track(fixes, begins))
    late = {
        Base.DateTimeOriginal: "2026:09:01 12:00:00",
        Base.OffsetTimeOriginal: "+09:00",
    }
    files = {"a.jpg": a_photo(place={}), "b.jpg": a_photo(place={}, tags=late)}
    files["c.jpg"] = a_photo(place={}, tags={})
    one, after, timeless = outcomes(as_folder(tmp_path, files), setting)
    assert isinstance(one, Landed)
    # On the track two seconds after it begins; the target is 100 m to the east.
    assert off_m(one, 2e-4 * EAST_M + 100, 0) < 0.1
    (tmp_path / "with").mkdir()
    (with_gps,) = outcomes(as_folder(tmp_path / "with", {"a.jpg": a_photo()}), setting)
    assert isinstance(with_gps, Landed)
    assert one.aimed.error_m > with_gps.aimed.error_m  # 9 m/s, clocks a second apart.
    assert off_m(with_gps, 100, 0) < 0.1  # Its own position counts first.
    assert NOT_ON_TRACK in why(after)
    assert "撮影時刻がありません" in why(timeless)


def test_a_height_that_only_the_track_knows_is_taken_from_it(tmp_path: Path) -> None:
    fixes = (Fix(0, Position(LAT, LON), 50.0), Fix(2, Position(LAT, LON), 50.0))
    setting = Setting(SETTING.zone, Track(fixes, datetime(2026, 9, 1, 2, 0, tzinfo=UTC)))
    tags = {name: told for name, told in TAGS.items() if name != "RelativeAltitude"}
    folder = as_folder(tmp_path, {"a.jpg": a_photo(packet=xmp(tags))})
    (one,) = outcomes(folder, setting)
    assert isinstance(one, Landed)
    assert off_m(one, 50, 0) < 0.1
    (without,) = outcomes(folder)
    assert "RelativeAltitudeがありません" in why(without)


def test_the_heights_of_the_ground_are_used_where_they_are_given(tmp_path: Path) -> None:
    setting = Setting(SETTING.zone, ground=lambda _: 40.0)
    (one,) = outcomes(as_folder(tmp_path, {"a.jpg": a_photo()}), setting)
    assert isinstance(one, Landed)
    assert off_m(one, 60, 0) < 0.1


def test_a_card_is_read_with_its_folders_and_without_what_computers_leave(tmp_path: Path) -> None:
    inside = tmp_path / "100MEDIA"
    inside.mkdir()
    (inside / "DJI_0001.JPG").write_bytes(a_photo())
    for left in (".DS_Store", "Thumbs.db", "._DJI_0001.JPG"):
        (tmp_path / left).write_bytes(b"?")
    assert [outcome.name for outcome in outcomes(tmp_path)] == ["100MEDIA/DJI_0001.JPG"]


def test_links_pipes_and_locked_files_are_set_aside(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jpg").write_bytes(a_photo())
    folder = as_folder(tmp_path, {})
    (folder / "file").symlink_to(outside / "secret.jpg")
    (folder / "folder").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    found = outcomes(folder)
    assert Counter(why(outcome).partition("（")[0] for outcome in found) == {
        "ファイルではなく、リンクなどです": 2
    }


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for name in ("none", "none.zip"):
        with pytest.raises(BrokenSource, match="ZIPとして読めません"):
            outcomes(tmp_path / name)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photoentries, "MOST_FILES", 3)
    files = {str(at): b"" for at in range(4)}
    for path in (as_folder(tmp_path, files), as_zip(tmp_path, files)):
        with pytest.raises(BrokenSource, match="多すぎます"):
            outcomes(path)


@pytest.mark.parametrize(
    "name", ["../a.jpg", "a/../../b.jpg", "/etc/a.jpg", "C:\\a.jpg", "..\\a.jpg", "\\\\host\\a.jpg"]
)
def test_a_name_that_leads_out_of_the_zip_is_set_aside(tmp_path: Path, name: str) -> None:
    (one,) = outcomes(as_zip(tmp_path, {name: a_photo()}))
    assert "ZIPの外" in why(one)
    assert [path.name for path in tmp_path.iterdir()] == ["DCIM.zip"]


def test_a_link_inside_a_zip_is_only_its_text(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.jpg")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    (one,) = outcomes(tmp_path / "a.zip")
    assert "JPEGの写真ではありません" in why(one)


def test_a_bomb_of_zeros_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    class Counted(BytesIO):
        def __init__(self, max_size: int = 0) -> None:
            super().__init__()

        def write(self, content: object) -> int:
            written.append(len(content))  # type: ignore[arg-type]
            return super().write(content)  # type: ignore[arg-type]

    monkeypatch.setattr(photoentries, "SpooledTemporaryFile", Counted)
    (one,) = outcomes(as_zip(tmp_path, {"a.jpg": b"\0" * 60_000_000}))
    assert "JPEGの写真ではありません" in why(one)
    assert sum(written) <= 4096


def test_a_bomb_that_begins_as_a_photo_is_cut_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photoentries, "SLACK", 2_000_000)
    bomb = a_photo()[:-2] + b"\0" * 9_000_000
    large = a_photo() + Random(3).randbytes(1_000_000)
    first, second = outcomes(as_zip(tmp_path, {"a.jpg": bomb, "b.jpg": large}))
    assert "展開すると大きくなりすぎます" in why(first)
    assert isinstance(second, Landed)
    with pytest.raises(BrokenSource, match="a ZIP bomb"):
        outcomes(as_zip(tmp_path, {"a.jpg": bomb}))


def test_a_bomb_of_many_small_ones_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photoentries, "SLACK", 2_000_000)
    part = a_photo() + b"\0" * 1_500_000
    with pytest.raises(BrokenSource, match="a ZIP bomb"):
        outcomes(as_zip(tmp_path, {str(at): part for at in range(20)}))


def test_a_list_of_files_without_end_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = as_zip(tmp_path, {f"{at:03}": b"" for at in range(300)})
    monkeypatch.setattr(photoentries, "_INDEX", 10_000)
    with pytest.raises(BrokenSource, match="list of files is too long"):
        outcomes(path)


def locked(content: bytes) -> bytes:
    """A ZIP whose only file says that it is encrypted."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def test_locked_and_broken_files_of_a_zip_are_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jpg", a_photo())
    whole = path.read_bytes()
    path.write_bytes(locked(whole))
    assert ["パスワード" in why(one) for one in outcomes(path)] == [True]
    at = whole.index(b"\xff\xda")
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert ["ZIPの中で壊れています" in why(one) for one in outcomes(path)] == [True]
    path.write_bytes(whole[:-30])
    with pytest.raises(BrokenSource, match="ZIPとして読めません"):
        outcomes(path)


def test_names_of_a_stranger_are_one_short_line(tmp_path: Path) -> None:
    (one,) = outcomes(as_zip(tmp_path, {"a\nb" + "x" * 300: a_photo()}))
    assert len(one.name) <= 120
    assert "\n" not in one.name
