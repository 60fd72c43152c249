"""A reader's page in their language, and the way out that it leads to."""

import re

import pytest

from alerts.kinds import Language
from alerts.registration import AccessNeed
from tests.integration.readers import BUTTON, HOME, Readers, plain, press
from tests.unit.api.served import TestClient


@pytest.fixture
def client(reading: TestClient, readers: Readers) -> TestClient:
    """The app, whose city is as `readers` makes it."""
    return reading


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
    kept = press(client, readers.link(who), "?lang=en")
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
