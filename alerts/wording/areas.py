"""Names of areas in few words: 渡場一丁目〜四丁目, 澪北一丁目 ほか12区域."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.wording.reading.numbers import kanji_number

_NUMBERED: Final = re.compile(
    "(?P<stem>.+?)(?P<number>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})丁目"
)
_LONG_RUN: Final = 3


@dataclass(frozen=True, slots=True)
class Chome:
    """One 丁目: its number, and that as the city writes it."""

    number: int
    written: str


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """Areas that share a stem, in runs of numbers that follow each other; without runs it is one
    area with that very name.
    """

    stem: str
    runs: tuple[tuple[Chome, ...], ...] = ()

    @property
    def count(self) -> int:
        """How many areas it stands for."""
        return sum(len(run) for run in self.runs) or 1


def split_name(name: str) -> tuple[str, Chome] | None:
    """渡場一丁目 as 渡場 and 一; None for a name without a number."""
    found = _NUMBERED.fullmatch(name)
    if not found:
        return None
    return found["stem"], Chome(kanji_number(found["number"]), found["number"])


def grouped(names: Iterable[str]) -> tuple[AreaGroup, ...]:
    """Areas by their stems, in the order in which the stems come; each area once."""
    numbers: dict[str, dict[int, Chome]] = {}
    for name in names:
        split = split_name(name)
        if split:
            numbers.setdefault(split[0], {}).setdefault(split[1].number, split[1])
        else:
            numbers.setdefault(name, {})
    return tuple(AreaGroup(stem, _runs(chome)) for stem, chome in numbers.items())


def fewer(groups: Sequence[AreaGroup]) -> Iterable[tuple[tuple[AreaGroup, ...], int]]:
    """The groups that are named, and how many areas are only counted: from all to a single one."""
    total = sum(group.count for group in groups)
    for kept in range(len(groups), 0, -1):
        named = tuple(groups[:kept])
        yield named, total - sum(group.count for group in named)
    if groups and groups[0].count > 1:
        first = AreaGroup(groups[0].stem, ((groups[0].runs[0][0],),))
        yield (first,), total - 1


def group_words(group: AreaGroup, to: str = "〜", also: str = "・") -> str:
    """渡場一丁目〜三丁目・五丁目."""
    return group.stem + also.join(_run_words(run, to, also) for run in group.runs)


def number_words(group: AreaGroup) -> str:
    """1-3, 5: the numbers of a group in figures."""
    return ", ".join(_figures(run) for run in group.runs)


def is_long(run: Sequence[Chome]) -> bool:
    """Whether a run is said from its first to its last."""
    return len(run) >= _LONG_RUN


def _figures(run: Sequence[Chome]) -> str:
    return f"{run[0].number}-{run[-1].number}" if len(run) > 1 else str(run[0].number)


def _run_words(run: Sequence[Chome], to: str, also: str) -> str:
    ends = [run[0], run[-1]] if is_long(run) else run
    return (to if is_long(run) else also).join(f"{chome.written}丁目" for chome in ends)


def _runs(chome: dict[int, Chome]) -> tuple[tuple[Chome, ...], ...]:
    runs: list[list[Chome]] = []
    for number in sorted(chome):
        if runs and runs[-1][-1].number == number - 1:
            runs[-1].append(chome[number])
        else:
            runs.append([chome[number]])
    return tuple(tuple(run) for run in runs)
