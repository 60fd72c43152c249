"""The map of what a load dropped and repaired: one sheet of A4 that prints in black and white."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from web.droppedground import (
    Extent,
    Floats,
    edges_svg,
    extent_of,
    outline_path,
    scale_svg,
    streets_path,
)
from web.droppedmarks import STYLE, Placed, marks_svg, placed_of, units_of
from web.droppedrows import Reason, printable, reasons_of, refused_of, total
from web.droppedtext import LINE, Lines, words_below
from web.language import SOURCE, Translate, translator

WIDTH: Final = 2100
HEIGHT: Final = 2970
"""A4 in tenths of a millimetre."""
_SIDE: Final = 110
_ROOM: Final = WIDTH - 2 * _SIDE
_LEAST: Final = 800
_STYLE: Final = STYLE + (
    'text{font:30px "BIZ UDPGothic","Hiragino Sans","Noto Sans CJK JP",sans-serif;fill:#14171a}'
    "path{fill:none;stroke-linejoin:round}.g{font-weight:700}.t{font-size:46px;font-weight:700}"
    ".d{font-size:26px;text-anchor:middle}.f{fill:none;stroke:#14171a;stroke-width:3}"
    ".k{fill:#14171a}.s{fill:#fff;fill-opacity:.9}.r{stroke:#9b9fa3;stroke-width:2}"
    ".o{stroke:#14171a;stroke-width:4;stroke-dasharray:22 8 4 8}.l{stroke:#14171a;stroke-width:2}"
    ".n{font-size:28px;font-weight:700;text-anchor:middle;paint-order:stroke;stroke:#fff;"
    "stroke-width:7px;stroke-linejoin:round}"
)

Rings = Sequence[Sequence[tuple[float, float]]]
Cuts = NDArray[np.integer]


def dropped_map(
    report: Mapping[str, Any],
    outline: Rings | None,
    *,
    lang: str = "ja",
    streets: Floats | None = None,
    cuts: Cuts | None = None,
    name: str = "",
    fictional: bool = False,
) -> str:
    """An SVG, at most 1 MB, of where rows were dropped or repaired; `report` is what
    `LoadReport.as_dict()` gives.

    `outline` are the city's rings in degrees. `streets` (P, 2) degrees are drawn thinly: street s
    is `streets[cuts[s]:cuts[s + 1]]`. `name` replaces the report's name of the city; a fictional
    one is always called so.
    """
    t = translator(lang)
    reasons = reasons_of(report)
    rings = outline or ()
    extent = _extent(rings, streets, reasons)
    placed = placed_of(reasons, extent)
    head = _head(_city(name or report["city"], fictional, lang), reasons, placed, report, t)
    below = words_below(reasons, placed, _ROOM, t)
    drawn, tall = "", 0
    if extent is not None:
        most = max(HEIGHT - head.height - below.height - 280, _LEAST)
        drawn, tall = _map(extent, most, (rings, streets, cuts), placed, t)
    else:
        head.add(t("地図に描ける位置がありません。"), down=LINE + 10)
    return _sheet(lang, [head.svg, drawn, below.svg], [head.height, tall, below.height])


def _extent(rings: Rings, streets: Floats | None, reasons: list[Reason]) -> Extent | None:
    points = [np.array(ring, dtype=float).reshape(-1, 2) for ring in rings]
    known = np.vstack([np.empty((0, 2)), *points, *([] if streets is None else [streets])])
    spots = [row.lonlat for reason in reasons for row in reason.rows if row.lonlat]
    return extent_of(known, np.array(spots, dtype=float).reshape(-1, 2))


def _city(name: str, fictional: bool, lang: str) -> str:
    """The city's name; rule 20: a fictional one is always called so."""
    said = printable(name)[:80]
    word = "架空" if lang == SOURCE else "fictional"
    if not fictional or word in said:
        return said
    return said + ("（架空）" if lang == SOURCE else " (fictional)")


def _head(
    city: str, reasons: list[Reason], placed: list[Placed], report: Mapping[str, Any], t: Translate
) -> Lines:
    """The title, how many rows there are, and the files that could not be used."""
    head = Lines(_ROOM)
    title = f"{city} {t('読み込みで落とした行と直した行')}"
    head.draw(f'<title>{escape(title)}</title><text class="t" y="46">{escape(title)}</text>')
    head.height = 60
    for text in _counts(reasons, len(placed), t):
        head.add(text, bold=not reasons)
    refused = refused_of(report)
    for text in refused[:3]:
        head.add(t("使えなかったファイル: {file}").format(file=text), bold=True)
    if len(refused) > 3:
        head.add(t("使えなかったファイルがほかに {count} つ").format(count=len(refused) - 3))
    return head


def _counts(reasons: list[Reason], placed: int, t: Translate) -> list[str]:
    dropped, repaired = (total(reasons, word) for word in ("dropped", "repaired"))
    if not dropped and not repaired:
        return [t("落とした行も、直した行もありません。")]
    lines = [
        t("落とした行 {dropped} 件、直した行 {repaired} 件。").format(
            dropped=f"{dropped:,}", repaired=f"{repaired:,}"
        )
        if dropped
        else t("落とした行はありません。直した行 {repaired} 件。").format(repaired=f"{repaired:,}")
    ]
    words = t("地図にあるのは {placed} 件、ほかの {others} 件は位置がわからないか、地図の外です。")
    unlisted = sum(reason.unlisted for reason in reasons)
    others = dropped + repaired - unlisted - placed
    if others or unlisted:
        lines.append(words.format(placed=f"{placed:,}", others=f"{others:,}"))
    if unlisted:
        said = t(
            "このほか {count} 件は、同じ理由の行が多いため、1 件ずつ記録せず、描いていません。"
        )
        lines.append(said.format(count=f"{unlisted:,}"))
    return lines


def _map(
    extent: Extent,
    most: int,
    ground: tuple[Rings, Floats | None, Cuts | None],
    placed: list[Placed],
    t: Translate,
) -> tuple[str, int]:
    """The map, and how high it is."""
    frame = extent.frame(_ROOM, most)
    rings, streets, cuts = ground
    lines = ""
    if streets is not None and cuts is not None:
        lines = streets_path(extent, frame, streets, cuts)
    inside = (
        f'<path class="r" d="{lines}"/><path class="o" d="{outline_path(extent, frame, rings)}"/>'
        + scale_svg(frame, units_of(frame, extent, placed), t("北"))
        + marks_svg(frame, extent, placed)
    )
    clip = f'<clipPath id="m"><rect width="{frame.width}" height="{frame.height}"/></clipPath>'
    drawn = f'{clip}<g clip-path="url(#m)">{inside}</g>{edges_svg(extent, frame)}'
    return drawn, frame.height


def _sheet(lang: str, parts: list[str], heights: list[int]) -> str:
    """A4, longer where the words need it."""
    head, tall, below = heights
    tops = [70, 70 + head + 40, 70 + head + 40 + (tall + 60 if tall else 0)]
    height = max(HEIGHT, tops[2] + below + 70)
    moved = (
        f'<g transform="translate({_SIDE} {top})">{part}</g>'
        for part, top in zip(parts, tops, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="{escape(lang)}" role="img" width="210mm"'
        f' height="{height / 10:g}mm" viewBox="0 0 {WIDTH} {height}"><style>{_STYLE}</style>'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{"".join(moved)}</svg>'
    )
