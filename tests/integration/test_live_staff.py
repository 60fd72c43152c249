"""What staff follow, for as long as they are staff."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from city.staff import CONSOLE, Role
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from operations.people.devices import add_device, places, revoke_device
from tests.integration.databases import Database
from tests.integration.livestream import Picture, change, closed_with, listen, served


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
