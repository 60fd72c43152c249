"""A reader's link that opens nothing, and a reader's page when something is away."""

import logging
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from alerts.kinds import Language
from api.app import create
from api.gate.ratelimit import Window
from city.position import Position
from tests.integration.readers import BUTTON, HOME, SHOWN, Readers, press
from tests.unit.api.served import TestClient


@pytest.fixture
def client(reading: TestClient, readers: Readers) -> TestClient:
    """The app, whose city is as `readers` makes it."""
    return reading


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
    client: TestClient, readers: Readers
) -> None:
    old, new = readers.person(), readers.person(Language.ENGLISH, at=HOME)
    readers.tell([old], level=3)
    readers.tell([new], level=4)
    readers.leave(old, merged_into=new)
    page = client.get(readers.link(old)).text
    assert re.findall(r'class="strip lv(\d)"', page) == ["4", "3"]
    assert f"/way?lat={HOME.lat:.6f}" in page
    assert "We have your answer" in press(client, readers.link(old), "?lang=en").text
    assert readers.rows("SELECT alert_id, recipient_id FROM confirmation ORDER BY alert_id") == [
        (1, old),
        (2, new),
    ]


def test_a_page_of_somebody_else_confirms_nothing(client: TestClient, readers: Readers) -> None:
    who = readers.person()
    readers.tell([who])
    found = client.post(f"{readers.link(who)}/seen", headers={"origin": "https://evil.example"})
    assert found.status_code == 403
    assert readers.rows("SELECT * FROM confirmation") == []


def away(*_: object, **__: object) -> None:
    """As a database that went away."""
    raise OperationalError("SELECT", {}, Exception("gone"))


def test_with_the_database_away_the_page_says_so_and_guidance_goes_on(
    client: TestClient, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = readers.person(at=HOME)
    readers.tell([who])
    (shown,) = SHOWN.findall(client.get(readers.link(who)).text)
    monkeypatch.setattr("data.recipients.who_now", away)
    looked = client.get(readers.link(who))
    pressed = client.post(f"{readers.link(who)}/seen", data={"shown": shown})
    assert (looked.status_code, pressed.status_code) == (503, 503)
    assert "いまは知らせの文を読めません" in looked.text
    assert BUTTON.findall(looked.text) == []
    assert "確認を受け取れませんでした" in pressed.text
    assert BUTTON.findall(pressed.text) == ["読みました"]
    assert SHOWN.findall(pressed.text) == [shown] == ["1.1"]
    for page in (looked, pressed):
        assert '<a class="btn" href="/">' in page.text
        assert page.headers["cache-control"] == "no-store"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("missing", ["NIGEMICHI_KEYS", "database"])
def test_without_keys_or_database_the_page_leads_to_guidance(
    homes_plan: tuple[str, Path], readers: Readers, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    who = readers.person()
    if missing != "database":
        monkeypatch.delenv(missing)
    with TestClient(create(homes_plan[1])) as client:
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
        press(client, link)
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
