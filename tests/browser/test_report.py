"""A resident reports on a phone: position, picture, and the link that shows how it stands."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.phoneserver import PhoneDesk, phone_desk
from tests.integration.databases import Server
from tests.pictures import a_large_photo

PHONE = {"width": 390, "height": 844}
TWICE = {"width": 195, "height": 422}
"""What is left of a phone's screen at 200 %."""
COVERED = """() => {
  const bar = document.querySelector('.bar')?.getBoundingClientRect();
  return [...document.querySelectorAll('.pick,textarea,summary')].filter(one => {
    const {top, bottom} = one.getBoundingClientRect();
    return bar && top < bar.bottom && bottom > bar.top;
  }).map(one => one.textContent);
}"""
"""What lies below the button that sends."""
SHOTS = os.environ.get("NIGEMICHI_SHOTS")


@pytest.fixture(scope="module")
def server_of(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PhoneDesk]:
    with phone_desk(server, with_plan, tmp_path_factory.mktemp("report")) as made:
        yield made


def found_nothing_wrong(page: Page, name: str) -> None:
    """Readable for everybody, in light and dark, and nothing runs out of a narrow screen."""
    looks = (("light", "light", PHONE), ("dark", "dark", PHONE), ("twice", "dark", TWICE))
    for look, scheme, size in looks:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/report-{name}-{look}.png", full_page=True)
        assert page.evaluate(COVERED) == []
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        # The map to tap keeps its pixels, as on the first page.
        if not page.locator(".tap").count():
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")


def test_a_danger_is_reported_from_where_the_phone_is_and_followed_by_its_link(
    browser: Browser, server_of: PhoneDesk, tmp_path: Path
) -> None:
    ((lat, lon),) = server_of.database.rows(
        "SELECT ST_Y(p), ST_X(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM street LIMIT 1) s"
    )
    pages = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale="ja-JP",
        geolocation={"latitude": lat, "longitude": lon, "accuracy": 18},
        permissions=["geolocation"],
    )
    page = pages.new_page()
    page.set_default_timeout(10_000)
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda one: said.append(str(one)))
    page.goto(f"{server_of.url}/report")
    found_nothing_wrong(page, "what")
    page.get_by_label("道が水につかっている").check()
    page.get_by_role("button", name="次へ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2　どこですか")
    found_nothing_wrong(page, "where")
    page.get_by_role("button", name="いまいる所").click()
    expect(page.get_by_text("これだけで道は止まりません")).to_be_visible()
    assert "lat" not in page.url
    page.get_by_label("ひざくらい").check()
    found_nothing_wrong(page, "more")
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_role("status").first).to_contain_text("本部に届きました")
    (tmp_path / "large.jpg").write_bytes(a_large_photo(3_000_000))
    page.locator("[name=photo]").set_input_files(tmp_path / "large.jpg")
    page.get_by_role("button", name="写真を送る").click()
    expect(page.get_by_text("写真を報告に足しました")).to_be_visible()
    found_nothing_wrong(page, "mine")
    link = page.get_by_role("link", name="この報告のリンク").get_attribute("href")
    pages.close()
    ((error_m, depth, picture),) = server_of.database.rows(
        "SELECT error_m, depth, (SELECT max(bytes) FROM photo) FROM observation"
    )
    assert (error_m, depth) == (18, "knee")
    assert picture <= 30_000
    other = browser.new_context(locale="ja-JP").new_page()
    other.goto(f"{server_of.url}{link}")
    expect(other.get_by_text("受け付けました（未確認）")).to_be_visible()
    assert other.url == f"{server_of.url}/report/mine"
    assert said == []
