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
