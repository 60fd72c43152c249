"""What stands at the foot of every print, so that each number on it can be traced to a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

HASH_LETTERS: Final = 8
UNREAD: Final = "不明（読めなかった）"
MISSING_WORDS: Final[Mapping[str, str]] = {
    "city": "実災害か訓練か",
    "orders": "避難情報",
    "proposals": "発令案",
    "decisions": "決めること",
    "sites": "避難場所",
    "teams": "班",
    "gauges": "水位",
    "closures": "通行止め",
    "water": "見られた水",
    "observations": "現地の報告",
    "alerts": "配信",
    "channels": "伝える手段",
    "plan": "計画",
    "unreached": "未到達の世帯",
    "unreached_cells": "未到達の世帯",
    "rescues": "救助を待つ人",
    "sources": "ほかの情報源",
    "chronicle": "記録の番号",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """The city and the state that a print is made of.

    `plan` is the number of the newest version (None before the first), `record` the state's hash,
    `frame` its number among those kept (None where none is kept yet), `missing` the sections that
    could not be read. `drill`: only a drill is under way, so that every page says 訓練.
    """

    city: str
    fictional: bool
    drill: bool
    zone: str
    made_at: datetime
    plan: int | None
    record: str
    frame: int | None = None
    missing: tuple[str, ...] = ()

    def clock(self, at: datetime | str | None) -> str:
        """20:42 by the city's clock, with its day where that is another; — where nobody knows."""
        if at is None:
            return "—"
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        here, now = (one.astimezone(ZoneInfo(self.zone)) for one in (moment, self.made_at))
        day = "" if here.date() == now.date() else f"{here.month}/{here.day} "
        return f"{day}{here.hour}:{here.minute:02}"

    def day(self, at: datetime | str) -> str:
        """2026年10月10日 20時42分, as forms have it."""
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        here = moment.astimezone(ZoneInfo(self.zone))
        return f"{here.year}年{here.month}月{here.day}日 {here.hour}時{here.minute:02}分"

    @property
    def traced(self) -> str:
        """作成 20:42（市の時刻）　計画 第12版　記録 3f2a9c01."""
        here = self.made_at.astimezone(ZoneInfo(self.zone))
        plan = "計画 なし" if self.plan is None else f"計画 第{self.plan}版"
        frame = "" if self.frame is None else f"（{self.frame}番）"
        made = f"作成 {here.month}月{here.day}日 {here.hour}:{here.minute:02}（市の時刻）"
        return f"{made}　{plan}　記録 {self.record[:HASH_LETTERS]}{frame}"

    @property
    def missing_words(self) -> list[str]:
        """What could not be read, each thing once."""
        heads = (name.split(".", maxsplit=1)[0] for name in self.missing)
        return list(dict.fromkeys(MISSING_WORDS[head] for head in heads if head in MISSING_WORDS))

    def none_of(self, section: str, words: str) -> str:
        """What an empty section says: `words`, or that nobody knows where it could not be read."""
        return UNREAD if section in self.missing else words

    def values(self) -> dict[str, Any]:
        """What every page of typst has at head and tail."""
        return {
            "city": self.city,
            "fictional": self.fictional,
            "drill": self.drill,
            "draft": False,
            "mark": "【訓練】" if self.drill else "",
            "written": self.traced,
            "missing": self.missing_words,
        }
