"""The container set-up is accepted by the tools that read it, and nginx logs no query string."""

import http.client
import http.server
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.processes import ROOT, free_port, wait_for

ASKED = "lat=35.6712"
NGINX = shutil.which("nginx", path=f"{os.defpath}:/usr/sbin") or "nginx"
"""Debian keeps it where only root's PATH looks."""


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


class Nginx:
    """nginx with our configuration, moved to free ports and a folder of the test's own."""

    def __init__(self, folder: Path, app: int) -> None:
        self.folder, self.plain, self.tls = folder, free_port(), free_port()
        text = (ROOT / "ops/nginx/nigemichi.conf").read_text()
        for old, new in (
            ("/etc/nginx/certs", str(folder)),
            ("/var/log/nginx", str(folder)),
            ("app:8080", f"127.0.0.1:{app}"),
            ("listen 80 ", f"listen 127.0.0.1:{self.plain} "),
            ("listen 443 ", f"listen 127.0.0.1:{self.tls} "),
        ):
            assert old in text
            text = text.replace(old, new)
        (folder / "site.conf").write_text(text)
        self.conf = folder / "nginx.conf"
        self.conf.write_text(
            f"pid {folder}/pid; error_log {folder}/main-error.log notice; daemon off; events {{}}"
            f" http {{ access_log {folder}/other.log; include {folder}/site.conf; }}"
        )
        made = ("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem")
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
                *("-subj", "/CN=localhost", *made),
            ],
            check=True,
            capture_output=True,
        )

    def get(self, path: str, method: str = "GET", body: bytes | None = None) -> tuple[int, str]:
        """Status and Referrer-Policy over TLS."""
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", self.tls, context=context, timeout=10)
        try:
            connection.request(method, path, body, {"Referer": f"https://x/?{ASKED}"})
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.getheader("Referrer-Policy", "")
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def listens(self) -> bool:
        """Whether it answers yet."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.tls)) == 0


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
    folder = Path(tempfile.mkdtemp(prefix="nigemichi-nginx-"))
    folder.chmod(0o755)
    made = Nginx(folder, upstream.server_port)
    tried = subprocess.run(
        [NGINX, "-t", "-c", made.conf], capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen([NGINX, "-c", made.conf], stderr=subprocess.DEVNULL)
    try:
        wait_for("nginx listens", made.listens)
        yield made
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def test_nginx_keeps_query_strings_out_of_every_log(
    nginx: Nginx, upstream: http.server.ThreadingHTTPServer
) -> None:
    assert nginx.get(f"/way?{ASKED}") == (200, "same-origin")
    assert nginx.get(f"/metrics?{ASKED}")[0] == 404
    nginx.get(f"/big?{ASKED}", "POST", b"x" * 20_000_000)
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
    assert nginx.get(f"/down?{ASKED}")[0] == 502
    logs = {path.name: path.read_text() for path in nginx.folder.glob("*.log")}
    assert "/way HTTP/1.1 200" in logs["nigemichi.log"]
    assert [name for name, text in logs.items() if ASKED in text or "?" in text] == []
