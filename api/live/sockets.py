"""uvicorn's WebSocket, whose connection can be cut when the other side takes nothing.

uvicorn closes only after what is buffered was taken; a client that never reads would keep its
connection, and its memory, for ever.
"""

import asyncio
import socket
import struct
from functools import lru_cache
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

ABORT: Final = "nigemichi.abort"
"""Extension of the ASGI scope: a call without arguments that ends the connection at once."""
WRITE: Final = "nigemichi.write"
"""Another: a call with a whole frame, which is written at once, or False where it must wait."""
FAREWELL_S: Final = 12.0
"""Seconds that a closing connection may take, a little over uvicorn's own closing handshake."""
FAREWELL_AT_END_S: Final = 1.0


@lru_cache(maxsize=16)
def frame_of(text: str) -> bytes:
    """A text message as a server sends it (RFC 6455, 5.2): made once, written to thousands."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class Sockets(WebSocketsSansIOProtocol):
    """Named in uvicorn's setting `ws`."""

    def handle_connect(self, event: Request) -> None:
        """Let the app cut the connection."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = self.scope["extensions"] or {}
            calls = {ABORT: self._abort, WRITE: self._write}
            self.scope["extensions"] = extensions | calls

    async def send(self, message: Any) -> None:
        """As the server does; a refusal that was sent whole is no broken handshake."""
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            self.handshake_complete = True

    def keepalive_timeout(self) -> None:
        """No answer to a ping."""
        super().keepalive_timeout()
        self._abort()

    def on_task_complete(self, task: "asyncio.Task[None]") -> None:
        """The app has ended; so does the connection, soon."""
        super().on_task_complete(task)
        if not self.disconnected:
            self.loop.call_later(FAREWELL_S, self._abort)

    def shutdown(self) -> None:
        """The server ends: say so, and do not wait for who takes nothing."""
        super().shutdown()
        self.loop.call_later(FAREWELL_AT_END_S, self.transport.abort)

    def _write(self, frame: bytes) -> bool:
        if (
            not self.writable.is_set()
            or not self.handshake_complete
            or self.close_sent
            or self.transport.is_closing()
        ):
            return False
        self.transport.write(frame)
        return True

    def _abort(self) -> None:
        """End it without sending what is left: the kernel would hold that for many minutes."""
        if self.disconnected:
            return
        raw = self.transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()
