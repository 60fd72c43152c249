"""The two processes that run: the planner and the server."""

import signal
import threading
import time
from collections.abc import Callable
from typing import Final

import click

from operations.planning.methods import ENGINES, HIERARCHY
from operations.settings import from_environment

SILENCE = 30
"""Seconds after which the same words are news again; a failing attempt takes at most a few."""


def only_news(say: Callable[[str], None], clock: Callable[[], float]) -> Callable[[str], None]:
    """Say what is new: the planner repeats at each attempt what it waits for."""
    last, at = "", 0.0

    def told(words: str) -> None:
        nonlocal last, at
        now = clock()
        known = words == last and now - at < SILENCE
        last, at = words, now
        if not known:
            say(words)

    return told


@click.command()
@click.option("--once", is_flag=True, help="Publish what is there and end.")
@click.option(
    "--engine",
    "method",
    type=click.Choice(ENGINES),
    envvar="NIGEMICHI_ENGINE",
    default=HIERARCHY,
    show_default=True,
    help="What computes costs: scipy is slow and simple, and decides the same.",
)
def planner(once: bool, method: str) -> None:
    """Turn every recorded change into a published version of the plan."""
    from data.database import connect
    from operations.board.counting import ReachedCounter
    from operations.places.timekeeper import Timekeeper
    from operations.planning.planner import Planner
    from operations.replay.recording import Recorder

    settings = from_environment()
    engine = connect(settings.database_url)
    works = Planner(engine, settings.state, method)
    if once:
        click.echo("published" if works.catch_up() else "nothing had changed")
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    news = only_news(lambda what: click.echo(f"planner: {what}", err=True), time.monotonic)
    clock = threading.Thread(
        target=Timekeeper(engine, settings.state).run, args=(stop,), name="timekeeper"
    )
    recorder = threading.Thread(target=Recorder(engine).run, args=(stop,), name="recorder")
    counter = threading.Thread(target=ReachedCounter(engine).run, args=(stop,), name="reached")
    clock.start()
    counter.start()
    recorder.start()
    try:
        works.run(stop, news)
    finally:
        stop.set()
        clock.join()
        counter.join()
        recorder.join()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True)
@click.option(
    "--tls-cert",
    envvar="NIGEMICHI_TLS_CERT",
    type=click.Path(exists=True),
    help="Serve HTTPS with this certificate.",
)
@click.option(
    "--tls-key", envvar="NIGEMICHI_TLS_KEY", type=click.Path(exists=True), help="Its key."
)
def serve(host: str, port: int, tls_cert: str | None, tls_key: str | None) -> None:
    """Serve pages and API. No access log: a query string may hold somebody's position."""
    from operations.commands.server import run

    run(host, port, ssl_certfile=tls_cert, ssl_keyfile=tls_key)


@click.command()
def warm() -> None:
    """Compile the planner's loops, so that the first plan of a night does not wait for them."""
    from operations.planning.warming import warm_loops

    click.echo(f"compiled in {warm_loops():.1f} s")


COMMANDS: Final = {"planner": planner, "serve": serve, "warm": warm}
