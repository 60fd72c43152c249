"""Accounts, sessions, tablets and one-time links against a real database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE, Caller, CallerKind, Role
from data.database import transaction
from data.errors import NotThere
from data.people import staff
from operations.errors import Refused
from operations.people import accounts, devices, links, passwords, signing
from operations.people.links import DeadLink
from operations.people.passwords import hash_password
from operations.people.signing import WrongSignIn
from tests.integration.databases import Database
from tests.integration.staffed import a_person, a_tablet, signed_in

NOW = datetime(2026, 10, 10, 21, 0, tzinfo=UTC)
OTHER = "川の音が聞こえる夜です"
ENGLISH = "the river is loud tonight"

pytestmark = pytest.mark.usefixtures("quick_hashes")


def a_signing_person(engine: Engine, login: str = "sato") -> int:
    """An account whose person has set a password by their link."""
    number = a_person(engine, Role.OPERATOR, login=login)
    code = links.password_code(engine, CONSOLE, number, now=NOW)
    links.use_code(engine, code, ENGLISH, login="", name="", now=NOW)
    return number


def is_in(engine: Engine, token: str, now: datetime) -> bool:
    return signing.caller_of_session(engine, token, now=now) is not None


def test_a_login_is_one_whatever_its_width_and_case(engine: Engine) -> None:
    a_signing_person(engine, "Ｓato")
    signed = signing.sign_in(engine, " SATO ", ENGLISH, now=NOW)
    assert signed.caller.roles == {Role.OPERATOR}
    with pytest.raises(Refused, match="もういます"):
        a_person(engine, Role.DESK, login="sato")


def test_an_administrator_has_no_other_role(engine: Engine) -> None:
    with pytest.raises(Refused, match="他の役割"):
        a_person(engine, Role.ADMINISTRATOR, Role.APPROVER)
    number = a_person(engine, Role.OPERATOR)
    with pytest.raises(Refused, match="他の役割"):
        accounts.set_roles(engine, CONSOLE, number, {Role.OPERATOR, Role.ADMINISTRATOR}, now=NOW)
    with pytest.raises(Refused, match="一つ以上"):
        accounts.set_roles(engine, CONSOLE, number, (), now=NOW)


def test_a_wrong_password_and_an_unknown_login_are_refused_in_the_same_words(
    engine: Engine,
) -> None:
    number = a_signing_person(engine)
    with pytest.raises(WrongSignIn) as known:
        signing.sign_in(engine, "sato", OTHER, now=NOW)
    with pytest.raises(WrongSignIn) as unknown:
        signing.sign_in(engine, "nobody", OTHER, now=NOW)
    assert str(known.value) == str(unknown.value)
    assert (known.value.account, unknown.value.account) == (number, None)


def test_an_account_without_a_password_lets_nobody_in(engine: Engine) -> None:
    a_person(engine, Role.DESK, login="tanaka")
    for password in ("", OTHER):
        with pytest.raises(WrongSignIn):
            signing.sign_in(engine, "tanaka", password, now=NOW)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "12文字以上"),
        ("a" * 400, "256文字まで"),
        ("aaaaaaaaaaaaaa", "繰り返し"),
        ("sato2026", "12文字以上"),
        ("satosato-2026", "ログイン名"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_good(
    engine: Engine, password: str, why: str
) -> None:
    number = a_person(engine, Role.DESK, login="satosato")
    code = links.password_code(engine, CONSOLE, number, now=NOW)
    with pytest.raises(Refused, match=why):
        links.use_code(engine, code, password, login="", name="", now=NOW)
    links.use_code(engine, code, ENGLISH, login="", name="", now=NOW)


def test_a_password_hashed_with_older_parameters_is_hashed_anew(engine: Engine) -> None:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    number = a_signing_person(engine)
    old = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024),)).hash(ENGLISH)
    with transaction(engine, latest=True) as connection:
        staff.change(connection, number, password_hash=old)
    signing.sign_in(engine, "sato", ENGLISH, now=NOW)
    with transaction(engine) as connection:
        account = staff.find(connection, number)
    assert account is not None
    assert account.password_hash is not None
    assert account.password_hash != old
    assert passwords.HASHES.verify_and_update(ENGLISH, account.password_hash) == (True, None)


def test_a_session_ends_after_two_idle_hours_and_after_twelve_in_all(engine: Engine) -> None:
    a_signing_person(engine)
    token = signing.sign_in(engine, "sato", ENGLISH, now=NOW).token
    assert is_in(engine, token, NOW + timedelta(minutes=119))
    assert not is_in(engine, token, NOW + timedelta(minutes=119 + 120))
    token = signing.sign_in(engine, "sato", ENGLISH, now=NOW).token
    assert all(is_in(engine, token, NOW + timedelta(hours=hours)) for hours in range(1, 12))
    assert not is_in(engine, token, NOW + timedelta(hours=12))


def test_signing_out_ends_the_session_at_once_and_only_it(engine: Engine) -> None:
    a_signing_person(engine)
    first, other = (signing.sign_in(engine, "sato", ENGLISH, now=NOW) for _ in range(2))
    signing.sign_out(engine, first.token, first.caller, now=NOW)
    assert not is_in(engine, first.token, NOW)
    assert is_in(engine, other.token, NOW)


@pytest.mark.parametrize("change", ["disabled", "roles", "password", "own password"])
def test_what_changes_an_account_ends_its_sessions(engine: Engine, change: str) -> None:
    number = a_signing_person(engine)
    here, away = (signing.sign_in(engine, "sato", ENGLISH, now=NOW) for _ in range(2))
    if change == "disabled":
        accounts.disable(engine, CONSOLE, number, now=NOW)
    elif change == "roles":
        accounts.set_roles(engine, CONSOLE, number, {Role.DESK}, now=NOW)
    elif change == "password":
        code = links.password_code(engine, CONSOLE, number, now=NOW)
        links.use_code(engine, code, OTHER + "x", login="", name="", now=NOW)
    else:
        kept = signing.hash_of(here.token)
        accounts.change_password(engine, here.caller, ENGLISH, OTHER + "x", now=NOW, kept=kept)
    assert not is_in(engine, away.token, NOW)
    assert is_in(engine, here.token, NOW) == (change == "own password")


def test_a_disabled_account_lets_nobody_in_by_password_or_by_an_older_link(
    engine: Engine,
) -> None:
    number = a_signing_person(engine)
    code = links.password_code(engine, CONSOLE, number, now=NOW)
    accounts.disable(engine, CONSOLE, number, now=NOW)
    with pytest.raises(WrongSignIn):
        signing.sign_in(engine, "sato", ENGLISH, now=NOW)
    with pytest.raises(DeadLink):
        links.use_code(engine, code, ENGLISH, login="", name="", now=NOW)
    with pytest.raises(Refused, match="再開"):
        links.password_code(engine, CONSOLE, number, now=NOW)
    accounts.enable(engine, CONSOLE, number, now=NOW)
    signing.sign_in(engine, "sato", ENGLISH, now=NOW)


def test_the_administrators_link_works_once(engine: Engine) -> None:
    code = links.first_administrator_code(engine, CONSOLE, now=NOW)
    signed = links.use_code(engine, code, ENGLISH, login="kanri", name="管理 花子", now=NOW)
    assert signed.caller.roles == {Role.ADMINISTRATOR}
    with pytest.raises(DeadLink):
        links.use_code(engine, code, ENGLISH, login="other", name="別人", now=NOW)
    with pytest.raises(Refused, match="もういます"):
        links.first_administrator_code(engine, CONSOLE, now=NOW)


def test_only_the_newest_link_works_and_for_a_day(engine: Engine) -> None:
    first = links.first_administrator_code(engine, CONSOLE, now=NOW)
    second = links.first_administrator_code(engine, CONSOLE, now=NOW)
    for code, now in ((first, NOW), (second, NOW + timedelta(hours=24))):
        with pytest.raises(DeadLink):
            links.find_code(engine, code, now=now)
    assert links.find_code(engine, second, now=NOW + timedelta(hours=23)).login is None


def test_an_administrator_cannot_lock_themselves_out(engine: Engine) -> None:
    admin = signed_in(engine, Role.ADMINISTRATOR).caller
    assert admin.id is not None
    with pytest.raises(Refused, match="自分"):
        accounts.disable(engine, admin, admin.id, now=NOW)
    with pytest.raises(Refused, match="自分"):
        accounts.set_roles(engine, admin, admin.id, {Role.DESK}, now=NOW)


def test_a_tablet_is_let_in_until_it_is_revoked(town_engine: Engine) -> None:
    tablet = a_tablet(town_engine, _site(town_engine))
    assert tablet.caller.id is not None
    assert signing.caller_of_device(town_engine, tablet.token, now=NOW) == tablet.caller
    devices.revoke_device(town_engine, CONSOLE, tablet.caller.id, now=NOW)
    assert signing.caller_of_device(town_engine, tablet.token, now=NOW) is None
    with pytest.raises(NotThere):
        devices.revoke_device(town_engine, CONSOLE, tablet.caller.id, now=NOW)


def test_a_desks_tablet_stands_at_a_place_that_there_is(town_engine: Engine) -> None:
    with pytest.raises(Refused, match="避難場所を選んで"):
        a_tablet(town_engine, None)
    with pytest.raises(NotThere):
        a_tablet(town_engine, "no such place")
    with pytest.raises(Refused, match="端末の役割"):
        a_tablet(town_engine, None, Role.OPERATOR)
    assert a_tablet(town_engine, None, Role.FIELD).caller.kind == CallerKind.DEVICE


def test_a_tablet_is_noted_as_seen_once_a_minute(
    town_engine: Engine, town_database: Database
) -> None:
    tablet = a_tablet(town_engine, _site(town_engine))
    seen = []
    for seconds in (0, 30, 59, 61):
        at = NOW + timedelta(seconds=seconds)
        signing.caller_of_device(town_engine, tablet.token, now=at)
        seen.append(town_database.one("SELECT seen_at FROM device"))
    assert seen == [NOW, NOW, NOW, NOW + timedelta(seconds=61)]


def test_what_let_a_socket_in_is_asked_for_again(engine: Engine) -> None:
    signed = signed_in(engine, Role.OPERATOR)
    held = signing.Credential("session", signing.hash_of(signed.token))
    assert held in signing.still_hold(engine, [held], now=datetime.now(UTC))
    assert isinstance(signed.caller, Caller)
    assert signed.caller.id is not None
    accounts.disable(engine, CONSOLE, signed.caller.id, now=NOW)
    assert not signing.still_hold(engine, [held], now=datetime.now(UTC))


def test_no_secret_is_stored(town_engine: Engine, town_database: Database) -> None:
    number = a_person(town_engine, Role.DESK)
    code = links.password_code(town_engine, CONSOLE, number, now=NOW)
    token = links.use_code(town_engine, code, ENGLISH, login="", name="", now=NOW).token
    tablet = a_tablet(town_engine, _site(town_engine)).token
    for table in ("staff", "staff_session", "device", "one_time_link", "audit_entry"):
        held = str(town_database.rows(f"SELECT * FROM {table}"))  # noqa: S608
        assert not [one for one in (code, token, tablet, ENGLISH) if one in held]
    assert hash_password(ENGLISH).startswith("$argon2id$")


def _site(engine: Engine) -> str:
    from data.rows import current_load, read_sites

    with transaction(engine) as connection:
        return read_sites(connection, current_load(connection).id)[0].id
