"""What the sentences claim: no more than what is known."""

import re
from collections.abc import Callable

import pytest
import shapely

from hazards.kinds import HazardKind
from hazards.zone import RED, YELLOW, HazardZone, ZoneLayer
from routing.exposure import Exposure
from routing.guidance import Guidance
from routing.words import NO_WAY, REASONS, say_reason
from tests.unit.web import ground as grounds
from tests.unit.web.ground import METRES, asks, box, ground, order, version
from tests.unit.web.test_way_page import page, words
from web.language import messages

Lay = Callable[[dict[int, tuple[float, float, float, float]]], Guidance]


@pytest.fixture
def below(monkeypatch: pytest.MonkeyPatch) -> Lay:
    """A door in the north-east that has to walk out of the slopes laid around it."""

    def told(slopes: dict[int, tuple[float, float, float, float]]) -> Guidance:
        laid = [
            HazardZone(ZoneLayer.LANDSLIDE, rank, shapely.transform(box(*at), METRES.lonlat))
            for rank, at in slopes.items()
        ]
        monkeypatch.setattr(grounds, "zones", lambda: laid)
        return asks(version(order(4, HazardKind.LANDSLIDE), on=ground()), 790, 770)

    return told


def through(guidance: Guidance) -> list[str]:
    """What is said of the metres on slopes."""
    return [
        say_reason(reason.code, reason.values)
        for reason in guidance.reasons
        if reason.code.startswith("through_landslide")
    ]


SMALL, LARGE = (740, 740, 850, 850), (640, 640, 850, 850)


def test_red_metres_are_not_told_twice(below: Lay) -> None:
    told = below({YELLOW: LARGE, RED: SMALL})
    assert told.first
    yellow = told.first.exposure[Exposure.LANDSLIDE]
    red = told.first.exposure[Exposure.LANDSLIDE_SPECIAL]
    assert 1 < red < yellow
    assert through(told) == [
        f"土砂災害警戒区域を {yellow:.0f} m 通ります。そのうち {red:.0f} m は特別警戒区域です。"
    ]
    assert through(told)[0] in words(page(told))
    assert f"{red:.0f} m of it are in the special zone." in words(page(told, "en"))


def test_yellow_alone_is_not_called_special(below: Lay) -> None:
    told = below({YELLOW: LARGE})
    assert told.first
    metres = told.first.exposure[Exposure.LANDSLIDE]
    assert through(told) == [f"土砂災害警戒区域を {metres:.0f} m 通ります。"]


def test_red_alone_counts_as_yellow_and_is_called_special(below: Lay) -> None:
    told = below({RED: SMALL})
    assert told.first
    metres = f"{told.first.exposure[Exposure.LANDSLIDE_SPECIAL]:.0f}"
    assert through(told) == [
        f"土砂災害警戒区域を {metres} m 通ります。そのうち {metres} m は特別警戒区域です。"
    ]


def test_no_sentence_promises_the_shortest_stretch_of_a_zone() -> None:
    assert "短く通る" not in REASONS["through_assumed"]
    assert "short" not in messages("en")[REASONS["through_assumed"]]


def test_door_without_a_way_is_told_nothing_that_is_wrong_at_midnight() -> None:
    assert "明るいうち" not in "".join(NO_WAY)
    assert not any("while it is light" in messages("en")[line] for line in NO_WAY)


def test_zone_where_houses_may_fall_is_named_in_full() -> None:
    assert not any("おそれの区域" in text for text in REASONS.values())


def test_english_is_plain() -> None:
    text = " ".join(messages("en").values())
    assert not re.search(r"Now it is for|water or earth comes", text)


def test_way_that_water_cuts_farther_on_is_not_called_surrounded() -> None:
    text = REASONS["cut_by_water"]
    assert text == "避難場所への道が、途中で水にふさがれています。"
    assert "まわり" not in text
    assert "around" not in messages("en")[text]
