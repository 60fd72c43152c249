"""./dev up: what ends by itself is started again, PostgreSQL too; before all is ready it ends
everything. One ./dev up for each database.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from operations.commands.running import SILENCE, only_news
from tests.integration.processes import ROOT, started, wait_for

PLANNER, SERVER = "1001", "1002"
SCRIPT = f"""\
set -eu
. ops/say.sh
. ops/processes.sh
check_cluster() {{ :; }}
stop_cluster() {{ :; }}
allow_services() {{ :; }}
start_planner() {{ start planner sleep {PLANNER}; }}
start_server() {{ start server sleep {SERVER}; }}
watch_signals
start_planner
start_server
"""
WATCHED, STARTING = f"{SCRIPT}watch_children\n", f"{SCRIPT}await_children sleep 1003\n"


@pytest.fixture
def dev(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The part of ./dev that watches, with two processes that only sleep."""
    with running(WATCHED, tmp_path / "log") as process:
        yield process


@contextmanager
def running(script: str, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A part of ./dev."""
    with log.open("wb") as stream:
        process = subprocess.Popen(["sh", "-c", script], cwd=ROOT, stderr=stream)
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


def test_a_server_that_ends_by_itself_is_started_again(
    dev: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    wait_for("both run", lambda: pid_of(dev.pid, PLANNER) and pid_of(dev.pid, SERVER))
    planner, server = pid_of(dev.pid, PLANNER), pid_of(dev.pid, SERVER)
    os.kill(server, signal.SIGKILL)
    wait_for("another server", lambda: dev.poll() or pid_of(dev.pid, SERVER) not in (0, server))
    assert dev.poll() is None
    assert pid_of(dev.pid, PLANNER) == planner
    said = "The server ended by itself (status 137); starting it again in a second"
    assert said in (tmp_path / "log").read_text()


def test_a_server_that_ends_before_all_is_ready_stops_the_planner(tmp_path: Path) -> None:
    """It is another one's port, or a mistake in its settings: somebody must mend it."""
    with running(STARTING, tmp_path / "log") as dev:
        wait_for("both run", lambda: pid_of(dev.pid, PLANNER) and pid_of(dev.pid, SERVER))
        planner = pid_of(dev.pid, PLANNER)
        os.kill(pid_of(dev.pid, SERVER), signal.SIGKILL)
        assert dev.wait(30) == 1
    assert not Path(f"/proc/{planner}").exists()
    said = "The server ended by itself (status 137); stopping the rest."
    assert said in (tmp_path / "log").read_text()


def test_told_to_stop_while_the_planner_is_away_it_stops(dev: "subprocess.Popen[bytes]") -> None:
    wait_for("both run", lambda: pid_of(dev.pid, PLANNER) and pid_of(dev.pid, SERVER))
    server = pid_of(dev.pid, SERVER)
    os.kill(pid_of(dev.pid, PLANNER), signal.SIGKILL)
    wait_for("it ended", lambda: not pid_of(dev.pid, PLANNER))
    dev.terminate()
    assert dev.wait(30) == 143
    assert not Path(f"/proc/{server}").exists()


def test_begun_in_the_background_of_a_script_only_term_stops_it() -> None:
    """There SIGINT is ignored from the beginning, and no shell can change that."""
    script = f"trap '' INT; exec sh -c '{WATCHED}'"
    dev = subprocess.Popen(["sh", "-c", script], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        wait_for("both run", lambda: pid_of(dev.pid, PLANNER) and pid_of(dev.pid, SERVER))
        children = pid_of(dev.pid, PLANNER), pid_of(dev.pid, SERVER)
        dev.send_signal(signal.SIGINT)
        time.sleep(1)
        assert dev.poll() is None
    finally:
        dev.terminate()
    assert dev.wait(30) == 143
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def test_the_help_says_how_to_stop_it() -> None:
    told = subprocess.run(["sh", ROOT / "dev", "help"], capture_output=True, text=True, check=True)
    assert "Ctrl-C stops it, or kill PID" in told.stdout
    assert "only kill PID" in told.stdout


def test_up_asked_for_help_tells_it_and_starts_nothing() -> None:
    words = ["sh", str(ROOT / "dev"), "up", "--port", "8081", "--help"]
    told = subprocess.run(words, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("./dev up [--city FILE]")
    assert not told.stderr


CLUSTER = f"""\
set -eu
. ops/say.sh
. ops/processes.sh
. ops/postgres.sh
allow_services() {{ :; }}
watch_signals
find_postgres
start_cluster "$1"
eval "$2"
start server sleep {SERVER}
watch_children
"""
DIED = "PostgreSQL ended by itself; starting it again"
# What root is in a container.
NO_PEEPING = ("setpriv", "--bounding-set", "-sys_ptrace", "--inh-caps", "-sys_ptrace")


@pytest.fixture
def house() -> Iterator[Path]:
    """A folder that the user postgres can enter; a socket's path may have 107 bytes."""
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("PostgreSQL's server programs are not in /usr/lib/postgresql")
    folder = Path(tempfile.mkdtemp(prefix="nigemichi-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def keeping(house: Path, *before: str, then: str = ":") -> Iterator["subprocess.Popen[bytes]"]:
    """The part of ./dev up that watches, with a PostgreSQL there and a server that sleeps."""
    with (house / "log").open("ab") as stream:
        words = [*before, "sh", "-c", CLUSTER, "dev", str(house), then]
        process = subprocess.Popen(words, cwd=ROOT, stderr=stream)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def server_of(dev: "subprocess.Popen[bytes]") -> int:
    """Its server, as soon as PostgreSQL answers and the server runs."""
    wait_for("all run", lambda: dev.poll() is not None or pid_of(dev.pid, SERVER), 60)
    assert dev.poll() is None
    return pid_of(dev.pid, SERVER)


def postmaster(house: Path) -> int:
    """The process id of the PostgreSQL there that runs, 0 without one."""
    try:
        pid = int((house / "data" / "postmaster.pid").read_text().split()[0])
        runs = str(house / "data") in Path(f"/proc/{pid}/cmdline").read_text()
    except (OSError, IndexError):
        return 0
    return pid if runs else 0


def kill_postmaster(house: Path) -> int:
    pid = postmaster(house)
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait_for("it ended", lambda: not postmaster(house))
    return pid


def wait_until_said(house: Path, words: str, times: int = 1) -> float:
    return wait_for(words, lambda: (house / "log").read_text().count(words) == times, 30)


def test_a_postgresql_that_was_killed_is_started_again(house: Path) -> None:
    with keeping(house) as dev:
        server, killed = server_of(dev), kill_postmaster(house)
        wait_until_said(house, "PostgreSQL runs again")
        assert postmaster(house) not in (0, killed)
        assert pid_of(dev.pid, SERVER) == server
        assert (house / "log").read_text().count(DIED) == 1
        time.sleep(1)
        kill_postmaster(house)
        assert wait_until_said(house, "PostgreSQL runs again", 2) > 5
        assert (house / "log").read_text().count(DIED) == 2
    assert not postmaster(house)


def test_one_that_cannot_start_is_tried_quietly_while_the_server_goes_on(house: Path) -> None:
    with keeping(house) as dev:
        server = server_of(dev)
        (house / "data" / "global").rename(house / "aside")
        kill_postmaster(house)
        wait_until_said(house, "PostgreSQL does not start")
        time.sleep(12)
        assert pid_of(dev.pid, SERVER) == server
        assert len((house / "log").read_text().splitlines()) == 2
        (house / "aside").rename(house / "data" / "global")
        wait_until_said(house, "PostgreSQL runs again")


def test_a_foreign_postgresql_is_not_started(house: Path) -> None:
    """With DATABASE_URL ./dev joins no cluster."""
    with keeping(house, then="JOINED=") as dev:
        server = server_of(dev)
        kill_postmaster(house)
        time.sleep(3)
        assert not postmaster(house)
        assert pid_of(dev.pid, SERVER) == server
        assert (house / "log").read_text() == ""


def test_two_that_start_it_at_once_share_it(house: Path) -> None:
    with keeping(house) as last:
        with keeping(house) as first:
            assert server_of(first)
            assert server_of(last)
            shared = postmaster(house)
        assert shared
        assert postmaster(house) == shared
    assert not postmaster(house)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a right for it")
def test_a_second_one_in_a_container_takes_no_living_cluster_for_a_dead_one(house: Path) -> None:
    """PostgreSQL ends itself within a minute after its pid file was taken away."""
    with keeping(house, *NO_PEEPING) as first:
        server_of(first)
        running = postmaster(house)
        with keeping(house, *NO_PEEPING) as second:
            server_of(second)
            assert postmaster(house) == running
    wait_for("it ended with them", lambda: not Path(f"/proc/{running}").exists())


def test_what_the_planner_waits_for_is_said_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    url = f"postgresql:///none?host={tmp_path}"
    with started(url, tmp_path / "state", "planner", log=log):
        wait_for("it says so", lambda: "waiting for PostgreSQL" in log.read_text())
        time.sleep(3)
        assert log.read_text().count("waiting for PostgreSQL") == 1


def test_a_new_reason_is_said_and_an_old_one_after_a_silence() -> None:
    said: list[str] = []
    moments = iter([0.0, 1.0, 2.0, 3.0, 3.0 + SILENCE])
    told = only_news(said.append, lambda: next(moments))
    for words in ("refused", "refused", "starting up", "refused", "refused"):
        told(words)
    assert said == ["refused", "starting up", "refused", "refused"]


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
