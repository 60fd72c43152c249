"""A publisher of information on 127.0.0.1 over TLS, and what can go wrong with one."""

import gzip
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

EMPTY = b'{"type": "FeatureCollection", "features": []}'


@dataclass
class Publisher:
    """Its address, what it answers at each path, what was asked of it, and when drips end."""

    url: str
    trust: ssl.SSLContext
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def says(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Answer so at a path; its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"content-type": "application/json", **named}, body)
        return self.url + path

    def sends_on(self, path: str, to: str) -> str:
        """Answer a path with another address."""
        return self.says(path, b"", 302, location=to)


def packed(body: bytes) -> bytes:
    """As gzip."""
    return gzip.compress(body)


@contextmanager
def publisher(certificate: Path, host: str = "localhost") -> Iterator[Publisher]:
    """One that answers while the block runs; /drips sends a byte at a time for ever."""
    made: Publisher

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            made.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            if self.path == "/drips":
                self._drip()
                return
            status, headers, body = made.answers.get(self.path, (404, {}, b""))
            tag = headers.get("etag")
            if tag and self.headers.get("if-none-match") == tag:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if headers.get("connection") != "close":  # else it ends where it hangs up
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _drip(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            while not made.over.wait(0.02):
                self.wfile.write(b" ")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever hangs up is no news."""

    server = Quiet(("127.0.0.1", 0), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    trust = ssl.create_default_context(cafile=certificate)
    made = Publisher(f"https://{host}:{server.server_address[1]}", trust)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown()
        server.server_close()
