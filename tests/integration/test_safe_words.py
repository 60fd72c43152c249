"""安否: found by name and word together, and whoever is blocked is nobody to every search."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import event

from api.householdpage import Homes
from api.safelimits import SafeLimits
from city.staff import Role
from operations.registering import keys
from operations.safe.erasing import KEPT_FOR, erase_old
from operations.serving import utc_now
from tests.integration.homed import slips
from tests.integration.registerhouse import House
from tests.integration.staffed import Signed, signed_in

NAME, CODE, PLACE = "架空 花子", "さくらの木", "北小学校"


@pytest.fixture
def night(house: House, tmp_path: Path) -> House:
    """The app with nobody safe and nobody blocked."""
    with house.office.engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE safe_word, safe_blocked")
    app: Any = house.client.app
    app.state.safe_limits = SafeLimits()
    app.state.homes = Homes(house.office.engine, tmp_path)
    return house


def staff(night: House, *roles: Role) -> Signed:
    return signed_in(night.office.engine, *roles)


def post(night: House, by: Signed, path: str, status: int = 200, **body: Any) -> Any:
    found = night.client.post(f"/api/v1/{path}", json=body, headers=by.headers())
    assert found.status_code == status, found.text
    return found.json()


def called(night: House, name: str = NAME, **changes: Any) -> None:
    given = {"id": str(uuid4()), "visible": "code", "name": name, "code": CODE, "place": PLACE}
    post(night, staff(night, Role.PHONE), "phone/safe", **given | changes)


def look(night: House, name: str = NAME, code: str = CODE, **more: str) -> httpx.Response:
    found: httpx.Response = night.client.post("/safe", data={"name": name, "code": code, **more})
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    return found


def block(night: House, *names: str, do: str = "block") -> Any:
    return post(night, staff(night, Role.WELFARE), "welfare/blocked", do=do, names=list(names))


def at_home(night: House, **form: str) -> httpx.Response:
    """A household presses 無事です."""
    given = {"id": str(uuid4()), "visible": "code", "name": NAME, "code": CODE, "place": PLACE}
    found: httpx.Response = night.client.post("/h/safe", data=given | form)
    return found


def enter(night: House) -> None:
    (slip,) = slips(night.office.engine, 3)
    assert night.client.post("/h", data={"code": slip.token}).status_code == 303


def test_a_household_says_it_and_only_who_knows_name_and_word_finds_it(night: House) -> None:
    enter(night)
    assert 'action="/h/safe"' in night.client.get("/h/way").text
    found = at_home(night)
    assert (found.status_code, found.headers["location"]) == (303, "/h/way#safe")
    shown = night.client.get("/h/way").text
    assert "見られる人：名前と合言葉を知っている人（家族など）" in shown
    assert NAME not in shown
    assert f"「{NAME}」さんは" in look(night, "架空　花子").text
    assert PLACE in look(night).text
    assert "I am safe" in look(night, lang="en").text
    for name, code in ((NAME, "ほかの木です"), ("架空 太郎", CODE), (NAME, ""), ("", CODE)):
        assert "見つかりません" in look(night, name, code).text


def test_nothing_that_is_kept_can_be_read_without_the_keys(night: House) -> None:
    enter(night)
    at_home(night)
    called(night)
    rows = str(
        night.rows("SELECT w::text FROM safe_word w UNION ALL SELECT a::text FROM audit_entry a")
    )
    for secret in (NAME, CODE, PLACE):
        assert secret not in rows
        assert secret.encode().hex() not in rows


def test_a_household_says_it_anew_or_takes_it_back_and_what_was_said_is_erased(
    night: House,
) -> None:
    enter(night)
    key = str(uuid4())
    at_home(night, id=key)
    at_home(night, id=key, place="別の所")
    assert len(night.rows("SELECT 1 FROM safe_word")) == 1
    assert PLACE in look(night).text
    at_home(night, visible="nobody")
    assert night.rows(
        "SELECT visible, num_nulls(sealed, key_number, name_lookup, lookup), ended_at IS NULL"
        " FROM safe_word ORDER BY said_at"
    ) == [("code", 4, False), ("nobody", 4, True)]
    night.client.post("/h/safe", data={"do": "undo"})
    assert night.rows("SELECT 1 FROM safe_word WHERE ended_at IS NULL") == []
    assert "取り消して消す" not in night.client.get("/h/way").text


@pytest.mark.parametrize(("wrong", "field"), [({"name": ""}, "name"), ({"code": "1234"}, "code")])
def test_what_could_not_be_found_or_is_guessed_in_a_night_is_asked_again(
    night: House, wrong: dict[str, str], field: str
) -> None:
    enter(night)
    found = at_home(night, lang="en", **wrong)
    assert found.headers["location"] == f"/h/way?lang=en&safe={field}#safe"
    page = night.client.get(found.headers["location"]).text
    assert 'aria-invalid="true" aria-describedby="safewrong"' in page
    assert night.rows("SELECT 1 FROM safe_word") == []
    assert at_home(night, visible="everybody").status_code == 422
    night.client.cookies.clear()
    assert at_home(night).status_code == 404


def test_whoever_is_blocked_is_nobody_to_every_search(night: House) -> None:
    called(night)
    called(night, visible="headquarters")
    called(night, "架空 太郎", visible="headquarters")
    assert NAME in look(night).text
    assert block(night, "ｶｸｳ ﾊﾅｺ", NAME) == {"changed": 2, "all": 2}
    assert block(night, NAME) == {"changed": 0, "all": 2}
    blocked, nobody = look(night), look(night, "架空 次郎")
    assert blocked.content == nobody.content
    assert dict(blocked.headers) == dict(nobody.headers)
    scribe = staff(night, Role.PHONE)
    asked = [
        night.client.post(
            "/api/v1/phone/safe/asked", json={"name": name, "code": CODE}, headers=scribe.headers()
        )
        for name in (NAME, "架空 次郎")
    ]
    assert asked[0].content == asked[1].content == b'{"safe":[]}'
    officer = staff(night, Role.OPERATOR)
    told = night.client.get("/api/v1/headquarters/safe", headers=officer.headers()).json()
    assert [one["name"] for one in told["safe"]] == ["架空 太郎"]
    assert told["counts"] == {"code": 1, "headquarters": 2, "nobody": 0}
    assert block(night, NAME, do="unblock") == {"changed": 1, "all": 1}
    assert NAME in look(night).text


def test_a_search_for_whoever_is_blocked_does_the_same_work(night: House) -> None:
    called(night)
    block(night, NAME)
    with statements(night) as blocked:
        look(night)
    with statements(night) as nobody:
        look(night, "架空 次郎")
    assert blocked == nobody
    assert any("safe_blocked" in one for one in nobody)


@contextmanager
def statements(night: House) -> Iterator[list[str]]:
    """What the app asks its database meanwhile."""
    engine, asked = night.office.engine, list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "safe_" in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_words_are_not_tried_out(night: House) -> None:
    called(night)
    for _ in range(6):
        look(night, code="ちがう合言葉")
    found = night.client.post("/safe", data={"name": "架空花子", "code": CODE})
    assert found.status_code == 429
    assert NAME not in found.text
    assert "見つかりません" in look(night, "架空 次郎").text


def test_only_the_welfare_role_blocks_and_reads_nothing_back(night: House) -> None:
    for role in (Role.OPERATOR, Role.APPROVER, Role.PHONE):
        post(night, staff(night, role), "welfare/blocked", 403, do="block", names=[NAME])
    block(night, NAME)
    assert night.rows(
        "SELECT details FROM audit_entry WHERE action = 'safe.blocked' ORDER BY number DESC LIMIT 1"
    ) == [({"count": 1},)]


def test_words_are_sealed_anew_with_a_new_key_and_erased_after_their_time(night: House) -> None:
    called(night)
    rotated = keys.rotate(night.office.engine, night.office.sealer.path, lambda _: None)
    assert night.rows("SELECT key_number FROM safe_word") == [(rotated.number,)]
    keys.drop_old(night.office.engine, night.office.sealer.path)
    assert NAME in look(night).text
    assert erase_old(night.office.engine, utc_now()) == 0
    assert erase_old(night.office.engine, utc_now() + KEPT_FOR + timedelta(minutes=1)) == 1
    assert "見つかりません" in look(night).text


def test_the_page_is_a_plain_form_that_holds_no_name(night: House) -> None:
    found = night.client.get("/safe")
    assert (found.status_code, found.headers["cache-control"]) == (200, "no-store")
    assert "<script" not in found.text
    assert re.findall(r'<form method="(\w+)" action="([^"]+)"', found.text) == [("post", "/safe")]
    assert "Find out whether family is safe" in night.client.get("/safe?lang=en").text


def test_a_server_without_keys_says_so(night: House, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(night)
    registering: Any = night.client.app.state.registering  # type: ignore[attr-defined]
    monkeypatch.setattr(registering, "find_sealer", lambda: None)
    assert night.client.get("/safe").status_code == 503
    assert night.client.post("/safe", data={"name": NAME, "code": CODE}).status_code == 503
    assert 'action="/h/safe"' not in night.client.get("/h/way").text
    given = {"id": str(uuid4()), "visible": "nobody"}
    told = post(night, staff(night, Role.PHONE), "phone/safe", 409, **given)
    assert told["type"].endswith("no-keys")
