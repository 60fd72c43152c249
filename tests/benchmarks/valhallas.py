"""Valhalla as a peer: a route on foot to the nearest site, around polygons given with it.

Its costs are its own, so its routes are not ours: only the time of an answer is compared.
"""

import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import shapely

from city.position import Position
from routing.ground import Ground
from tests.benchmarks.polygons import COUNT, blobs
from tests.benchmarks.table import Table, over

ROUTES = 100
FEW = 50
"""Below so many routes a p99 says nothing."""
EXCLUDED = (0, 10, 100)
PLENTY_M = 10_000_000
LIMIT_S = 20.0
"""Seconds of one row, at most: fewer routes are asked for where each is slow."""


def valhalla_figures(
    table: Table,
    ground: Ground,
    places: Sequence[Position],
    pbf: Path | None,
    folder: Path,
    ours_ms: float,
) -> None:
    """Build tiles of the same roads, then ask for one route a question."""
    name = f"Valhalla: on foot around {EXCLUDED[-1]} polygons"
    if pbf is None:
        table.row(name, "-", note="its roads are not an .osm.pbf here")
        return
    try:
        import valhalla
    except ImportError:
        table.row(name, "-", note="not installed: pip install pyvalhalla-weekly")
        return
    began = time.perf_counter()
    actor = _actor(pbf, folder)
    version = f"Valhalla {valhalla.__version__.split('-')[0]}"
    table.row("Valhalla: building its tiles", time.perf_counter() - began, "s", note=version)
    rings = _rings(ground)
    for around in EXCLUDED:
        more = {"exclude_polygons": rings[:around]} if around else {}
        ms, cpu_ms, refused = _routes(actor, ground, places[:ROUTES], more)
        note = f"{len(ms)} routes" + (f", {refused} refused" if refused else "")
        if not ms:
            table.row(f"Valhalla: on foot around {around} polygons", "-", note=note)
            continue
        p50, p99 = np.percentile(ms, [50, 99]).tolist()
        note = f"({note}; p50 of CPU {median(cpu_ms):.2f})"
        what = f"Valhalla: on foot around {around} polygons"
        table.row(f"{what}, p50", p50, "ms", ratio=over(ours_ms, p50), note=note)
        if len(ms) >= FEW:
            table.row(f"{what}, p99", p99, "ms")
    table.remark(
        f"Its polygons are some of the {COUNT:,}, anew with each route, and it has no way to"
        f" keep them; ours of the ratio are all {COUNT:,}, cut once."
    )


def _actor(pbf: Path, folder: Path) -> Any:
    import valhalla

    tiles = folder / "valhalla"
    tiles.mkdir()
    config = valhalla.get_config(tile_extract="", tile_dir=tiles)
    config["service_limits"]["max_exclude_polygons_length"] = PLENTY_M
    config["service_limits"]["pedestrian"]["max_distance"] = PLENTY_M
    written = folder / "valhalla.json"
    written.write_text(json.dumps(config))
    build = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    with (folder / "valhalla.log").open("wb") as log:
        command = [str(build), "-c", str(written), str(pbf)]
        subprocess.run(command, check=True, stdout=log, stderr=log, timeout=600, cwd=folder)
    return valhalla.Actor(config)


def _rings(ground: Ground) -> list[list[list[float]]]:
    shapes = shapely.transform(blobs(ground, COUNT)[: EXCLUDED[-1]], ground.metres.lonlat)
    return [shapely.get_coordinates(shape).round(6).tolist() for shape in shapes]


def _routes(
    actor: Any, ground: Ground, places: Sequence[Position], more: dict[str, Any]
) -> tuple[list[float], list[float], int]:
    """Milliseconds of each route to the nearest site by air, by the clock and of the CPU, and how
    many were refused.
    """
    ms, cpu_ms, refused = [], [], 0
    until = time.perf_counter() + LIMIT_S
    for place in places:
        if time.perf_counter() > until:
            break
        question = _question(ground, place) | more
        began, cpu = time.perf_counter(), time.process_time()
        try:
            actor.route(question)
        except RuntimeError:
            refused += 1
            continue
        ms.append(1000 * (time.perf_counter() - began))
        cpu_ms.append(1000 * (time.process_time() - cpu))
    return ms, cpu_ms, refused


def _question(ground: Ground, place: Position) -> dict[str, Any]:
    away = ground.site_xy - np.array(ground.metres.of(place))
    site = ground.sites[int(np.argmin((away**2).sum(axis=1)))].position
    ends = [{"lat": end.lat, "lon": end.lon} for end in (place, site)]
    return {"locations": ends, "costing": "pedestrian"}
