"""The page behind a reader's own link over the real app: what they were told, and one button."""

import re
from datetime import timedelta

import pytest

from alerts.kinds import Status, Step
from alerts.levels import COLOURS
from hazards.kinds import AlertLevel
from tests.integration.readers import BUTTON, HOME, SHOWN, Readers, plain, press
from tests.unit.api.served import TestClient

SITES = ("北小学校", "南公園", "集会所")


@pytest.fixture
def client(reading: TestClient, readers: Readers) -> TestClient:
    """The app, whose city is as `readers` makes it."""
    return reading


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
    client: TestClient, readers: Readers, method: str
) -> None:
    who = readers.person()
    readers.tell([who])
    for agent in ("Mozilla/5.0", "facebookexternalhit/1.1", "Mail scanner"):
        headers = {"user-agent": agent, "purpose": "prefetch"}
        for path in (readers.link(who), f"{readers.link(who)}/seen"):
            client.request(method, path, headers=headers)
    assert readers.rows("SELECT * FROM confirmation") == []


def test_one_tap_confirms_all_that_is_not_over_once(client: TestClient, readers: Readers) -> None:
    who, other = readers.person(), readers.person()
    for level, lasts in ((4, 2), (None, 2), (3, 0.1)):
        readers.tell([who, other], level=level, lasts=timedelta(hours=lasts))
    readers.later(minutes=2)
    page = client.get(readers.link(who)).text
    action = re.findall(r'<form action="([^"]+)" method="post">', page)[0]
    assert action == f"{readers.link(who)}/seen?lang=ja"
    readers.later(minutes=10)
    first = client.post(action, data={"shown": SHOWN.findall(page)[0]})
    assert first.status_code == 200
    assert str(first.url).endswith(f"{readers.link(who)}?lang=ja")
    readers.later(minutes=5)
    again = client.post(action, data={"shown": SHOWN.findall(page)[0]})
    for found in (first, again):
        assert "確認を受け取りました 11:26" in plain(found.text)
        assert BUTTON.findall(found.text) == []
    assert readers.rows(
        "SELECT alert_id, recipient_id, how FROM confirmation ORDER BY alert_id"
    ) == [(1, who, "tap"), (2, who, "tap")]
    assert BUTTON.findall(client.get(readers.link(other)).text) == ["読みました"]


def test_what_comes_after_the_tap_asks_for_another(client: TestClient, readers: Readers) -> None:
    who = readers.person()
    readers.tell([who], level=3)
    press(client, readers.link(who))
    readers.later(minutes=20)
    readers.tell([who], level=4)
    assert BUTTON.findall(client.get(readers.link(who)).text) == ["読みました"]


def test_a_tap_at_level_3_is_none_at_the_level_5_of_the_same_alert(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person()
    alert, _ = readers.tell([who], level=3)
    press(client, readers.link(who))
    assert BUTTON.findall(client.get(readers.link(who)).text) == []
    readers.later(minutes=20)
    readers.tell([who], alert=alert, step=Step.UPDATE, level=5)
    assert BUTTON.findall(client.get(readers.link(who)).text) == ["読みました"]


def test_a_page_left_open_says_nothing_of_what_was_sent_since(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person()
    alert, _ = readers.tell([who], level=3)
    open_since = SHOWN.findall(client.get(readers.link(who)).text)[0]
    readers.later(minutes=20)
    readers.tell([who], alert=alert, step=Step.UPDATE, level=5)
    found = client.post(f"{readers.link(who)}/seen", data={"shown": open_since})
    assert readers.rows("SELECT * FROM confirmation") == []
    assert re.findall(r'class="strip lv(\d)"', found.text) == ["5"]
    assert BUTTON.findall(found.text) == ["読みました"]


@pytest.mark.parametrize("shown", [None, "", "1", "1.2x", "2.1", "x 1.0 ' --", "9" * 400])
def test_what_no_page_of_theirs_showed_confirms_nothing(
    client: TestClient, readers: Readers, shown: str | None
) -> None:
    who = readers.person()
    readers.tell([who], level=4)
    said = {} if shown is None else {"shown": shown}
    assert client.post(f"{readers.link(who)}/seen", data=said).status_code == 200
    assert readers.rows("SELECT * FROM confirmation") == []


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


def test_the_colours_are_the_official_ones(client: TestClient, readers: Readers) -> None:
    who = readers.person()
    readers.tell([who], level=3)
    back, text = COLOURS[AlertLevel.ELDERLY_LEAVE]
    page = client.get(readers.link(who)).text
    assert f".lv3{{background:{back};color:{text}}}" in page
