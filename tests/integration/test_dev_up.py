"""The script itself, as a person starts it: ./dev up with and without its options."""

import os
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.integration.databases import Server
from tests.integration.processes import ROOT, free_port, wait_for
from tests.integration.small_city import position


def says(log: Path, what: str) -> bool:
    return what in log.read_text("utf-8")


@pytest.mark.parametrize("options", [False, True], ids=["the fictional city", "another city"])
def test_dev_up_serves_a_city_and_stops_all_that_it_started(
    server: Server, small_city: Path, tmp_path: Path, options: bool
) -> None:
    database, port, log = server.create(), free_port(), tmp_path / "log"
    words = ["sh", "dev", "up", "--port", str(port)]
    words += ["--other-city", "--city", str(small_city)] if options else []
    lat, lon = position(2.5, 3.1) if options else (29.437, 136.10)
    told = os.environ | {"DATABASE_URL": database.url, "NIGEMICHI_STATE": str(tmp_path / "state")}
    with log.open("wb") as stream:
        process = subprocess.Popen(words, cwd=ROOT, env=told, stdout=stream, stderr=stream)
    try:
        wait_for("it is ready", lambda: process.poll() is not None or says(log, "Ready: "), 240)
        assert process.poll() is None, log.read_text("utf-8")
        way = f"http://127.0.0.1:{port}/way?lat={lat}&lon={lon}"
        with urllib.request.urlopen(way, timeout=10) as answer:
            assert "（架空）" in answer.read().decode("utf-8")
    finally:
        process.terminate()
        assert process.wait(30) == 143
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(way, timeout=2)
    server.drop(database)
