"""With PostgreSQL killed, pages and guidance go on and say since when; then it recovers."""

import re
from pathlib import Path
from typing import Any

import httpx

from data.database import migrate
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.load_city import load_city
from tests.integration.cluster import own_cluster
from tests.integration.databases import Connects
from tests.integration.processes import free_port, started, wait_for
from tests.integration.small_city import position, write_small_city

SENTENCE = re.compile(r"\d+[:時]\d\d\S* から市の最新情報を確認できていません")
DOOR = dict(zip(("lat", "lon"), position(3.4, 1.1), strict=True))


def test_the_last_plan_goes_on_while_the_database_is_away(
    tmp_path: Path, connects: Connects
) -> None:
    port, state, log = free_port(), tmp_path / "state", tmp_path / "planner.log"
    with own_cluster() as cluster:
        engine = connects(cluster.url)
        migrate(engine)
        load_city(engine, write_small_city(tmp_path / "city"), lambda _: None)
        changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
        engine.dispose()
        serve = ("serve", "--port", str(port))
        with (
            started(cluster.url, state, "planner", log=log) as planner,
            started("postgresql:///none", state, *serve, log=tmp_path / "serve.log") as server,
            httpx.Client(base_url=f"http://127.0.0.1:{port}") as client,
        ):

            def ready() -> dict[str, Any]:
                try:
                    answer = client.get("/readyz")
                except httpx.TransportError:
                    return {}
                return answer.json() if answer.status_code == 200 else {}

            def ask() -> dict[str, Any]:
                answer = client.get("/api/v1/guidance", params=DOOR)
                assert answer.status_code == 200
                table: dict[str, Any] = answer.json()
                return table

            wait_for("ready", lambda: ready().get("plan_version"))
            before, page = ask(), client.get("/way", params=DOOR).text
            assert (before["verdict"], before["stale"]) == ("go", False)
            cluster.kill()
            took = wait_for("stale", lambda: ready().get("stale"), 20)
            assert 4 < took < 14
            after = ask()
            moving = {"stale", "as_of"}
            assert {k: v for k, v in after.items() if k not in moving} == {
                k: v for k, v in before.items() if k not in moving
            }
            assert after["stale"] is True
            stale_page = client.get("/way", params=DOOR)
            assert stale_page.status_code == 200
            for told in (stale_page.text, client.get("/").text):
                assert SENTENCE.search(told)
            assert not SENTENCE.search(page)
            assert "waiting for PostgreSQL" in log.read_text()
            assert planner.poll() is None
            assert server.poll() is None
            cluster.start()
            wait_for("fresh again", lambda: ready().get("stale") is False)
            number = ready()["plan_version"]
            changes.set_level(engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
            engine.dispose()
            wait_for("the change", lambda: ready().get("plan_version", 0) > number)
            assert ask()["verdict"] == "secure_now"
