"""The table of one city: printed row by row, so that a run that is stopped has said something."""

from collections.abc import Sequence
from statistics import median

WIDTH = 58


class Table:
    """Rows of measured figures, with the figure to hold and the ratio to a peer beside them."""

    def __init__(self, title: str) -> None:
        print(f"\n## {title}", flush=True)

    def subject(self, name: str, note: str = "") -> None:
        """Begin a part of the table."""
        heads = f"{'measured':>14}{'must':>12}{'stretch':>12}   ratio"
        print(f"\n{name:<{WIDTH}}{heads}{f'  ({note})' if note else ''}", flush=True)

    def row(
        self,
        what: str,
        value: float | str,
        unit: str = "",
        *,
        must: float | None = None,
        stretch: float | None = None,
        ratio: str = "",
        note: str = "",
    ) -> None:
        """Print a figure; one that is over its `must` (under it, for a rate) is marked."""
        cells = [_said(value, unit), *(_said(v, unit) if v else "" for v in (must, stretch))]
        missed = isinstance(value, float | int) and must and _misses(value, must, unit)
        tail = "  ".join(part for part in (ratio, "MISSED" if missed else "", note) if part)
        line = f"  {what:<{WIDTH - 2}}{cells[0]:>14}{cells[1]:>12}{cells[2]:>12}   {tail}"
        print(line.rstrip(), flush=True)

    def times(
        self,
        what: str,
        seconds: Sequence[float],
        *,
        must: float | None = None,
        stretch: float | None = None,
        ratio: str = "",
    ) -> None:
        """Print a median of times in ms, with the range of the runs."""
        low, middle, high = (1000 * f(seconds) for f in (min, median, max))
        note = f"({low:.2f} to {high:.2f})" if len(seconds) > 1 else "(once)"
        self.row(what, middle, "ms", must=must, stretch=stretch, ratio=ratio, note=note)

    def remark(self, words: str) -> None:
        """Print what is to be known of the rows above."""
        print(f"    {words}", flush=True)


def over(ours: float, peers: float) -> str:
    """Ours over the peer's: below 1 is faster than the peer."""
    return f"ours/peer {ours / peers:.3g}"


def _said(value: float | str, unit: str) -> str:
    if isinstance(value, str):
        return value
    digits = 0 if abs(value) >= 100 or value == int(value) else 2 if abs(value) < 10 else 1
    return f"{value:,.{digits}f} {unit}".rstrip()


def _misses(value: float, must: float, unit: str) -> bool:
    return value < must if unit.endswith(("/s", "/min")) else value > must
