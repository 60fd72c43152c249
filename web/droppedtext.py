"""The words under the map of a load: what each mark means, its number's row, rows without place."""

import re
from html import escape
from typing import Final

from web.droppedmarks import MOST_NUMBERED, Placed, runs, sample_svg
from web.droppedrows import Reason
from web.labels import text_width
from web.language import Translate

SIZE: Final = 30
LINE: Final = 40
_MOST_LINES: Final = 18
"""Of the reasons, and again of the rows without a place."""
_MOST_NAMED: Final = 8
_COLUMNS: Final = 4

SOURCES: Final = {
    "roads": "道路",
    "sites": "指定緊急避難場所",
    "shelters": "指定避難所",
    "welfare": "福祉避難所",
    "places": "避難先",
    "zones": "想定区域",
    "areas": "町丁目",
    "districts": "地区",
    "households": "世帯",
    "waterways": "川と水面",
    "boundary": "市の境界",
    "elevation": "標高",
    "gauges": "水位計",
    "readings": "読みがな",
}
DONE: Final = {"dropped": "落とした行", "repaired": "直した行"}


class Lines:
    """Lines of text, one under the other; `height` units so far."""

    def __init__(self, width: int) -> None:
        self.width, self.height = width, 0
        self._parts: list[str] = []

    def add(self, text: str, *, x: int = 0, bold: bool = False, down: int = LINE) -> None:
        """One line, cut off where it is too long."""
        self.height += down
        self.beside(fitted(text, self.width - x), x, bold=bold)

    def beside(self, text: str, x: int, *, bold: bool = False) -> None:
        """More text on the last line."""
        strong = ' class="g"' if bold else ""
        self._parts.append(f'<text{strong} x="{x}" y="{self.height}">{escape(text)}</text>')

    def draw(self, svg: str) -> None:
        """A drawing in the units of these lines."""
        self._parts.append(svg)

    @property
    def svg(self) -> str:
        """All of them."""
        return "".join(self._parts)


def words_below(reasons: list[Reason], placed: list[Placed], width: int, t: Translate) -> Lines:
    """The legend, the numbered rows, and the rows that are not on the map."""
    lines = Lines(width)
    if reasons:
        _legend(lines, reasons, placed, t)
        _numbered(lines, placed, t)
        _elsewhere(lines, reasons, placed, t)
        _unlisted(lines, reasons, t)
    return lines


def fitted(text: str, width: float, size: int = SIZE) -> str:
    """A text as far as it has room."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text, size) > width - size:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, width: float, most: int) -> list[str]:
    """A text in at most `most` lines."""
    lines = [""]
    for piece in re.findall(r"[\x21-\x7e]{1,30} ?|.", text):
        if text_width(lines[-1] + piece.rstrip(), SIZE) > width:
            lines.append("")
        lines[-1] += piece
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] = fitted(kept[-1] + "".join(lines[most:]), width)
    return [line.strip() for line in kept]


def _legend(lines: Lines, reasons: list[Reason], placed: list[Placed], t: Translate) -> None:
    """Each source and reason with its mark, its count, and its numbers on the map."""
    lines.add(t("塗りつぶした印: 落とした行　白抜きの印: 直した行"), bold=True)
    numbers: dict[int, list[int]] = {}
    for one in placed:
        numbers.setdefault(id(one.reason), []).append(one.number)
    most_first = sorted(reasons, key=lambda reason: -reason.count)
    used = 0
    for row, reason in enumerate(most_first):
        texts = wrapped(_reason_words(reason, numbers.get(id(reason), []), t), lines.width - 56, 2)
        used += len(texts)
        if used > _MOST_LINES:
            _others(lines, [(reason, reason.count) for reason in most_first[row:]], t)
            return
        for nth, text in enumerate(texts):
            lines.add(text, x=56)
            if not nth:
                lines.draw(sample_svg(reason, 22, lines.height - 11))


def _reason_words(reason: Reason, numbers: list[int], t: Translate) -> str:
    shown = f" [{runs(numbers)}]" if numbers and numbers[0] else ""
    count = t("{done} {count} 件{numbers}: {why}").format(
        done=t(DONE[reason.word]), count=f"{reason.count:,}", numbers=shown, why=reason.why
    )
    file = fitted(reason.source.file, 700)
    return t("{source}（{file}）").format(source=_named(reason, t), file=file) + " " + count


def _named(reason: Reason, t: Translate) -> str:
    name = reason.source.name
    return t(SOURCES[name]) if name in SOURCES else name[:40]


def _others(lines: Lines, reasons: list[tuple[Reason, int]], t: Translate) -> None:
    count = sum(rows for _, rows in reasons)
    text = t("ほかの理由 {reasons} つ、{count} 件").format(reasons=len(reasons), count=f"{count:,}")
    lines.add(text, x=56)


def _numbered(lines: Lines, placed: list[Placed], t: Translate) -> None:
    """Which row each number is."""
    if not placed or not placed[0].number:
        if placed:
            lines.add(t("{most} 件より多いため、番号は付けません。").format(most=MOST_NUMBERED))
        return
    lines.add(t("地図の番号と元の行"), bold=True, down=LINE + 16)
    width = lines.width // _COLUMNS
    deep = -(-len(placed) // _COLUMNS)
    for row in range(deep):
        lines.height += LINE
        for column, one in enumerate(placed[row::deep]):
            text = f"{one.number}. {_named(one.reason, t)} {_row_words(one.row.name, t)}"
            lines.beside(fitted(text, width - 20), column * width)


def _row_words(name: str, t: Translate) -> str:
    number = re.fullmatch(r"row (\d+)", name)
    return t("行 {number}").format(number=number[1]) if number else name


def _elsewhere(lines: Lines, reasons: list[Reason], placed: list[Placed], t: Translate) -> None:
    """The rows that are not on the map, by reason."""
    shown: dict[int, int] = {}
    for one in placed:
        shown[id(one.reason)] = shown.get(id(one.reason), 0) + 1
    missing = [(reason, len(reason.rows) - shown.get(id(reason), 0)) for reason in reasons]
    missing = [(reason, count) for reason, count in missing if count > 0]
    if not missing:
        return
    lines.add(t("位置がわからないか、地図の外にある行"), bold=True, down=LINE + 16)
    on_map = {id(one.row) for one in placed}
    for reason, count in missing[:_MOST_LINES]:
        lines.add(_missing_words(reason, count, on_map, t), x=56)
        lines.draw(sample_svg(reason, 22, lines.height - 11))
    if len(missing) > _MOST_LINES:
        _others(lines, missing[_MOST_LINES:], t)


def _unlisted(lines: Lines, reasons: list[Reason], t: Translate) -> None:
    """How many rows of each reason the report does not keep one by one."""
    missing = [(reason, reason.unlisted) for reason in reasons if reason.unlisted]
    if missing:
        lines.add(t("多いため、1 件ずつ記録せず、描いていない行"), bold=True, down=LINE + 16)
    for reason, count in missing[:_MOST_LINES]:
        lines.add(_counted_words(reason, count, t), x=56)
        lines.draw(sample_svg(reason, 22, lines.height - 11))
    if len(missing) > _MOST_LINES:
        _others(lines, missing[_MOST_LINES:], t)


def _missing_words(reason: Reason, count: int, on_map: set[int], t: Translate) -> str:
    rows = [row for row in reason.rows if id(row) not in on_map]
    words = [
        fitted(_row_words(row.name, t), 500)
        + (f" ({row.lonlat[1]:.4f}, {row.lonlat[0]:.4f})" if row.lonlat else "")
        for row in rows[:_MOST_NAMED]
        if row.name or row.lonlat
    ]
    more = " …" if count > len(words) and words else ""
    text = _counted_words(reason, count, t)
    return f"{text}: {', '.join(words)}{more}" if words else text


def _counted_words(reason: Reason, count: int, t: Translate) -> str:
    return t("{source}、{done} {count} 件").format(
        source=_named(reason, t), done=t(DONE[reason.word]), count=f"{count:,}"
    )
