"""The field page by itself: a disk that fails and comes back, links, what the city refused."""

from playwright.sync_api import Browser, expect

from tests.browser.fieldalone import URL, alone
from tests.browser.fieldphone import choose, ready, report, unsent
from tests.pictures import a_photo

LATE = """() => {
  const {get} = IDBObjectStore.prototype;
  window.asked = new Promise(resolve => {
    IDBObjectStore.prototype.get = () => {
      IDBObjectStore.prototype.get = get;
      resolve();
      return {};
    };
  });
}"""
FAILS = """names => {
  window.whole = {};
  for (const name of names) {
    window.whole[name] = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = () => { throw new DOMException("", "QuotaExceededError"); };
  }
}"""
MENDED = "() => Object.assign(IDBObjectStore.prototype, window.whole)"
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
        unsent(page, 0)
        expect(page.locator("#mine")).not_to_contain_text("届きませんでした")
        assert len(city.pieces) == 1


def test_an_original_on_a_disk_that_takes_no_more_is_sent(browser: Browser) -> None:
    with alone(browser) as (page, city):
        page.clock.install()
        report(page, "slide", a_photo(64, 48))
        page.evaluate(FAILS, ["add", "put"])
        page.clock.fast_forward(6_000)
        unsent(page, 0)
        expect(page.locator("#mine")).not_to_contain_text("届きませんでした")
        assert len(city.pieces) == 1


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
        page.evaluate(MENDED)
        page.clock.fast_forward(90_000)
        expect(page.locator("#alarms")).to_be_empty()
        page.locator("#pictures button").click()
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
