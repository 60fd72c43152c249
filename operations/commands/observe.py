"""現地報告 at the console: files looked at, then taken in."""

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from city.staff import CONSOLE
from operations.commands.common import engine
from operations.errors import Refused

if TYPE_CHECKING:
    from operations.observing.importing import Preview, PreviewRow


@click.group()
def observe() -> None:
    """現地報告: what was seen in the field. What a file says shuts no road by itself."""


@observe.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Take it in without being asked.")
def import_file(file: Path, yes: bool) -> None:
    """Show what each row of FILE would do, and take them in as 未確認 reports.

    FILE is GeoJSON, KML, KMZ, GPX, CSV or Cursor on Target. The same FILE once more adds nothing.
    """
    from operations.observing import importing

    database, data = engine(), _content(file)
    seen = importing.preview(database, CONSOLE, file.name, data, _now())
    for line in _lines(seen):
        click.echo(line)
    if not seen.taken:
        raise Refused("取り込める行がありません（no row can be taken in）")
    if not yes and not click.confirm(f"{len(seen.taken)}件を取り込みますか（take them in?）"):
        click.echo("取り込んでいません（nothing was taken in）")
        return
    done = importing.accept(database, CONSOLE, file.name, data, seen.digest, _now())
    click.echo(
        f"取り込み {done.new}件、前からあった {done.known}件、"
        f"うち記録だけ {done.set_aside}件、入れなかった行 {done.refused}件"
    )


def _lines(seen: "Preview") -> list[str]:
    lines = [f"{seen.name}（{seen.shape}）: {len(seen.taken)}件を取り込めます"]
    for row in seen.rows:
        lines.append(f"  {row.label}: {_refused(row) if row.refused else _told(row, seen.zone)}")
        if not row.refused:
            lines += [f"     注意: {remark}" for remark in row.remarks]
    return lines


def _refused(row: "PreviewRow") -> str:
    return f"取り込めません。{row.refused} — {row.remedy}"


def _told(row: "PreviewRow", zone: tzinfo) -> str:
    from hazards.observation import KIND_WORDS

    if row.draft is None or row.place is None:
        return row.does
    at = row.draft.seen_at.astimezone(zone) if row.draft.seen_at else None
    error_m = row.draft.error_m
    parts = (
        KIND_WORDS[row.draft.kind],
        f"{at:%m/%d %H:%M}" if at else "日時なし",
        "・".join(row.place.names[:3]),
        f"誤差 {error_m:g} m" if error_m else "誤差不明",
        row.draft.note,
        f"→ {row.does}",
    )
    return " ".join(filter(None, parts))


def _content(file: Path) -> bytes:
    """What a file holds, one byte more than one may have at most."""
    from data.errors import BrokenSource
    from data.readers.observedrow import MOST_BYTES

    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        what = f"開けません（cannot be opened: {error.strerror}）"
        raise BrokenSource(file, what, remedy="パスを確かめてください") from error


def _now() -> datetime:
    return datetime.now(UTC)


COMMANDS: Final = {"observe": observe}
