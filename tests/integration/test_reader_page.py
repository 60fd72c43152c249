"""The page behind a reader's own link over the real app: what they were told, and one button."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

import api.reader
from alerts.kinds import Language, Status, Step
from alerts.levels import COLOURS
from alerts.registration import AccessNeed
from api.app import create
from api.gate.ratelimit import Limits, Window
from api.registering import Registering
from city.position import Position
from data.database import connect
from hazards.kinds import AlertLevel
from operations.planning.planner import Planner
from tests.integration.databases import Database, Server
from tests.integration.homed import load, write_homed_city
from tests.integration.readers import Readers
from tests.integration.registered import a_sealer
from tests.integration.small_city import position
from tests.integration.toldrows import BORN
from tests.unit.api.served import TestClient

HOME = Position(*position(4.4, 5.1))
BUTTON = re.compile(r"<button[^>]*>([^<]+)</button>")
SITES = ("北小学校", "南公園", "集会所")


@pytest.fixture(scope="module")
def planned(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A template with the small city, and its plan."""
    folder = tmp_path_factory.mktemp("reading")
    made = server.create(migrated)
    engine = connect(made.url)
    load(engine, write_homed_city(folder))
    Planner(engine, folder / "state").catch_up()
    engine.dispose()
    return made.name, folder / "state"


@pytest.fixture(scope="module")
def database(server: Server, planned: tuple[str, Path]) -> Iterator[Database]:
    """One database for all tests here."""
    made = server.create(planned[0])
    yield made
    server.drop(made)


@pytest.fixture(scope="module")
def app(
    database: Database, planned: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """One app over it, with keys."""
    sealer = a_sealer(tmp_path_factory.mktemp("keys"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NIGEMICHI_KEYS", str(sealer.path))
        with TestClient(create(planned[1], database.url)) as client:
            client.app_state["sealer"] = sealer
            yield client


@pytest.fixture
def readers(app: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The city with nobody registered and nothing told; the page goes by its clock."""
    engine = connect(database.url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE recipient, recipient_address, address_check, alert, alert_revision,"
            " alert_order, evacuation_order, delivery, confirmation RESTART IDENTITY CASCADE"
        )
    made = Readers(engine, app.app_state["sealer"], BORN)
    monkeypatch.setattr(api.reader, "utc_now", made.clock)
    state = app.app
    assert isinstance(state, FastAPI)
    state.state.limits, state.state.registering = Limits(), Registering(engine)
    yield made
    engine.dispose()


@pytest.fixture
def client(app: TestClient, readers: Readers) -> TestClient:
    """The app, whose city is as `readers` makes it."""
    return app


def plain(page: str) -> str:
    """What is read of a page."""
    body = page.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"<[^>]+>", "", body)


# Looking


def test_the_page_shows_the_words_that_were_approved_in_the_colour_of_their_level(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person(at=HOME)
    alert, _ = readers.tell([who])
    readers.told.order(alert)
    readers.later(minutes=44)
    found = client.get(readers.link(who))
    assert found.status_code == 200
    said = plain(found.text)
    for words in (
        "警戒レベル4避難指示洪水",
        "警戒レベル4 避難指示（洪水）",
        "渡場一丁目〜四丁目に、洪水に関する警戒レベル4「避難指示」を発令しました。",
        "11:14 に市が出しました。11:58 に開いた時点で、44分前の知らせです。",
        "この文は 13:14 まで。",
        "読みました",
        "自分の逃げ道を見る",
    ):
        assert words in said
    assert said.count("避難情報は、市長が解除するまで続きます。") == 1
    assert 'class="strip lv4"' in found.text
    assert BUTTON.findall(found.text) == ["読みました"]
    assert f"/way?lat={HOME.lat:.6f}&amp;lon={HOME.lon:.6f}" in found.text
    assert found.headers["cache-control"] == "no-store"
    assert found.headers["referrer-policy"] == "same-origin"
    assert "<script" not in found.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_confirms_nothing_however_often_and_whoever_looks(
    client: TestClient, readers: Readers, database: Database, method: str
) -> None:
    who = readers.person()
    readers.tell([who])
    for agent in ("Mozilla/5.0", "facebookexternalhit/1.1", "Mail scanner"):
        headers = {"user-agent": agent, "purpose": "prefetch"}
        for path in (readers.link(who), f"{readers.link(who)}/seen"):
            client.request(method, path, headers=headers)
    assert database.rows("SELECT * FROM confirmation") == []


def test_one_tap_confirms_all_that_is_not_over_once(
    client: TestClient, readers: Readers, database: Database
) -> None:
    who, other = readers.person(), readers.person()
    for level, lasts in ((4, 2), (None, 2), (3, 0.1)):
        readers.tell([who, other], level=level, lasts=timedelta(hours=lasts))
    readers.later(minutes=2)
    page = client.get(readers.link(who)).text
    action = re.findall(r'<form action="([^"]+)" method="post">', page)[0]
    assert action == f"{readers.link(who)}/seen?lang=ja"
    readers.later(minutes=10)
    first = client.post(action)
    assert first.status_code == 200
    assert str(first.url).endswith(f"{readers.link(who)}?lang=ja")
    readers.later(minutes=5)
    again = client.post(action)
    for found in (first, again):
        assert "確認を受け取りました 11:26" in plain(found.text)
        assert BUTTON.findall(found.text) == []
    assert database.rows(
        "SELECT alert_id, recipient_id, how FROM confirmation ORDER BY alert_id"
    ) == [(1, who, "tap"), (2, who, "tap")]
    assert BUTTON.findall(client.get(readers.link(other)).text) == ["読みました"]


def test_what_comes_after_the_tap_asks_for_another(client: TestClient, readers: Readers) -> None:
    who = readers.person()
    readers.tell([who], level=3)
    client.post(f"{readers.link(who)}/seen")
    readers.later(minutes=20)
    readers.tell([who], level=4)
    assert BUTTON.findall(client.get(readers.link(who)).text) == ["読みました"]


def test_a_tap_at_level_3_is_none_at_the_level_5_of_the_same_alert(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person()
    alert, _ = readers.tell([who], level=3)
    client.post(f"{readers.link(who)}/seen")
    assert BUTTON.findall(client.get(readers.link(who)).text) == []
    readers.later(minutes=20)
    readers.tell([who], alert=alert, step=Step.UPDATE, level=5)
    assert BUTTON.findall(client.get(readers.link(who)).text) == ["読みました"]


def test_the_newest_comes_first_and_nothing_of_other_people(
    client: TestClient, readers: Readers
) -> None:
    who, other = readers.person(), readers.person()
    readers.tell([who], level=3)
    readers.later(minutes=20)
    readers.tell([who], level=4)
    readers.tell([other], level=None)
    titles = re.findall(r'id="told-\d"[^>]*>([^<]+)<', client.get(readers.link(who)).text)
    assert titles == ["警戒レベル4 避難指示（洪水）", "警戒レベル3 高齢者等避難（洪水）"]


@pytest.mark.parametrize("state", ["draft", "submitted", "rejected", "withdrawn"])
def test_what_was_not_approved_is_not_shown(
    client: TestClient, readers: Readers, state: str
) -> None:
    who = readers.person()
    alert, _ = readers.tell([who], level=3)
    readers.tell([who], alert=alert, level=4, step=Step.UPDATE, state=state)
    page = client.get(readers.link(who)).text
    assert 'class="strip lv3"' in page
    assert "lv4" not in page.split("</style>")[1]


def test_without_a_text_for_the_web_the_officers_words_are_shown(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person()
    readers.tell([who], rendered={"messages": {}}, action="すぐ逃げること。")
    said = plain(client.get(readers.link(who)).text)
    assert "警戒レベル4 避難指示 / 洪水" in said
    assert "すぐ逃げること。" in said


# What became of it


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (Step.CANCEL, "この知らせは取り消されました。"),
        (Step.ALL_CLEAR, "この避難情報は解除されました。"),
    ],
)
def test_what_was_cancelled_or_lifted_says_so_and_has_no_colour(
    client: TestClient, readers: Readers, step: Step, told: str
) -> None:
    who = readers.person()
    alert, _ = readers.tell([who])
    readers.later(minutes=30)
    # Approved, and not yet written into anybody's outbox.
    readers.tell([], alert=alert, step=step)
    page = client.get(readers.link(who)).text
    said = plain(page)
    assert told in said
    assert "市長が解除するまで" not in said
    assert "を発令しました" not in said
    assert 'class="strip lv' not in page


def test_what_was_stopped_says_so_and_that_the_order_may_stand(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person()
    alert, _ = readers.tell([who], stopped_at=BORN + timedelta(minutes=3))
    readers.told.order(alert)
    said = plain(client.get(readers.link(who)).text)
    assert "市は、この知らせを送るのを途中で止めました。" in said
    assert "避難情報が解除されたという意味ではありません。" in said


def test_an_update_that_is_for_others_asks_to_look_at_the_area(
    client: TestClient, readers: Readers
) -> None:
    who, other = readers.person(), readers.person()
    alert, _ = readers.tell([who])
    readers.tell([other], alert=alert, step=Step.UPDATE)
    note = "あなたの所が入っているか、区域を確かめてください。"
    assert note in client.get(readers.link(who)).text
    assert note not in client.get(readers.link(other)).text


def test_rule_11_words_expire_and_their_order_stands_until_it_is_lifted(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person(at=HOME)
    alert, _ = readers.tell([who])
    order = readers.told.order(alert)
    readers.later(hours=3)
    page = client.get(readers.link(who)).text
    assert "この文の期限（13:14）は過ぎました。避難情報は続いています。" in plain(page)
    assert "を発令しました" not in plain(page)
    assert 'class="strip lv4"' in page
    assert BUTTON.findall(page) == []
    readers.told.lift(order)
    assert "いま、期限内の知らせはありません" in client.get(readers.link(who)).text


def test_an_order_that_ended_without_a_message_is_not_said_to_stand(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person()
    alert, _ = readers.tell([who])
    order = readers.told.order(alert)
    readers.later(minutes=50)
    readers.told.lift(order)
    page = client.get(readers.link(who)).text
    assert "12:04 に、解除されたか、別の発令に替わりました。" in plain(page)
    assert "市長が解除するまで続きます" not in page
    assert 'class="strip lv' not in page


def test_rule_4_at_level_5_no_place_is_named_and_no_older_words_send_anybody_out(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person(at=HOME)
    readers.tell([who], level=5, reason="浅瀬川の堤防が、崩れました。")
    readers.later(minutes=5)
    readers.tell([who], level=4)
    page = client.get(readers.link(who)).text
    said = plain(page)
    assert re.findall(r'class="strip lv(\d)"', page) == ["5", "4"]
    assert "直ちに、命を守ること。" in said
    assert "今すぐ逃げること" not in said
    assert "警戒レベル5が出ています。レベル5の知らせに従ってください。" in said
    assert "命を守る行動を見る" in said
    assert not any(site in page for site in SITES)


def test_rule_16_a_drill_is_a_drill_at_head_and_tail_and_has_no_levels_colour(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person(status=Status.EXERCISE)
    live = readers.person()
    readers.tell([who], level=5, drill=True)
    readers.tell([live], level=5)
    page = client.get(readers.link(who)).text
    article = page.split("<article", 1)[1].split("</article>")[0]
    assert re.sub(r"<[^>]+>", "", article.split(">", 1)[1]).strip().startswith("訓練")
    assert article.count('class="tape"') == 2
    assert article.strip().endswith("</p>")
    assert 'class="tape"' in article[-200:]
    assert "<title>【訓練】" in page
    assert "lv5" not in page.split("</style>")[1]
    assert "市長が解除するまで続きます" not in page
    assert "訓練" not in client.get(readers.link(live)).text.split("</style>")[1]


# Languages


def test_english_readers_get_english(client: TestClient, readers: Readers) -> None:
    who = readers.person(Language.ENGLISH, at=HOME)
    alert, _ = readers.tell([who])
    readers.told.order(alert)
    readers.later(minutes=70)
    page = client.get(readers.link(who)).text
    said = plain(page)
    for words in (
        "Alert level 4Evacuation Order",
        "Level 4 Evacuation Order: floods",
        "I have read this",
        "See my way out",
        "that was 1 h 10 min ago",
        "These words are meant until 13:14.",
    ):
        assert words in said
    assert '<html lang="en">' in page
    assert "&amp;lang=en" in page
    assert "Draft translation" in page
    assert 'lang=en"' in re.findall(r'href="(/leave/[^>]+)>', page)[0]
    kept = client.post(f"{readers.link(who)}/seen?lang=en")
    assert "We have your answer, 12:24" in plain(kept.text)


def test_easy_japanese_readers_get_easy_japanese(client: TestClient, readers: Readers) -> None:
    who = readers.person(Language.EASY_JAPANESE)
    readers.tell([who])
    page = client.get(readers.link(who)).text
    said = plain(page)
    for words in ("レベル4 避難指示（ひなんしじ）", "よみました", "おすと、あなたが 読（よ）んだ"):
        assert words in said
    assert '<html lang="ja">' in page
    assert '<h1 id="told-1" lang="ja-x-easy">' in page
    assert "市（し）が まだ 確認（かくにん）して いません" in page


def test_each_language_leads_to_each_other(client: TestClient, readers: Readers) -> None:
    who = readers.person(Language.ENGLISH)
    readers.tell([who])
    page = client.get(readers.link(who)).text
    for language, button in (
        ("ja", "読みました"),
        ("ja-x-easy", "よみました"),
        ("en", "I have read this"),
    ):
        address = f"{readers.link(who)}?lang={language}"
        assert f'href="{address}"' in page or language == "en"
        shown = client.get(address).text
        assert BUTTON.findall(shown) == [button]
        assert shown.count('aria-current="true"') == 1
        assert f"/seen?lang={language}" in shown
    assert BUTTON.findall(client.get(f"{readers.link(who)}?lang=xx").text) == ["I have read this"]


def test_words_that_were_not_approved_in_a_language_are_shown_in_japanese(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person(Language.ENGLISH)
    web = {"ja": {"title": "題", "paragraphs": ["文。"]}}
    readers.tell([who], rendered={"messages": {"web": web}})
    page = client.get(readers.link(who)).text
    assert '<h1 id="told-1" lang="ja">題</h1>' in page
    assert "I have read this" in page


# Their own way


@pytest.mark.parametrize(
    ("needs", "profile"),
    [
        ((), ""),
        ((AccessNeed.HEARING,), ""),
        ((AccessNeed.TIME,), "slow"),
        ((AccessNeed.INFANT, AccessNeed.SEEING), "slow"),
        ((AccessNeed.TIME, AccessNeed.WHEELCHAIR), "wheelchair"),
    ],
)
def test_the_link_to_the_way_says_who_walks(
    client: TestClient, readers: Readers, needs: tuple[AccessNeed, ...], profile: str
) -> None:
    who = readers.person(at=HOME, needs=needs)
    page = client.get(readers.link(who)).text
    (way,) = re.findall(r'href="(/way\?[^"]+)"', page)
    assert re.findall(r"profile=(\w+)", way) == ([profile] if profile else [])
    assert client.get(way.replace("&amp;", "&")).status_code == 200


def test_whoever_gave_no_place_chooses_one(client: TestClient, readers: Readers) -> None:
    page = client.get(readers.link(readers.person())).text
    assert "/way?" not in page
    assert '<a class="btn" href="/">場所を選んで、避難の案内を見る</a>' in page


def test_the_page_leads_to_changing_and_to_leaving(client: TestClient, readers: Readers) -> None:
    who = readers.person()
    page = client.get(readers.link(who)).text
    assert 'href="/register?keep=1"' in page
    leave = readers.link(who).replace("/r/", "/leave/")
    assert f'href="{leave}"' in page
    assert client.get(leave).status_code == 200


# Links that open nothing


def test_wrong_old_and_left_are_one_page(client: TestClient, readers: Readers) -> None:
    who, gone = readers.person(), readers.person()
    readers.tell([gone])
    readers.leave(gone)
    sealer = readers.sealer
    paths = [
        readers.link(gone),
        f"/r/{sealer.stamp('r', 4_000_000)}",
        f"/r/{sealer.stamp('leave', who)}",
        f"/r/{readers.link(who)[3:-1]}",
        "/r/x",
        f"/r/{'x' * 5000}",
        "/r/%E2%98%83",
    ]
    pages = [client.get(path) for path in paths]
    pages += [client.post(f"{path}/seen") for path in paths]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    for words in ("このリンクは開けません", 'href="/"', 'href="/register"'):
        assert words in pages[0].text
    assert "does not open" in client.get("/r/x?lang=en").text


def test_guessing_is_slowed_down(client: TestClient, readers: Readers) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    app.state.registering.guesses = Window(3)
    stranger = TestClient(app, client=("203.0.113.9", 4000))
    assert [stranger.get(f"/r/{n}").status_code for n in range(4)] == [404] * 3 + [429]
    who = readers.person()
    assert stranger.get(readers.link(who)).status_code == 200


def test_whoever_was_merged_reads_and_confirms_by_their_old_link(
    client: TestClient, readers: Readers, database: Database
) -> None:
    old, new = readers.person(), readers.person(Language.ENGLISH, at=HOME)
    readers.tell([old], level=3)
    readers.tell([new], level=4)
    readers.leave(old, merged_into=new)
    page = client.get(readers.link(old)).text
    assert re.findall(r'class="strip lv(\d)"', page) == ["4", "3"]
    assert f"/way?lat={HOME.lat:.6f}" in page
    assert "We have your answer" in client.post(f"{readers.link(old)}/seen?lang=en").text
    assert database.rows("SELECT alert_id, recipient_id FROM confirmation ORDER BY alert_id") == [
        (1, old),
        (2, new),
    ]


def test_a_page_of_somebody_else_confirms_nothing(
    client: TestClient, readers: Readers, database: Database
) -> None:
    who = readers.person()
    readers.tell([who])
    found = client.post(f"{readers.link(who)}/seen", headers={"origin": "https://evil.example"})
    assert found.status_code == 403
    assert database.rows("SELECT * FROM confirmation") == []


# When things fail


def away(*_: object, **__: object) -> None:
    """As a database that went away."""
    raise OperationalError("SELECT", {}, Exception("gone"))


def test_with_the_database_away_the_page_says_so_and_guidance_goes_on(
    client: TestClient, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = readers.person(at=HOME)
    readers.tell([who])
    monkeypatch.setattr("data.recipients.who_now", away)
    looked, pressed = client.get(readers.link(who)), client.post(f"{readers.link(who)}/seen")
    assert (looked.status_code, pressed.status_code) == (503, 503)
    assert "いまは知らせの文を読めません" in looked.text
    assert BUTTON.findall(looked.text) == []
    assert "確認を受け取れませんでした" in pressed.text
    assert BUTTON.findall(pressed.text) == ["読みました"]
    for page in (looked, pressed):
        assert '<a class="btn" href="/">' in page.text
        assert page.headers["cache-control"] == "no-store"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("missing", ["NIGEMICHI_KEYS", "database"])
def test_without_keys_or_database_the_page_leads_to_guidance(
    planned: tuple[str, Path], readers: Readers, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    who = readers.person()
    if missing != "database":
        monkeypatch.delenv(missing)
    with TestClient(create(planned[1])) as client:
        found = client.get(f"{readers.link(who)}?lang=en")
    assert found.status_code == 503
    assert "The message cannot be shown now" in found.text
    assert 'href="/?lang=en"' in found.text


def test_no_position_token_or_number_is_logged_whatever_goes_wrong(
    client: TestClient,
    readers: Readers,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planted = Position(29.604321, 135.404321)
    who = readers.person(at=planted)
    readers.tell([who])
    link = readers.link(who)
    with caplog.at_level(logging.DEBUG):
        assert "29.604321" in client.get(link).text
        client.post(f"{link}/seen")
        for broken, status in (
            ("data.alerts.told.list_told", 503),
            ("api.reader.reader_page", 500),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(broken, away)
                assert client.get(link).status_code == status
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name[:5] != "httpx")
    for secret in ("29.604", "135.404", link[3:]):
        assert secret not in ours
    assert "a reader's link could not be looked at: NoDatabase" in ours
    assert "OperationalError, in" in ours


def test_a_script_in_an_alert_is_text(client: TestClient, readers: Readers) -> None:
    who = readers.person()
    web = {"ja": {"title": "<script>alert(1)</script>", "paragraphs": ['"><img src=x>']}}
    readers.tell([who], rendered={"messages": {"web": web}})
    page = client.get(readers.link(who)).text
    assert "<script" not in page
    assert "<img" not in page


def test_the_colours_are_the_official_ones(client: TestClient, readers: Readers) -> None:
    who = readers.person()
    readers.tell([who], level=3)
    back, text = COLOURS[AlertLevel.ELDERLY_LEAVE]
    page = client.get(readers.link(who)).text
    assert f".lv3{{background:{back};color:{text}}}" in page
