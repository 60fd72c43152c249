"""Moments in the city's time zone. The server writes no ages: a page stays open for hours."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from web.language import Translate


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is where the page is read; every datetime is aware."""

    zone: ZoneInfo
    now: datetime
    t: Translate

    def time(self, at: datetime) -> Markup:
        """20:30 as an element that `web.aging` adds its age to."""
        return self._element(at, self.text(at))

    def dated(self, at: datetime) -> Markup:
        """2026年10月10日 20:30 as such an element."""
        return self._element(at, self._dated(at))

    def text(self, at: datetime) -> str:
        """20:30; with its date where that is not today's."""
        here, today = at.astimezone(self.zone), self.now.astimezone(self.zone)
        return _hours(here) if here.date() == today.date() else self._dated(at)

    def says(self, text: str, at: datetime) -> Markup:
        """A text, translated, with `{time}` in it."""
        return Markup.escape(self.t(text)).format(time=self.time(at))

    def _dated(self, at: datetime) -> str:
        here = at.astimezone(self.zone)
        text = self.t("{year}年{month}月{day}日 {time}")
        return text.format(year=here.year, month=here.month, day=here.day, time=_hours(here))

    def _element(self, at: datetime, text: str) -> Markup:
        moment = at.astimezone(self.zone).isoformat(timespec="seconds")
        return Markup('<time datetime="{}">{}</time>').format(moment, text)


def _hours(here: datetime) -> str:
    return f"{here.hour}:{here.minute:02}"
