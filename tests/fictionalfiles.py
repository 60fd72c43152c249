"""The fictional city's files, generated once for every process of a test run. Read only."""

import os
import tempfile
from pathlib import Path

from data.fictional.kept import kept_fictional_city


def fictional_city_file() -> Path:
    """The path of its city file, in the state folder that `./dev test` removes in the end."""
    state = Path(os.environ.get("NIGEMICHI_STATE") or tempfile.gettempdir())
    return kept_fictional_city(state / "fictional-for-tests", lambda _: None)
