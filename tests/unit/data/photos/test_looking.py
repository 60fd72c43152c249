"""Pictures of strangers: limits before pixels, and copies that say nothing of the camera."""

import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from data.photos import apart, looking
from data.photos.apart import look_apart
from data.photos.errors import NotAPhoto, StoreAway
from data.photos.looking import is_photo, look, look_at_thumbnail, show_thumbnail
from tests.pictures import a_large_photo, a_photo, a_picture, a_png_that_says, exif
from tests.unit.data.dronemade import NO_SAMPLES, SAMPLES

NINE_HUNDRED_MEGAPIXELS = a_png_that_says(30_000, 30_000)
TAKEN = datetime(2026, 8, 31, 17, 10, tzinfo=UTC)


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_a_small_png_of_900_megapixels_is_refused_by_its_header() -> None:
    assert len(NINE_HUNDRED_MEGAPIXELS) < 1200
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NotAPhoto, match="60 megapixels"):
        look(NINE_HUNDRED_MEGAPIXELS)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_pixels_are_counted_below_the_limit_of_the_library_too() -> None:
    with pytest.raises(NotAPhoto, match="60 megapixels"):
        look(a_png_that_says(10_000, 6_001))


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\x00" + bytes(2000), b"\x7fELF" + bytes(2000), b"GIF89a" + bytes(100)],
    ids=["nothing", "windows", "linux", "gif"],
)
def test_an_executable_is_no_photo_whatever_it_is_called(content: bytes) -> None:
    assert not is_photo(content[:12])
    with pytest.raises(NotAPhoto):
        look(content)


def test_what_only_begins_like_a_photo_is_refused() -> None:
    for content in (b"\xff\xd8\xff\xe0" + b"MZ" * 500, b"RIFF\0\0\0\0WEBP" + bytes(500)):
        with pytest.raises(NotAPhoto):
            look(content)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_broken_photo_is_refused(form: str) -> None:
    content = a_photo(640, 480, form=form)
    assert look(content)[0].width == 640
    with pytest.raises(NotAPhoto):
        look(content[: len(content) // 2])


def test_too_many_bytes_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_BYTES", 1000)
    with pytest.raises(NotAPhoto, match="more than 1000 bytes"):
        look(a_photo() + bytes(2000))


def test_a_copy_is_upright_and_says_nothing_of_place_time_and_camera() -> None:
    original = a_photo(2400, 1200, exif=exif(), comment=b"135.39625")
    looked, shown = look(original)
    assert (looked.width, looked.height, looked.mime) == (2400, 1200, "image/jpeg")
    assert looked.taken_at == TAKEN
    copy = opened(shown)
    assert copy.size == (800, 1600)
    assert not copy.getexif()
    assert set(copy.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"135.39625" in original
    assert b"135.39625" not in shown


def test_a_camera_without_an_offset_has_the_time_of_japan() -> None:
    assert look(a_photo(exif=exif(offset="")))[0].taken_at == TAKEN
    assert look(a_photo(exif=exif(offset="+00:00")))[0].taken_at == datetime(
        2026, 9, 1, 2, 10, tzinfo=UTC
    )
    assert look(a_photo())[0].taken_at is None


def test_what_is_transparent_is_shown_on_white() -> None:
    for mode, alpha in (("RGBA", 0), ("LA", 0)):
        written = BytesIO()
        Image.new(mode, (40, 30), alpha).save(written, "PNG")
        _, shown = look(written.getvalue())
        assert opened(shown).convert("L").getextrema() == (255, 255)


@pytest.mark.parametrize("mode", ["1", "P", "CMYK", "I;16"])
def test_pictures_of_other_modes_are_shown_too(mode: str) -> None:
    written = BytesIO()
    picture = Image.new(mode, (40, 30)) if mode == "I;16" else a_picture().convert(mode)
    picture.save(written, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(look(written.getvalue())[1]).format == "JPEG"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=NO_SAMPLES)
def test_a_photo_of_a_drone_is_shown_without_where_it_was() -> None:
    looked, shown = look_apart((SAMPLES / "DJI_0018.JPG").read_bytes())
    assert (looked.mime, looked.width, looked.height) == ("image/jpeg", 4000, 2250)
    assert max(opened(shown).size) == 1600
    assert b"drone-dji" not in shown
    assert not opened(shown).getexif()


def test_a_thumbnail_is_a_small_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    content = a_photo(480, 360, quality=60, exif=exif())
    looked = look_at_thumbnail(content)
    assert (looked.mime, looked.width, looked.height) == ("image/jpeg", 480, 360)
    assert opened(show_thumbnail(content)).size == (360, 480)
    for other in (a_photo(form="PNG"), a_large_photo(40_000), content[:900]):
        with pytest.raises(NotAPhoto):
            look_at_thumbnail(other)
    monkeypatch.setattr(looking, "THUMBNAIL_PIXELS", 480 * 360 - 1)
    with pytest.raises(NotAPhoto, match="megapixels"):
        look_at_thumbnail(content)


def test_apart_is_the_same_and_leaves_what_breaks_to_the_other_process() -> None:
    content = a_photo(exif=exif())
    assert look_apart(content) == look(content)
    with pytest.raises(NotAPhoto, match="60 megapixels"):
        look_apart(NINE_HUNDRED_MEGAPIXELS)


def test_a_decoder_that_takes_too_much_memory_ends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import data.photos.apart as a; a.MEMORY = 150_000_000; a.main()"
    written = BytesIO()
    Image.new("RGB", (7000, 7000)).save(written, "PNG", compress_level=1)
    run = subprocess.run

    def tight(words: list[str], **named: object) -> object:
        return run([sys.executable, "-c", code], **named)  # type: ignore[call-overload]

    monkeypatch.setattr("data.photos.apart.subprocess.run", tight)
    assert look_apart(a_photo())[0].width == 64
    with pytest.raises(NotAPhoto, match="within the limits"):
        look_apart(written.getvalue())


def test_one_original_is_looked_at_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WAITS_S", 0.01)
    with ThreadPoolExecutor() as other:
        with apart.turn(), pytest.raises(StoreAway):
            other.submit(look_apart, a_photo()).result(20)
        monkeypatch.undo()
        assert other.submit(look_apart, a_photo()).result(20)
