"""The field page's map by itself: what is taken back stands where it was, what areas would do."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.fieldalone import HERE, alone, press
from tests.browser.fieldphone import choose, ready, says, unsent
from tests.pictures import a_photo

WHOLE = """async ([lon, lat, side]) => {
  const {streetsIn} = await import('/static/fieldstreets.js');
  return new Promise(resolve => {
    const look = () => streetsIn([lon, lat, lon + side, lat + side], look).isWhole && resolve(true);
    look();
    setTimeout(() => resolve(false), 1000);
  });
}"""
WITHIN = ((-32, -32), (32, -32), (0, 32))
"""An area within a block: it touches no street."""
CROSSED = ((-60, -60), (60, 60), (60, -60), (-60, 60))


def ends(page: Page, *parts: str) -> None:
    """What sending would do."""
    for words in parts:
        expect(page.locator("#does")).to_contain_text(words)


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "shut"])
def test_a_report_that_is_taken_back_stands_where_it_was_set(
    browser: Browser, is_open: bool
) -> None:
    with alone(browser) as (page, city):
        page.clock.install()
        choose(page, "slide", a_photo(64, 48))
        page.locator("#edit").click()
        page.locator("#as-line").click()
        press(page, (-90, 0), (-90, -60))
        page.locator("#as-point").click()
        if not is_open:
            page.locator("#edited").click()
        expect(page.locator("#place-said")).to_contain_text("地図で選んだ場所")
        page.locator("#send").click()
        unsent(page, 1, 1)
        page.locator("#undo").click()
        unsent(page, 0)
        expect(page.locator("#place-said")).to_contain_text("地図で選んだ場所")
        expect(page.locator("#pictures img")).to_have_count(1)
        if not is_open:
            page.locator("#edit").click()
        expect(page.locator("#as-point")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#place-said")).to_contain_text("地図で選んだ場所")
        page.locator("#send").click()
        page.clock.fast_forward(6_000)
        unsent(page, 0)
        lon, lat = city.taken[0]["where"]["coordinates"]
        assert (lon < HERE.lon - 5e-4, lat > HERE.lat + 3e-4) == (True, True)
        assert city.broken == []


def test_a_line_that_became_a_point_comes_back_step_by_step(browser: Browser) -> None:
    with alone(browser) as (page, _):
        page.locator("#edit").click()
        page.locator("#as-line").click()
        press(page, (-90, 0), (-90, -60))
        page.locator("#as-point").click()
        expect(page.locator("#place-said")).to_contain_text("地図で選んだ場所")
        page.locator("#as-line").click()
        page.locator("#step-back").click()
        expect(page.locator("#place-said")).to_contain_text("地図に描いた線（2点）")


def test_an_area_beside_all_streets_is_said_to_shut_none(browser: Browser) -> None:
    with alone(browser) as (page, _):
        expect(page.locator("#map .road[d*=L]")).to_be_attached()
        choose(page, "slide")
        page.locator("#edit").click()
        page.locator("#as-area").click()
        press(page, *WITHIN)
        page.locator("#close-line").click()
        ends(page, "道を指していません。本部が道を選ぶまで、道は止まりません。")
        choose(page, "water_level")
        ends(page, "本部に届きます。道は止まりません。")


def test_an_area_whose_streets_are_not_known_is_promised_nothing_without_the_limit(
    browser: Browser,
) -> None:
    with alone(browser) as (page, city):
        city.streets = False
        page.reload()
        ready(page)
        choose(page, "slide")
        page.locator("#edit").click()
        page.locator("#as-area").click()
        press(page, *WITHIN)
        page.locator("#close-line").click()
        ends(page, "道を止めるには：写真をとる", "道が200本を超えると使われません")
        choose(page, "slide", a_photo(64, 48))
        ends(page, "すべて、全員の案内から外します。道が200本を超えると使われません")


def test_streets_of_cells_that_are_not_asked_for_are_not_all_of_them(browser: Browser) -> None:
    with alone(browser) as (page, _):
        assert page.evaluate(WHOLE, [HERE.lon, HERE.lat, 0.01]) is True
        assert page.evaluate(WHOLE, [HERE.lon, HERE.lat, 0.03]) is False


def test_a_line_that_crosses_itself_and_becomes_an_area_says_how_to_go_on(
    browser: Browser,
) -> None:
    with alone(browser) as (page, _):
        page.locator("#edit").click()
        page.locator("#as-line").click()
        press(page, *CROSSED)
        page.locator("#as-area").click()
        for _ in range(2):
            says(page, "「1つ戻す」で交わる前まで戻すか、「全部消す」で描き直してください")
            press(page, (-100, 0))
        page.locator("#close-line").click()
        says(page, "「1つ戻す」で交わる前まで戻すか")
        page.locator("#step-back").click()
        says(page, "角3つ。")
