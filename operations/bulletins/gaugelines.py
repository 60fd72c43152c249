"""What a reading without a suggestion means: never that all is well."""

from collections.abc import Sequence
from typing import Final

from hazards.criteria import met
from hazards.criterion import GAUGE_WORDS, Criterion, OfGauge, WaterLevel
from hazards.kinds import LEVEL_WORDS

NOT_SAFE: Final = "安全という意味ではありません"
NONE: Final = (
    f"この観測所の基準は、市の発令判断表にありません。どの水位でも候補は出ません。{NOT_SAFE}。"
    "基準は市のファイルの [[settings.criteria]] に書きます（no criterion names this gauge）"
)
NO_LEVEL: Final = (
    "{words}が観測所のデータに無いので、警戒レベル{level}の候補は出ません。"
    f"{NOT_SAFE}（the gauge has no such level）"
)
BELOW: Final = "{words} {threshold_m:.2f} m（警戒レベル{level} {means}）には達していません"
HELD: Final = (
    "基準に達しています。新しい候補が無いのは、もう判断待ち・判断済みか、"
    "その警戒レベルが発令されているからです（nigemichi bulletin list）"
)


def gauge_lines(table: Sequence[Criterion], seen: WaterLevel, *, new: bool) -> tuple[str, ...]:
    """What the lines of the table on this gauge say of a reading; `new`: it made a suggestion."""
    if not table:
        return (NONE,)
    lines = [_unmet(one, seen) for one in table if not met(one, seen)]
    if not new and any(met(one, seen) for one in table):
        lines.insert(0, HELD)
    elif not new:
        lines.append(f"候補がないのは、{NOT_SAFE}")
    return tuple(dict.fromkeys(lines))


def _unmet(criterion: Criterion, seen: WaterLevel) -> str:
    met_by = criterion.met_by
    assert isinstance(met_by, OfGauge)  # noqa: S101 - the lines on a gauge are of gauges
    words, level = GAUGE_WORDS[met_by.at], int(criterion.level)
    threshold_m: float | None = getattr(seen.gauge, met_by.at)
    if threshold_m is None:
        return NO_LEVEL.format(words=words, level=level)
    means = LEVEL_WORDS[criterion.level]
    return BELOW.format(words=words, threshold_m=threshold_m, level=level, means=means)
