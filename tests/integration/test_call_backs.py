"""What LINE and Twilio tell us: heard once, if it is signed, and nothing of it harms."""

import base64
import hashlib
import hmac
import json

import pytest

from operations.serving import utc_now
from tests.integration.registered import LINE, USER
from tests.integration.registerhouse import NORTH, House


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
