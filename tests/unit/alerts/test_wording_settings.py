"""How a city wants its alerts worded, and the links that they name."""

from typing import Any

import pytest

from alerts.errors import NotFit
from alerts.wording.settings import Links, WordingSettings, wording_settings_from
from tests.unit.alerts.asase import LINKS, ZONE


@pytest.mark.parametrize("link", ["asase.example", "javascript:alert(1)", "https://x/" + "a" * 999])
def test_links_are_web_addresses(link: str) -> None:
    with pytest.raises(NotFit):
        Links(link, LINKS.areas)


def test_settings_of_a_city_file() -> None:
    given_so = {"morae_per_min": 300, "most_spoken_areas": 6, "callsign": "防災《ぼうさい》"}
    made = wording_settings_from(given_so, ZONE, {"a": "b"})
    assert (made.pace.morae_per_min, made.most_spoken_areas) == (300, 6)
    assert made.districts == {"a": "b"}
    assert wording_settings_from({}, ZONE, {}) == WordingSettings(ZONE)


@pytest.mark.parametrize(
    "wrong", [[], {"speed": 1}, {"morae_per_min": 20}, {"sms_parts": True}, {"callsign": "防災"}]
)
def test_settings_that_make_no_sense_are_refused(wrong: Any) -> None:
    with pytest.raises(NotFit):
        wording_settings_from(wrong, ZONE, {})
