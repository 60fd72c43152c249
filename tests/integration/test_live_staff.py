"""What staff follow, for as long as they are staff."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, update
from websockets.sync.client import ClientConnection

from city.staff import CONSOLE, Role
from data import tables
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from operations.people.accounts import disable, set_roles
from operations.people.devices import add_device, places, revoke_device
from operations.people.signing import Credential, hash_of, sign_out, still_hold
from tests.integration.databases import Database
from tests.integration.livestream import Api, Picture, change, closed_with, listen, served
from tests.integration.staffed import Signed, a_tablet, signed_in


def put(engine: Engine, key: str) -> None:
    """Something that headquarters reads."""
    with transaction(engine, latest=True) as connection:
        live.put(connection, Topic.HEADQUARTERS, key, {"for": key})


def test_a_tablet_follows_its_own_place_until_it_is_revoked(
    town_database: Database, town_engine: Engine, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    (mine, _), (other, _) = places(town_engine)[:2]
    number, token = add_device(
        town_engine, CONSOLE, name="受付1", role=Role.DESK, site_id=mine, now=now
    )
    for key in (f"site:{other}", f"site:{mine}", f"site:{mine}0", "proposal:1"):
        put(town_engine, key)
    shown = {"authorization": f"Bearer {token}"}
    query = "?topics=sites,headquarters"
    with (
        served(town_database.url, tmp_path) as api,
        api.socket(query, additional_headers=shown) as tablet,
        api.http.stream("GET", f"/api/v1/live/events{query}", headers=shown) as answer,
    ):
        assert answer.status_code == 200
        seen = Picture()
        listen(tablet, seen, lambda: seen.epoch)
        assert {key for key in seen.states if ":" in key} == {f"site:{mine}"}
        put(town_engine, f"site:{other}")
        put(town_engine, f"site:{mine}")
        change(town_engine, other, {"persons": 3})
        listen(tablet, seen, lambda: seen.states.get(other) == {"persons": 3})
        assert [key for _, key in seen.order] == [f"site:{mine}", other]
        revoke_device(town_engine, CONSOLE, number, now=now)
        assert closed_with(tablet, 60) == 1008
        assert f'"key":"site:{other}"' not in "".join(answer.iter_text())
        again = api.http.get(f"/api/v1/live/events{query}", headers=shown)
        assert again.status_code == 401


def following(api: Api, signed: Signed) -> ClientConnection:
    """A socket of that browser, which has heard its first message."""
    socket = api.socket("?topics=headquarters", additional_headers=signed.headers(api.url))
    socket.recv(20)
    return socket


def test_whoever_is_shut_out_follows_no_longer_at_once(
    town_database: Database, town_engine: Engine, tmp_path: Path
) -> None:
    put(town_engine, "proposal:1")
    now, site = datetime.now(UTC), places(town_engine)[0][0]
    tablets = [a_tablet(town_engine, site) for _ in range(2)]
    people = [signed_in(town_engine, Role.OPERATOR) for _ in range(3)]
    stays = signed_in(town_engine, Role.OPERATOR)
    out, disabled, other = (one.caller for one in people)
    numbers = [one.caller.id or 0 for one in tablets]
    with served(town_database.url, tmp_path) as api, following(api, stays) as still:
        sockets = [following(api, one) for one in (*tablets, *people)]
        ends: list[Callable[[], None]] = [
            *(partial(revoke_device, town_engine, CONSOLE, number, now=now) for number in numbers),
            lambda: sign_out(town_engine, people[0].token, out, now=now),
            lambda: disable(town_engine, CONSOLE, disabled.id or 0, now=now),
            lambda: set_roles(town_engine, CONSOLE, other.id or 0, [Role.PHONE], now=now),
        ]
        for socket, end in zip(sockets, ends, strict=True):
            end()
            # Well before the look that each has in its turn of 15 s.
            assert closed_with(socket, 2) == 1008
        put(town_engine, "proposal:2")
        seen = Picture()
        with api.socket("?topics=headquarters", additional_headers=stays.headers(api.url)) as new:
            listen(new, seen, lambda: "proposal:2" in seen.states)
        assert still.close_code is None


def test_an_open_socket_keeps_no_session_in_use(engine: Engine) -> None:
    signed, now = signed_in(engine, Role.OPERATOR), datetime.now(UTC)
    held, table = Credential("session", hash_of(signed.token)), tables.staff_session
    seen_at = now - timedelta(minutes=119)
    with transaction(engine, latest=True) as connection:
        connection.execute(update(table).values(seen_at=seen_at))
    assert held in still_hold(engine, [held], now=now)
    assert held not in still_hold(engine, [held], now=now + timedelta(minutes=2))
