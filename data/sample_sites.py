"""Invented evacuation sites on real roads, to try a city before its lists are there."""

import csv
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.network import Network
from data.readers.places import HAZARDS
from routing.roads import Access

MOST: Final = 200
INVENTED: Final = "（架空）"
COLUMNS: Final = ("NO", "共通ID", "都道府県名及び市町村名", "施設・場所名", "住所")


def write_sample_sites(path: Path, network: Network, count: int) -> None:
    """Write `count` invented sites in the GSI's CSV, spread over the streets that people walk.

    Every name says that it is invented; the same roads give the same sites.
    """
    rows = sample_junctions(network, count)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*COLUMNS, *HAZARDS, "緯度", "経度", "備考"])
        for number, (lon, lat) in enumerate(network.junction_lonlat[rows].tolist(), start=1):
            name = f"見本{number}{INVENTED}"
            flags = ["1"] * len(HAZARDS)
            note = "想定収容人数：風水害（屋内）500人"
            place = [number, f"SAMPLE{number:06d}", "架空", name, "架空"]
            writer.writerow([*place, *flags, f"{lat:.6f}", f"{lon:.6f}", note])


def sample_junctions(network: Network, count: int) -> NDArray[np.int64]:
    """(count,) rows of junctions where three streets or more meet, one near each centre."""
    from scipy.cluster.vq import kmeans2

    walked = (network.access & Access.FOOT) != 0
    ends = np.concatenate([network.start[walked], network.end[walked]])
    meets = np.flatnonzero(np.bincount(ends, minlength=len(network.osm_id)) >= 3)
    at = network.junction_lonlat[meets] * [
        np.cos(np.radians(network.junction_lonlat[:, 1].mean())),
        1,
    ]
    first = np.linspace(0, len(meets) - 1, min(count, len(meets))).astype(int)
    centres, _ = kmeans2(at, at[np.argsort(at.sum(axis=1), kind="stable")][first], minit="matrix")
    nearest = [int(np.argmin(((at - centre) ** 2).sum(axis=1))) for centre in centres]
    return np.unique(meets[nearest])
