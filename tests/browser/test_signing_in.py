"""Getting in, in a browser: the first administrator's link, the form, people and tablets."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from city.staff import CONSOLE, Role
from operations.people import links
from operations.people.devices import places
from operations.serving import utc_now
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server
from tests.integration.staffed import a_tablet, signed_in

PHRASE = "the river is loud tonight"
PHONE = {"width": 390, "height": 844}
SHOTS = os.environ.get("NIGEMICHI_SHOTS")


@pytest.fixture(scope="module")
def house(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Headquarters]:
    """One server for all tests here."""
    with headquarters(server, with_plan, tmp_path_factory.mktemp("signing-in")) as made:
        yield made


@pytest.fixture
def context(browser: Browser, house: Headquarters) -> Iterator[BrowserContext]:
    """A browser that nobody has signed in with."""
    made = browser.new_context(locale="ja-JP", viewport=PHONE)
    yield made
    made.close()


def found_nothing_wrong(page: Page, name: str) -> None:
    """Axe finds no violation, nothing is wider than the screen; a picture where asked for."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    violations = Axe().run(page).response["violations"]
    assert [one["id"] for one in violations] == []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_the_first_administrator_comes_by_the_link_and_adds_people_and_a_tablet(
    context: BrowserContext, house: Headquarters, browser: Browser
) -> None:
    page = context.new_page()
    code = links.first_administrator_code(house.engine, CONSOLE, now=utc_now())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(links.link_to(house.url, code))
    expect(page.get_by_role("heading", name="最初の管理者になる")).to_be_visible()
    assert not [url for url in asked if code in url.split("#")[0]]
    assert code not in page.url
    found_nothing_wrong(page, "link")
    page.get_by_label("ログイン名").fill("kanri")
    page.get_by_label("名前", exact=True).fill("架空 管理")
    page.get_by_label("新しいパスワード").fill(PHRASE)
    page.get_by_label("もう一度").fill(PHRASE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin")
    page.set_viewport_size({"width": 1440, "height": 900})
    added = page.locator("form[action='/admin/staff']")
    added.get_by_label("名前", exact=True).fill("架空 花子")
    added.get_by_label("ログイン名").fill("hanako")
    added.get_by_label("本部 担当").check()
    added.get_by_role("button").click()
    expect(page.locator("code.code")).to_contain_text("/signin/link#")
    found_nothing_wrong(page, "admin-person")
    tablet = page.locator("form[action='/admin/devices']")
    tablet.get_by_label("名前").fill("受付1")
    site_id, name = places(house.engine)[0]
    tablet.get_by_label("避難場所").select_option(site_id)
    tablet.get_by_role("button").click()
    address = page.locator("code.code").inner_text()
    expect(page.locator("svg.qr")).to_be_visible()
    found_nothing_wrong(page, "admin-tablet")
    page.set_viewport_size(PHONE)
    found_nothing_wrong(page, "admin-phone")
    page.emulate_media(color_scheme="dark")
    found_nothing_wrong(page, "admin-phone-dark")
    desk = browser.new_context(locale="ja-JP", viewport={"width": 820, "height": 1180})
    there = desk.new_page()
    there.goto(address)
    there.wait_for_url("**/desk")
    expect(there.get_by_role("heading", name=name)).to_be_visible()
    desk.close()
    page.goto(f"{house.url}/admin")
    page.get_by_role("button", name="端末 受付1を止める").click()
    expect(page.get_by_text("止めてあります")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name="操作の記録").click()
    expect(page.get_by_text("端末を停止")).to_be_visible()
    found_nothing_wrong(page, "audit")


def test_the_form_says_what_is_wrong_and_works_without_script(
    browser: Browser, house: Headquarters
) -> None:
    plain = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = plain.new_page()
    number = house.officer(Role.FIELD).caller.id
    assert number is not None
    code = links.password_code(house.engine, CONSOLE, number, now=utc_now())
    page.goto(f"{house.url}/signin/link")
    page.get_by_label("リンクの符号").fill(code)
    page.get_by_role("button", name="進む").click()
    login = page.get_by_label("ログイン名").input_value()
    page.get_by_label("新しいパスワード").fill(PHRASE)
    page.get_by_label("もう一度").fill(PHRASE)
    page.get_by_role("button", name="決めてサインイン").click()
    page.wait_for_url("**/field")
    page.goto(f"{house.url}/account")
    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_url("**/signin")
    page.goto(f"{house.url}/account")
    page.get_by_label("ログイン名").fill(login)
    page.get_by_label("パスワード").fill("not this one, surely")
    page.get_by_role("button", name="サインイン").click()
    expect(page.get_by_role("alert")).to_contain_text("違います")
    page.get_by_label("パスワード").fill(PHRASE)
    page.get_by_role("button", name="サインイン").click()
    page.wait_for_url("**/account")
    plain.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["signin", "signin/link", "desk/join", "account"])
def test_axe_finds_nothing_on_the_pages_for_getting_in(
    context: BrowserContext, house: Headquarters, path: str, scheme: str
) -> None:
    officer = signed_in(house.engine, Role.OPERATOR)
    if path == "account":
        context.add_cookies([{"name": officer.cookie, "value": officer.token, "url": house.url}])
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{house.url}/{path}")
    found_nothing_wrong(page, f"{path.replace('/', '-')}-{scheme}")


def test_a_wrong_token_is_said_on_the_page(context: BrowserContext, house: Headquarters) -> None:
    page = context.new_page()
    page.goto(f"{house.url}/desk/join#wrong")
    expect(page.get_by_role("alert")).to_contain_text("この符号は使えません")
    good = a_tablet(house.engine, places(house.engine)[0][0])
    page.get_by_label("端末の符号").fill(good.token)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
