"""How slow people are, how old knowledge is, and what is fictional: rules 9, 19 and 20."""

import json
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from city.daylight import is_night
from city.traveller import Profile
from data import mapped
from data.cityfile import CityFile, read_city_file
from data.errors import BrokenCityFile
from data.town.write import CITY_FILE
from operations.answer import answer
from operations.serving import STALE_AFTER, CurrentVersion, Freshness
from routing.errors import RoutingError
from routing.rules import Rules, rules_from
from routing.verdict import Verdict
from tests.basis import save_basis
from tests.builders import (
    NIGHT,
    NOON,
    a_grid,
    a_household,
    a_site,
    a_version,
    an_order,
    ask,
    town,
    town_ground,
    town_version,
)
from web.pages import way_page

SHARED = Path(__file__).parents[3] / "shared/data"
DOOR = (105, 0)
SITE = (105, 300)
"""Straight up one street from (100, 0) to (100, 300), 5 m from it at both ends."""


def test_rule_09_the_slow_defaults_are_those_observed() -> None:
    rules = Rules()
    assert rules.speed_m_s[Profile.WALK] == 0.7
    assert rules.speed_m_s[Profile.SLOW] == 0.5
    assert 0.4 <= rules.speed_m_s[Profile.WHEELCHAIR] <= 0.5
    assert rules.night_factor == 0.8
    assert rules.start_delay_s == 15 * 60


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        ({"speed_m_s": {"walk": 0.75}}, "0.74"),
        ({"speed_m_s": {"slow": 0.55}}, "0.54"),
        ({"speed_m_s": {"wheelchair": 1.5}}, "0.5"),
        ({"night_factor": 1}, "0.8"),
        ({"start_delay_s": 899}, "900"),
    ],
)
def test_rule_09_no_setting_makes_people_faster(settings: dict[str, Any], limit: str) -> None:
    with pytest.raises(RoutingError, match=rf"{limit}\b.*: safety outranks a city's settings"):
        rules_from(settings)


def test_rule_09_settings_name_their_source(small_city: Path) -> None:
    more = "\n[settings]\nspeed_m_s = {slow = 0.4}\n"
    text = small_city.read_text("utf-8")
    small_city.write_text(text + more, "utf-8")
    with pytest.raises(BrokenCityFile, match="say in a line where the values are from"):
        read_city_file(small_city)
    small_city.write_text(f'{text}{more}source = "避難訓練 2026 の実測"\n', "utf-8")
    assert read_city_file(small_city).rules.speed_m_s[Profile.SLOW] == 0.4


@pytest.mark.parametrize(("profile", "speed"), [("walk", 0.7), ("slow", 0.5), ("wheelchair", 0.4)])
@pytest.mark.parametrize(("when", "factor"), [(NOON, 1.0), (NIGHT, 0.8)])
def test_rule_09_durations_are_of_slow_people_and_slower_at_night(
    profile: str, speed: float, when: Any, factor: float
) -> None:
    ground = a_grid(sites=[a_site(*SITE)])
    told = ask(a_version(ground), DOOR, a_household(profile), when=when)
    assert told.first is not None
    way = told.first.way
    assert way.distance_m == pytest.approx(310, abs=0.1)
    assert way.duration_s == pytest.approx(310 / (speed * factor), abs=2)
    assert told.night is (factor < 1)


def test_rule_09_the_start_delay_is_told_beside_the_way() -> None:
    told = ask(a_version(a_grid(sites=[a_site(*SITE)]), orders=[an_order(4)]), DOOR)
    assert answer(told, Freshness(NOON, stale=False))["start_delay_s"] == 900


def test_rule_09_nobody_is_faster_downhill_than_on_the_flat() -> None:
    flat = a_grid(sites=[a_site(*SITE)])
    for heights in ({5: 10, 9: 20, 13: 30}, {1: 30, 5: 20, 9: 10}):
        hilly = a_grid(sites=[a_site(*SITE)], heights=heights)
        durations = []
        for ground in (flat, hilly):
            told = ask(a_version(ground), DOOR)
            assert told.first is not None
            durations.append(told.first.way.time)
        assert durations[1] >= durations[0]


def test_rule_09_dusk_and_dawn_count_as_night() -> None:
    at = town_ground().metres.position(*town_ground().roads.junction_xy[0])
    midday, midnight = NOON, NIGHT
    assert not is_night(at, midday)
    assert is_night(at, midnight)
    dark = [is_night(at, midday + timedelta(minutes=10 * step)) for step in range(144)]
    assert 11.5 * 6 <= sum(dark) <= 13.8 * 6


# 19


def _published(folder: Path) -> CurrentVersion:
    version = a_version(a_grid(sites=[a_site(*SITE)]), orders=[an_order(4)])
    home = mapped.home(folder)
    mapped.whole_folder(home / "ground-1", lambda f: save_basis(f, version.ground))
    mapped.whole_folder(
        home / "version-1", lambda f: mapped.save_version(f, version, mapped.Origin("1"))
    )
    mapped.publish(home, "version-1")
    current = CurrentVersion(folder)
    assert current.refresh()
    return current


def test_rule_19_what_was_checked_too_long_ago_is_stale(tmp_path: Path) -> None:
    current = _published(tmp_path)
    mapped.say_checked(mapped.home(tmp_path), NOON)
    fresh, old = current.freshness(NOON), current.freshness(NOON + STALE_AFTER * 1.01)
    assert (fresh.stale, old.stale) == (False, True)
    assert fresh.checked_at == old.checked_at == NOON
    assert timedelta(seconds=30) >= STALE_AFTER


def test_rule_19_a_version_that_nobody_checked_is_as_old_as_its_picture(tmp_path: Path) -> None:
    freshness = _published(tmp_path).freshness(NOON + timedelta(hours=1))
    assert (freshness.checked_at, freshness.stale) == (NOON, True)


def test_rule_19_guidance_goes_on_from_the_last_arrays_and_says_so(tmp_path: Path) -> None:
    current = _published(tmp_path)
    mapped.say_checked(mapped.home(tmp_path), NOON)
    later = NOON + timedelta(hours=3)
    told = ask(current.version, DOOR, when=later)
    assert told.verdict is Verdict.GO
    table = answer(told, current.freshness(later))
    assert table["stale"] is True
    assert table["as_of"] == "2026-09-01T12:00:00+09:00"
    assert table["plan_version"] == 1


def _page(told: Any, *, stale: bool, lang: str = "ja") -> str:
    return way_page(
        told,
        asked={},
        lang=lang,
        now=NOON + timedelta(minutes=7),
        checked_at=NOON,
        stale=stale,
        page_url="https://example.jp/way",
    )


def test_rule_19_a_stale_page_looks_other_than_a_live_one() -> None:
    told = ask(a_version(a_grid(sites=[a_site(*SITE)]), orders=[an_order(4)]), DOOR)
    live, stale = (_page(told, stale=flag) for flag in (False, True))
    assert live != stale
    assert "12:00" in stale


# 20


def test_rule_20_the_town_is_called_fictional_wherever_it_is_named() -> None:
    card = town().ground.card
    assert card.fictional
    assert "架空" in card.name
    assert "fictional" in card.name_en
    assert all("架空" in line for line in card.attributions)
    places = [*town().ground.sites, *town().ground.shelters]
    assert all("架空" in place.address for place in places)


def test_rule_20_a_fictional_city_cannot_hide_that_it_is_one() -> None:
    table = tomllib.loads(CITY_FILE)
    CityFile.model_validate(table)
    table["city"]["name"] = "浅瀬市"
    with pytest.raises(ValueError, match="架空"):
        CityFile.model_validate(table)


def test_rule_20_a_real_city_never_begins_with_orders() -> None:
    table = tomllib.loads(CITY_FILE)
    table["city"]["fictional"] = False
    with pytest.raises(ValueError, match="fictional"):
        CityFile.model_validate(table)


@pytest.mark.parametrize("orders", [[], [an_order(3)], [an_order(4)], [an_order(5)]])
def test_rule_20_the_page_says_that_the_city_is_fictional(orders: Any) -> None:
    version = town_version(orders=orders)
    x, y = version.ground.roads.junction_xy[1500].tolist()
    assert "架空" in _page(ask(version, (x, y)), stale=False)


def test_rule_20_no_name_of_a_real_place_is_used_for_it() -> None:
    """Sites and shelters of the town, against those of the real cities beside this checkout."""
    real = {
        feature["properties"]["施設・場所名"]
        for path in sorted(SHARED.glob("*/*s*.geojson"))
        for feature in json.loads(path.read_text("utf-8"))["features"]
        if "施設・場所名" in feature["properties"]
    }
    if not real:
        pytest.skip(f"no real city's files are beside this checkout: {SHARED} is absent")
    rows = town().rows
    names = {place.name for place in (*rows.sites, *rows.shelters)}
    names |= {area.name for area in rows.areas} | set(rows.network.names)
    assert not names & real
