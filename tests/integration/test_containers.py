"""The container set-up is accepted by the tools that read it, and nginx logs no query string."""

import http.client
import http.server
import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest

from tests.integration.fronted import Nginx, fronted
from tests.integration.processes import ROOT

ASKED = "lat=35.6712"


def test_docker_compose_accepts_the_file() -> None:
    command = ["docker-compose", "-f", ROOT / "docker-compose.yml", "config"]
    for profile in ([], ["--profile", "public"]):
        done = subprocess.run(
            [*command[:-1], *profile, "config"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "nigemichi planner" in done.stdout
    assert "nigemichi.conf" in done.stdout


class Answers(http.server.BaseHTTPRequestHandler):
    """Stands where the application would."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Referrer-Policy", "unsafe-url")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[http.server.ThreadingHTTPServer]:
    """An application that answers everything."""
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def nginx(upstream: http.server.ThreadingHTTPServer) -> Iterator[Nginx]:
    """A running nginx in front of it."""
    with fronted(upstream.server_port) as made:
        yield made


def test_nginx_keeps_query_strings_out_of_every_log(
    nginx: Nginx, upstream: http.server.ThreadingHTTPServer
) -> None:
    came = {"Referer": f"https://x/?{ASKED}"}
    answer = nginx.get(f"/way?{ASKED}", **came)
    assert (answer.status, answer.headers["Referrer-Policy"]) == (200, "same-origin")
    assert nginx.get(f"/metrics?{ASKED}", **came).status == 404
    nginx.get(f"/big?{ASKED}", "POST", b"x" * 20_000_000, **came)
    for request in (
        f"GET /p?{ASKED} HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
        f"GET /bad?{ASKED} HTTP/1.1\r\nHost: a b\r\nX: \x00\r\n\r\n".encode(),
        f"GET /long?{ASKED}".encode() + b"a" * 40_000 + b" HTTP/1.1\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", nginx.plain), timeout=5) as connection:
            connection.sendall(request)
            assert connection.recv(100)
    upstream.shutdown()
    upstream.socket.close()
    assert nginx.get(f"/down?{ASKED}", **came).status == 502
    logs = {path.name: path.read_text() for path in nginx.folder.glob("*.log")}
    assert "/way HTTP/1.1 200" in logs["nigemichi.log"]
    assert [name for name, text in logs.items() if ASKED in text or "?" in text] == []
