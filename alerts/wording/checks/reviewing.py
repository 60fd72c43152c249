"""What somebody must have confirmed or reviewed, and whether the alert is still meant."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from alerts.kinds import Language, Medium
from alerts.wording.checks.case import Case, Rule, stops, warns
from alerts.wording.findings import Finding, Severity
from alerts.wording.reading.spokenareas import spoken_districts

_MOST_NAMED: Final = 5
SHORTEST_LIFE: Final = timedelta(minutes=30)
"""Policy: the last way of a person is used twenty minutes after the first, and then it is read."""


def _same_record(case: Case) -> Iterator[Finding]:
    alert, rendered = case.alert, case.rendered
    if (rendered.number, rendered.revision) != (alert.number, alert.revision):
        yield stops("record", "別の版の文面です（rendered from another revision）")


def _expired(case: Case) -> Iterator[Finding]:
    if case.alert.expires_at <= case.now:
        yield stops("expired", "有効な時刻を過ぎています（the alert is over）")


def _too_short(case: Case) -> Iterator[Finding]:
    """An expiry counts from the draft; ways that come later would never be used."""
    left = case.alert.expires_at - case.now
    if timedelta(0) < left < SHORTEST_LIFE:
        minutes = int(left / timedelta(minutes=1))
        yield stops(
            "too_short",
            f"期限まで{minutes}分しかありません。SMSやメールが出る前に終わります。"
            "もっと後の時刻を期限にしてください（it is over too soon: give a later time）",
        )


def _complete(case: Case) -> Iterator[Finding]:
    if not case.alert.area_names and not case.alert.whole_city:
        yield stops("complete", "区域がありません（no area）")
    for language, actions in case.rendered.actions.items():
        if not any(action.strip() for action in actions):
            words = "行動がありません（no action）"
            yield Finding(Severity.STOPS, "complete", words, None, language)


def _reviewed(case: Case) -> Iterator[Finding]:
    for used in case.rendered.used:
        if not used.reviewed:
            words = f"確認されていないひな形です：{used.key} 第{used.version}版（not reviewed）"
            yield Finding(case.unless_drill, "reviewed", words, None, used.language)
    for refused in case.rendered.refused:
        if refused.medium is None:
            yield Finding(Severity.WARNS, "left_out", refused.why, None, refused.language)


def _read(case: Case) -> Iterator[Finding]:
    """Names that would be read aloud by guesswork (`safety.md` 17)."""
    message = case.rendered.message(Medium.LOUDSPEAKER)
    names = list(case.gazetteer.unconfirmed(_spoken_names(case)))
    names += [name for one in case.rendered.refused for name in one.names]
    names += message["unconfirmed"] if message else []
    if names:
        listed = "、".join(dict.fromkeys(names))
        words = f"読みが確認されていません：{listed}（readings to be confirmed）"
        yield Finding(case.unless_drill, "reading", words, Medium.LOUDSPEAKER, Language.JAPANESE)
    elif message is None:
        why = [one.why for one in case.rendered.refused if one.medium is Medium.LOUDSPEAKER]
        words = why[0] if why else "読み上げる文がありません（nothing to be read aloud）"
        yield Finding(case.unless_drill, "reading", words, Medium.LOUDSPEAKER, Language.JAPANESE)


def _estimated(case: Case) -> Iterator[Finding]:
    message = case.rendered.message(Medium.LOUDSPEAKER)
    if message and message["estimated"]:
        words = "・".join(message["estimated"][: _MOST_NAMED * 2])
        yield warns("estimated", f"推定の読みがあります：{words}（estimated readings）")


def _spoken_names(case: Case) -> tuple[str, ...]:
    """The names that are read aloud: of areas, or of their districts."""
    names = case.alert.area_names
    return spoken_districts(names, case.settings) or names


REVIEWING: Final = (
    Rule("record", "文面はこの版のものです（rendered from this revision）", _same_record),
    Rule("expired", "有効な時刻の前です（not over）", _expired),
    Rule("too_short", "期限まで30分以上あります（half an hour or more is left）", _too_short),
    Rule("complete", "区域と行動があります（area and action are there）", _complete),
    Rule("reviewed", "ひな形はすべて確認済みです（all templates are reviewed）", _reviewed),
    Rule("reading", "名前の読みはすべて確認済みです（all readings are confirmed）", _read),
    Rule("estimated", "推定の読みはありません（no reading is estimated）", _estimated),
)
