"""`./dev chaos`: the random kills at full length."""

import argparse
import tempfile
import time
from pathlib import Path

from tests.chaos.killing import night, rounds


def main() -> None:
    """Kill as often as asked and say what was counted."""
    words = argparse.ArgumentParser(prog="./dev chaos", description=__doc__)
    words.add_argument("--rounds", type=int, default=50, metavar="N")
    words.add_argument("--seed", type=int, default=int(time.time()), metavar="N")
    asked = words.parse_args()
    print(f"seed {asked.seed}: {asked.rounds} kills", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="nigemichi-chaos-") as folder,
        night(Path(folder)) as made,
    ):
        rounds(made, asked.rounds, asked.seed)
        acknowledged = len(made.acknowledged())
    print(f"{asked.rounds} kills, {acknowledged} acknowledged counts, none lost, none twice")


if __name__ == "__main__":
    main()
