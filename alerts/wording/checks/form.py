"""Lengths, garbled letters, the first part of an SMS, sentences too long to be heard."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from alerts.kinds import Medium
from alerts.wording.checks.agreement import area_told
from alerts.wording.checks.case import Case, Rule, stops
from alerts.wording.checks.texts import Shown, loudspeaker_kana
from alerts.wording.findings import Finding
from alerts.wording.media.lengths import (
    ALT_TEXT_MOST,
    AREA_MAIL_TEXT_MOST,
    AREA_MAIL_TITLE_MOST,
    BUBBLE_MOST_BYTES,
    FIRST_PART,
    POST_MOST,
    SMS_MOST,
    SUBJECT_MOST,
    json_bytes,
    post_weight,
    units,
)
from alerts.wording.media.sms import first_part, in_first_part
from alerts.wording.morae import morae

_LINE_MESSAGES: Final = 5
_GARBLED: Final = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufffd\ufffe\uffff\ue000-\uf8ff"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
    "|[縺繧繝]|[ÃÂâãåæçèéï][\u0080-\u00bf]|ï¿½|\\?{4,}"
)
"""Control and invisible characters, and what UTF-8 becomes when it is read as something else."""
_RUBY: Final = re.compile("[｜《》]")
_SLOT: Final = re.compile(r"\{[a-z_]*\}")


def _lengths(case: Case) -> Iterator[Finding]:
    for one in case.shown:
        for name, length, most in _measured(one):
            if length > most:
                words = f"{name}が長すぎます：{length}、{most}まで（too long）"
                yield stops("length", words, one)


def _measured(one: Shown) -> Sequence[tuple[str, int, int]]:
    message: Any = one.message
    match one.medium:
        case Medium.LINE:
            each = message["messages"]
            return [
                ("LINEの数", len(each), _LINE_MESSAGES),
                *(("LINEの見出し", units(card["altText"]), ALT_TEXT_MOST) for card in each),
                *(
                    ("LINEのカード", json_bytes(card["contents"]), BUBBLE_MOST_BYTES)
                    for card in each
                ),
            ]
        case Medium.SMS:
            return [("SMS", units(message["text"]), SMS_MOST)]
        case Medium.MAIL:
            return [("メールの件名", len(message["subject"]), SUBJECT_MOST)]
        case Medium.AREA_MAIL:
            return [
                ("緊急速報メールの題", len(message["title"]), AREA_MAIL_TITLE_MOST),
                ("緊急速報メールの本文", len(message["text"]), AREA_MAIL_TEXT_MOST),
            ]
        case Medium.SOCIAL:
            return [("投稿", post_weight(message["text"]), POST_MOST)]
        case _:
            return []


def _garbled(case: Case) -> Iterator[Finding]:
    for one in case.shown:
        if found := _GARBLED.search(one.text):
            code = f"U+{ord(found[0][0]):04X}"
            yield stops("garbled", f"文字化けか、見えない文字があります：{code}（garbled）", one)
        if _RUBY.search(one.text) or _SLOT.search(one.text):
            yield stops("garbled", "ふりがなや差し込みの記号が残っています（marks are left）", one)


def _first_part(case: Case) -> Iterator[Finding]:
    """A drill's own mark takes some of these letters: there it is a warning."""
    for one in case.shown:
        if one.medium is not Medium.SMS:
            continue
        text = str(one.message["text"])
        actions = case.rendered.actions.get(one.language, ())
        missing = []
        if not area_told(case, one, first_part(text)):
            missing.append("区域")
        if not actions or not in_first_part(text, actions[0]):
            missing.append("行動")
        if missing:
            what = "と".join(missing)
            words = f"最初の{FIRST_PART}字に{what}がありません（area and action come first）"
            yield Finding(case.unless_drill, "first_part", words, one.medium, one.language)


def _heard(case: Case) -> Iterator[Finding]:
    most = case.settings.longest_sentence_morae
    for one in case.shown:
        if one.medium is not Medium.LOUDSPEAKER:
            continue
        for sentence in loudspeaker_kana(one.message):
            if (length := morae(sentence)) > most:
                words = f"文が長すぎます：{length}拍、{most}拍まで（too long to be heard）"
                yield stops("heard", words, one)


FORM: Final = (
    Rule("length", "長さは収まっています（lengths fit）", _lengths),
    Rule("garbled", "文字化けはありません（nothing is garbled）", _garbled),
    Rule(
        "first_part", "SMSの最初に区域と行動があります（area and action come first）", _first_part
    ),
    Rule("heard", "読み上げる文は聞き取れる長さです（sentences can be heard）", _heard),
)
