"""Words that the renderer puts in, by language: hazards, levels, drill marks, buttons, footers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alerts.kinds import Language
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind

DRILL_MARK: Final = "【訓練】"
"""Head and tail of all that is rendered for a drill, in every language."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language.

    - `hazards`, `brief_hazards`: in sentences, and where each letter counts;
    - `levels`, `brief_levels`: the names of 避難情報, likewise;
    - `drill_head`, `drill_tail`: around everything of a drill, `drill_note` as a sentence;
    - `more`: areas that are only counted; `list_at`, `list_site`: where their names are;
    - `way`, `secure`, `seen`: buttons;
    - `way_at`, `way_next`: in SMS and mail, the line with the link, or before the reader's own;
    - `written`: who wrote it when, and which revision; `stands`: what the message does not end;
    - `officer`: before an officer's own Japanese words in another language.
    """

    hazards: Mapping[HazardKind, str]
    brief_hazards: Mapping[HazardKind, str]
    levels: Mapping[AlertLevel, str]
    brief_levels: Mapping[AlertLevel, str]
    level: str
    whole_city: str
    more: str
    between: str
    list_at: str
    list_site: str
    drill_head: str
    drill_tail: str
    drill_note: str
    way: str
    secure: str
    seen: str
    way_at: str
    way_next: str
    written: str
    stands: str
    officer: str
    lifted: str
    wrong: str


_JAPANESE: Final = Vocabulary(
    hazards=HAZARD_WORDS,
    brief_hazards=HAZARD_WORDS,
    levels=LEVEL_WORDS,
    brief_levels=LEVEL_WORDS,
    level="警戒レベル{level}",
    whole_city="市内全域",
    more="{areas} ほか{count}区域",
    between="、",
    list_at="すべての区域：{link}",
    list_site="すべての区域は、市のホームページにあります。",
    drill_head=DRILL_MARK,
    drill_tail=DRILL_MARK,
    drill_note="これは訓練です。",
    way="自分の逃げ道を見る",
    secure="命を守る行動を見る",
    seen="確認しました",
    way_at="自分の逃げ道：{link}",
    way_next="自分の逃げ道は、次のリンクです。",
    written="{city} {time} 第{revision}版",
    stands="避難情報は、市長が解除するまで続きます。",
    officer="{text}",
    lifted="解除",
    wrong="取消",
)
_EASY: Final = Vocabulary(
    hazards={
        HazardKind.FLOOD: "洪水（こうずい）",
        HazardKind.LANDSLIDE: "土砂災害（どしゃさいがい）",
        HazardKind.STORM_SURGE: "高潮（たかしお）",
        HazardKind.EARTHQUAKE: "地震（じしん）",
        HazardKind.TSUNAMI: "津波（つなみ）",
        HazardKind.LARGE_FIRE: "大規模な火事（かじ）",
        HazardKind.INLAND_FLOOD: "内水氾濫（ないすいはんらん）",
        HazardKind.VOLCANO: "火山現象（かざんげんしょう）",
    },
    brief_hazards={
        HazardKind.FLOOD: "こうずい",
        HazardKind.LANDSLIDE: "どしゃさいがい",
        HazardKind.STORM_SURGE: "たかしお",
        HazardKind.EARTHQUAKE: "じしん",
        HazardKind.TSUNAMI: "つなみ",
        HazardKind.LARGE_FIRE: "おおきな かじ",
        HazardKind.INLAND_FLOOD: "ないすいはんらん",
        HazardKind.VOLCANO: "かざん",
    },
    levels={
        AlertLevel.ELDERLY_LEAVE: "高齢者等避難（こうれいしゃとうひなん）",
        AlertLevel.ALL_LEAVE: "避難指示（ひなんしじ）",
        AlertLevel.SECURE_NOW: "緊急安全確保（きんきゅうあんぜんかくほ）",
    },
    brief_levels={
        AlertLevel.ELDERLY_LEAVE: "こうれいしゃとうひなん",
        AlertLevel.ALL_LEAVE: "ひなんしじ",
        AlertLevel.SECURE_NOW: "きんきゅうあんぜんかくほ",
    },
    level="レベル{level}",
    whole_city="市（し）の ぜんぶ",
    more="{areas} ほか {count}の ところ",
    between="、",
    list_at="ぜんぶの ところ：{link}",
    list_site="ぜんぶの ところは、市（し）の ホームページに あります。",
    drill_head=DRILL_MARK + "くんれんです。",
    drill_tail="くんれんです。" + DRILL_MARK,
    drill_note="これは くんれんです。ほんとうでは ありません。",
    way="にげる みちを 見（み）る",
    secure="いのちを まもる ほうほうを 見（み）る",
    seen="わかりました",
    way_at="にげる みち：{link}",
    way_next="にげる みちは、つぎの リンクです。",
    written="{city} {time} 第（だい）{revision}版（はん）",
    stands="市長（しちょう）が 終（お）わりと 言（い）うまで、続（つづ）きます。",
    officer="市（し）からの ことば：{text}",
    lifted="終（お）わりました",
    wrong="まちがい",
)
_ENGLISH_LEVELS: Final = {
    AlertLevel.ELDERLY_LEAVE: "Evacuation of the Elderly, Etc.",
    AlertLevel.ALL_LEAVE: "Evacuation Order",
    AlertLevel.SECURE_NOW: "Emergency Safety Measures",
}
_ENGLISH: Final = Vocabulary(
    hazards={
        HazardKind.FLOOD: "floods",
        HazardKind.LANDSLIDE: "landslides",
        HazardKind.STORM_SURGE: "storm surge",
        HazardKind.EARTHQUAKE: "earthquake",
        HazardKind.TSUNAMI: "tsunami",
        HazardKind.LARGE_FIRE: "large fire",
        HazardKind.INLAND_FLOOD: "inland flooding",
        HazardKind.VOLCANO: "volcanic activity",
    },
    brief_hazards={
        HazardKind.FLOOD: "floods",
        HazardKind.LANDSLIDE: "landslides",
        HazardKind.STORM_SURGE: "storm surge",
        HazardKind.EARTHQUAKE: "earthquake",
        HazardKind.TSUNAMI: "tsunami",
        HazardKind.LARGE_FIRE: "large fire",
        HazardKind.INLAND_FLOOD: "inland flooding",
        HazardKind.VOLCANO: "volcanic activity",
    },
    levels=_ENGLISH_LEVELS,
    brief_levels=_ENGLISH_LEVELS,
    level="Level {level}",
    whole_city="the whole city",
    more="{areas} +{count} areas",
    between="; ",
    list_at="All areas: {link}",
    list_site="All areas are listed on the city's website.",
    drill_head=DRILL_MARK + "DRILL ",
    drill_tail=" DRILL" + DRILL_MARK,
    drill_note="This is a drill. It is not real.",
    way="See my way out",
    secure="See how to protect your life",
    seen="I have read this",
    way_at="Your way out: {link}",
    way_next="Your way out is the next link.",
    written="{city}, {time}, revision {revision}",
    stands="The order stands until the mayor lifts it.",
    officer="From the city, in Japanese: {text}",
    lifted="Lifted",
    wrong="Withdrawn",
)
VOCABULARIES: Final[Mapping[Language, Vocabulary]] = {
    Language.JAPANESE: _JAPANESE,
    Language.EASY_JAPANESE: _EASY,
    Language.ENGLISH: _ENGLISH,
}
