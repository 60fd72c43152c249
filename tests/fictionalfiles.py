"""The fictional files, generated once for every process of a test run. Read only."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import data.town
from data.fictional.kept import kept_fictional_city
from data.town import write_town

STATE = Path(os.environ.get("NIGEMICHI_STATE") or tempfile.gettempdir())
"""The folder that `./dev test` removes in the end."""


def fictional_city_file() -> Path:
    """The path of the fictional city's city file."""
    return kept_fictional_city(STATE / "fictional-for-tests", lambda _: None)


@cache
def town_file() -> Path:
    """The path of the fictional town's city file."""
    folder = STATE / f"town-for-tests-{_generator()}"
    draft = folder.with_suffix(".draft")
    STATE.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(draft, ignore_errors=True)
            write_town(draft)
            draft.rename(folder)
    return folder / "city.toml"


def _generator() -> str:
    """A hash over the generator's own source."""
    total = hashlib.sha256()
    for folder in data.town.__path__:
        for module in sorted(Path(folder).glob("*.py")):
            total.update(module.read_bytes())
    return total.hexdigest()[:16]
