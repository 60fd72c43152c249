"""The field page by itself: a disk that fails and comes back, links, what the city refused."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.fieldalone import URL, Alone, alone
from tests.browser.fielddisk import ABORTS, FAILS, FOUND, LATE, MENDED, ORIGINAL, TWICE, UNREADABLE
from tests.browser.fieldphone import choose, ready, report, unsent
from tests.pictures import a_photo

SLEEPS = """async () => {
  const {inTime} = await import('/static/disk.js');
  window.answer = null;
  window.waits = inTime(new Promise(resolve => { window.answer = resolve; }))
    .then(() => 'in time', () => 'too late');
}"""
WRONG_LINK = """async link => {
  const {whyNotLink} = await import('/static/fieldlink.js');
  return whyNotLink(link);
}"""
CLOSES = "() => dispatchEvent(new Event('beforeunload', {cancelable: true}))"


def test_what_is_read_while_the_disk_refuses_wipes_nothing_and_brings_nothing_back(
    browser: Browser,
) -> None:
    with alone(browser) as (page, _):
        assert page.evaluate(ABORTS) == ["report", "", "other", ""]


def test_an_original_that_was_taken_back_and_sent_again_outlasts_the_one_recovery(
    browser: Browser,
) -> None:
    with alone(browser) as (page, city):
        city.up = False
        page.evaluate(ORIGINAL)
        page.evaluate(FAILS, ["add", "put", "delete"])
        page.evaluate("() => window.again('one')")
        page.evaluate("() => window.disk.takeBack({id: 'one', photos: [{id: 'photo'}]})")
        page.evaluate("() => window.again('two')")
        page.evaluate(MENDED)
        assert page.evaluate(TWICE) == 1
        assert page.evaluate(FOUND) == "kept"


def test_an_original_that_an_open_page_holds_is_not_given_up_by_another(browser: Browser) -> None:
    with alone(browser) as (page, city):
        city.up = False
        page.evaluate(ORIGINAL)
        page.evaluate(FAILS, ["put"])
        page.evaluate("() => window.again('one')")
        other = page.context.new_page()
        other.goto(f"{URL}/static/queue.js")
        assert other.evaluate(FOUND) == "waits"
        page.close()
        other.wait_for_function(f"async () => await ({FOUND})() === 'given up'", polling=100)


def test_an_original_that_cannot_be_read_is_given_up_in_words(browser: Browser) -> None:
    with alone(browser) as (page, city):
        page.clock.install()
        report(page, "slide", a_photo(64, 48))
        page.evaluate(UNREADABLE)
        with page.expect_request("**/uploads"):
            page.clock.fast_forward(6_000)
        for _ in range(4):
            with page.expect_request("**/uploads"):
                page.evaluate("() => dispatchEvent(new Event('online'))")
        expect(page.locator("#mine")).to_contain_text("この端末で元の写真を読めません。")
        unsent(page, 0)
        assert city.pieces == []


def sent_once(page: Page, city: Alone) -> None:
    """Nothing waits, nothing was given up, and the original came once."""
    unsent(page, 0)
    expect(page.locator("#mine")).not_to_contain_text("届きませんでした")
    assert len(city.pieces) == 1


def test_an_original_that_the_disk_gives_late_is_sent_and_never_given_up(browser: Browser) -> None:
    with alone(browser) as (page, city):
        page.clock.install()
        report(page, "slide", a_photo(64, 48))
        page.evaluate(LATE)
        page.clock.fast_forward(6_000)
        page.evaluate("() => window.asked")
        for _ in range(5):
            page.clock.fast_forward(1_100)
        unsent(page, 0, 1)
        assert page.locator("#net-word").inner_text() == "電波 あり"
        page.clock.fast_forward(6_000)
        sent_once(page, city)


def test_an_original_on_a_disk_that_takes_no_more_is_sent(browser: Browser) -> None:
    with alone(browser) as (page, city):
        page.clock.install()
        report(page, "slide", a_photo(64, 48))
        page.evaluate(FAILS, ["add", "put"])
        page.clock.fast_forward(6_000)
        sent_once(page, city)


def test_a_phone_that_slept_has_not_waited_for_its_disk(browser: Browser) -> None:
    with alone(browser) as (page, _):
        page.clock.install()
        page.evaluate(SLEEPS)
        page.clock.fast_forward("05:00:00")
        page.evaluate("() => window.answer()")
        assert page.evaluate("() => window.waits") == "in time"
        page.evaluate(SLEEPS)
        page.clock.run_for(5_100)
        assert page.evaluate("() => window.waits") == "too late"


def test_a_disk_that_comes_back_takes_what_it_refused(browser: Browser) -> None:
    with alone(browser) as (page, city):
        city.up = False
        page.clock.install()
        page.evaluate(FAILS, ["add", "put"])
        report(page, "bridge", a_photo(64, 48))
        expect(page.get_by_role("alert").first).to_contain_text("この端末に保存できません")
        page.evaluate(MENDED)
        page.clock.fast_forward(90_000)
        expect(page.locator("#alarms")).not_to_contain_text("保存できません")
        page.goto(f"{URL}/field")
        ready(page)
        unsent(page, 1, 1)
        city.up = True
        page.locator("#now").click()
        unsent(page, 0)
        assert (len(city.taken), len(city.pieces)) == (1, 1)


def test_what_was_taken_back_while_the_disk_failed_is_not_sent_later(browser: Browser) -> None:
    with alone(browser) as (page, city):
        page.clock.install()
        report(page, "bridge", a_photo(64, 48))
        page.evaluate(FAILS, ["delete"])
        page.locator("#undo").click()
        expect(page.get_by_role("alert").first).to_contain_text("この端末に保存できません")
        expect(page.locator("#said")).to_contain_text("この画面を閉じないでください")
        page.locator("#pictures button").click()
        assert page.evaluate(CLOSES) is False
        page.evaluate(MENDED)
        page.clock.fast_forward(90_000)
        expect(page.locator("#alarms")).to_be_empty()
        expect(page.locator("#said")).to_have_text("取り消しました。送っていません。")
        assert page.evaluate(CLOSES) is True
        page.goto(f"{URL}/field")
        ready(page)
        page.clock.fast_forward(6_000)
        unsent(page, 0)
        assert city.taken == []


def test_who_is_done_with_the_link_has_not_sent(browser: Browser) -> None:
    with alone(browser) as (page, _):
        choose(page, "slide")
        page.locator("#more-link summary").click()
        page.locator("#link").fill("https://a:99999/x")
        page.locator("#link").press("Enter")
        expect(page.locator("#link-wrong")).to_contain_text("そのまま貼ってください")
        page.locator("#link").fill("https://stream.example.jp/7")
        page.locator("#link").press("Enter")
        expect(page.locator("#link-wrong")).to_be_empty()
        unsent(page, 0)
        wrong = ("https://a:99999/x", "https://[abc/", "https://%%/", "https://1.2.3.4.5")
        for link in wrong:
            assert "そのまま貼ってください" in page.evaluate(WRONG_LINK, link)


def test_what_was_not_taken_of_each_report_stays_beside_it(browser: Browser) -> None:
    with alone(browser) as (page, city):
        page.clock.install()
        for kind, said in (
            ("slide", {"no_mission": "任務 7 はあなたの班の任務ではありません"}),
            ("bridge", {"no_photo": "写真が開けません"}),
        ):
            city.said = said
            report(page, kind)
            page.clock.fast_forward(6_000)
            unsent(page, 0)
        page.reload()
        ready(page)
        rows = page.locator("#mine li")
        expect(rows.filter(has_text="任務 7 は")).to_have_count(1)
        expect(rows.filter(has_text="写真は使えませんでした。写真が開けません。")).to_have_count(1)
