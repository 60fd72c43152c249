"""How people came to the shelters of Kumamoto in a simulation: the curve of our evening.

`../shared/data/kumamoto/shelter_arrivals.csv` (cp932; Project PLATEAU, CC BY 4.0): a row for each
shelter and each five minutes, with the persons who came in them.
"""

import csv
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

FILE: Final = (Path(__file__).parents[3] / "shared/data/kumamoto/shelter_arrivals.csv").resolve()
HARDLY: Final = 20
"""Persons in the whole city in five minutes."""
SHELTER, STEP, CAME = "避難先番号", "経過時間帯", "避難者数"


def curves(path: Path, steps: int) -> list[list[float]]:
    """For each shelter, the fullest first, which share of its people came in each of `steps`.

    What is left out are the hours between its two waves in which hardly anybody came anywhere.
    """
    with path.open(encoding="cp932", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (int(row[SHELTER]), int(row[STEP])))
    came = [
        [int(row[CAME]) for row in of_one]
        for _, of_one in groupby(rows, key=lambda row: row[SHELTER])
    ]
    busy = [all_at for all_at in zip(*came, strict=True) if sum(all_at) >= HARDLY]
    came = sorted((list(one) for one in zip(*busy, strict=True)), key=sum, reverse=True)
    return [_in_steps(one, steps) for one in came]


def _in_steps(came: list[int], steps: int) -> list[float]:
    cuts = [round(number * len(came) / steps) for number in range(steps + 1)]
    total = sum(came)
    return [sum(came[after:before]) / total for after, before in pairwise(cuts)]


def persons(curve: list[float], total: int) -> list[int]:
    """How many of `total` persons come in each step; the sum is `total`."""
    found, shares = [0], 0.0
    for share in curve:
        shares += share
        found.append(round(shares * total))
    found[-1] = total
    return [after - before for before, after in pairwise(found)]
