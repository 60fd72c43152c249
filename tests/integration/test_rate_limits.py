"""Tries to sign in, counted by two servers in a real Redis, and without it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from api.gate.ratelimit import Limits, Window, address_of
from tests.integration.processes import free_port, wait_for


@pytest.fixture
def anyio_backend() -> str:
    """As the server runs."""
    return "asyncio"


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A Redis of the test's own."""
    port = free_port()
    words = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    with (tmp_path / "redis.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT)
    url = f"redis://127.0.0.1:{port}/0"
    wait_for("Redis answers", lambda: _answers(url))
    yield url, process
    process.terminate()
    process.wait(10)


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


async def _tries(limits: Limits, count: int, login: str = "sato", address: str = "a") -> list[bool]:
    return [await limits.try_to_sign_in(login, address) == 0 for _ in range(count)]


@pytest.mark.anyio
async def test_two_servers_count_together_and_alone_when_redis_is_gone(
    shared: tuple[str, "subprocess.Popen[bytes]"],
) -> None:
    url, process = shared
    first, second = Limits(url), Limits(url)
    assert all(await _tries(first, 6))
    assert await _tries(second, 5) == [True] * 4 + [False]
    with redis.Redis.from_url(url, decode_responses=True) as client:
        keys = " ".join(client.keys())
    assert keys
    assert "sato" not in keys
    process.kill()
    process.wait()
    assert await _tries(second, 11) == [True] * 10 + [False]
    for limits in (first, second):
        await limits.close()


@pytest.mark.anyio
async def test_guessing_from_one_address_leaves_the_login_open_elsewhere() -> None:
    limits = Limits()
    assert (await _tries(limits, 100)).count(True) == 10
    assert all(await _tries(limits, 1, address="b"))
    assert (await _tries(limits, 100, login="ito", address="c")).count(True) == 10


@pytest.mark.anyio
async def test_guessing_from_many_addresses_comes_to_an_end() -> None:
    limits = Limits()
    tried = [one for n in range(40) for one in await _tries(limits, 5, address=f"address {n}")]
    assert tried.count(True) == 100


@pytest.mark.anyio
async def test_whoever_got_in_before_is_not_kept_out_by_what_others_try() -> None:
    limits = Limits()
    assert all(await _tries(limits, 1))
    await limits.signed_in("sato", "a")
    for number in range(120):
        await _tries(limits, 1, login=f"guess {number}")
        await _tries(limits, 1, address=f"elsewhere {number}")
    assert not any(await _tries(limits, 1, login="ito"))
    assert (await _tries(limits, 20)).count(True) == 10


@pytest.mark.anyio
async def test_a_try_given_back_is_not_counted_and_makes_nobody_known() -> None:
    limits = Limits()
    for _ in range(30):
        assert all(await _tries(limits, 1))
        await limits.give_back("sato", "a")
    for number in range(100):
        assert all(await _tries(limits, 1, login=f"guess {number}"))
    assert not any(await _tries(limits, 1))


def test_addresses_are_counted_as_networks_and_this_machine_is_not() -> None:
    assert address_of(("203.0.113.9", 1)) == "203.0.113.9"
    assert address_of(("::ffff:203.0.113.9", 1)) == "203.0.113.9"
    assert address_of(("2001:db8:1:2:3::4", 1)) == address_of(("2001:db8:1:2:9::9", 1))
    assert address_of(("127.0.0.1", 1)) is None
    assert address_of(("::1", 1)) is None
    assert address_of(None) is None


def test_a_window_begins_anew_each_minute() -> None:
    now_s = 30.0
    window = Window(2, lambda: now_s)
    assert [window.hit("a") for _ in range(3)] == [True, True, False]
    assert window.hit("b")
    assert window.wait_s() == 30
    now_s = 61.0
    assert window.hit("a")
