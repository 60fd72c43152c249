"""`python -m tests.integration.paced_generator FOLDER`: keep a fictional city there whose generator
writes the small city's files one by one, slowly; what it says goes to stdout.
"""

import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from data.fictional import kept
from tests.integration.small_city import write_small_city

PAUSE_S = 0.1


def write_slowly(directory: Path, seed: int) -> Path:
    """As `write_fictional_city`, in a second: the small city's files, with the seed in one."""
    with TemporaryDirectory() as folder:
        write_small_city(Path(folder))
        (Path(folder) / "seed.txt").write_text(str(seed))
        directory.mkdir(parents=True, exist_ok=True)
        for path in sorted(Path(folder).iterdir()):
            shutil.copyfile(path, directory / path.name)
            time.sleep(PAUSE_S)
    return directory / "city.toml"


def main(folder: Path) -> None:
    """Write, or find what is there."""
    kept.write_fictional_city = write_slowly
    print(kept.kept_fictional_city(folder, lambda words: print(words, flush=True)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
