"""Japanese for what the planner notes: why there is a new version, what waits and why.

Whatever is not known here is shown as it was noted.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from hazards.closure import ClosureBasis
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind
from shelters.opening import OPENING_WORDS
from shelters.place import Opening

_PLAIN: Final = {
    "first version of this load": "市のデータを読み込んで最初の版",
    "people came or left": "避難場所の人数の変化",
    "night or day": "昼夜の切り替わり",
    "turnout set": "避難率の変更",
    "turnout cleared": "避難率を市の設定に戻した",
    "a household takes back what it said": "世帯の申し出の取り消し",
    "the event is over": "災害対応の終了",
}
_SHAPED: Final = tuple(
    (re.compile(shape), words)
    for shape, words in (
        (r"order \d+: (?P<hazard>\w+) level (?P<level>\d)", "{level}（{hazard}）の発令"),
        (r"orders lifted: .*", "避難情報の解除"),
        (r"water observed: (?P<count>\d+) areas?, .*", "浸水の記録 {count}件"),
        (r"water removed: .*", "浸水の記録の取り消し"),
        (r"road closed: .*", "通行止め"),
        (r"roads reopened: .*", "通行止めの解除"),
        (r"site \S+: (?P<opening>\w+)", "避難場所の開設状況（{opening}）"),
        (r"held items applied: .*", "保留していたものの適用"),
        (r"a household says: .*", "世帯の申し出"),
        (r"group \d+ .*", "まとまって避難する世帯の変更"),
        (r"room kept: .*", "受け入れ枠の確保"),
        (r"room released: .*", "受け入れ枠の解放"),
        (r"city loaded: .*", "市のデータの読み込み"),
        (r"roads suspended: .*", "報告による一時停止"),
        (r"closures confirmed: .*", "報告を確認して通行止め"),
        (r"roads doubted: .*", "通れるか疑わしい道の報告"),
        (r"report confirmed(: .*)?", "報告の確認"),
        (r"report refuted(: .*)?", "報告を誤りとした"),
        (r"report resolved(: .*)?", "報告の解消"),
        (r"report merged: .*", "同じ報告をまとめた"),
        (r"closure \d+ still stands", "一時停止の継続の確認"),
        (r"closures \[.*\]: .*", "止めた道による行き先の変化"),
        (r"and (?P<count>\d+) before", "ほか{count}件"),
    )
)
_CUT: Final = re.compile(r"(\d+) households cut off, (\d+) sent elsewhere")
_REPORTED: Final = "報告で止めた道"
_ORDERED: Final = "本部が止めた道"
_WHOSE: Final[Mapping[str, str]] = {
    ClosureBasis.ORDER: _ORDERED,
    ClosureBasis.SUSPENDED: _REPORTED,
    ClosureBasis.CONFIRMED: _REPORTED,
}
_BY_REPORTS: Final = "もとの報告を「誤り」か「解消」にします。"
_BY_APPROVER: Final = "「もし…なら」の「取り消す」で、承認者が道を開けます。"
_BACK: Final[Mapping[str, str]] = {
    ClosureBasis.ORDER: _BY_APPROVER,
    ClosureBasis.SUSPENDED: _BY_REPORTS,
    ClosureBasis.CONFIRMED: _BY_REPORTS,
}
_BACK_UNKNOWN: Final = f"{_REPORTED}は、{_BY_REPORTS}{_ORDERED}は、{_BY_APPROVER}"
_LOST: Final = re.compile(r"it covers (\d+)% of all junctions")


def cause_words(cause: str) -> str:
    """Why there is a new version: several changes, each in words, the same ones once."""
    return "、".join(dict.fromkeys(_one(part) for part in cause.split("; ")))


def why_words(why: str) -> str:
    """Why something waits."""
    cut = _CUT.fullmatch(why)
    if cut:
        return f"行き先がなくなる {int(cut[1]):,}世帯、行き先が変わる {int(cut[2]):,}世帯。"
    found = _LOST.fullmatch(why)
    return f"市の交差点の{found[1]}%をおおいます。" if found else why


def held_words(one: Mapping[str, Any]) -> dict[str, str]:
    """What waits, what goes on until somebody decides, and how it is taken back: a closure by whose
    `basis` it stands; both ways where that is not known.
    """
    if one["kind"] == "closure":
        basis = one.get("basis") or ""
        return {
            "what": f"{_WHOSE.get(basis, '道の閉鎖')}による大きな移動（{one['said']}）",
            "until_then": "何もしないと：行ける世帯の行き先は変えません。行けなくなった世帯には、"
            "近い別の場所か、緊急安全確保を案内します（割当なし）。",
            "undo": f"まちがいのとき：{_BACK.get(basis, _BACK_UNKNOWN)}",
        }
    return {
        "what": f"観測された浸水 {one['item']}番（図の名前：{one['said']}）",
        "until_then": "何もしないと：この浸水がないものとして、案内が続きます。",
        "undo": f"まちがいのとき：サーバーで取り消します（nigemichi water remove {one['item']}）",
    }


def _one(part: str) -> str:
    if part in _PLAIN:
        return _PLAIN[part]
    for shape, words in _SHAPED:
        found = shape.fullmatch(part)
        if found:
            return words.format(
                **{key: _value(key, text) for key, text in found.groupdict().items()}
            )
    return part


def _value(key: str, text: str) -> str:
    """A word of a change in Japanese; one that is not known stays."""
    if key == "hazard" and text in {*HazardKind}:
        return HAZARD_WORDS[HazardKind(text)]
    if key == "level" and int(text) in {*AlertLevel}:
        return LEVEL_WORDS[AlertLevel(int(text))]
    if key == "opening" and text in {*Opening}:
        return OPENING_WORDS[Opening(text)]
    return text
