"""What kind of 現地報告 a person's words name: in Japanese, in English, or by our own codes."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from hazards.observation import DEPTH_WORDS, KIND_WORDS, Depth, ObservationKind

_PLACE_HARM: Final = r"危険|被災|浸水|冠水|使えな|使用不可|使用不能|損壊|倒壊|孤立"
_BY_WORDS: Final[Mapping[ObservationKind, str]] = {
    ObservationKind.RESCUE: r"救助|救出|閉じ込め|閉じこめ|取り残さ|生き埋め|下敷き|rescue|trapped",
    ObservationKind.PLACE_IN_DANGER: rf"避難(所|場所|先)[^、。,\n]{{0,8}}({_PLACE_HARM})",
    ObservationKind.UNDERPASS_FLOODED: r"地下道|アンダー(パス)?|地下歩道|underpass",
    ObservationKind.ROAD_FLOODED: (
        r"(?<!床上)(?<!床下)(?<!家屋)(冠水|浸水)|水没|flooded|flood\b|inundat"
    ),
    ObservationKind.SLIDE: (
        r"土砂|(崖|がけ|山|斜面|法面|のり面)(の)?(崩[れ壊落]?|くずれ?)|地すべり|地滑り|土石流|落石|法面|のり面"
        r"|landslide|mudslide|debris flow|rock ?fall|\bslide\b"
    ),
    ObservationKind.BRIDGE: (
        r"落橋|橋梁|橋桁|橋げた|橋脚|橋(の|が|は|も)?(異常|流失|流出|流さ|落ち|落下|壊|損|崩|沈|傾)"
        r"|bridge (is )?(out|down|gone|damaged|collapsed|washed)"
    ),
    ObservationKind.FALLEN_TREE: (
        r"倒木|倒れた木|木が倒|街路樹|電柱|電線|fallen tree|tree down|utility pole|power line"
    ),
    ObservationKind.WATER_LEVEL: r"水位|増水|(water|river) ?level",
    ObservationKind.FIRE: (
        r"火災|火事|出火|延焼|炎上|\bfire\b(?! (station|department|engine|truck|brigade))|wildfire"
    ),
    ObservationKind.ISOLATED: r"孤立|isolated|cut off",
    ObservationKind.LIFELINE: (
        r"停電|断水|断ガス|ガス(漏|もれ|臭)|(通信|電話)(障害|途絶|不通)|下水|マンホール"
        r"|power (cut|outage)|blackout|water outage|gas leak|lifeline"
    ),
}
"""In the order in which one row's words count: whoever waits for help comes first."""
_OVERFLOWS: Final = re.compile(
    r"氾濫(?!危険|注意|警戒|開始)|はん濫|越水|溢水|溢れ|あふれ|決壊|破堤"
)
"""A river that left its bed: what is beside it is under water."""
_ALONE: Final[Mapping[ObservationKind, tuple[str, ...]]] = {
    ObservationKind.BRIDGE: ("橋",),
    ObservationKind.SLIDE: ("崖", "がけ", "斜面"),
    ObservationKind.FALLEN_TREE: ("木", "樹木", "tree", "pole"),
    ObservationKind.PLACE_IN_DANGER: ("避難所", "避難場所"),
    ObservationKind.ROAD_FLOODED: ("道路浸水", "水害", "洪水", "flooding"),
    ObservationKind.LIFELINE: ("電気", "水道", "ガス", "通信", "電話"),
}
"""Words that name a kind where they stand alone, as in a column of kinds; elsewhere they are names
of places as often as not (日本橋)."""
_PATTERNS: Final = {kind: re.compile(words) for kind, words in _BY_WORDS.items()}
_NAMES: Final[Mapping[str, ObservationKind]] = {
    **{word: kind for kind, words in _ALONE.items() for word in words},
    **{kind.replace("_", " "): kind for kind in ObservationKind},
    **{word: kind for kind, word in KIND_WORDS.items()},
}
_WET: Final = {ObservationKind.UNDERPASS_FLOODED, ObservationKind.PLACE_IN_DANGER}
"""Said with the water that is there: one thing, not two."""
_SHUT: Final = re.compile(r"通行止|通行不(可|能)|road closed|impassable")
_NOT: Final = (
    r"な[しい](?!で|に)|無[しい](?!で|に)|して(い)?な[いく]|して(い)?ません|しておらず|ありません"
)
_UNSEEN: Final = r"見られ(ない|ません|ず)|確認され(ない|ておらず|ていません|ず)"
_ENDED: Final = (
    r"(解消|復旧|終息|収束|鎮火|撤去|解除|対応|処理)(済|し(まし)?た|されました|された|$|[、。, ])"
)
_FEAR: Final = "おそれ|恐れ|心配|可能性|危険性"
_WORDS: Final = "|".join(f"(?:{words})" for words in (*_BY_WORDS.values(), _OVERFLOWS.pattern))
_DENIED: Final = re.compile(
    rf"({_WORDS})(の?(発生|{_FEAR}|被害|箇所|上昇))?[はもがを ]?({_NOT}|{_UNSEEN}|{_ENDED})"
)
"""Only what stands at once behind the word: 「冠水で通れない」 denies no water."""
_FEARED: Final = re.compile(rf"({_WORDS})(する|の)?({_FEAR})")
_ALL_WELL: Final = re.compile(
    rf"(異常|被害|問題)[はも]?({_NOT}|{_UNSEEN}).*"
    r"|(解消|復旧|鎮火|解除|対応|完了)(済み?|し(まし)?た)?[。.]?|resolved|all clear|cleared"
)
_DRILL: Final = re.compile(r"(?<!職業)(?<!能力)訓練(?!校|所|センター|施設|場)|\b(exercise|drill)\b")


def kinds_named(text: str) -> tuple[ObservationKind, ...]:
    """Kinds that a text names, the one that counts first; not what it denies or only fears."""
    words = _plain(text)
    if words in _NAMES:
        return (_NAMES[words],)
    left = _FEARED.sub(" ", _DENIED.sub(" ", words))
    found = [kind for kind, pattern in _PATTERNS.items() if pattern.search(left)]
    if not found and _OVERFLOWS.search(left):
        found.append(ObservationKind.ROAD_FLOODED)
    if ObservationKind.ROAD_FLOODED in found and _WET & set(found):
        found.remove(ObservationKind.ROAD_FLOODED)
    return tuple(found)


def denies(text: str, of: ObservationKind | None = None) -> bool:
    """Whether a text says only that something is over or was not seen: that is no report.

    With `of`, whether it says so of that kind: 「冠水なし」 beside a fallen tree leaves the tree.
    """
    words = _plain(text)
    if kinds_named(text):
        return False
    if _ALL_WELL.fullmatch(words):
        return True
    denied = " ".join(match[0] for match in _DENIED.finditer(words))
    if of is None or of not in _PATTERNS:
        return bool(denied)
    also = ObservationKind.ROAD_FLOODED if of in _WET else of
    return any(_PATTERNS[kind].search(denied) for kind in (of, also))


def of_a_drill(text: str) -> bool:
    """Whether a text says that it is of a drill (`safety.md` 16)."""
    return _DRILL.search(_plain(text)) is not None


def only_shut(text: str) -> bool:
    """Whether a text says that a road is shut, and by no kind why."""
    return _SHUT.search(_plain(text)) is not None and not kinds_named(text)


_DEPTHS: Final[Mapping[str, Depth]] = {
    **{word: depth for depth, word in DEPTH_WORDS.items()},
    **{depth.value: depth for depth in Depth},
    **dict.fromkeys(("足首", "くるぶし"), Depth.ANKLE),
    **dict.fromkeys(("ひざ", "膝", "膝下", "ひざ下"), Depth.KNEE),
    **dict.fromkeys(("腰", "胸", "腰より上"), Depth.WAIST),
    **dict.fromkeys(("流れ", "流れあり"), Depth.FLOWING),
}
_METRES: Final = re.compile(
    r"(?:約|およそ)?(\d{1,4}(?:\.\d+)?) ?(cm|センチ|m|メートル)(?:くらい|程度)?"
)


def depth_named(text: str) -> Depth | None:
    """The depth that a word or a number with its unit names; None for anything else."""
    words = _plain(text)
    known = {_plain(word): depth for word, depth in _DEPTHS.items()}
    if words in known:
        return known[words]
    match = _METRES.fullmatch(words)
    if match is None:
        return None
    metres = float(match[1]) / (100 if match[2] in ("cm", "センチ") else 1)
    if metres <= 0:
        return None
    return Depth.ANKLE if metres <= 0.2 else Depth.KNEE if metres <= 0.5 else Depth.WAIST


def _plain(text: str) -> str:
    """Half-width, small, one space between words, no underscores."""
    words = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    return " ".join(words.split())
