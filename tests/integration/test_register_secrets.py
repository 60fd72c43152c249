"""Registering gives nothing away: to strangers, other sites, scripts, logs, or who guesses."""

import logging

import pytest
from fastapi import FastAPI

from api.gate.ratelimit import Window
from tests.integration.registered import NUMBER
from tests.integration.registerhouse import COOKIE, NORTH, TYPED, House
from tests.unit.api.served import TestClient


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
