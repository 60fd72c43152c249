"""The command line: `nigemichi …`. Every refusal is one clear line, and exit code 2."""

import gc
import logging
import sys
from importlib import import_module
from typing import Any, Final

import click

from alerts.errors import AlertError
from city.errors import CityError
from data.errors import DataError
from hazards.errors import HazardError
from operations.errors import Refused
from routing.errors import RoutingError
from shelters.errors import ShelterError

KNOWN: Final = (
    AlertError,
    CityError,
    HazardError,
    ShelterError,
    RoutingError,
    DataError,
    Refused,
)
# A tenth of a start would go into looking for cycles among modules, which stay.
gc.set_threshold(100_000, 20, 20)

COMMANDS: Final = {
    "migrate": "city",
    "town": "city",
    "city": "city",
    "level": "inforce",
    "water": "inforce",
    "road": "inforce",
    "site": "inforce",
    "guide": "guide",
    "planner": "running",
    "warm": "running",
    "serve": "running",
    "relay": "relay",
    "deliver": "deliver",
    "drill": "drill",
    "backup": "backup",
    "restore": "backup",
    "staff": "staff",
    "audit": "audit",
    "slips": "slips",
    "household": "household",
    "keys": "keys",
    "turnout": "household",
    "plan": "plan",
    "held": "plan",
    "bulletin": "bulletin",
    "gauge": "gauge",
    "alert": "alert",
    "observe": "observe",
    "photos": "photos",
    "drone": "drone",
    "replay": "replay",
    "source": "source",
}
"""Each command's module, imported when it is called: the server's start pays for no other."""


class _Lazy(click.Group):
    """Finds a command when it is called, and turns what the rooms refuse into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"operations.commands.{COMMANDS[cmd_name]}")
        found: click.Command = module.COMMANDS[cmd_name]
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            "".join(args).encode()
        except UnicodeEncodeError:
            ctx.fail("what was typed is not UTF-8: set the terminal to it (LANG=C.UTF-8)")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KNOWN as error:
            click.echo(f"nigemichi: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Lazy)
def main() -> None:
    """逃げ道: evacuation guidance. Start with ./dev up."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("pyogrio").setLevel(logging.WARNING)
    # At INFO they tell every address that is called, and it names the city's account.
    for caller in ("httpx", "httpcore"):
        logging.getLogger(caller).setLevel(logging.WARNING)
    # It tells at length of connections that died; whoever used them says so in a line.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)


if __name__ == "__main__":
    sys.exit(main())
