"""That a person stopped the sending of a text: which lifts no order of which it told."""

from datetime import datetime, tzinfo

from alerts.captext import CapText
from alerts.kinds import Language


def dated(at: datetime, zone: tzinfo) -> str:
    """A moment as a reader of the city reads it."""
    here = at.astimezone(zone)
    return f"{here.year}年{here.month}月{here.day}日 {here.hour}:{here.minute:02}"


def stopped_lines(language: Language, at: datetime, zone: tzinfo, *, stands: bool) -> list[str]:
    """When it was stopped, and whether the order stands."""
    if language is Language.ENGLISH:
        lines = [f"Sending of this text was stopped on {at.astimezone(zone):%Y-%m-%d %H:%M}."]
        return [*lines, "The order stands."] if stands else lines
    if language is Language.EASY_JAPANESE:
        lines = [f"{dated(at, zone)}に、この お知（し）らせを 送（おく）るのを やめました。"]
        return [*lines, "市（し）の 指示（しじ）は 続（つづ）いて います。"] if stands else lines
    lines = [f"{dated(at, zone)} に、送信を止めました。"]
    return [*lines, "発令は続いています。"] if stands else lines


def stopped_head(language: Language) -> str:
    """Before the headline of what was stopped."""
    return "[Stopped] " if language is Language.ENGLISH else "【送信停止】"


def as_stopped(
    text: CapText, language: Language, at: datetime, zone: tzinfo, *, stands: bool
) -> CapText:
    """The text of a message whose sending was stopped."""
    lines = stopped_lines(language, at, zone, stands=stands)
    return CapText(
        stopped_head(language) + text.headline,
        "\n".join([*lines, text.description]),
        text.instruction,
    )
