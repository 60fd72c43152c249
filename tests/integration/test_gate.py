"""The gate: who is let in, from which page, how often, and what the audit log keeps of it."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from sqlalchemy import Engine, event
from starlette.datastructures import Headers
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

from api.app import create
from api.gate import origins
from api.gate.origins import LARGEST
from api.gate.ratelimit import UNKNOWN_EACH_MINUTE, Window
from city.staff import CONSOLE, Role
from data.database import connect, transaction
from data.people import staff
from operations.people import accounts, auditing, devices, links
from operations.serving import utc_now
from tests.integration.databases import Database
from tests.integration.processes import wait_for
from tests.integration.staffed import (
    DEVICE_COOKIE,
    ORIGIN,
    SESSION_COOKIE,
    a_person,
    a_tablet,
    signed_in,
)
from tests.unit.api.served import TestClient

PHRASE = "the river is loud tonight"
THERE = ("203.0.113.7", 4000)
GONE = "postgresql://nobody@127.0.0.1:1/none"

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def served(plan: tuple[Database, Path]) -> Iterator[TestClient]:
    """The app over the fictional town, asked from another machine."""
    database, state = plan
    with TestClient(create(state, database.url), client=THERE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def staff_engine(plan: tuple[Database, Path]) -> Iterator[Engine]:
    made = connect(plan[0].url)
    yield made
    made.dispose()


def refusals(engine: Engine, count: int) -> list[tuple[str, str, dict[str, object]]]:
    """The last refusals, once so many are written: who, which route, why."""

    def written() -> list[tuple[str, str, dict[str, object]]]:
        return [
            (one.actor, one.subject, dict(one.details))
            for one in auditing.last_entries(engine, 200)
            if one.action == "refused"
        ]

    wait_for(f"{count} refusals are written", lambda: len(written()) >= count)
    return written()


def the_site(engine: Engine) -> str:
    return devices.places(engine)[0][0]


def a_login(engine: Engine, login: str, *roles: Role) -> None:
    number = a_person(engine, *roles, login=login)
    code = links.password_code(engine, CONSOLE, number, now=utc_now())
    links.use_code(engine, code, PHRASE, login="", name="", now=utc_now())


def test_a_page_for_staff_leads_to_signing_in_and_back(served: TestClient) -> None:
    answer = served.get("/admin/audit?x=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/signin?next=%2Fadmin%2Faudit%3Fx%3D1"
    told = served.get("/api/v1/headquarters")
    assert told.status_code == 401
    assert told.headers["content-type"] == "application/problem+json"


def test_a_refusal_is_in_the_audit_log_without_path_token_or_address(
    served: TestClient, staff_engine: Engine
) -> None:
    served.post("/admin/staff/815", data={"do": "disable"})
    operator = signed_in(staff_engine, Role.OPERATOR)
    served.post("/admin/staff/815", headers=operator.headers())
    found = refusals(staff_engine, 2)
    assert found == [
        (operator.caller.actor, "/admin/staff/{number}", {"status": 403, "why": "not-yours"}),
        ("public", "/admin/staff/{number}", {"status": 401, "why": "no-session"}),
    ]
    assert auditing.verify(staff_engine).broken is None


def test_signing_in_by_the_form_and_out_again(served: TestClient, staff_engine: Engine) -> None:
    a_login(staff_engine, "kanri", Role.ADMINISTRATOR)
    form = {"login": "KANRI", "password": PHRASE, "next": "/admin/audit"}
    answer = served.post("/signin", data=form, headers={"origin": ORIGIN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/audit")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = served.get("/admin")
    assert page.status_code == 200
    csrf = page.text.split('name="csrf" content="')[1].split('"')[0]
    token = served.cookies[SESSION_COOKIE]
    out = served.post("/signout", data={"csrf": csrf}, headers={"origin": ORIGIN})
    assert (out.status_code, out.headers["location"]) == (303, "/signin")
    served.cookies.set(SESSION_COOKIE, token)
    assert served.get("/admin").status_code == 303


def test_over_https_the_cookie_is_secure_and_of_this_host_alone(
    plan: tuple[Database, Path], staff_engine: Engine
) -> None:
    a_login(staff_engine, "kanri", Role.ADMINISTRATOR)
    app = create(plan[1], plan[0].url)
    with TestClient(app, base_url="https://shi.example", follow_redirects=False) as client:
        answer = client.post("/signin", data={"login": "kanri", "password": PHRASE})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-nigemichi=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert client.get("/admin").status_code == 200


@pytest.mark.parametrize(
    "after", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(
    served: TestClient, staff_engine: Engine, after: str
) -> None:
    a_login(staff_engine, "kanri", Role.ADMINISTRATOR)
    answer = served.post("/signin", data={"login": "kanri", "password": PHRASE, "next": after})
    assert answer.headers["location"] == "/admin"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": ORIGIN}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": ORIGIN, "x-csrf-token": "0" * 64}, 403),
        ({"origin": ORIGIN, "x-csrf-token": ""}, 403),
        ({"origin": "http://testserver:81"}, 403),
        ({"origin": "https://testserver"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"referer": "http://testserver/admin"}, 200),
        ({"referer": "http://evil.example/http://testserver/"}, 403),
    ],
)
def test_a_change_comes_from_our_own_page(
    served: TestClient, staff_engine: Engine, headers: dict[str, str], status: int
) -> None:
    admin = signed_in(staff_engine, Role.ADMINISTRATOR)
    form = {"login": "tanaka", "name": "架空 花子", "roles": ["desk"]}
    sent = {"cookie": f"{SESSION_COOKIE}={admin.token}", "x-csrf-token": admin.csrf} | headers
    answer = served.post("/admin/staff", data=form, headers=sent)
    assert answer.status_code == status


def test_the_hidden_field_of_a_form_is_enough(served: TestClient, staff_engine: Engine) -> None:
    admin = signed_in(staff_engine, Role.ADMINISTRATOR)
    sent = {"cookie": f"{SESSION_COOKIE}={admin.token}", "origin": ORIGIN}
    form = {"login": "tanaka", "name": "架空 花子", "roles": ["desk", "phone"], "csrf": admin.csrf}
    answer = served.post("/admin/staff", data=form, headers=sent)
    assert answer.status_code == 200
    assert "/signin/link#" in answer.text
    other = signed_in(staff_engine, Role.ADMINISTRATOR)
    stolen = served.post("/admin/staff", data=form | {"csrf": other.csrf}, headers=sent)
    assert stolen.status_code == 403


def test_nobody_signs_another_browser_in_from_another_site(
    served: TestClient, staff_engine: Engine
) -> None:
    a_login(staff_engine, "kanri", Role.ADMINISTRATOR)
    form = {"login": "kanri", "password": PHRASE}
    answer = served.post("/signin", data=form, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403


def test_a_session_ends_at_once_when_its_account_is_disabled(
    served: TestClient, staff_engine: Engine
) -> None:
    operator = signed_in(staff_engine, Role.OPERATOR)
    assert served.get("/account", headers=operator.headers()).status_code == 200
    assert operator.caller.id is not None
    accounts.disable(staff_engine, CONSOLE, operator.caller.id, now=utc_now())
    assert served.get("/account", headers=operator.headers()).status_code == 303
    assert served.get("/api/v1/headquarters", headers=operator.headers()).status_code == 401


def test_a_revoked_tablet_is_out_at_once_and_a_stolen_token_of_nobody_never_in(
    served: TestClient, staff_engine: Engine
) -> None:
    tablet = a_tablet(staff_engine, the_site(staff_engine))
    bearer = {"authorization": f"Bearer {tablet.token}"}
    for sent in (bearer, tablet.headers()):
        assert served.get("/account", headers=sent).status_code == 200
    assert tablet.caller.id is not None
    devices.revoke_device(staff_engine, CONSOLE, tablet.caller.id, now=utc_now())
    for sent in (bearer, tablet.headers(), {"authorization": "Bearer x"}):
        assert served.get("/api/v1/desk/site", headers=sent).status_code == 401
    whys = {why["why"] for _, _, why in refusals(staff_engine, 3)}
    assert whys == {"session-over"}


def test_a_flood_of_wrong_tokens_locks_out_nobody_behind_the_same_address(
    served: TestClient, staff_engine: Engine
) -> None:
    tablet = a_tablet(staff_engine, the_site(staff_engine))
    answered: list[int] = []
    # On a slow machine some are forgiven meanwhile.
    while 429 not in answered and len(answered) < 3 * UNKNOWN_EACH_MINUTE:
        wrong = {"authorization": f"Bearer wrong{len(answered)}"}
        answered.append(served.get("/api/v1/desk/site", headers=wrong).status_code)
    assert len(answered) > UNKNOWN_EACH_MINUTE
    assert {*answered[:-1]} == {401}
    assert answered[-1] == 429
    right = {"authorization": f"Bearer {tablet.token}"}
    assert served.get("/api/v1/desk/site", headers=right).status_code == 200


def test_a_tablet_joins_by_its_link_once_it_is_registered(
    served: TestClient, staff_engine: Engine
) -> None:
    tablet = a_tablet(staff_engine, the_site(staff_engine))
    assert served.post("/desk/join", data={"code": "wrong"}).status_code == 422
    answer = served.post("/desk/join", data={"code": tablet.token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert served.cookies[DEVICE_COOKIE] == tablet.token
    assert served.get("/account").status_code == 200


def test_whoever_administers_on_a_tablet_leaves_it_its_desk(
    served: TestClient, staff_engine: Engine
) -> None:
    admin = signed_in(staff_engine, Role.ADMINISTRATOR)
    tablet = a_tablet(staff_engine, the_site(staff_engine))
    served.cookies.set(SESSION_COOKIE, admin.token)
    served.cookies.set(DEVICE_COOKIE, tablet.token)
    assert served.get("/admin").status_code == 200
    assert served.get("/api/v1/desk/site").status_code == 200


def test_a_tablet_follows_its_place_whoever_is_signed_in_on_it(
    served: TestClient, staff_engine: Engine
) -> None:
    admin = signed_in(staff_engine, Role.ADMINISTRATOR)
    tablet = a_tablet(staff_engine, the_site(staff_engine))
    address = "/api/v1/live?topics=sites,headquarters"
    served.cookies.set(SESSION_COOKIE, admin.token)
    with pytest.raises(WebSocketDisconnect), served.websocket_connect(address):
        pass
    served.cookies.set(DEVICE_COOKIE, tablet.token)
    with served.websocket_connect(address) as live:
        assert "snapshot" in live.receive_json()


def test_a_hundred_tries_lock_nobody_else_out(served: TestClient, staff_engine: Engine) -> None:
    a_login(staff_engine, "kanri", Role.ADMINISTRATOR)
    a_login(staff_engine, "sato", Role.OPERATOR)
    answers = [
        served.post("/signin", data={"login": "kanri", "password": f"guess {number}"})
        for number in range(100)
    ]
    assert [one.status_code for one in answers] == [422] * 10 + [429] * 90
    assert int(answers[-1].headers["retry-after"]) > 800
    assert "約15分待って" in answers[-1].text
    right = {"login": "kanri", "password": PHRASE}
    assert served.post("/signin", data=right).status_code == 429
    at_home = TestClient(served.app, client=("198.51.100.4", 1), follow_redirects=False)
    assert at_home.post("/signin", data=right).status_code == 303


def test_who_signs_in_without_the_database_uses_up_no_try_and_is_not_known(
    plan: tuple[Database, Path],
) -> None:
    form = {"login": "sato", "password": PHRASE}
    with TestClient(create(plan[1], GONE), client=THERE) as client:
        codes = [client.post("/signin", data=form).status_code for _ in range(12)]
        assert codes == [503] * 12
        limits = client.app.state.limits  # type: ignore[attr-defined]
        assert client.portal is not None
        for number in range(100):
            client.portal.call(limits.try_to_sign_in, f"guess {number}", THERE[0])
        assert client.post("/signin", data=form).status_code == 429


def test_who_signs_in_rightly_does_not_use_up_the_tries_of_a_city_hall(
    served: TestClient, staff_engine: Engine
) -> None:
    a_login(staff_engine, "sato", Role.OPERATOR)
    right = {"login": "sato", "password": PHRASE}
    for _ in range(12):
        assert served.post("/signin", data=right).status_code == 303
        served.cookies.clear()


def test_the_first_administrators_link_works_once(served: TestClient, staff_engine: Engine) -> None:
    code = links.first_administrator_code(staff_engine, CONSOLE, now=utc_now())
    looked = served.post("/signin/link", data={"code": code})
    assert looked.status_code == 200
    assert "最初の管理者" in looked.text
    form = {"code": code, "step": "set", "login": "kanri", "name": "管理 花子"}
    form |= {"password": PHRASE, "again": "another phrase"}
    unlike = served.post("/signin/link", data=form)
    assert unlike.status_code == 422
    assert PHRASE not in unlike.text
    form["again"] = PHRASE
    answer = served.post("/signin/link", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin")
    served.cookies.clear()
    again = served.post("/signin/link", data=form)
    assert again.status_code == 422
    assert "もう使えません" in again.text


def test_another_password_ends_the_sessions_elsewhere(
    served: TestClient, staff_engine: Engine
) -> None:
    a_login(staff_engine, "sato", Role.OPERATOR)
    tokens = []
    for _ in range(2):
        served.cookies.clear()
        served.post("/signin", data={"login": "sato", "password": PHRASE})
        tokens.append(served.cookies[SESSION_COOKIE])
    csrf = served.get("/account").text.split('name="csrf" content="')[1].split('"')[0]
    new = "夜の川はとても大きな音です"
    form = {"old": PHRASE, "new": new, "again": new, "csrf": csrf}
    answer = served.post("/account/password", data=form, headers={"origin": ORIGIN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=1")
    assert served.get("/account?done=1").status_code == 200
    served.cookies.clear()
    served.cookies.set(SESSION_COOKIE, tokens[0])
    assert served.get("/account").status_code == 303


def test_guessing_the_old_password_is_in_the_audit_log(
    served: TestClient, staff_engine: Engine
) -> None:
    operator = signed_in(staff_engine, Role.OPERATOR)
    new = "夜の川はとても大きな音です"

    def changes(old: str, new: str) -> int:
        form = {"old": old, "new": new, "again": new}
        return served.post("/account/password", data=form, headers=operator.headers()).status_code

    assert changes("guess", "short") == 422
    assert [changes(f"guess {number}", new) for number in range(10)] == [422] * 9 + [429]
    whys = [(path, said["why"]) for _, path, said in refusals(staff_engine, 10)]
    assert whys == [("/account/password", "too-often")] + 9 * [
        ("/account/password", "wrong-password")
    ]
    assert {said["staff"] for _, _, said in refusals(staff_engine, 10)} == {operator.caller.id}


def test_half_a_form_of_who_hung_up_is_not_carried_out(
    served: TestClient, staff_engine: Engine
) -> None:
    admin = signed_in(staff_engine, Role.ADMINISTRATOR)
    number = a_person(staff_engine, Role.DESK, Role.OPERATOR)
    sent = admin.headers() | {"content-type": origins.FORM, "host": "testserver"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/admin/staff/{number}",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": THERE,
    }
    heard: list[Message] = [
        {"type": "http.request", "body": b"do=roles&roles=desk", "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return heard.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    assert served.portal is not None
    served.portal.call(served.app, scope, receive, send)
    assert answered == []
    with transaction(staff_engine) as connection:
        account = staff.find(connection, number)
    assert account is not None
    assert account.roles == {Role.DESK, Role.OPERATOR}


def test_a_body_over_a_megabyte_is_refused_by_its_length_or_as_it_comes(
    served: TestClient, staff_engine: Engine
) -> None:
    admin = signed_in(staff_engine, Role.ADMINISTRATOR)
    large = b"x" * (LARGEST + 1)
    assert served.post("/admin/staff", content=large, headers=admin.headers()).status_code == 413

    def parts() -> Iterator[bytes]:
        for start in range(0, len(large), 100_000):
            yield large[start : start + 100_000]

    answer = served.post("/admin/staff", content=parts(), headers=admin.headers())
    assert answer.status_code == 413


def test_a_socket_from_a_page_of_another_site_is_refused_before_it_opens(
    served: TestClient,
) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        served.websocket_connect("/api/v1/live", headers={"origin": "http://evil.example"}),
    ):
        pass
    with served.websocket_connect("/api/v1/live", headers={"origin": ORIGIN}) as live:
        live.receive()
    with served.websocket_connect("/api/v1/live") as live:
        live.receive()


def test_one_address_that_floods_is_told_to_wait_and_no_other(
    served: TestClient, staff_engine: Engine
) -> None:
    served.app.state.limits.addresses = Window(5)  # type: ignore[attr-defined]
    codes = [served.get("/healthz").status_code for _ in range(7)]
    assert codes == [200] * 5 + [429] * 2
    other = TestClient(served.app, client=("203.0.113.8", 1))
    assert other.get("/healthz").status_code == 200
    here = TestClient(served.app, client=("127.0.0.1", 1))
    assert [here.get("/healthz").status_code for _ in range(7)] == [200] * 7


def test_one_session_that_floods_slows_no_other_of_its_address(
    served: TestClient, staff_engine: Engine
) -> None:
    served.app.state.limits.sessions = Window(5)  # type: ignore[attr-defined]
    busy, calm = (signed_in(staff_engine, Role.OPERATOR) for _ in range(2))
    codes = [served.get("/account", headers=busy.headers()).status_code for _ in range(7)]
    assert codes == [200] * 5 + [429] * 2
    assert served.get("/account", headers=calm.headers()).status_code == 200


def test_without_the_database_the_public_goes_on_and_staff_are_told(
    plan: tuple[Database, Path],
) -> None:
    with TestClient(create(plan[1], GONE), follow_redirects=False) as client:
        client.cookies.set(SESSION_COOKIE, "a" * 43)
        assert client.get("/").status_code == 200
        assert client.get("/signin").status_code == 200
        answer = client.get("/api/v1/headquarters")
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("no-database")
        page = client.get("/admin")
        assert page.status_code == 503
        assert "データベース" in page.text
        tried = client.post(
            "/signin", data={"login": "a", "password": "b"}, headers={"origin": ORIGIN}
        )
        assert tried.status_code == 503


def test_public_pages_ask_no_database_even_with_a_cookie(served: TestClient) -> None:
    asked: list[str] = []
    engine = served.app.state.service.engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    served.cookies.set(SESSION_COOKIE, "a" * 43)
    for path in ("/", "/healthz", "/api/v1/city", "/api/v1/sites"):
        assert served.get(path).status_code == 200
    assert not [one for one in asked if "staff_session" in one]
    served.get("/account")
    assert [one for one in asked if "staff_session" in one]


def test_an_unknown_path_is_not_found_for_everybody(served: TestClient) -> None:
    assert served.get("/no/such/page").status_code == 404
    assert served.post("/admin/audit").status_code == 405
    assert served.get("/admin/").status_code in (303, 307)


@pytest.mark.anyio
async def test_a_body_that_never_comes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origins, "PATIENCE_S", 0.05)

    async def never() -> Message:
        await anyio.sleep(60)
        raise AssertionError("it came")

    with pytest.raises(origins.TooSlow):
        await origins.read_body(Headers({"content-length": "10"}), never)
