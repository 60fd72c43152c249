"""The script itself, as a person starts it: ./dev up with and without its options."""

import os
import re
import shutil
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.fictionalfiles import fictional_city_file
from tests.integration.databases import Server
from tests.integration.processes import ROOT, free_port, wait_for
from tests.integration.small_city import position


def says(log: Path, what: str) -> bool:
    return what in log.read_text("utf-8")


@contextmanager
def dev_up(log: Path, told: dict[str, str], *options: str) -> Iterator[None]:
    """`./dev up OPTIONS` until it is ready, and while the block runs."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            ["sh", "dev", "up", *options],
            cwd=ROOT,
            env=os.environ | told,
            stdout=stream,
            stderr=stream,
        )
    try:
        wait_for("it is ready", lambda: process.poll() is not None or says(log, "Ready: "), 240)
        assert process.poll() is None, log.read_text("utf-8")
        yield
    finally:
        process.terminate()
        assert process.wait(30) == 143


def test_dev_up_serves_the_fictional_city_and_stops_all_that_it_started(
    server: Server, tmp_path: Path
) -> None:
    database, port = server.create(), free_port()
    told = {"DATABASE_URL": database.url, "NIGEMICHI_STATE": str(tmp_path / "state")}
    # To generate it takes some seconds, and test_killed_generator.py does it by its command.
    shutil.copytree(fictional_city_file().parent, tmp_path / "state" / "fictional-city")
    way = f"http://127.0.0.1:{port}/way?lat=29.437&lon=136.10"
    with (
        dev_up(tmp_path / "log", told, "--port", str(port)),
        urllib.request.urlopen(way, timeout=10) as answer,
    ):
        assert "（架空）" in answer.read().decode("utf-8")
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(way, timeout=2)
    server.drop(database)


def test_dev_up_with_another_city_and_https_is_trusted_by_whoever_trusts_its_authority(
    server: Server, small_city: Path, tmp_path: Path
) -> None:
    database, port, log = server.create(), free_port(), tmp_path / "log"
    told = {"DATABASE_URL": database.url, "NIGEMICHI_STATE": str(tmp_path / "state")}
    words = ("--https", "--port", str(port), "--other-city", "--city", str(small_city))
    lat, lon = position(2.5, 3.1)
    at = f"https://127.0.0.1:{port}"
    with dev_up(log, told, *words):
        told_path = re.search(r"authority once: (\S+)", log.read_text("utf-8"))
        assert told_path
        authority = Path(told_path.group(1))
        trust = ssl.create_default_context(cafile=authority)
        assert httpx.get(f"{at}/readyz", verify=trust).status_code == 200
        assert "（架空）" in httpx.get(f"{at}/way?lat={lat}&lon={lon}", verify=trust).text
        assert httpx.get(f"{at}/ca.crt", verify=trust).content == authority.read_bytes()
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"{at}/readyz")
    with pytest.raises(httpx.ConnectError, match="refused"):
        httpx.get(f"{at}/readyz", verify=trust)
    server.drop(database)
