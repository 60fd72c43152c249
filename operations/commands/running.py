"""The two processes that run: the planner and the server."""

import signal
import threading
from typing import Final

import click

from operations.settings import from_environment


@click.command()
@click.option("--once", is_flag=True, help="Publish what is there and end.")
def planner(once: bool) -> None:
    """Turn every recorded change into a published version of the plan."""
    from data.database import connect
    from operations.planner import Planner

    settings = from_environment()
    works = Planner(connect(settings.database_url), settings.state)
    if once:
        click.echo("published" if works.catch_up() else "nothing had changed")
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    works.run(stop, lambda what: click.echo(f"planner: {what}", err=True))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve pages and API. No access log: a query string may hold somebody's position."""
    import uvicorn

    uvicorn.run(
        "api.app:create",
        factory=True,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )


COMMANDS: Final = {"planner": planner, "serve": serve}
