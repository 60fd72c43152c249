"""Registering over the real app: pages without script, one cookie, no address in any of them."""

import base64
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.app import create
from api.gate.ratelimit import Limits, Window
from api.registering import Registering
from data.database import connect
from operations.delivery.opening import LINK
from operations.planning.planner import Planner
from operations.serving import utc_now
from tests.integration.databases import Server
from tests.integration.homed import AT, load, slips, write_homed_city
from tests.integration.registered import ADDRESS, LINE, MAIL, NUMBER, SMS, USER, Office, a_sealer
from tests.integration.small_city import position
from tests.unit.api.served import TestClient

NORTH = "北町一丁目"
TYPED = "０９０－１２３４－５６７８"
COOKIE = "nigemichi_register"


@dataclass
class House:
    """The app, and the office behind it."""

    client: TestClient
    office: Office

    def register(self, path: str = "/register", **fields: object) -> httpx.Response:
        """Send the form."""
        form = {"area": NORTH, "sms": TYPED, "kind": ["general"], "language": "ja"} | fields
        return self.client.post(path, data=form)

    def send(self) -> None:
        """Send what waits, now."""
        self.office.now = utc_now()
        self.office.send()

    def enter(self, code: str = "") -> httpx.Response:
        """Enter a code: that of the last short message."""
        return self.client.post("/register/code", data={"code": code or self.office.code()})

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Rows of the database."""
        return self.office.database.rows(query)


@pytest.fixture(scope="module")
def planned(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A template with the small city, and its plan."""
    folder = tmp_path_factory.mktemp("registering")
    made = server.create(migrated)
    engine = connect(made.url)
    load(engine, write_homed_city(folder))
    Planner(engine, folder / "state").catch_up()
    engine.dispose()
    return made.name, folder / "state"


@pytest.fixture(scope="module")
def shared(
    server: Server, planned: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """One app for all tests."""
    folder = tmp_path_factory.mktemp("app")
    made = server.create(planned[0])
    sealer, engine = a_sealer(folder), connect(made.url)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NIGEMICHI_KEYS", str(sealer.path))
        environment.setenv("NIGEMICHI_LINE_SECRET", "line secret")
        environment.setenv("NIGEMICHI_TWILIO_TOKEN", "twilio token")
        app = create(planned[1], made.url)
        with TestClient(app, follow_redirects=False) as client:
            yield House(client, Office(engine, made, sealer))
    engine.dispose()
    server.drop(made)


@pytest.fixture
def house(shared: House) -> House:
    """The app with nobody registered."""
    with shared.office.engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE recipient, recipient_address, address_check, webhook_event,"
            " household_link, household_session RESTART IDENTITY CASCADE"
        )
    for kept in shared.office.kept.values():
        kept.batches.clear()
    shared.client.cookies.clear()
    app = shared.client.app
    assert isinstance(app, FastAPI)
    app.state.limits, app.state.registering = Limits(), Registering(shared.office.engine)
    return shared


# The way through


def test_from_the_home_page_to_a_confirmed_number_and_out_again(house: House) -> None:
    assert 'href="/register"' in house.client.get("/").text
    page = house.client.get("/register", params={"q": "北町"}).text
    assert 'href="/register?area=%E5%8C%97%E7%94%BA%E4%B8%80%E4%B8%81%E7%9B%AE"' in page
    assert 'name="sms"' in house.client.get("/register", params={"area": NORTH}).text
    sent = house.register(mail=ADDRESS, need=["time", "hearing"], kind=["general", "security"])
    assert (sent.status_code, sent.headers["location"]) == (303, "/register/code")
    code = house.client.get("/register/code").text
    assert "•••-••••-5678" in code
    assert "•••se@mail.example" in code
    house.send()
    assert house.enter().headers["location"] == "/register/mine"
    mine = house.client.get("/register/mine").text
    for word in ("お知らせが届きます", NORTH, "防犯", "聞こえにくい", "まだ確かめていません"):
        assert word in mine
    assert NUMBER[3:-4] not in mine
    assert "hanako" not in mine
    left = house.client.post("/register/leave")
    assert "お知らせは、もう届きません" in left.text
    assert house.client.get("/register/mine").status_code == 404
    assert house.rows("SELECT count(*) FROM recipient_address") == [(0,)]


def test_a_mail_is_confirmed_by_a_button_behind_its_link(house: House) -> None:
    house.register(sms="", mail=ADDRESS)
    house.send()
    path = f"/register/{house.office.link(MAIL)}"
    house.client.cookies.clear()
    for _ in range(2):
        page = house.client.get(path)
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
        assert f'action="{path}"' in page.text
    assert house.rows("SELECT count(*) FROM recipient_address") == [(0,)]
    assert "登録しました" in house.client.post(path).text
    assert house.client.post(path).status_code == 404
    assert house.client.get(path).status_code == 404
    assert house.rows("SELECT channel FROM recipient_address") == [("mail",)]


def test_a_tap_on_the_map_is_a_home_and_stands_in_no_address(house: House) -> None:
    page = house.client.get("/register").text
    box = re.findall(r'name="box" value="([^"]+)"', page)[0]
    closer = house.client.post("/register/place", data={"box": box, "tap.x": 100, "tap.y": 144})
    box = re.findall(r'name="box" value="([^"]+)"', closer.text)[0]
    marked = house.client.post("/register/place", data={"box": box, "tap.x": 140, "tap.y": 150})
    lat, lon = position(*AT[3])
    at = house.client.post("/register/place", data={"lat": lat, "lon": lon})
    for found in (marked, at):
        assert found.status_code == 200
        assert not re.findall(r'(?:href|src|action)="[^"]*lat', found.text)
        assert 'name="lat"' in found.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', at.text))
    assert house.register(**{"area": "", **fields}).status_code == 303
    assert house.rows("SELECT household, area_name FROM recipient") == [(3, "南町二丁目")]


def test_a_place_outside_the_city_is_none(house: House) -> None:
    found = house.client.post("/register/place", data={"lat": 35.0, "lon": 135.4})
    assert "の外です" in found.text
    assert 'name="sms"' not in found.text
    sent = house.register(area="", lat="35.0", lon="135.4")
    assert sent.status_code == 422
    assert "の外です" in sent.text
    assert house.rows("SELECT count(*) FROM recipient") == [(0,)]


def test_whoever_opened_their_slip_registers_their_household(house: House) -> None:
    assert house.client.get("/h/register").status_code == 404
    (slip,) = slips(house.office.engine, 2)
    house.client.post("/h", data={"code": slip.token})
    page = house.client.get("/h/register").text
    assert f"{NORTH}の家" in page
    assert 'action="/h/register"' in page
    assert house.register("/h/register", area="").status_code == 303
    assert house.rows("SELECT household, area_name FROM recipient") == [(2, NORTH)]


def test_the_registration_is_changed_where_it_was_made(house: House) -> None:
    house.register()
    house.send()
    house.enter()
    page = house.client.get("/register", params={"keep": "1"}).text
    assert "登録を変える" in page
    assert "•••-••••-5678" in page
    kept = house.register(area="", sms="", change="1", kind=["security"])
    assert kept.headers["location"] == "/register/mine"
    assert house.rows("SELECT area_name, categories FROM recipient") == [
        (NORTH, ["evacuation", "security"])
    ]
    moved = house.register(area="南町二丁目", sms="", change="1")
    assert moved.status_code == 303
    assert house.rows("SELECT id, area_name FROM recipient") == [(1, "南町二丁目")]


def test_somebody_else_is_registered_on_the_same_phone(house: House) -> None:
    house.register()
    house.send()
    house.enter()
    page = house.client.get("/register", params={"new": "1", "area": NORTH}).text
    assert "登録を変える" not in page
    house.register(sms="080-1111-2222")
    assert house.rows("SELECT count(*) FROM recipient") == [(2,)]


# What is typed


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"sms": "050-1234-5678"}, "050"),
        ({"sms": "０３－１２３４－５６７８"}, "固定電話"),
        ({"sms": "+1 202 555 0123"}, "日本の携帯電話"),
        ({"sms": "090-1234"}, "電話番号として読めません"),
        ({"sms": "0" * 501}, "電話番号として読めません"),
        ({"sms": "", "mail": "hanako"}, "メールアドレスとして読めません"),
        ({"sms": "", "mail": "a" * 501 + "@mail.example"}, "メールアドレス"),
        ({"sms": "", "mail": "a@mail.example\r\nBcc: b@mail.example"}, "目に見えない文字"),
        ({"sms": "", "mail": ""}, "番号かメールアドレスを書いてください"),
        ({"area": "東町一丁目"}, "その町はありません"),
    ],
)
def test_what_is_not_understood_is_said_beside_its_field(
    house: House, fields: dict[str, str], told: str
) -> None:
    found = house.register(**fields)
    assert found.status_code == 422
    assert told in found.text
    assert 'role="alert"' in found.text
    assert house.rows("SELECT count(*) FROM recipient") == [(0,)]


def test_a_full_width_number_is_a_number(house: House) -> None:
    house.register()
    house.send()
    assert house.office.kept[SMS].batches[0].letters[0].address == NUMBER


@pytest.mark.parametrize(
    "body", [b"", b"\xff\x00", b"&".join(b"a=%d" % n for n in range(100)), b"sms=" + b"9" * 2000]
)
def test_a_form_that_is_none_does_nothing(house: House, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for path in ("/register", "/register/place", "/register/code", "/register/again"):
        assert house.client.post(path, content=body, headers=headers).status_code in (200, 303, 404)
    assert house.rows("SELECT count(*) FROM recipient") == [(0,)]


def test_a_script_in_a_field_is_text(house: House) -> None:
    page = house.register(sms='"><script>alert(1)</script>').text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_wrong_codes_are_told_and_end(house: House) -> None:
    house.register()
    house.send()
    wrong = f"{(int(house.office.code()) + 1) % 10**6:06d}"
    pages = [house.enter(wrong) for _ in range(5)]
    assert {page.status_code for page in pages} == {422}
    assert "コードが違います" in pages[0].text
    assert "もう使えません" in pages[4].text
    assert house.enter().status_code == 422
    house.client.post("/register/again")
    house.send()
    assert house.enter().status_code == 303


def test_guessing_from_one_address_is_slowed_down(house: House) -> None:
    app = house.client.app
    assert isinstance(app, FastAPI)
    app.state.registering.guesses = Window(3)
    client = TestClient(app, client=("203.0.113.9", 4000))
    statuses = [client.get(f"/register/{'x' * 20}{n}").status_code for n in range(4)]
    assert statuses == [404] * 3 + [429]


def test_registering_from_one_address_is_slowed_down(house: House) -> None:
    app = house.client.app
    assert isinstance(app, FastAPI)
    app.state.registering.forms = Window(2)
    client = TestClient(app, client=("203.0.113.9", 4000), follow_redirects=False)
    form = {"area": NORTH, "sms": TYPED}
    statuses = [client.post("/register", data=form).status_code for _ in range(3)]
    assert statuses == [303, 303, 429]


# Secrets


def test_a_stranger_sees_the_same_page_for_a_number_that_is_registered(house: House) -> None:
    house.register()
    house.send()
    house.enter()
    seen = []
    for typed in (TYPED, "080-1111-5678"):
        house.client.cookies.clear()
        sent = house.register(sms=typed)
        seen.append((sent.status_code, house.client.get("/register/code").text))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("path", ["/register/code", "/register/mine", "/register/x", "/leave/x"])
def test_without_a_registration_there_is_one_page_that_says_nothing(
    house: House, path: str
) -> None:
    found = house.client.get(path)
    assert found.status_code == 404
    assert "このページは開けません" in found.text


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_no_answer_is_stored(
    house: House,
) -> None:
    sent = house.register()
    said = {one.strip() for one in sent.headers["set-cookie"].split(";")}
    assert {"HttpOnly", "Path=/register", "SameSite=lax"} <= said
    for path in ("/register", "/register/code", "/register/mine"):
        found = house.client.get(path)
        assert found.headers["cache-control"] == "no-store"
        assert found.headers["referrer-policy"] == "same-origin"
    with TestClient(house.client.app, base_url="https://city.example") as by:
        cookie = by.post("/register", data={"area": NORTH, "sms": TYPED}, follow_redirects=False)
        assert cookie.headers["set-cookie"].startswith(f"__Secure-{COOKIE}=")


@pytest.mark.parametrize(
    "path",
    ["/register", "/register/place", "/register/code", "/register/again", "/register/leave"],
)
def test_a_page_of_somebody_else_registers_nobody(house: House, path: str) -> None:
    house.register()
    form = {"area": NORTH, "sms": "080-1111-2222", "code": "1"}
    found = house.client.post(path, data=form, headers={"origin": "https://evil.example"})
    assert found.status_code == 403
    assert house.rows("SELECT count(*) FROM recipient") == [(1,)]


def test_no_number_is_logged_whatever_goes_wrong(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        house.register()
        house.register(sms="050-1234-5678")
        house.register(area="", lat="abc", lon="9" * 400)
        house.office.sealer.path.rename(house.office.sealer.path.with_name("away"))
        try:
            assert house.register().status_code == 503
        finally:
            house.office.sealer.path.with_name("away").rename(house.office.sealer.path)
    for secret in (NUMBER[3:], TYPED, "1234-5678", "090-1234"):
        assert secret not in caplog.text
    assert "nobody can register" in caplog.text


def test_without_keys_nobody_registers_and_guidance_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIGEMICHI_KEYS")
    for path in ("/register", "/register/x", "/leave/x", "/h/register"):
        assert house.client.get(path).status_code == 503
    assert house.client.post("/register", data={"area": NORTH, "sms": TYPED}).status_code == 503
    assert house.client.get("/").status_code == 200


# Leaving


@pytest.mark.parametrize("path", ["/leave/{}", "/r/{}/leave"])
def test_a_link_leaves_by_one_button_and_a_mail_program_by_none(house: House, path: str) -> None:
    house.register()
    house.send()
    house.enter()
    link = path.format(house.office.sealer.stamp(LINK, 1))
    page = house.client.get(link)
    assert page.text.count("<button") == 1
    assert f'action="{link}"' in page.text
    assert house.rows("SELECT left_at IS NULL FROM recipient") == [(True,)]
    for _ in range(2):
        left = house.client.post(link, data={"List-Unsubscribe": "One-Click"})
        assert left.status_code == 200
    assert house.rows("SELECT left_at IS NULL FROM recipient") == [(False,)]
    other = path.format(house.office.sealer.stamp("other", 1))
    assert house.client.post(other).status_code == 404


# Languages


def test_all_pages_speak_english_and_keep_to_it(house: House) -> None:
    sent = house.register(lang="en")
    assert sent.headers["location"] == "/register/code?lang=en"
    japanese = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
    house.send()
    pages = [
        house.client.get("/register?lang=en"),
        house.client.get("/register/code?lang=en"),
        house.client.get("/register/mine?lang=en"),
        house.client.get(f"/leave/{house.office.sealer.stamp(LINK, 1)}?lang=en"),
        house.client.get("/register/x?lang=en"),
    ]
    for page in pages:
        said = re.sub(r'<(span|a)[^>]* lang="ja"[^>]*>.*?</\1>|<style>.*?</style>', "", page.text)
        said = re.sub(r'data-\w+="[^"]*"|<svg.*?</svg>', "", said)
        assert not japanese.findall(said.replace(NORTH, "")), page.url


# Call-backs


def line_post(house: House, *events: dict[str, object], secret: str = "line secret") -> int:  # noqa: S107
    """Post events as LINE does; the answer's status."""
    body = json.dumps({"destination": "x", "events": list(events)}).encode()
    mark = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    headers = {"x-line-signature": mark, "content-type": "application/json"}
    return house.client.post("/webhooks/line", content=body, headers=headers).status_code


def event(kind: str, event_id: str, **more: object) -> dict[str, object]:
    """An event as LINE tells it, now."""
    return {
        "type": kind,
        "webhookEventId": event_id,
        "timestamp": int(utc_now().timestamp() * 1000),
        "source": {"type": "user", "userId": USER},
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "r",
        "mode": "active",
        **more,
    }


def test_from_a_follow_in_line_to_a_registration_and_back_to_a_block(house: House) -> None:
    assert line_post(house, event("follow", "e1")) == 200
    house.send()
    opened = house.client.get(f"/register/{house.office.link(LINE)}")
    assert (opened.status_code, opened.headers["location"]) == (303, "/register")
    assert "LINE で知らせます" in house.client.get("/register").text
    page = house.client.get("/register", params={"area": NORTH}).text
    assert 'name="change" value="1"' in page
    sent = house.register(sms="", change="1")
    assert sent.headers["location"] == "/register/mine"
    assert house.rows("SELECT channel FROM recipient_address") == [("line",)]
    assert "お知らせが届きます" in house.client.get("/register/mine").text
    assert house.client.get(f"/register/{house.office.link(LINE)}").status_code == 404
    assert line_post(house, event("unfollow", "e2"), event("unfollow", "e2")) == 200
    assert house.rows("SELECT blocked_why FROM recipient_address") == [("unfollow",)]
    assert house.rows("SELECT count(*) FROM webhook_event") == [(2,)]


def test_a_forged_call_back_is_not_heard(house: House) -> None:
    assert line_post(house, event("follow", "e1"), secret="guessed") == 401  # noqa: S106
    assert house.client.post("/webhooks/line", content=b"{}").status_code == 401
    assert house.rows("SELECT count(*) FROM webhook_event") == [(0,)]
    assert house.client.post("/webhooks/twilio/twilio", content=b"a=b").status_code == 401


def test_a_replayed_call_back_is_heard_once(house: House) -> None:
    told = event("follow", "e1")
    assert [line_post(house, told) for _ in range(3)] == [200] * 3
    assert house.rows("SELECT count(*) FROM address_check") == [(1,)]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"type": "follow"},
        event("follow", "e", source={"type": "group", "groupId": "g"}),
        event("postback", "e"),
        event("unheard-of", "e"),
        event("message", "e", timestamp="soon"),
    ],
    ids=["nothing", "nobody", "a group", "a postback of nothing", "unheard of", "at no time"],
)
def test_events_that_are_unlike_any_are_passed_over(house: House, told: dict[str, object]) -> None:
    assert line_post(house, told) == 200
    assert house.rows("SELECT count(*) FROM address_check") == [(0,)]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"events": 1}'])
def test_a_signed_call_back_that_cannot_be_read_is_refused(house: House, body: bytes) -> None:
    mark = base64.b64encode(hmac.digest(b"line secret", body, hashlib.sha256)).decode()
    found = house.client.post("/webhooks/line", content=body, headers={"x-line-signature": mark})
    assert found.status_code == 400


def test_without_secrets_there_are_no_call_backs(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIGEMICHI_LINE_SECRET")
    monkeypatch.delenv("NIGEMICHI_TWILIO_TOKEN")
    assert line_post(house, event("follow", "e1")) == 404
    assert house.client.post("/webhooks/twilio/twilio", content=b"").status_code == 404


def twilio_post(house: House, status: str, site: str = "http://testserver") -> int:
    """Post what became of a message, as Twilio does."""
    form = {"MessageSid": "SM1", "MessageStatus": status}
    signed = f"{site}/webhooks/twilio/city" + "".join(k + v for k, v in sorted(form.items()))
    mark = base64.b64encode(hmac.digest(b"twilio token", signed.encode(), hashlib.sha1)).decode()
    headers = {"x-twilio-signature": mark}
    return house.client.post("/webhooks/twilio/city", data=form, headers=headers).status_code


def test_a_receipt_of_twilio_reaches_its_row(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.webhooks.AGAIN_S", 0)
    with house.office.engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE delivery, carrier_reference")
        connection.exec_driver_sql(
            "INSERT INTO delivery VALUES (5, 6, 2, 1, 2, false, 1, NULL, now());"
            "INSERT INTO carrier_reference VALUES ('city', 'SM1', 5, 6, 2)"
        )
    assert twilio_post(house, "sent") == 204
    assert house.rows("SELECT state FROM delivery") == [(2,)]
    assert [twilio_post(house, "delivered") for _ in range(2)] == [204, 204]
    assert house.rows("SELECT state FROM delivery") == [(3,)]
    assert twilio_post(house, "delivered", "https://evil.example") == 401
    monkeypatch.setenv("NIGEMICHI_ADDRESS", "https://city.example/")
    assert twilio_post(house, "delivered", "https://city.example") == 204
