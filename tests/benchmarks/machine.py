"""The machine that a figure was measured on, from /proc; no host name."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """CPU, cores, memory, Python, and how busy the machine is already, in a line."""
    load = Path("/proc/loadavg").read_text().split()[:2]
    return (
        f"{_after('/proc/cpuinfo', 'model name') or platform.processor()},"
        f" {os.cpu_count()} cores, {_kb('/proc/meminfo', 'MemTotal') / 1024**2:.0f} GB,"
        f" Python {platform.python_version()}; load before: {load[0]} (1 min), {load[1]} (5 min)"
    )


def busy() -> str:
    """How busy the machine is with everything that runs on it: the bench itself, and others."""
    return f"load average {os.getloadavg()[0]:.1f}"


def cpu_s(pid: int, *, ended: bool = False) -> float:
    """Seconds that a process has computed, with those of its ended children if asked for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    # proc(5): utime, stime, cutime and cstime, the fields 14 to 17.
    ticks = sum(map(int, fields[11 : 15 if ended else 13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def family_cpu_s(parent: int) -> float:
    """Seconds that a process and its children have computed, those that have ended too."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return cpu_s(parent, ended=True) + sum(cpu_s(int(child)) for child in children)


def resident_mb(pid: int) -> float:
    """Memory that a process holds now, pages of mapped files with it."""
    return _kb(f"/proc/{pid}/status", "VmRSS") / 1024


def peak_mb() -> float:
    """The most that this process has held. `ru_maxrss` would count its parent's before `exec`."""
    return _kb("/proc/self/status", "VmHWM") / 1024


def _kb(file: str, name: str) -> int:
    return int(_after(file, name).split()[0])


def _after(file: str, name: str) -> str:
    """What a line of `name: value` says, or an empty string."""
    lines = (line.partition(":") for line in Path(file).read_text().splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == name), "")
