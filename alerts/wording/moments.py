"""Moments as people say them, in the city's time zone."""

from datetime import datetime, tzinfo
from typing import Final

from alerts.kinds import Language
from alerts.wording.reading.figures import figures
from alerts.wording.ruby import Segment

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def moment_words(at: datetime, today: datetime, zone: tzinfo, language: Language) -> str:
    """21時30分, with its day where that is not the day of `today`; 21:30 in English."""
    here, now = at.astimezone(zone), today.astimezone(zone)
    other_day = here.date() != now.date()
    if language is Language.ENGLISH:
        day = f" on {here.day} {_MONTHS[here.month - 1]}" if other_day else ""
        return f"{here.hour}:{here.minute:02}{day}"
    day = f"{here.month}月{here.day}日" if other_day else ""
    return f"{day}{here.hour}時" + (f"{here.minute}分" if here.minute else "")


def spoken_moment(at: datetime, today: datetime, zone: tzinfo) -> tuple[Segment, ...]:
    """The same in Japanese, with its reading."""
    words = moment_words(at, today, zone, Language.JAPANESE)
    return tuple(Segment(words[one.start : one.end], one.kana) for one in figures(words))


def stamp(at: datetime, zone: tzinfo, language: Language) -> str:
    """10月10日 20時28分, or 20:28, 10 October: when it was written, for those who read it later."""
    here = at.astimezone(zone)
    if language is Language.ENGLISH:
        return f"{here.hour}:{here.minute:02}, {here.day} {_MONTHS[here.month - 1]}"
    return f"{here.month}月{here.day}日 {here.hour}時{here.minute:02}分"
