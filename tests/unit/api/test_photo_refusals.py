"""Whoever sends a photo, or a file of reports, reads in Japanese what to do, English only after it.

Pages show the Japanese; the English, in brackets at its end, is for programs.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.staff import uploads
from data.photos.errors import NotAPhoto
from data.photos.looking import look, look_at_thumbnail
from tests.pictures import a_photo
from tests.unit.data.photos.test_looking import NINE_HUNDRED_MEGAPIXELS

ROOT = Path(__file__).parents[3]
RAISED = {"NotAPhoto", "StoreAway", "Refused", "BadUpload", "AnotherPhoto", "NotWhole"} | {
    "NotThere",
    "NotAllowed",
}
OF_CONSOLE = "NIGEMICHI_"
"""What a server says of its settings as it starts."""
WHOLE = re.compile(r".*(ください|ありません)(（[^（）\u3040-\u9fff]+）)?")


def is_whole(text: str) -> bool:
    """Whether it ends by saying what to do, before its English."""
    bare = re.sub("（[^（）]*）$", "", text)
    return bool(WHOLE.fullmatch(text)) and not re.search("[a-z]{2,} [a-z]{2,}", bare)


def said_in(folder: str) -> Iterator[tuple[str, str]]:
    """The words of each refusal that a module raises, and where."""
    for path in sorted((ROOT / folder).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED and node.args:
                text = "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "x"
                    for part in getattr(node.args[0], "values", [node.args[0]])
                    if isinstance(part, ast.Constant | ast.FormattedValue)
                )
                if text and not text.startswith(OF_CONSOLE):
                    yield f"{path.name}:{node.lineno}", text


def test_every_refusal_of_a_photo_says_in_japanese_what_to_do() -> None:
    said = [*said_in("data/photos"), *said_in("operations/photos")]
    assert len(said) > 10
    assert [one for one in said if not is_whole(one[1])] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ" + bytes(900),
        b"\xff\xd8\xff\xe0" + b"MZ" * 500,
        a_photo()[:-400],
        NINE_HUNDRED_MEGAPIXELS,
        b"\xff\xd8\xff" + bytes(30_000_001),
    ],
    ids=["nothing", "a program", "only a head", "cut off", "megapixels", "large"],
)
def test_whatever_is_no_photo_is_refused_in_a_whole_sentence(content: bytes) -> None:
    for looked in (look, look_at_thumbnail):
        with pytest.raises(NotAPhoto) as told:
            looked(content)
        assert is_whole(str(told.value)), str(told.value)


def test_a_small_picture_is_asked_for_as_jpeg_alone() -> None:
    with pytest.raises(NotAPhoto) as told:
        look_at_thumbnail(a_photo(form="PNG"))
    assert "JPEG" in str(told.value)
    assert "PNG" not in str(told.value).partition("（")[0]


def test_every_answer_of_an_upload_says_in_japanese_what_happens_next() -> None:
    for status, (_, title, detail) in uploads._WORDS.items():
        assert detail.endswith(("ください。", "ます。", "ありません。")), status
        assert not re.search("[a-z]{2,}", title + detail), status
