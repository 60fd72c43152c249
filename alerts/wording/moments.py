"""Moments as people say them, in the city's time zone."""

from datetime import datetime, tzinfo

from alerts.kinds import Language
from alerts.wording.languages.words import Moments
from alerts.wording.reading.figures import figures
from alerts.wording.ruby import Segment
from alerts.wording.vocabulary import VOCABULARIES


def moment_words(at: datetime, today: datetime, zone: tzinfo, language: Language) -> str:
    """21時30分, with its day where that is not the day of `today`; 21:30 in English."""
    here, forms = at.astimezone(zone), VOCABULARIES[language].moments
    time = _filled(forms.time if here.minute else forms.hour, here, forms)
    if here.date() == today.astimezone(zone).date():
        return time
    return _filled(forms.other_day, here, forms, time)


def spoken_moment(at: datetime, today: datetime, zone: tzinfo) -> tuple[Segment, ...]:
    """The same in Japanese, with its reading."""
    words = moment_words(at, today, zone, Language.JAPANESE)
    return tuple(Segment(words[one.start : one.end], one.kana) for one in figures(words))


def stamp(at: datetime, zone: tzinfo, language: Language) -> str:
    """10月10日 20時28分, or 20:28, 10 October: when it was written, for those who read it later."""
    forms = VOCABULARIES[language].moments
    return _filled(forms.stamp, at.astimezone(zone), forms)


def dated(at: datetime, zone: tzinfo, language: Language) -> str:
    """2026年10月10日 20:28: with its year, for those who read it in another one."""
    forms = VOCABULARIES[language].moments
    return _filled(forms.dated, at.astimezone(zone), forms)


def _filled(form: str, at: datetime, forms: Moments, time: str = "") -> str:
    return form.format(at=at, month=forms.months[at.month - 1], time=time)
