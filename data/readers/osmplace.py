"""Roads of a place by its name: OSMnx asks Nominatim for its outline and Overpass for its ways.

A city that runs its own Nominatim or Overpass names them in the environment, as the addresses to
which OSMnx adds `/search` and `/interpreter`: `NIGEMICHI_NOMINATIM_URL`, `NIGEMICHI_OVERPASS_URL`.
Nothing is kept on disk, and OSMnx's settings are as they were afterwards.
"""

import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import requests
import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.network import Network, StreetTags
from data.readers.osm import AROUND_DEG
from data.readers.osmtags import READ_TAGS, no_street_because, street_tags
from data.readers.osmways import Ways, network_from
from data.report import Progress, SourceReport

TIMEOUT_S: Final = 60.0
"""For each answer to begin, and for each next piece of it."""
PAUSES_S: Final = (5.0, 15.0)
"""Before a busy server is asked once more, where it does not name a shorter time."""
_BUSY: Final = frozenset({429, 502, 503, 504})
_INSTEAD: Final = 'or name a file instead: format = "osm-pbf", with an extract of the city'
_OFFLINE: Final = f"this machine needs the Internet for it; {_INSTEAD}"
_LATER: Final = f"try again later; {_INSTEAD}"
_NAME_IT: Final = "write it as nominatim.openstreetmap.org finds it, as an area with an outline"
_TENTHS_OF_MICRODEGREES: Final = 1e7
_AGAINST_THE_ORDER: Final = frozenset({"-1", "reverse", "T"})
"""Values of `oneway` of which OSMnx turns the way's nodes round, and keeps the tag."""

_Way = tuple[Mapping[str, Any], list[tuple[int, int]]]
"""A way's tags, and the pairs of nodes that it joins, in its own order."""


class _NoAnswer(requests.RequestException):
    """What came is no answer of Nominatim or Overpass, or only part of one."""


def read_place(place: str, report: SourceReport, progress: Progress) -> Network:
    """Read every street within or near a place such as "Hachioji, Tokyo, Japan".

    As from a file, ways up to some 2 km around it are kept.
    Raises `BrokenSource` where there is no such place, no street in it, or nobody who answers.
    """
    report.unit = "ways"
    graph = _fetched(place, progress)
    ways = Ways()
    for node, said in graph.nodes(data=True):
        if (height_m := _height_m(said.get("ele"))) is not None:
            ways.height_m[node] = height_m
    _take_all(_by_way(graph), graph.nodes, ways, report)
    if not ways.refs:
        what = f"none of its {report.read:,} ways is a street"
        raise BrokenSource(Path(place), what, remedy="is it the place that is meant?")
    return network_from(ways, report, progress)


def _fetched(place: str, progress: Progress) -> Any:
    """The ways of a place as OSMnx has them: not simplified, every one once, in its own order."""
    import osmnx

    with _asking(place):
        progress(f"asking Nominatim where {place} lies")
        try:
            outline = osmnx.geocode_to_gdf(place).union_all()
        except requests.RequestException:
            raise  # some of them are ValueErrors as well
        except (ValueError, TypeError, KeyError) as error:
            what = f"no such place ({str(error)[:100]})"
            raise BrokenSource(Path(place), what, remedy=_NAME_IT) from error
        progress(f"asking Overpass for the ways of {place}")
        try:
            return _graph(outline)
        except requests.RequestException:
            raise
        except (ValueError, TypeError, KeyError) as error:
            what = f"the place was found, but no street in it ({str(error)[:100]})"
            raise BrokenSource(Path(place), what, remedy=_NAME_IT) from error


def _graph(outline: BaseGeometry) -> Any:
    import osmnx

    return osmnx.graph_from_polygon(
        shapely.buffer(outline, AROUND_DEG),
        simplify=False,
        retain_all=True,
        truncate_by_edge=True,
        custom_filter='["highway"]',
    )


@contextmanager
def _asking(place: str) -> Iterator[None]:
    """OSMnx set up to keep nothing, wait no longer than said, and hide no fault of a server."""
    try:
        with _set_up():
            yield
    except (_NoAnswer, requests.HTTPError) as error:
        what = f"roads of this place cannot be fetched ({str(error)[:160]})"
        raise BrokenSource(Path(place), what, remedy=_LATER) from error
    except requests.Timeout as error:
        what = f"roads of this place cannot be fetched (no answer within {TIMEOUT_S:g} s)"
        raise BrokenSource(Path(place), what, remedy=_LATER) from error
    except (requests.RequestException, OSError) as error:
        what = f"roads of this place cannot be fetched ({type(error).__name__})"
        raise BrokenSource(Path(place), what, remedy=_OFFLINE) from error


@contextmanager
def _set_up() -> Iterator[None]:
    from osmnx import settings

    wanted = {
        "use_cache": False,
        "cache_only_mode": False,
        "log_file": False,
        "log_console": False,
        # A way comes once, with the oneway that it was tagged with.
        "all_oneway": True,
        "useful_tags_way": list(READ_TAGS),
        "useful_tags_node": ["ele"],
        # It would sleep as long as the server says, and ask again without end: `_checked` asks.
        "overpass_rate_limit": False,
        "requests_timeout": TIMEOUT_S,
        "requests_kwargs": {**settings.requests_kwargs, "hooks": {"response": _checked}},
        # No other service is told which server we look for.
        "doh_url_template": None,
        "nominatim_url": os.environ.get("NIGEMICHI_NOMINATIM_URL") or settings.nominatim_url,
        "overpass_url": os.environ.get("NIGEMICHI_OVERPASS_URL") or settings.overpass_url,
    }
    kept = {name: getattr(settings, name) for name in wanted}
    # OSMnx replaces it, to ask one of several servers of a name twice.
    resolve = socket.getaddrinfo
    try:
        for name, value in wanted.items():
            setattr(settings, name, value)
        yield
    finally:
        socket.getaddrinfo = resolve
        for name, value in kept.items():
            setattr(settings, name, value)


def _checked(response: requests.Response, **how: Any) -> requests.Response:
    """An answer that is whole: a busy server is asked again, twice; all else is raised.

    requests calls it with every answer and goes on with what it returns.
    """
    # Read, so that its connection is free, or closed, whatever it is.
    _ = response.content
    for pause_s in PAUSES_S:
        if response.status_code not in _BUSY:
            break
        time.sleep(min(pause_s, _asked_to_wait_s(response, pause_s)))
        again: requests.Response = response.connection.send(response.request, **how)
        response, _ = again, again.content
    if response.is_redirect:
        return response
    response.raise_for_status()
    try:
        said = response.json()
    except ValueError as error:
        raise _NoAnswer("an answer that is no JSON: is a sign-in page in between?") from error
    if isinstance(said, dict) and "remark" in said:
        # Overpass says so where it ran out of time or memory, and gives what it has.
        raise _NoAnswer(f"Overpass broke off: {said['remark']}")
    return response


def _asked_to_wait_s(response: requests.Response, otherwise_s: float) -> float:
    try:
        return max(float(response.headers.get("Retry-After", "")), 0.0)
    except ValueError:
        return otherwise_s


def _height_m(said: Any) -> float | None:
    try:
        return float(said)
    except (TypeError, ValueError):
        return None


def _by_way(graph: Any) -> dict[int, _Way]:
    """OSMnx's edges by the number of their way."""
    found: dict[int, _Way] = {}
    for start, end, tags in graph.edges(data=True):
        turned = tags.get("oneway") in _AGAINST_THE_ORDER
        _, links = found.setdefault(tags["osmid"], (tags, []))
        links.append((end, start) if turned else (start, end))
    return dict(sorted(found.items()))


def _take_all(
    found: Mapping[int, _Way], nodes: Mapping[int, Any], ways: Ways, report: SourceReport
) -> None:
    """Streets as they are; squares (area=yes) along their outline, where a street leads to them."""
    squares: list[tuple[int, _Way, StreetTags]] = []
    for number, (tags, links) in found.items():
        report.read += 1
        at = shapely.Point(*(nodes[links[0][0]][axis] for axis in "xy"))
        if why := no_street_because(tags):
            report.drop(why, row=f"way {number}", at=at)
            continue
        said = street_tags(tags, report, merged=False)
        if not said.access:
            report.drop("nobody may use it (access)", row=f"way {number}", at=at)
        elif tags.get("area") == "yes":
            squares.append((number, (tags, links), said))
        else:
            report.kept += 1
            _add(links, said, nodes, ways)
    streets = set(ways.row_of)
    for number, (_, links), said in squares:
        if any(not streets.isdisjoint(link) for link in links):
            report.kept += 1
            _add(links, said, nodes, ways)
            report.note("square (area=yes): walked along its outline")
        else:
            at = shapely.Point(*(nodes[links[0][0]][axis] for axis in "xy"))
            report.drop("square (area=yes) that no street leads to", row=f"way {number}", at=at)


def _add(
    links: list[tuple[int, int]], said: StreetTags, nodes: Mapping[int, Any], ways: Ways
) -> None:
    for link in links:
        places = [[round(nodes[n][axis] * _TENTHS_OF_MICRODEGREES) for axis in "xy"] for n in link]
        ways.add([(n, x, y) for n, (x, y) in zip(link, places, strict=True)], said)
