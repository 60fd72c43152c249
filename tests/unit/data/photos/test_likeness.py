"""Likeness: the same scene at another size and quality is near, another scene is far."""

from io import BytesIO
from itertools import combinations

from PIL import Image

from data.photos.likeness import ALIKE, distance, likeness
from data.photos.looking import look, look_at_thumbnail
from tests.pictures import a_photo, a_picture, exif


def test_the_same_scene_smaller_and_worse_is_alike() -> None:
    for seed in range(10):
        one = look(a_photo(1600, 1200, seed))[0].likeness
        other = look_at_thumbnail(a_photo(320, 240, seed, quality=40)).likeness
        assert distance(one, other) <= ALIKE


def test_other_scenes_are_not() -> None:
    hashes = [likeness(a_picture(320, 240, seed)) for seed in range(12)]
    assert min(distance(*pair) for pair in combinations(hashes, 2)) > ALIKE


def test_how_the_camera_was_held_changes_nothing() -> None:
    upright = a_picture(240, 320)
    written = BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(written, "JPEG", exif=exif())
    assert distance(likeness(upright), look(written.getvalue())[0].likeness) <= 2


def test_a_hash_fits_a_signed_number_of_64_bits() -> None:
    falling = Image.linear_gradient("L").rotate(-90)
    rising = Image.linear_gradient("L").rotate(90)
    assert {likeness(falling), likeness(rising)} == {0, -1}
    assert distance(0, -1) == 64
    assert distance(-(2**63), 2**63 - 1) == 64
    assert distance(5, 5) == 0
