"""A way as it is told on the telephone: every turn where they are few, else its main streets."""

from collections.abc import Sequence
from typing import Final

from routing.advice import Advice
from routing.steps import Step, Turn
from routing.words import HEADINGS

MOST_TURNS: Final = 5
"""More turns are not kept in mind: then the main streets are told."""
MAIN_M: Final = 100.0
"""Metres from which a street is one of the main ones."""
_ACROSS: Final = {
    Turn.BRIDGE: "途中で橋を渡ります。",
    Turn.STAIRS: "途中に階段があります。",
    Turn.TUNNEL: "途中でトンネルを通ります。",
}
_STEMS: Final = {
    Turn.STRAIGHT: "まっすぐ進み",
    Turn.LEFT: "左へ曲がり",
    Turn.RIGHT: "右へ曲がり",
    Turn.BACK: "折り返し",
    Turn.BRIDGE: "橋を渡り",
    Turn.STAIRS: "階段を通り",
    Turn.TUNNEL: "トンネルを通り",
}
_ONTO: Final = {Turn.LEFT: "左の", Turn.RIGHT: "右の", Turn.STRAIGHT: "まっすぐ"}


def told_ways(advice: Advice) -> list[tuple[str, ...]]:
    """The way in at most three sentences, the fullest telling first, nothing last."""
    steps = [step for step in advice.steps if step.turn is not Turn.ARRIVE]
    whole = _turn_by_turn(steps)
    first = _first(steps[:1])
    across = [words for turn, words in _ACROSS.items() if any(one.turn is turn for one in steps)]
    outlines = [
        (*first, *_main(steps, count), *across[:crossed])
        for count, crossed in ((2, 1), (1, 1), (2, 0), (1, 0), (0, 0))
    ]
    return [*([whole] if whole else []), *outlines, ()]


def _turn_by_turn(steps: Sequence[Step]) -> tuple[str, ...]:
    """Two turns a sentence; nothing where they are many, or where no path is known."""
    known = all(one.turn is Turn.DEPART or one.turn in _STEMS for one in steps)
    if not steps or not known or len(steps) > MOST_TURNS:
        return ()
    stems = [_stem(one) for one in steps]
    pairs = [stems[row : row + 2] for row in range(0, len(stems), 2)]
    return tuple("、".join(pair) + "ます。" for pair in pairs)


def _stem(step: Step) -> str:
    if step.turn is Turn.DEPART:
        return _departs(step)
    if step.street and step.turn in _ONTO:
        return f"{_ONTO[step.turn]}{step.street}に入り"
    return _STEMS[step.turn]


def _departs(step: Step) -> str:
    onto = f"{step.street}を" if step.street else ""
    return f"{onto}{HEADINGS[step.heading]}へ進み"


def _first(steps: Sequence[Step]) -> tuple[str, ...]:
    if not steps:
        return ()
    (step,) = steps
    if step.turn is Turn.DEPART:
        return (f"まず{_departs(step)}ます。",)
    return (f"まず{HEADINGS[step.heading]}の道へ出る小道をさがします。",)


def _main(steps: Sequence[Step], count: int) -> tuple[str, ...]:
    """So many of the longest streets after the first, in the order in which they are walked."""
    metres: dict[str, float] = {}
    for step in steps:
        if step.street and step.street != steps[0].street:
            metres[step.street] = metres.get(step.street, 0) + step.distance_m
    longest = sorted(metres, key=lambda name: -metres[name])[:count]
    named = [name for name in metres if name in longest and metres[name] >= MAIN_M]
    return (f"そのあと、おもに{'と'.join(named)}を通ります。",) if named else ()
