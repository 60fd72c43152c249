"""A drone's flight track, from CSV or GPX: told by the content, not by the name."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from data.errors import BrokenSource
from data.readers.flightcsv import read_csv_points, says_where_and_when
from data.readers.flightgpx import read_gpx_points
from data.readers.flightpoints import EXPORT, Point
from data.report import SourceReport
from hazards.flight import BadFlight, Fix, Track

MOST_BYTES: Final = 50_000_000
_MARK: Final = b"\xef\xbb\xbf"
TWICE: Final = "a second point of the same time"


def looks_like_track(head: bytes) -> bool:
    """Whether a file that begins so is a track: a GPX, or a CSV that says where and when."""
    start = head.removeprefix(_MARK).lstrip()
    if start.startswith(b"<"):
        return b"<gpx" in start[:1000]
    return says_where_and_when(start.partition(b"\n")[0])


def read_track(
    path: Path, report: SourceReport, zone: tzinfo, *, begins: datetime | None = None
) -> Track:
    """The track of a file; times without an offset are of `zone`. Raises `BrokenSource`.

    `begins`, aware, is when a file that only counts seconds counts 0. Without it such a track has
    a shape, and places no photo.
    """
    report.unit = "points"
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(200)
    except OSError as error:
        raise BrokenSource(path, f"cannot be read: {error.strerror}", remedy=EXPORT) from error
    if size > MOST_BYTES:
        raise BrokenSource(path, f"is larger than {MOST_BYTES:,} bytes", remedy=EXPORT)
    if head.removeprefix(_MARK).lstrip().startswith(b"<"):
        return _track(path, read_gpx_points(path, report), report, begins)
    return _track(path, read_csv_points(path, report, zone), report, begins)


def _track(
    path: Path, points: Sequence[Point], report: SourceReport, begins: datetime | None
) -> Track:
    if not points:
        raise BrokenSource(path, "no point with a position and a time", remedy=EXPORT)
    timed, opening = _timed(path, points, begins)
    fixes: list[Fix] = []
    for seconds, point in timed:
        if fixes and seconds <= fixes[-1].seconds:
            report.drop(TWICE, row=point.row)
            continue
        fixes.append(Fix(seconds, point.position, point.height_m))
    report.kept = len(fixes)
    try:
        return Track(tuple(fixes), opening)
    except BadFlight as error:
        raise BrokenSource(path, str(error), remedy=EXPORT) from error


def _timed(
    path: Path, points: Sequence[Point], begins: datetime | None
) -> tuple[list[tuple[float, Point]], datetime | None]:
    """Points by seconds after the first, in the order of time, and that one's moment if known."""
    counted = [(point.seconds, point) for point in points if point.seconds is not None]
    if len(counted) < len(points):
        moments = [(point.moment, point) for point in points if point.moment is not None]
        if len(moments) < len(points):
            raise BrokenSource(path, "some times count seconds, others do not", remedy=EXPORT)
        counted = [(moment.timestamp(), point) for moment, point in moments]
    counted.sort(key=lambda pair: pair[0])
    first, opening = counted[0]
    moment = opening.moment
    if moment is None and begins is not None:
        moment = begins + timedelta(seconds=first)
    return [(seconds - first, point) for seconds, point in counted], moment
