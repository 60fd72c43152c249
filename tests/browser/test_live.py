"""The live stream in a browser, on a running server: socket, events or polling, whichever works."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from data.database import migrate
from tests.integration.cluster import own_cluster
from tests.integration.databases import Database, Server, connected
from tests.integration.livestream import Api, Stream, begun_anew, change, served
from tests.integration.processes import free_port, kill

FOLLOW = """async since => {
  const {follow} = await import('/static/live.js');
  window.heard = [];
  window.states = {};
  window.behind = [];
  window.live = follow({
    topics: ['sites'],
    since,
    onState: (topic, key, state, {offset}) => {
      heard.push([offset, key]);
      states[key] = state;
    },
    onBehind: date => behind.push(date && date.getTime()),
  });
}"""
NO_SOCKET = "window.WebSocket = class { constructor() { throw new Error('blocked'); } };"
NO_EVENTS = (
    "window.EventSource = class extends EventTarget {"
    " constructor() { super(); setTimeout(() => this.onerror()); } close() {} };"
)


@pytest.fixture(scope="module")
def running(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stream]:
    """One server for the tests that let it run."""
    made = server.create(migrated)
    with connected(made.url) as engine, served(made.url, tmp_path_factory.mktemp("live")) as api:
        yield engine, api
    server.drop(made)


@pytest.fixture
def stream(running: Stream) -> Stream:
    """The same, with nothing in it."""
    begun_anew(*running)
    return running


def following(browser: Browser, api: Api, *scripts: str) -> tuple[Page, list[str]]:
    """A page that follows, and the addresses that it asks for."""
    page = browser.new_page()
    page.set_default_timeout(60_000)
    for script in scripts:
        page.add_init_script(script)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(f"{api.url}/healthz")
    page.evaluate(FOLLOW, "")
    return page, asked


def seen(page: Page, key: str, state: dict[str, Any]) -> None:
    """Wait until the page knows it."""
    words = "([key, state]) => JSON.stringify(states[key]) === JSON.stringify(state)"
    page.wait_for_function(words, arg=[key, state])


def test_an_open_page_sees_a_change(browser: Browser, stream: Stream) -> None:
    engine, api = stream
    change(engine, "E1", {"persons": 1})
    page, asked = following(browser, api)
    seen(page, "E1", {"persons": 1})
    change(engine, "E1", {"persons": 2})
    seen(page, "E1", {"persons": 2})
    change(engine, "E1", None)
    page.wait_for_function("states.E1 === null")
    assert [url for url in asked if url.startswith("ws:")]
    assert not [url for url in asked if "/events" in url or "/changes" in url]
    assert abs(page.evaluate("live.now() - Date.now()")) < 5_000
    assert page.evaluate("behind") == []
    page.close()


@pytest.mark.parametrize(
    ("blocked", "way"), [((NO_SOCKET,), "/events"), ((NO_SOCKET, NO_EVENTS), "/changes")]
)
def test_a_network_that_lets_no_socket_through_is_got_round(
    blocked: tuple[str, ...], way: str, browser: Browser, stream: Stream
) -> None:
    engine, api = stream
    page, asked = following(browser, api, *blocked)
    change(engine, "E1", {"persons": 1})
    seen(page, "E1", {"persons": 1})
    change(engine, "E1", {"persons": 2})
    change(engine, "E2", {"persons": 5})
    seen(page, "E2", {"persons": 5})
    assert page.evaluate("states") == {"E1": {"persons": 2}, "E2": {"persons": 5}}
    offsets = [offset for offset, _ in page.evaluate("heard")]
    assert offsets == sorted(set(offsets))
    assert [url for url in asked if way in url]
    page.close()


def test_a_page_goes_on_where_it_was_after_the_server_was_killed(
    browser: Browser, database: Database, engine: Engine, tmp_path: Path
) -> None:
    port = free_port()
    with served(database.url, tmp_path, "one", port) as api:
        page, asked = following(browser, api)
        change(engine, "E1", {"persons": 1})
        seen(page, "E1", {"persons": 1})
        kill(api.process)
    change(engine, "E2", {"persons": 2})
    with served(database.url, tmp_path, "two", port):
        seen(page, "E2", {"persons": 2})
        change(engine, "E1", {"persons": 3})
        seen(page, "E1", {"persons": 3})
    offsets = [offset for offset, _ in page.evaluate("heard")]
    assert offsets == [1, 2, 3]
    assert [url for url in asked if "since=" in url and url.endswith(":1")]
    page.close()


def test_a_page_says_since_when_it_is_behind(browser: Browser, tmp_path: Path) -> None:
    with own_cluster() as cluster, connected(cluster.url) as engine:
        migrate(engine)
        change(engine, "E1", {"persons": 1})
        with served(cluster.url, tmp_path) as api:
            page, _ = following(browser, api)
            seen(page, "E1", {"persons": 1})
            at = page.evaluate("Date.now()")
            cluster.kill()
            page.wait_for_function("behind.length > 0 && behind.at(-1) !== null")
            assert abs(page.evaluate("behind.at(-1)") - at) < 10_000
            assert page.evaluate("states.E1") == {"persons": 1}
            cluster.start()
            page.wait_for_function("behind.at(-1) === null")
            page.close()
