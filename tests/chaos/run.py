"""`./dev chaos`: the random kills at full length."""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Final

from data.database import connect, migrate
from tests.chaos.delivery_night import delivery_night
from tests.chaos.killing import night, rounds
from tests.chaos.planner_night import planner_night, planner_rounds
from tests.integration.cluster import own_cluster
from tests.integration.databases import Database

SMS_AWAY_S: Final = 600
WHOLE: Final = 50
"""Kills of a whole run, in which the message centre is away for ten minutes."""
API, PLANNER, DELIVERY = "api", "planner", "delivery"


def api(number: int, seed: int, folder: Path) -> None:
    """The API and PostgreSQL are killed while tablets count."""
    with night(folder) as made:
        rounds(made, number, seed)
        acknowledged = len(made.acknowledged())
    print(f"{number} kills, {acknowledged} acknowledged counts, none lost, none twice", flush=True)


def planner(number: int, seed: int, folder: Path) -> None:
    """The planner is killed while counts and closures arrive."""
    with own_cluster() as cluster:
        engine = connect(cluster.url)
        migrate(engine)
        with planner_night(engine, Database("postgres", cluster.url), folder, seed) as made:
            planner_rounds(made, number, seed)
            versions, unfinished = made.published(), made.unfinished()
        engine.dispose()
    slowest = max(made.takeovers, default=0.0)
    print(
        f"{number} kills of the planner, {unfinished} of them within a version; {versions} versions"
        f" published, all whole; {len(made.takeovers)} takeovers, the slowest in {slowest:.1f} s",
        flush=True,
    )


def delivery(number: int, seed: int, folder: Path) -> None:
    """Delivery workers and PostgreSQL are killed while carriers fail."""
    with own_cluster() as cluster:
        engine = connect(cluster.url)
        migrate(engine)
        with delivery_night(engine, cluster.url, folder, seed, cluster) as made:
            made.send(1_000 * number)
            made.lose_sms(SMS_AWAY_S if number >= WHOLE else 0)
            made.kill_rounds(number)
            made.finish()
            said = made.check()
        engine.dispose()
    print(f"{number} kills of delivery workers: {said}", flush=True)


KINDS: Final = {API: api, PLANNER: planner, DELIVERY: delivery}


def main() -> None:
    """Kill as often as asked and say what was counted."""
    words = argparse.ArgumentParser(prog="./dev chaos", description=__doc__)
    words.add_argument("--rounds", type=int, default=50, metavar="N")
    words.add_argument("--seed", type=int, default=int(time.time()), metavar="N")
    words.add_argument("--only", choices=sorted(KINDS), help="only one of them")
    asked = words.parse_args()
    for kind in [asked.only] if asked.only else KINDS:
        print(f"{kind}, seed {asked.seed}: {asked.rounds} kills", flush=True)
        with tempfile.TemporaryDirectory(prefix="nigemichi-chaos-") as folder:
            KINDS[kind](asked.rounds, asked.seed, Path(folder))


if __name__ == "__main__":
    main()
