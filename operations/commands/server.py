"""uvicorn, as it serves pages, API and ten thousand sockets."""

import gc
import socket
import sys
from contextlib import suppress
from typing import Any, Final

import uvicorn

from operations.settings import ENDING

LONGEST_MESSAGE: Final = 65_536
"""Bytes of a message on a socket; uvicorn ends one that is longer with 1009."""
PING_EVERY_S: Final = 15
SILENCE_S: Final = 15
"""A client that answers no ping is cut off after at most half a minute."""
BACKLOG: Final = 4096
"""Connections that may wait to be accepted, when everybody comes back at once."""

COLLECT: Final = (10_000, 20, 20)
"""Ten thousand sockets are a million objects that stay: not to be looked at all the time."""


class Server(uvicorn.Server):
    """Lets those who follow the live stream go before it waits for open answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what is there then is there to stay, and needs no look by the collector."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, within seconds."""
        ending = self.lifespan.state.get(ENDING)
        if ending:
            ending()
        await super().shutdown(sockets)


def run(host: str, port: int, **more: Any) -> None:
    """Serve until told to end; `more` are settings of uvicorn."""
    server = Server(
        uvicorn.Config(
            "api.app:create",
            factory=True,
            host=host,
            port=port,
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
            backlog=BACKLOG,
            ws="api.live.sockets:Sockets",
            ws_max_size=LONGEST_MESSAGE,
            ws_per_message_deflate=False,
            ws_ping_interval=PING_EVERY_S,
            ws_ping_timeout=SILENCE_S,
            **more,
        )
    )
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(3)
