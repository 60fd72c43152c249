"""./dev up: the planner's end does not end the server, the server's end ends everything; one
./dev up for each database.
"""

import os
import shutil
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


CLAIM = """\
set -eu
. ops/say.sh
. ops/processes.sh
. ops/claim.sh
stop_cluster() { :; }
allow_services() { :; }
HOST=127.0.0.1 PORT=$2
watch_signals
claim "$1"
echo mine
while :; do pause 0.1; done
"""


def claiming(state: Path, port: int) -> "subprocess.Popen[str]":
    """The part of ./dev up that claims a state folder."""
    return subprocess.Popen(
        ["sh", "-c", CLAIM, "dev", str(state), str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_mine(process: "subprocess.Popen[str]") -> bool:
    assert process.stdout
    return process.stdout.readline() == "mine\n"


def test_a_second_one_of_the_same_database_is_refused_with_ways_out(tmp_path: Path) -> None:
    with claiming(tmp_path / "state", 8080) as first:
        assert is_mine(first)
        with claiming(tmp_path / "state", 8081) as second:
            told = second.communicate(timeout=30)[1]
        with claiming(tmp_path / "state-other", 8082) as other:
            assert is_mine(other)
            other.terminate()
        assert second.returncode == 1
        assert f"(pid {first.pid}, http://127.0.0.1:8080)" in told
        for way in (f"kill {first.pid}", "nigemichi city load FILE", "DATABASE_URL="):
            assert way in told
        first.terminate()
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".up"] == []


def test_one_that_was_killed_no_longer_counts(tmp_path: Path) -> None:
    with claiming(tmp_path / "state", 8080) as first:
        assert is_mine(first)
        first.kill()
    (tmp_path / "state.up").write_text(f"{os.getpid()} 1 127.0.0.1:8080\n")
    with claiming(tmp_path / "state", 8080) as second:
        assert is_mine(second)
        second.terminate()


def dev_up(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """./dev up of a checkout of its own, as nobody's, with nothing but its own house."""
    shutil.copy(ROOT / "dev", folder / "dev")
    shutil.copytree(ROOT / "ops", folder / "ops", dirs_exist_ok=True)
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / "id").write_text("#!/bin/sh\necho 12345\n")
    (folder / "bin" / "id").chmod(0o755)
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "XDG_STATE_HOME": str(folder / "house")}
    environment.pop("DATABASE_URL", None)
    command = ["sh", str(folder / "dev"), "up", *words]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("port", ["99999", "65536", "0", "-1", "", "99999999999999999999"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    done = dev_up(tmp_path, "--port", port)
    assert done.returncode == 1
    assert done.stderr == f"--port needs a number from 1 to 65535, not '{port}'.\n"


def test_dev_up_asks_before_it_does_anything(tmp_path: Path) -> None:
    name = subprocess.run(
        ["sh", "-c", '. ops/say.sh; short_hash "$1"', "sh", str(tmp_path.resolve())],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    house = tmp_path / "house" / "nigemichi" / name
    house.mkdir(parents=True)
    with claiming(house / "state", 8080) as first:
        assert is_mine(first)
        done = dev_up(tmp_path, "--port", "8099")
        first.terminate()
    assert done.returncode == 1
    assert f"pid {first.pid}" in done.stderr
    assert not (tmp_path / ".venv").exists()
