"""A household's own pages over the real app: its code, its cookie, its way, what it says."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from api.app import create
from api.gate.ratelimit import Limits, Window
from api.householdpage import Homes
from city.staff import CONSOLE
from data.database import connect, transaction
from data.people import audit
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.household import revoking
from operations.planning.planner import Planner
from operations.serving import utc_now
from tests.integration.databases import Database, Server
from tests.integration.homed import AT, Slip, load, slips, write_homed_city
from tests.integration.small_city import position
from tests.unit.api.served import TestClient

COOKIE = "nigemichi_home"


@dataclass
class House:
    """The app over the small city, and the slips of its households."""

    database: Database
    engine: Engine
    state: Path
    client: TestClient
    slips: list[Slip] = field(default_factory=list)

    def opened(self, household: int) -> httpx.Response:
        """Open a household's slip, and keep its cookie."""
        self.client.cookies.clear()
        return self.client.post("/h", data={"code": self.slips[household].token})

    def page(self, query: str = "") -> str:
        """The household's way."""
        found = self.client.get(f"/h/way{query}")
        assert found.status_code == 200
        return found.text

    def changes(self) -> int:
        """How many changes the planner was woken for."""
        return int(self.database.one("SELECT count(*) FROM change"))


@pytest.fixture(scope="module")
def planned(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A template with the small city, level 4 in its south, and its plan."""
    folder = tmp_path_factory.mktemp("homed")
    made = server.create(migrated)
    engine = connect(made.url)
    load(engine, write_homed_city(folder))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=["南町二丁目"])
    Planner(engine, folder / "state").catch_up()
    engine.dispose()
    return made.name, folder / "state"


@contextmanager
def running(server: Server, planned: tuple[str, Path], folder: Path) -> Iterator[House]:
    """The app on a copy of the database; nothing is written to the state but what it remembers."""
    made = server.create(planned[0])
    state = folder / "state"
    state.mkdir()
    for one in planned[1].iterdir():
        (state / one.name).symlink_to(one)
    engine = connect(made.url)
    with TestClient(create(state, made.url), follow_redirects=False) as client:
        yield House(made, engine, state, client, slips(engine, *range(6)))
    engine.dispose()


@pytest.fixture(scope="module")
def shared(
    server: Server, planned: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """One app for all tests that leave it whole."""
    with running(server, planned, tmp_path_factory.mktemp("shared")) as made:
        yield made
    server.drop(made.database)


@pytest.fixture
def house(shared: House) -> House:
    """The app with fresh slips, of households that have said nothing yet."""
    done(shared, "TRUNCATE household_link, household_session, household_said, hold")
    shared.slips = slips(shared.engine, *range(6))
    shared.client.cookies.clear()
    app = shared.client.app
    assert isinstance(app, FastAPI)
    rmtree(shared.state / "homes", ignore_errors=True)
    app.state.limits, app.state.homes = Limits(), Homes(shared.engine, shared.state)
    return shared


def done(house: House, statement: str) -> None:
    """Change the database past the application."""
    with transaction(house.engine, latest=True) as connection:
        connection.exec_driver_sql(statement)


def plain(page: str) -> str:
    """A page without what differs from one asking to the next."""
    return re.sub(r'name="id" value="[^"]*"|\d{4}-\d\d-\d\dT[\d:+]+', "", page)


# The code and the cookie


def test_a_code_is_exchanged_for_a_cookie_that_scripts_and_other_sites_never_see(
    house: House,
) -> None:
    found = house.opened(3)
    assert (found.status_code, found.headers["location"]) == (303, "/h/way")
    cookie = found.headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    assert name == COOKIE
    assert {"HttpOnly", "Path=/h", "SameSite=strict"} <= {one.strip() for one in rest.split(";")}
    assert "Secure" not in cookie
    value = rest.split(";")[0]
    assert house.slips[3].token not in value
    assert house.database.one("SELECT count(*) FROM household_session") == 1


def test_over_https_the_cookie_never_travels_in_the_clear(house: House) -> None:
    with TestClient(
        house.client.app, base_url="https://city.example", follow_redirects=False
    ) as by:
        cookie = by.post("/h", data={"code": house.slips[3].token}).headers["set-cookie"]
        assert cookie.startswith(f"__Secure-{COOKIE}=")
        assert "Secure" in cookie.split("; ")
        assert by.get("/h/way").status_code == 200


def test_every_code_that_opens_nothing_gets_the_same_answer(house: House) -> None:
    assert house.opened(1).status_code == 303
    revoking.revoke_label(house.engine, CONSOLE, "S-001", now=utc_now())
    (over,) = slips(house.engine, 2, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    done(house, "UPDATE household_link SET household = NULL WHERE label = 'S-004'")
    done(house, "UPDATE household_link SET city_code = '1' WHERE label = 'S-005'")
    codes = {
        "revoked": house.slips[1].token,
        "expired": over.token,
        "of nobody any more": house.slips[4].token,
        "of another city": house.slips[5].token,
        "unknown": "A" * 43,
        "empty": "",
        "no code": "\x00'; --",
        "long": "x" * 5000,
    }
    house.client.cookies.clear()
    answers = {}
    for what, code in codes.items():
        answers[what] = _seen(house.client.post("/h", data={"code": code}))
    answers["no form"] = _seen(house.client.post("/h", content=b"\xff\x00{"))
    answers["a file"] = _seen(house.client.post("/h", files={"code": b"x"}))
    assert set(answers.values()) == {answers["unknown"]}
    assert answers["unknown"][0] == 404
    assert "紙に書いてある行き先と道で" in answers["unknown"][1]


def _seen(found: httpx.Response) -> tuple[int, str, str]:
    return found.status_code, found.text, " ".join(sorted(found.headers))


def test_without_a_cookie_there_is_the_form_and_no_way(house: House) -> None:
    found = house.client.get("/h/way")
    assert found.status_code == 404
    assert 'name="code"' in found.text
    house.client.cookies.set(COOKIE, "A" * 43, path="/h")
    assert "このコードでは開けません" in house.client.get("/h/way").text


def test_a_revoked_link_ends_the_phones_that_it_let_in(house: House) -> None:
    house.opened(3)
    house.page()
    revoking.revoke_areas(house.engine, CONSOLE, ["南町二丁目"], now=utc_now())
    found = house.client.get("/h/way")
    assert found.status_code == 404
    assert "避難する道の地図" not in found.text
    assert not list((house.state / "homes").iterdir())


def test_guessing_codes_is_slowed_down_and_noted(house: House) -> None:
    app = house.client.app
    assert isinstance(app, FastAPI)
    app.state.limits.unknown = Window(5)
    client = TestClient(app, client=("203.0.113.9", 4000))
    statuses = [client.post("/h", data={"code": f"x{one}"}).status_code for one in range(6)]
    assert statuses == [404] * 5 + [429]
    # Whoever shares the address and has a good code gets in.
    good = client.post("/h", data={"code": house.slips[0].token}, follow_redirects=False)
    assert good.status_code == 303


@pytest.mark.parametrize("path", ["/h", "/h/said", "/h/hold"])
def test_a_page_of_somebody_else_changes_nothing(house: House, path: str) -> None:
    house.opened(3)
    form = {"code": house.slips[0].token, "intent": "kin", "id": str(uuid4()), "site": "E1"}
    found = house.client.post(path, data=form, headers={"origin": "https://evil.example"})
    assert found.status_code == 403
    assert house.database.one("SELECT count(*) FROM household_said") == 0
    assert house.database.one("SELECT count(*) FROM hold") == 0


# The way


def test_the_way_is_shown_and_neither_page_nor_address_says_where_it_begins(house: House) -> None:
    house.opened(3)
    found = house.client.get("/h/way")
    assert found.headers["cache-control"] == "no-store"
    assert "今すぐ" in found.text
    assert "避難する道の地図" in found.text
    lat, lon = position(*AT[3])
    for digits in (f"{lat:.3f}", f"{lon:.3f}", f"{lat * 1e5:.0f}", f"{lon * 1e5:.0f}"):
        assert digits not in found.text
    links = re.findall(r'(?:href|src|action|data-(?!streets)\w+)="(?!/static/)([^"]*)"', found.text)
    assert not [one for one in links if re.search(r"lat=|area=|\d{5}", one)]
    assert "S-003" not in found.text


def test_a_household_that_needs_time_is_led_as_such(house: House) -> None:
    house.opened(3)
    assert 'href="/h/way?profile=slow"' in house.page()
    slow = house.page("?profile=slow&lang=en")
    assert "profile=wheelchair" in slow
    assert 'name="profile" value="slow"' in slow
    found = house.client.post("/h/said", data={"intent": "kin", "profile": "slow", "lang": "en"})
    assert found.headers["location"] == "/h/way?profile=slow&lang=en#plans"


def test_a_household_hears_of_the_place_that_it_was_told_before(house: House) -> None:
    house.opened(5)
    told = {re.search(r'data-to="(\w+)"', house.page(f"?to={to}")) for to in ("E1", "E3")}
    assert {one.group(1) for one in told if one} == {"E1", "E3"}


# What it says


def test_a_household_says_where_it_goes_and_takes_it_back(house: House) -> None:
    house.opened(3)
    before = house.changes()
    assert house.client.post("/h/said", data={"intent": "kin"}).status_code == 303
    assert "「親戚や知人の家へ行く」と知らせました" in house.page()
    assert house.changes() == before + 1
    house.client.post("/h/said", data={"intent": "kin"})
    assert house.changes() == before + 1
    house.client.post("/h/said", data={"intent": "lift"})
    house.client.post("/h/said", data={"intent": ""})
    assert "と知らせました" not in house.page()
    rows = house.database.rows(
        "SELECT household, intent, said_by, ended_at IS NULL FROM household_said ORDER BY id"
    )
    assert rows == [(3, "kin", "public", False), (3, "lift", "public", False)]
    assert house.changes() == before + 3


def test_upstairs_makes_nobody_stay(house: House) -> None:
    house.opened(3)
    before = house.page()
    house.client.post("/h/said", data={"intent": "upstairs"})
    after = house.page()
    assert "「上の階にいる」と知らせました" in after
    way = slice(0, before.index('id="plans"'))
    assert plain(before[way]) == plain(after[way])
    assert "とどまってよいという意味ではありません" in after


def test_the_audit_log_says_that_a_household_spoke_and_not_which(house: House) -> None:
    house.opened(3)
    house.client.post("/h/said", data={"intent": "hotel"})
    with transaction(house.engine) as connection:
        entry = audit.last(connection, 1)[0]
    row = house.database.one("SELECT id FROM household_said")
    assert (entry.actor, entry.action, entry.subject) == ("public", "household.said", f"said:{row}")
    assert dict(entry.details) == {"intent": "hotel"}


@pytest.mark.parametrize("form", [{}, {"intent": "anything"}])
def test_a_word_that_is_none_is_refused(house: House, form: dict[str, str]) -> None:
    house.opened(3)
    assert house.client.post("/h/said", data=form).status_code == 422
    assert house.database.one("SELECT count(*) FROM household_said") == 0


def test_one_household_does_not_keep_the_planner_busy(house: House) -> None:
    house.opened(3)
    words = ["kin", "hotel"] * 6
    statuses = [house.client.post("/h/said", data={"intent": one}).status_code for one in words]
    assert statuses == [303] * 10 + [429] * 2
    house.opened(0)
    assert house.client.post("/h/said", data={"intent": "kin"}).status_code == 303


# 向かっています


def test_who_is_on_the_way_is_a_forecast_and_wakes_no_planner(house: House) -> None:
    house.opened(3)
    before, number = house.changes(), re.search(r'name="id" value="([^"]+)"', house.page())
    assert number
    form = {"id": number.group(1), "site": "E1"}
    for _ in range(2):
        assert house.client.post("/h/hold", data=form).headers["location"] == "/h/way#going"
    rows = house.database.rows(
        "SELECT site_id, household, persons, firm, expires_at - begun_at, ended_at FROM hold"
    )
    assert rows == [("E1", 3, 4, False, timedelta(hours=3), None)]
    assert house.changes() == before
    assert "「北小学校」へ向かっていると知らせました" in house.page()
    house.client.post("/h/hold", data={"do": "undo"})
    assert "へ向かっていると知らせました" not in house.page()


def test_a_household_is_on_the_way_to_one_place(house: House) -> None:
    house.opened(3)
    for site in ("E1", "E3"):
        house.client.post("/h/hold", data={"id": str(uuid4()), "site": site})
    standing = house.database.rows("SELECT site_id FROM hold WHERE ended_at IS NULL")
    assert standing == [("E3",)]


def test_whoever_is_led_elsewhere_now_is_told_so_and_sets_out_anew_at_once(house: House) -> None:
    """E4 is no place to flee to from a flood: nobody is led there any more."""
    house.opened(3)
    house.client.post("/h/hold", data={"id": str(uuid4()), "site": "E4"})
    page = house.page()
    assert "行き先が変わりました：知らせた「集会所」ではなく、この案内の場所へ。" in page
    assert "へ向かっていると知らせました" not in page
    assert 'name="do" value="undo"' in page
    form = page.partition('action="/h/hold"')[2].partition("</form>")[0]
    number, site = re.findall(r'name="(?:id|site)" value="([^"]+)"', form)
    house.client.post("/h/hold", data={"id": number, "site": site})
    assert house.database.rows("SELECT site_id FROM hold WHERE ended_at IS NULL") == [(site,)]
    page = house.page()
    assert "「北小学校」へ向かっていると知らせました" in page
    assert "行き先が変わりました：" not in page
    assert 'name="site"' not in page


def test_setting_out_once_more_after_an_undo_needs_a_new_id_and_the_page_says_so(
    house: House,
) -> None:
    house.opened(3)
    form = {"id": str(uuid4()), "site": "E1"}
    for one in (form, {"do": "undo"}, form):
        assert house.client.post("/h/hold", data=one).status_code == 303
    page = house.page()
    assert "と知らせました" not in page
    house.client.post("/h/hold", data=form | {"id": re.findall(r'"id" value="(.*?)"', page)[0]})
    assert "「北小学校」へ向かっていると知らせました" in house.page()


@pytest.mark.parametrize("word", ["kin", "hotel", "car", "upstairs"])
def test_whoever_sets_out_takes_back_that_they_stay_away_and_the_other_way_round(
    house: House, word: str
) -> None:
    house.opened(3)
    house.client.post("/h/said", data={"intent": word})
    before = house.changes()
    house.client.post("/h/hold", data={"id": str(uuid4()), "site": "E1"})
    assert house.changes() == before + 1
    row = house.database.one("SELECT id FROM household_said WHERE ended_at IS NOT NULL")
    with transaction(house.engine) as connection:
        entry = audit.last(connection, 1)[0]
    told = (entry.actor, entry.action, entry.subject)
    assert told == ("public", "household.unsaid", f"said:{row}")
    page = house.page()
    assert page.count("と知らせました") == 1
    assert "「北小学校」へ向かっていると知らせました" in page
    assert " checked>" not in page
    house.client.post("/h/said", data={"intent": word})
    assert house.database.one("SELECT count(*) FROM hold WHERE ended_at IS NULL") == 0
    assert "へ向かっていると知らせました" not in house.page()


def test_whoever_must_be_fetched_may_be_on_the_way_all_the_same(house: House) -> None:
    house.opened(3)
    house.client.post("/h/said", data={"intent": "lift"})
    before = house.changes()
    house.client.post("/h/hold", data={"id": str(uuid4()), "site": "E1"})
    assert house.changes() == before
    for again in ([], ["", "lift"]):
        for word in again:
            house.client.post("/h/said", data={"intent": word})
        page = house.page()
        assert "「迎えが必要」と知らせました" in page
        assert "「北小学校」へ向かっていると知らせました" in page


def test_a_dormitory_counts_no_more_than_fifty(house: House) -> None:
    house.opened(5)
    house.client.post("/h/hold", data={"id": str(uuid4()), "site": "E1"})
    assert house.database.one("SELECT persons FROM hold") == 50


def test_nobody_is_on_the_way_by_the_id_of_another_or_to_no_place(house: House) -> None:
    number = str(uuid4())
    house.opened(3)
    house.client.post("/h/hold", data={"id": number, "site": "E1"})
    house.opened(0)
    assert house.client.post("/h/hold", data={"id": number, "site": "E3"}).status_code == 409
    assert house.client.post("/h/hold", data={"id": str(uuid4()), "site": "?"}).status_code == 404
    assert house.client.post("/h/hold", data={"id": "1", "site": "E1"}).status_code == 422
    assert house.database.rows("SELECT household, site_id FROM hold") == [(3, "E1")]


# Without the database


def test_with_the_database_away_the_last_way_goes_on_and_says_so(
    server: Server, planned: tuple[str, Path], tmp_path: Path
) -> None:
    with running(server, planned, tmp_path) as house:
        goes_on_without_database(house, server)


def goes_on_without_database(house: House, server: Server) -> None:
    """Open a slip, take the database away, and go on."""
    house.opened(3)
    house.page()
    other = house.client.cookies.get(COOKIE)
    assert other
    server.drop(house.database)
    page = house.page()
    assert "避難する道の地図" in page
    assert "いまは知らせを受け取れません" in page
    assert "/h/said" not in page
    assert house.client.post("/h/said", data={"intent": "kin"}).status_code == 503
    fresh = house.client.post("/h", data={"code": house.slips[0].token})
    assert fresh.status_code == 503
    assert "紙に書いてある行き先と道で" in fresh.text
    house.client.cookies.clear()
    house.client.cookies.set(COOKIE, "A" * 43, path="/h")
    unknown = house.client.get("/h/way")
    assert unknown.status_code == 503
    assert "いまは開けません" in unknown.text
    # Another process of the machine, started while the database is away.
    with TestClient(create(house.state, house.database.url)) as client:
        client.cookies.set(COOKIE, other, path="/h")
        assert "避難する道の地図" in client.get("/h/way").text


def test_a_database_that_hangs_is_not_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.opened(3)
    house.page()
    monkeypatch.setattr("api.householdpage.PATIENCE_S", 0.3)
    with house.engine.connect() as other:
        other.exec_driver_sql("LOCK TABLE household_session")
        began = time.monotonic()
        page = house.page()
        assert "いまは知らせを受け取れません" in page
        # Nobody else waits at all.
        assert "避難する道の地図" in house.page()
        assert house.client.post("/h", data={"code": house.slips[0].token}).status_code == 503
        assert time.monotonic() - began < 2


def test_what_a_machine_remembers_is_its_owners_and_names_no_secret(house: House) -> None:
    house.opened(3)
    house.page()
    folder = house.state / "homes"
    (file,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    secret = house.client.cookies.get(COOKIE)
    assert secret
    assert secret not in file.name
    assert secret not in file.read_text("utf-8")


def test_a_server_without_a_database_says_to_go_by_the_paper(house: House) -> None:
    with TestClient(create(house.state)) as client:
        found = client.post("/h", data={"code": house.slips[3].token})
        assert found.status_code == 503
        assert "紙に書いてある行き先と道で" in found.text
