"""./dev up: the planner's end does not end the server, the server's end ends everything."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.processes import ROOT, wait_for

PLANNER, SERVER = "1001", "1002"
SCRIPT = f"""\
set -eu
. ops/say.sh
. ops/processes.sh
stop_cluster() {{ :; }}
allow_services() {{ :; }}
start_planner() {{ start planner sleep {PLANNER}; }}
watch_signals
start_planner
start server sleep {SERVER}
watch_children
"""


@pytest.fixture
def dev(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The part of ./dev that watches, with two processes that only sleep."""
    with (tmp_path / "log").open("wb") as stream:
        process = subprocess.Popen(["sh", "-c", SCRIPT], cwd=ROOT, stderr=stream)
        yield process
        process.terminate()
        process.wait(30)


def pid_of(parent: int, word: str) -> int:
    """The child that sleeps so long, 0 without one."""
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[:2] == [b"sleep", word.encode()]:
            return int(child)
    return 0


def test_a_planner_that_ends_by_itself_is_started_again(
    dev: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    wait_for("both run", lambda: pid_of(dev.pid, PLANNER) and pid_of(dev.pid, SERVER))
    planner, server = pid_of(dev.pid, PLANNER), pid_of(dev.pid, SERVER)
    os.kill(planner, signal.SIGKILL)
    wait_for("another planner", lambda: pid_of(dev.pid, PLANNER) not in (0, planner))
    assert pid_of(dev.pid, SERVER) == server
    said = "The planner ended by itself (status 137); starting it again in a second"
    assert said in (tmp_path / "log").read_text()


def test_a_server_that_ends_by_itself_stops_the_planner(
    dev: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    wait_for("both run", lambda: pid_of(dev.pid, PLANNER) and pid_of(dev.pid, SERVER))
    planner = pid_of(dev.pid, PLANNER)
    os.kill(pid_of(dev.pid, SERVER), signal.SIGKILL)
    assert dev.wait(30) == 1
    assert not Path(f"/proc/{planner}").exists()
    assert "The server ended by itself (status 137)" in (tmp_path / "log").read_text()


def test_told_to_stop_while_the_planner_is_away_it_stops(dev: "subprocess.Popen[bytes]") -> None:
    wait_for("both run", lambda: pid_of(dev.pid, PLANNER) and pid_of(dev.pid, SERVER))
    server = pid_of(dev.pid, SERVER)
    os.kill(pid_of(dev.pid, PLANNER), signal.SIGKILL)
    wait_for("it ended", lambda: not pid_of(dev.pid, PLANNER))
    dev.terminate()
    assert dev.wait(30) == 143
    assert not Path(f"/proc/{server}").exists()
