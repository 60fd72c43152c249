"""Signing in by the city's own sign-on: a real provider, a real server, a browser's redirects."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import Engine, text

from city.staff import CONSOLE, Role
from data.database import transaction
from data.people import staff
from operations.people import accounts, auditing, links
from operations.people.signon import Identity
from operations.serving import utc_now
from tests.integration.databases import Server, connected
from tests.integration.processes import free_port, started, wait_for
from tests.integration.staffed import SESSION_COOKIE, a_person

SATO = {"sub": "s-1", "preferred_username": "Sato", "email": "sato@shi.example"}
MAIL = {"sub": "s-2", "email": "ito@shi.example", "email_verified": True}
UNVERIFIED = {"sub": "s-3", "email": "ueda@shi.example", "email_verified": False}


@dataclass(frozen=True, slots=True)
class SignOn:
    """A server of ours and the provider that it trusts."""

    url: str
    provider: str
    engine: Engine

    def browser(self) -> httpx.Client:
        return httpx.Client(follow_redirects=False, timeout=20)

    def sign_in(self, browser: httpx.Client, subject: str, after: str = "") -> httpx.Response:
        """To the provider, which is told who it is, and back; the answer to coming back."""
        sent = browser.get(f"{self.url}/signin/oidc", params={"next": after} if after else {})
        assert sent.status_code == 302, sent.text
        back = browser.post(sent.headers["location"], data={"sub": subject})
        assert back.status_code in (302, 303), back.text
        return browser.get(back.headers["location"])


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def running(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SignOn]:
    """Both as processes, on loopback, for all tests."""
    folder, database = tmp_path_factory.mktemp("sign on"), server.create(with_plan[0])
    state = shutil.copytree(with_plan[1], folder / "state", symlinks=True)
    port, theirs = free_port(), free_port()
    provider, url = f"http://127.0.0.1:{theirs}", f"http://127.0.0.1:{port}"
    ours = {
        "NIGEMICHI_OIDC_ISSUER": provider,
        "NIGEMICHI_OIDC_CLIENT_ID": "nigemichi",
        "NIGEMICHI_OIDC_CLIENT_SECRET": "secret",
    }
    users = [f"--user-claims={json.dumps(one)}" for one in (SATO, MAIL, UNVERIFIED)]
    with (folder / "provider.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(theirs), *users],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    serve, log_of_server = ("serve", "--port", str(port)), folder / "server.log"
    try:
        with (
            connected(database.url) as engine,
            started(database.url, state, *serve, log=log_of_server, more=ours),
        ):
            wait_for("the provider answers", lambda: _answers(f"{provider}/jwks"))
            wait_for("the server answers", lambda: _answers(f"{url}/healthz"))
            yield SignOn(url, provider, engine)
    finally:
        process.terminate()
        process.wait(10)
    server.drop(database)


@pytest.fixture
def sign_on(running: SignOn) -> SignOn:
    """The same, where nobody of an earlier test is known by a login or an identity."""
    with running.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE staff SET login = 'earlier' || id, oidc_issuer = NULL, oidc_subject = NULL"
            )
        )
    return running


def test_a_person_whom_an_administrator_added_gets_in_with_the_roles_of_our_table(
    sign_on: SignOn,
) -> None:
    number = a_person(sign_on.engine, Role.OPERATOR, login="sato")
    with sign_on.browser() as browser:
        page = browser.get(f"{sign_on.url}/signin")
        assert "市の共通アカウント" in page.text
        answer = sign_on.sign_in(browser, "s-1", "/account")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        assert browser.cookies[SESSION_COOKIE]
        assert "本部 担当" in browser.get(f"{sign_on.url}/account").text
    # The next time by the identity alone, whatever the login is called then.
    with transaction(sign_on.engine, latest=True) as connection:
        staff.change(connection, number, login="renamed")
    with sign_on.browser() as browser:
        assert sign_on.sign_in(browser, "s-1").headers["location"] == "/hq"
    accounts.disable(sign_on.engine, CONSOLE, number, now=utc_now())
    with sign_on.browser() as browser:
        assert sign_on.sign_in(browser, "s-1").status_code == 422


def test_the_provider_is_asked_with_state_nonce_and_pkce(sign_on: SignOn) -> None:
    with sign_on.browser() as browser:
        sent = browser.get(f"{sign_on.url}/signin/oidc")
        asked = parse_qs(urlsplit(sent.headers["location"]).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["state"]
        assert asked["nonce"]
        assert asked["redirect_uri"] == [f"{sign_on.url}/signin/oidc/back"]
        assert "Path=/signin/oidc" in sent.headers["set-cookie"].replace("path", "Path")
        a_person(sign_on.engine, Role.OPERATOR, login="sato")
        back = browser.post(sent.headers["location"], data={"sub": "s-1"}).headers["location"]
        with sign_on.browser() as another:
            assert another.get(back).status_code == 422
        forged = browser.get(back.replace("state=", "state=x"))
        assert forged.status_code == 422
        assert SESSION_COOKIE not in browser.cookies


def test_who_is_unknown_here_is_refused_clearly_and_it_is_in_the_log(sign_on: SignOn) -> None:
    def written() -> int:
        entries = auditing.last_entries(sign_on.engine, 1_000)
        whys = [one.details["why"] for one in entries if one.action == "refused"]
        return whys.count("unknown-identity")

    a_person(sign_on.engine, Role.OPERATOR, login="ueda@shi.example")
    before = written()
    with sign_on.browser() as browser:
        for subject in ("s-1", "s-3"):
            answer = sign_on.sign_in(browser, subject)
            assert answer.status_code == 422
            assert "管理者に頼んで" in answer.text
        assert SESSION_COOKIE not in browser.cookies
    wait_for("it is written", lambda: written() >= before + 2)


def test_a_verified_address_is_a_login_and_a_taken_account_is_nobody_elses(
    sign_on: SignOn,
) -> None:
    a_person(sign_on.engine, Role.PHONE, login="ito@shi.example")
    taken = a_person(sign_on.engine, Role.APPROVER, login="sato")
    code = links.password_code(sign_on.engine, CONSOLE, taken, now=utc_now())
    links.use_code(
        sign_on.engine, code, "the river is loud tonight", login="", name="", now=utc_now()
    )
    with sign_on.browser() as browser:
        assert sign_on.sign_in(browser, "s-2").headers["location"] == "/phone"
    with sign_on.browser() as browser:
        assert sign_on.sign_in(browser, "s-1").status_code == 422


def test_a_refusal_at_the_provider_comes_back_to_the_form(sign_on: SignOn) -> None:
    with sign_on.browser() as browser:
        sent = browser.get(f"{sign_on.url}/signin/oidc")
        denied = browser.post(sent.headers["location"], data={"action": "deny"})
        answer = browser.get(denied.headers["location"])
        assert answer.status_code == 422
        assert "もう一度" in answer.text


def test_only_what_the_provider_verified_names_a_login() -> None:
    claims = {"iss": "https://i.example", "sub": "1", "email": "A@shi.example"}
    assert Identity.of_claims(claims).names == ()
    assert Identity.of_claims(claims | {"email_verified": True}).names == ("a@shi.example",)
    assert Identity.of_claims(claims | {"email_verified": "true"}).names == ()
