"""What became of a drone's photo, in a line for a console."""

from typing import Final

from hazards.observation import KIND_WORDS, ObservationKind
from operations.observing.dronelist import reckoned, target
from operations.observing.dronephotos import Became, TakenPhoto
from web.staff.reportwords import effect_words

_BECAME: Final = {
    Became.REPORTED: "報告",
    Became.WAITS: "本部の判断待ち",
    Became.SET_ASIDE: "場所は人が決めます",
    Became.KNOWN: "取り込みずみ",
    Became.REFUSED: "取り込めません",
}


def line_of(taken: TakenPhoto) -> str:
    """The name of the file, what became of it, where it looks, and why if it does not count."""
    parts, row = [_BECAME[taken.became]], taken.row
    if row is not None and (at := target(row)) is not None:
        parts.append(f"{at[1]:.6f},{at[0]:.6f} 誤差{row.error_m:.0f}m {reckoned(row)}")
    if row is not None and row.kind:
        parts.append(KIND_WORDS[ObservationKind(row.kind)])
    if taken.why:
        parts.append(taken.why)
    if taken.report is not None:
        parts.append(effect_words(taken.report))
    return f"{taken.name}: {'　'.join(parts)}"
