"""A PostgreSQL of the test's own, to be killed: on a unix socket, never on a port."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.integration.processes import wait_for

OPTIONS = (
    "-c listen_addresses= -c port=5432 -c dynamic_shared_memory_type=mmap"
    " -c fsync=off -c log_min_messages=warning -c unix_socket_directories="
)


class Cluster:
    """Data and socket in a short path of its own (a socket's path may have 107 bytes)."""

    def __init__(self, binaries: Path, folder: Path, more: str = "") -> None:
        self.binaries, self.folder, self.more = binaries, folder, more
        self.data, self.sockets = folder / "data", folder / "run"
        self.url = f"postgresql+psycopg:///postgres?host={self.sockets}&user=postgres"
        for made in (self.data, self.sockets):
            made.mkdir(mode=0o700)
            if os.geteuid() == 0:
                shutil.chown(made, "postgres", "postgres")
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        self.start()

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start, also after a kill: the files that name a killed postmaster are stale."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        options = f"{OPTIONS}{self.sockets} {self.more}"
        log = self.data / "log"
        self._run("pg_ctl", "start", "-s", "-w", "-D", self.data, "-l", log, "-o", options)

    def kill(self) -> None:
        """`kill -9` of the postmaster and of its children, by their ids."""
        parent = self.pid
        os.kill(parent, signal.SIGSTOP)  # it makes no more children meanwhile
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        killed = [parent, *map(int, children)]
        for process in killed:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        # A start would find their shared memory in use.
        wait_for("they have ended", lambda: not any(map(_runs, killed)))

    def stop(self) -> None:
        """Stop and remove everything."""
        if (self.data / "postmaster.pid").exists() and Path(f"/proc/{self.pid}").exists():
            self._run("pg_ctl", "stop", "-s", "-m", "immediate", "-D", self.data)

    def _run(self, program: str, *words: object) -> None:
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        command = [*(user if os.geteuid() == 0 else []), str(self.binaries / program)]
        subprocess.run(
            [*command, *map(str, words)],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )


def _runs(process: int) -> bool:
    """Whether a process is there, and no zombie that nobody has waited for."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def own_cluster(more: str = "") -> Iterator[Cluster]:
    """A running cluster; skipped where PostgreSQL's programs are not on this machine.

    `more` are options of the server, which beat ours.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL's server programs are not in /usr/lib/postgresql")
    folder = Path(tempfile.mkdtemp(prefix="nigemichi-"))
    folder.chmod(0o755)
    try:
        cluster = Cluster(found[-1].parent, folder, more)
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)
