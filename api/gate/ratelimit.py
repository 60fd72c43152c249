"""How often somebody may ask: by session or token first, by address second.

Floods are counted in each process, which is what they would slow down: 0.3 µs a request. Tries to
sign in are counted by `limits`, in Redis where several processes share the work.
"""

import hashlib
import logging
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final, TypeVar

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

log = logging.getLogger("nigemichi.limits")
T = TypeVar("T")

ADDRESS_EACH_MINUTE: Final = 60_000
"""5,000 phones behind one carrier's address, a request of each every five seconds."""
SESSION_EACH_MINUTE: Final = 600
"""Ten a second: more than a person or a tablet that sends what it kept can need."""
UNKNOWN_EACH_MINUTE: Final = 300
"""Tokens of one address that let nobody in: what comes after is told to wait."""

_LOGIN: Final = RateLimitItemPerMinute(10, 15, namespace="login")
"""For one login from one address, so that who guesses locks nobody out who sits elsewhere."""
_ANYWHERE: Final = RateLimitItemPerMinute(100, 15, namespace="anywhere")
"""For one login from all addresses together."""
_ADDRESS: Final = RateLimitItemPerMinute(100, 15, namespace="address")
"""For all logins from one address. Whoever gets in is not counted: a city hall has one address."""

KNOWN_MOST: Final = 10_000
"""Logins with addresses from which they got in, kept by each process."""
_Try = tuple[RateLimitItem, tuple[str, ...]]

REDIS_WAIT_S: Final = 0.3
REDIS_AGAIN_S: Final = 5.0


class Window:
    """Counts in whole minutes of a clock in seconds."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self._clock = most, clock
        self._minute, self._counts = 0, Counter[str]()

    def hit(self, key: str) -> bool:
        """Count; False where it is too often."""
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, Counter()
        count = self._counts[key] + 1
        self._counts[key] = count
        return count <= self.most

    def wait_s(self) -> int:
        """Seconds until counting begins anew."""
        return 60 - int(self._clock() % 60)


class Limits:
    """All that is counted in one process."""

    def __init__(self, redis_url: str | None = None) -> None:
        self.addresses = Window(ADDRESS_EACH_MINUTE)
        self.sessions = Window(SESSION_EACH_MINUTE)
        self.unknown = Window(UNKNOWN_EACH_MINUTE)
        self._here = FixedWindowRateLimiter(MemoryStorage())
        self._pool: ConnectionPool | None = None
        self._shared: FixedWindowRateLimiter | None = None
        if redis_url:
            waits = {"socket_timeout": REDIS_WAIT_S, "socket_connect_timeout": REDIS_WAIT_S}
            self._pool = ConnectionPool.from_url(redis_url, **waits)
            self._shared = FixedWindowRateLimiter(_redis(redis_url, self._pool))
        self._shared_again = 0.0
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def close(self) -> None:
        """Leave Redis."""
        if self._pool is not None:
            with suppress(RedisError, OSError):
                await self._pool.disconnect()

    async def try_to_sign_in(self, login: str, address: str) -> int:
        """Count a try; returns how many seconds to wait, 0 where it may be made."""
        for item, keys in self._counted(login, address):
            if not await self._hit(item, keys, 1):
                return await self._wait_s(item, keys)
        return 0

    async def give_back(self, login: str, address: str) -> None:
        """Take the try back: nobody could look whether it was right."""
        for item, keys in self._counted(login, address):
            await self._hit(item, keys, -1)

    async def signed_in(self, login: str, address: str) -> None:
        """Take the try back: it was the right person, who is known there from now on."""
        await self.give_back(login, address)
        self._known[_pair(login, address)] = None
        self._known.move_to_end(_pair(login, address))
        if len(self._known) > KNOWN_MOST:
            self._known.popitem(last=False)

    def _counted(self, login: str, address: str) -> list[_Try]:
        """Whoever got in from there before is not kept out by what others try."""
        tries = _tries(login, address)
        known = _pair(login, address) in self._known
        return [one for one in tries if one[0] is _LOGIN] if known else tries

    async def _hit(self, item: RateLimitItem, keys: tuple[str, ...], cost: int) -> bool:
        return await self._ask(lambda counts: counts.hit(item, *keys, cost=cost))

    async def _wait_s(self, item: RateLimitItem, keys: tuple[str, ...]) -> int:
        stats = await self._ask(lambda counts: counts.get_window_stats(item, *keys))
        return max(1, math.ceil(stats.reset_time - time.time()))

    async def _ask(self, what: Callable[[FixedWindowRateLimiter], Awaitable[T]]) -> T:
        """Ask Redis; while it is away, what this process has counted."""
        if self._shared is not None and time.monotonic() >= self._shared_again:
            try:
                return await what(self._shared)
            except (RedisError, OSError) as error:
                self._shared_again = time.monotonic() + REDIS_AGAIN_S
                log.warning("Redis is away, tries are counted here: %s", type(error).__name__)
        return await what(self._here)


def address_of(client: tuple[str, int] | None) -> str | None:
    """What stands for who asks from there: IPv6 by its network; None for this machine itself."""
    return _address(client[0]) if client else None


@lru_cache(maxsize=20_000)
def _address(host: str) -> str | None:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.is_loopback:
        return None
    if isinstance(address, IPv6Address):
        # One connection has a whole /64 (RFC 6177).
        return str(address.ipv4_mapped or address.exploded[:19])
    return host


def _tries(login: str, address: str) -> list[_Try]:
    name, _ = _pair(login, address)
    return [(_ADDRESS, (address,)), (_LOGIN, (name, address)), (_ANYWHERE, (name,))]


def _pair(login: str, address: str) -> tuple[str, str]:
    """A login is not kept as it was typed: passwords are typed there too."""
    return hashlib.sha256(login.encode()).hexdigest()[:32], address


def _redis(url: str, pool: ConnectionPool) -> RedisStorage:
    url = f"redis+{url}" if url.startswith("unix:") else url
    return RedisStorage(f"async+{url}", implementation="redispy", connection_pool=pool)  # type: ignore[arg-type]
