"""Drones' photos at the console: a folder or a ZIP at once, or a directory as they come."""

import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Final

import click

from city.staff import CONSOLE
from hazards.observation import ObservationKind
from operations.commands.common import engine, moment, position
from operations.settings import state_folder

if TYPE_CHECKING:
    from data.readers.dronefolder import Outcome
    from hazards.flight import Track
    from operations.observing.droneflight import Reading
    from operations.observing.dronephotos import TakenPhoto

AGAIN_S: Final = 2.0
"""So long a watcher waits for a database or a store that is away."""
_PASSED: Final = (
    "写真 {read}枚を読みました。読めなかったファイル {passed}個は、上の行で理由を確かめてください"
    "（{passed} files passed over）"
)
_NO_PHOTO: Final = (
    "写真が1枚もありません。ドローンの写真のフォルダーかZIPを選んでください（no photo to read）"
)


def _said(command: Callable[..., None]) -> Callable[..., None]:
    """What may be said of all photos of a flight."""
    kinds = click.Choice([str(kind) for kind in ObservationKind])
    path = click.Path(path_type=Path)
    for option in reversed(
        (
            click.option("--kind", type=kinds, help="What they all show."),
            click.option("--note", default="", help="A line for the reports."),
            click.option("--drone", default="", help="機体の登録記号."),
            click.option("--operator", default="", help="Who flew it."),
            click.option("--mission", type=click.IntRange(1, 2**53), help="Its number."),
            click.option("--permit", default="", help="許可・承認番号."),
            click.option("--exempt-by", default="", help="航空法132条の92: by whose wish."),
            click.option("--track", type=path, help="Its flight track, CSV or GPX."),
            click.option("--track-begins", help="ISO 8601, where the track counts seconds."),
            click.option("--takeoff", help="LAT,LON, where no track says it."),
        )
    ):
        command = option(command)
    return command


@click.group()
def drone() -> None:
    """ドローンの写真: each is kept once, with the spot on the ground that it shows."""


@drone.command("read")
@click.argument("path", type=click.Path(path_type=Path))
@_said
@click.pass_context
def read(ctx: click.Context, /, path: Path, **said: Any) -> None:
    """Take in the photos of PATH, a folder or a ZIP; each line says what became of one.

    What cannot be used is passed over; the exit code is 2 where no photo could be read.
    """
    from data.readers.dronefolder import read_photos
    from operations.observing.dronelines import line_of
    from operations.observing.dronephotos import Became, take_in

    reading, track, became = _reading(**said), said["track"], []
    for outcome in read_photos(path, reading.setting):
        if track is not None and (path / outcome.name).resolve() == track.resolve():
            click.echo(f"{outcome.name}: 飛行記録として使いました")
            continue
        taken = take_in(reading, outcome, _now())
        click.echo(line_of(taken))
        became.append(taken.became)
    passed = became.count(Became.REFUSED)
    if passed:
        click.echo(_PASSED.format(read=len(became) - passed, passed=passed), err=True)
    if passed == len(became):
        click.echo(_NO_PHOTO, err=True)
        ctx.exit(2)


@drone.command("watch")
@click.argument("folder", type=click.Path(path_type=Path))
@_said
@click.option("--every", type=click.FloatRange(0.05, 3600), default=2.0, show_default=True)
def watch_folder(folder: Path, every: float, **said: Any) -> None:
    """Take in the photos that come into FOLDER, until SIGTERM.

    Which were read stands in the state folder: started again, it goes on.
    """
    from datetime import timedelta
    from hashlib import sha256

    from data.readers.dronewatch import WatchedFolder, watch
    from operations.observing.dronelines import line_of

    reading, stop = _reading(**said), Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    named = sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    state = state_folder() / f"drone-{named}.jsonl"
    state.parent.mkdir(parents=True, exist_ok=True)
    watched = WatchedFolder(folder, state, reading.setting)
    click.echo(f"{folder} を見ています（watching）")
    for taken in _patient(reading, watch(watched, stop, timedelta(seconds=every)), stop):
        click.echo(line_of(taken))
    click.echo("終わりました（stopped）")


def _patient(
    reading: "Reading", outcomes: "Iterator[Outcome]", stop: Event
) -> "Iterator[TakenPhoto]":
    """Each taken in before the next is asked for, also where that has to wait."""
    from data.errors import NoDatabase
    from data.photos.errors import StoreAway
    from operations.observing.dronephotos import take_in

    for outcome in outcomes:
        while True:
            try:
                yield take_in(reading, outcome, _now())
            except (NoDatabase, StoreAway) as error:
                click.echo(f"{outcome.name}: 待っています。{error}", err=True)
                if stop.wait(AGAIN_S):
                    return
                _rewind(outcome)
            else:
                break
        if stop.is_set():
            return


def _rewind(outcome: "Outcome") -> None:
    if outcome.content is not None:
        outcome.content.seek(0)


def _reading(
    *,
    kind: str | None,
    note: str,
    exempt_by: str,
    track: Path | None,
    track_begins: str | None,
    takeoff: str | None,
    **flown: Any,
) -> "Reading":
    from operations.observing.droneflight import GivenFlight, Said, begin
    from operations.photos.settings import photo_store

    shows = ObservationKind(kind) if kind else None
    said = Said(GivenFlight(asked_by=exempt_by, **flown), shows, note)
    database, store = engine(), photo_store(state_folder())
    reading = begin(
        database,
        store,
        CONSOLE,
        said,
        track=_track(track, track_begins, database) if track else None,
        takeoff=position(takeoff) if takeoff else None,
    )
    if reading.flight is not None:
        click.echo(f"飛行: {reading.flight.drone} {reading.flight.right}")
    return reading


def _track(path: Path, begins: str | None, database: Any) -> "Track":
    from data.readers.flighttrack import read_track
    from data.report import SourceReport
    from operations.observing.droneflight import zone_of

    report = SourceReport("track", path.name)
    at = moment(begins) if begins else None
    found = read_track(path, report, zone_of(database), begins=at)
    if found.begins is None:
        click.echo("飛行記録に開始時刻がなく、写真の位置には使えません（--track-begins）", err=True)
    return found


def _now() -> datetime:
    return datetime.now(UTC)


COMMANDS: Final = {"drone": drone}
