"""Times in the city's time zone, and ages in words."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from web.language import Translate


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is where the page is read; every datetime is aware."""

    zone: ZoneInfo
    now: datetime
    t: Translate

    def time(self, at: datetime) -> str:
        """20:30; with its date where that is not today's."""
        here, today = at.astimezone(self.zone), self.now.astimezone(self.zone)
        clock = f"{here.hour}:{here.minute:02}"
        return clock if here.date() == today.date() else self.dated(at)

    def dated(self, at: datetime) -> str:
        """2026年10月10日 20:30."""
        here = at.astimezone(self.zone)
        text = self.t("{year}年{month}月{day}日 {time}")
        clock = f"{here.hour}:{here.minute:02}"
        return text.format(year=here.year, month=here.month, day=here.day, time=clock)

    def age(self, at: datetime) -> str:
        """How long ago, in words; what lies ahead by a slow clock counts as just now."""
        minutes = int((self.now - at).total_seconds() // 60)
        if minutes < 1:
            return self.t("たった今")
        if minutes < 60:
            return self.t("{minutes}分前").format(minutes=minutes)
        hours, rest = divmod(minutes, 60)
        if hours >= 24:
            return self.t("{days}日前").format(days=hours // 24)
        if rest == 0:
            return self.t("{hours}時間前").format(hours=hours)
        return self.t("{hours}時間{minutes}分前").format(hours=hours, minutes=rest)

    def stamp(self, at: datetime) -> str:
        """20:30（12分前）."""
        return self.t("{time}（{age}）").format(time=self.time(at), age=self.age(at))
