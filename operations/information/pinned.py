"""Connections to checked addresses alone: a name is looked up once, nothing outlasts its time."""

import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

import httpcore
import httpx

from operations.information.addresses import Address, Bounds, Resolve, by_dns, resolved

Clock = Callable[[], float]
_STEP_S: Final = 10.0
"""No single step waits longer."""


class Late(Exception):
    """The whole request took too long."""


class Deadline:
    """Until when a request must be done; `clock` counts seconds."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._end, self._clock = clock() + seconds, clock

    @property
    def is_over(self) -> bool:
        """Whether nothing more is begun."""
        return self._clock() >= self._end

    def within(self, seconds: float) -> "Deadline":
        """One of so many seconds that ends with this one at the latest."""
        return Deadline(min(seconds, self._end - self._clock()), self._clock)

    def left(self, step: float | None = None) -> float:
        """Seconds that a step may take; raises `Late`."""
        left = self._end - self._clock()
        if left <= 0:
            raise Late
        return min(left, _STEP_S, step or _STEP_S)


class _Stream(httpcore.NetworkStream):
    """A stream that ends with its deadline, however slowly bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            left = self._deadline.left(timeout)
        except Late:
            self._inner.close()
            raise
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Pinned(httpcore.NetworkBackend):
    """Connects to the address that was checked, and to no other that the name may have later."""

    def __init__(self, bounds: Bounds, deadline: Deadline, resolve: Resolve) -> None:
        self._bounds, self._deadline, self._resolve = bounds, deadline, resolve
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = self._look_up(host, port)
        left = self._deadline.left(timeout)
        stream = self._inner.connect_tcp(str(address), port, left, local_address, socket_options)
        return _Stream(stream, self._deadline)

    def _look_up(self, host: str, port: int) -> Address:
        """In a thread of its own: a resolver that hangs is left behind."""
        found: list[Address | Exception] = []

        def work() -> None:
            try:
                found.append(resolved(host, port, self._bounds, self._resolve))
            except Exception as error:  # handed on below
                found.append(error)

        thread = threading.Thread(target=work, daemon=True, name="looking up")
        thread.start()
        thread.join(self._deadline.left())
        if not found:
            raise Late
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]


class Transport(httpx.HTTPTransport):
    """httpx's own transport over such connections; each request opens one and closes it."""

    def __init__(
        self,
        bounds: Bounds,
        deadline: Deadline,
        *,
        trust: ssl.SSLContext | None = None,
        resolve: Resolve = by_dns,
    ) -> None:
        context = trust or ssl.create_default_context()
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_keepalive_connections=0,
            http1=True,
            http2=False,
            network_backend=_Pinned(bounds, deadline, resolve),
        )
