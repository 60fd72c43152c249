"""The cities that are measured, each as files that anybody could bring."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from data.cityfile import read_city_file
from data.readers.osm import read_osm
from data.report import SourceReport
from data.sample_sites import write_sample_sites
from tests.benchmarks.children import StepFailed, Told, child

ROOT = Path(__file__).parents[2]
UBE = ROOT / "tests" / "cities" / "ube.toml"
PORTO = (ROOT.parent / "shared/data/porto/porto_portugal.osm.pbf").resolve()
PORTO_SITES = 100
NAMES = ("ube", "porto", "fictional")


class NotHere(Exception):
    """Why a city cannot be measured on this machine."""


@dataclass(frozen=True, slots=True)
class City:
    """A city's file, its roads as OSM where they are (`pbf`), and what generating it took.

    `must_s`, `stretch_s`: seconds from nothing to a served version, where they are promised.
    """

    name: str
    title: str
    path: Path
    pbf: Path | None = None
    generated: Told | None = None
    must_s: float | None = None
    stretch_s: float | None = None


def city(name: str, folder: Path) -> City:
    """A city by its name, written into a folder as far as it is ours to write.

    Raises `NotHere`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return {"ube": _ube, "porto": _porto, "fictional": _fictional}[name](folder)


def _ube(folder: Path) -> City:
    if read_city_file(UBE).sources.roads.path.is_file():  # type: ignore[union-attr]
        return City("ube", "Ube (real roads, sites and zones)", UBE)
    print("\n(Ube's files are not beside this checkout: the fictional city in its place)")
    return _fictional(folder)


def _porto(folder: Path) -> City:
    if not PORTO.is_file():
        raise NotHere(f"its roads are not beside this checkout: {PORTO} is absent")
    shutil.copy(_porto_sites(folder), folder / "sites.csv")
    path = folder / "city.toml"
    path.write_text(
        f"""[city]
code = "99903"
name = "見本市（架空）"
name_en = "Sample (fictional)"
fictional = true
crs = "EPSG:3763"

[sources.roads]
format = "osm-pbf"
path = "{PORTO}"

[sources.sites]
format = "gsi-csv"
path = "sites.csv"
""",
        encoding="utf-8",
    )
    title = f"Porto (real roads; {PORTO_SITES} invented sites, no zones of its own)"
    return City("porto", title, path, PORTO, must_s=180, stretch_s=90)


def _porto_sites(folder: Path) -> Path:
    """Invented sites; they need the roads read, so they are kept for the next run."""
    kept = Path(os.environ.get("NUMBA_CACHE_DIR", folder)) / f"bench-porto-{PORTO_SITES}.csv"
    if not kept.is_file():
        began = perf_counter()
        network = read_osm(PORTO, SourceReport("roads", PORTO.name))
        write_sample_sites(folder / "drawn.csv", network, PORTO_SITES)
        shutil.move(folder / "drawn.csv", kept)
        print(f"(Porto's sites invented, once, in no figure: {perf_counter() - began:.0f} s)")
    return kept


def _fictional(folder: Path) -> City:
    try:
        told = child("generate", str(folder))
    except StepFailed as error:
        raise NotHere(str(error)) from error
    path = Path(told.result)
    roads = read_city_file(path).sources.roads.path  # type: ignore[union-attr]
    pbf = roads if roads.name.endswith(".pbf") else None
    return City("fictional", "the fictional city", path, pbf, told, must_s=120, stretch_s=60)
