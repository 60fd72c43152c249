"""nginx with our configuration in front of an application, moved to a folder of the test's own."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.integration.processes import ROOT, free_port, wait_for

NGINX = shutil.which("nginx", path=f"{os.defpath}:/usr/sbin") or "nginx"
"""Debian keeps it where only root's PATH looks."""


@dataclass(frozen=True)
class Answer:
    """What came back over TLS."""

    status: int
    body: bytes
    headers: http.client.HTTPMessage


class Nginx:
    """nginx with our configuration, moved to free ports and a folder of the test's own."""

    def __init__(self, folder: Path, app: int) -> None:
        self.folder, self.plain, self.tls = folder, free_port(), free_port()
        text = (ROOT / "ops/nginx/nigemichi.conf").read_text()
        for old, new in (
            ("/etc/nginx/certs", str(folder)),
            ("root /etc/nginx", f"root {ROOT}/ops/nginx"),
            ("/var/log/nginx", str(folder)),
            ("/var/cache/nginx", str(folder)),
            ("app:8080", f"127.0.0.1:{app}"),
            ("listen 80 ", f"listen 127.0.0.1:{self.plain} "),
            ("listen 443 ", f"listen 127.0.0.1:{self.tls} "),
        ):
            assert old in text, old
            text = text.replace(old, new)
        (folder / "site.conf").write_text(text)
        self.conf = folder / "nginx.conf"
        self.conf.write_text(
            f"pid {folder}/pid; error_log {folder}/main-error.log notice; daemon off;"
            " worker_rlimit_nofile 16384; events { worker_connections 8192; }"
            f" http {{ access_log {folder}/other.log; include {folder}/site.conf; }}"
        )
        made = ("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem")
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "1"),
                *("-pkeyopt", "ec_paramgen_curve:prime256v1"),
                *("-subj", "/CN=localhost", *made),
            ],
            check=True,
            capture_output=True,
        )

    @property
    def origin(self) -> str:
        """Where a browser finds it."""
        return f"https://127.0.0.1:{self.tls}"

    def tls_context(self) -> ssl.SSLContext:
        """Trusts its certificate."""
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        context.check_hostname = False
        return context

    def get(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        """An answer over TLS; status 0 where none came."""
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.tls, context=self.tls_context(), timeout=10
        )
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), answer.headers)
        except OSError:
            return Answer(0, b"", http.client.HTTPMessage())
        finally:
            connection.close()

    def listens(self) -> bool:
        """Whether it answers yet."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.tls)) == 0


@contextmanager
def fronted(app: int) -> Iterator[Nginx]:
    """A running nginx in front of the application on a port."""
    folder = Path(tempfile.mkdtemp(prefix="nigemichi-nginx-"))
    folder.chmod(0o755)
    made = Nginx(folder, app)
    (folder / "nigemichi").mkdir()
    (folder / "nigemichi").chmod(0o777)
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
