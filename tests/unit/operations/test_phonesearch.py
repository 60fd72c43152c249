"""Where a caller is: names as people say them, addresses, degrees."""

import pytest

from operations.phone.search import Found, FoundKind, find_places
from tests.unit.web.ground import at, ground

HERE = ground()


def names(text: str) -> list[str]:
    """What is found, the likeliest first."""
    return [one.name for one in find_places(HERE, text)]


@pytest.mark.parametrize(
    "text",
    [
        "絹ヶ丘一丁目",
        "絹が丘１丁目",
        "絹ケ丘",
        "丘1丁",
        "絹ヶ丘 1丁目",
        "浅瀬市絹ヶ丘一丁目",
        "絹ヶ丘一丁目12番3号",
        "絹ヶ丘1-12-3",
        "絹ヶ丘１－１２－３",
        "　絹ヶ丘1丁目の5 ",
    ],
)
def test_a_town_is_found_however_it_is_written(text: str) -> None:
    assert names(text)[0] == "絹ヶ丘一丁目"


def test_places_and_streets_are_found_after_towns_of_that_name() -> None:
    assert names("下浅瀬") == ["下浅瀬二丁目", "下浅瀬通り"]
    assert names("浅瀬 小学校") == ["浅瀬第三小学校"]
    assert names("三小") == ["浅瀬第三小学校"]


def test_what_only_stands_for_a_whole_town_or_street_is_not_exact() -> None:
    exact = {one.name: one.exact for text in ("浅瀬", "絹") for one in find_places(HERE, text)}
    assert exact["浅瀬第三小学校"] is True
    assert exact["下浅瀬二丁目"] is False
    assert exact["下浅瀬通り"] is False


@pytest.mark.parametrize("form", ["{0}, {1}", "{0} {1}", "{0}、{1}", " {0}，{1} ", "{1},{0}"])
def test_degrees_are_a_point_also_swapped(form: str) -> None:
    here = at(300, 300)
    text = form.format(f"{here.lat:.5f}", f"{here.lon:.5f}")
    (found,) = find_places(HERE, text)
    assert found.kind is FoundKind.POINT
    assert (round(found.lat, 5), round(found.lon, 5)) == (round(here.lat, 5), round(here.lon, 5))


def test_full_width_degrees_are_degrees() -> None:
    here = at(300, 300)
    wide = f"{here.lat:.5f}, {here.lon:.5f}".translate(
        str.maketrans("0123456789.", "０１２３４５６７８９．")
    )
    assert [one.kind for one in find_places(HERE, wide)] == [FoundKind.POINT]


@pytest.mark.parametrize("text", ["", "  ", "無い町", "0, 0", "999, 999", "%", "浅瀬市"])
def test_nothing_is_found_where_nothing_is(text: str) -> None:
    found: list[Found] = find_places(HERE, text)
    assert found == []
