"""What an officer's own words may not say of orders: 避難情報 alone tells of them, of its own."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from alerts.alert import Alert
from alerts.kinds import AlertKind, Language
from alerts.wording.checks.case import Case, Rule, stops, warns
from alerts.wording.findings import Finding
from alerts.wording.vocabulary import VOCABULARIES
from hazards.kinds import LEVEL_WORDS, AlertLevel
from hazards.order import ORDERED

_BLANK: Final = re.compile(r"[\s　]+")
_NUMBER: Final = re.compile("(?:警戒)?レベル([1-5一二三四五])(?!相当|[氾土大高洪])")
"""A level of 避難情報: 「レベル4相当」 and 「レベル4氾濫危険警報」 are the JMA's."""
_KANJI: Final = str.maketrans("一二三四五", "12345")
_ORDER: Final = "(?:警戒レベル|避難情報|避難指示|高齢者等避難|緊急安全確保)"
_CHANGED: Final = (
    "(?:発令|発表|解除|取り?消|撤回|終了|終わ|引き?[上下]げ|下げ|切り?[替換]え|なくな|出[しさまて])"
)
_SAID: Final = re.compile(
    f"{_ORDER}[^。！？\n]{{0,30}}?{_CHANGED}|{_CHANGED}[^。！？\n]{{0,10}}?{_ORDER}"
)
_HOME: Final = re.compile(
    "(?:家|自宅|うち|おうち)(?:へ|に)?(?:帰|戻|かえ|もど)(?:って|れ|る(?:こと(?!は)|よう)|り)"
)
_PHONE: Final = re.compile(r"(?<!\d)0\d{1,4}[-()‐‑–ー−]?\d{1,4}[-()‐‑–ー−]?\d{3,4}(?!\d)")


def _own_order(case: Case) -> Iterator[Finding]:
    """Another level in the officer's words of 避難情報 than that which it tells."""
    alert = case.alert
    if alert.kind is not AlertKind.EVACUATION or alert.level is None:
        return
    text = _own_words(alert)
    told = {AlertLevel(int(one.translate(_KANJI))) for one in _NUMBER.findall(text)}
    told |= {level for level in ORDERED if any(word in text for word in _names(level))}
    if others := sorted(told - {alert.level}):
        said = "・".join(f"{int(one)} {LEVEL_WORDS.get(one, '')}".strip() for one in others)
        yield stops(
            "other_level",
            f"自由文に別の警戒レベルがあります：{said}（another level in your words）",
        )


def _said_elsewhere(case: Case) -> Iterator[Finding]:
    """Orders are set and lifted by 避難情報 alone: what says so elsewhere is not true."""
    if case.alert.kind is AlertKind.EVACUATION:
        return
    if found := _SAID.search(_own_words(case.alert)):
        yield stops(
            "said_elsewhere",
            f"発令・解除は「避難情報」だけで知らせます：{found[0]}（told by orders alone）",
        )


def _home(case: Case) -> Iterator[Finding]:
    """Nobody is sent home while an order stands."""
    standing = max((order.level for order in case.orders), default=None)
    if standing is not None and _HOME.search(_own_words(case.alert)):
        yield stops(
            "home",
            f"警戒レベル{int(standing)}が出ている区域に、帰宅を促しています"
            "（sends people home while an order stands）",
        )


def _phone(case: Case) -> Iterator[Finding]:
    if _PHONE.search(_own_words(case.alert)):
        yield warns(
            "phone", "電話番号があります。正しいか、通じるか確かめてください（a telephone number）"
        )


def _own_words(alert: Alert) -> str:
    text = "\n".join((alert.subject, alert.reason, alert.action))
    plain = unicodedata.normalize("NFKC", text)
    return "\n".join(_BLANK.sub("", line) for line in plain.split("\n"))


def _names(level: AlertLevel) -> tuple[str, ...]:
    return LEVEL_WORDS[level], VOCABULARIES[Language.EASY_JAPANESE].brief_levels[level]


BESIDE_ORDERS: Final = (
    Rule("other_level", "自由文に別の警戒レベルはありません（no other level）", _own_order),
    Rule(
        "said_elsewhere", "発令・解除は避難情報だけです（orders told by orders）", _said_elsewhere
    ),
    Rule("home", "帰宅を促してはいません（nobody is sent home）", _home),
    Rule("phone", "電話番号はありません（no telephone number）", _phone),
)
