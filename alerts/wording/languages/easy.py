"""Easy Japanese (やさしい日本語): few words, spaces between them, kana after kanji."""

from typing import Final

from alerts.kinds import AlertKind, Language
from alerts.wording.languages.japanese import MOMENTS
from alerts.wording.languages.words import Names, Vocabulary
from hazards.kinds import AlertLevel, HazardKind

EASY_JAPANESE: Final = Vocabulary(
    language=Language.EASY_JAPANESE,
    names=Names.WITH_KANA,
    moments=MOMENTS,
    kinds={
        AlertKind.GENERAL: "お知（し）らせ",
        AlertKind.LIFELINE: "水道（すいどう）・電気（でんき）・電車（でんしゃ）など",
        AlertKind.SECURITY: "防犯（ぼうはん）",
    },
    hazards={
        HazardKind.FLOOD: "洪水（こうずい）",
        HazardKind.LANDSLIDE: "土砂災害（どしゃさいがい）",
        HazardKind.STORM_SURGE: "高潮（たかしお）",
        HazardKind.EARTHQUAKE: "地震（じしん）",
        HazardKind.TSUNAMI: "津波（つなみ）",
        HazardKind.LARGE_FIRE: "大（おお）きな 火事（かじ）",
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
    drill_said=("くんれんです。", "くんれんです。"),
    drill_note="これは くんれんです。ほんとうでは ありません。",
    way="にげる みちを 見（み）る",
    secure="いのちを まもる ほうほうを 見（み）る",
    current="いまの ことを 見（み）る",
    seen="わかりました",
    way_at="にげる みち：{link}",
    way_next="にげる みちは、つぎの リンクです。",
    secure_at="いのちを まもる ほうほう：{link}",
    secure_next="いのちを まもる ほうほうは、つぎの リンクです。",
    current_at="いまの こと：{link}",
    current_next="いまの ことは、つぎの リンクです。",
    calls="こちらは {city}です。",
    written="{city} {time} 第（だい）{revision}版（はん）",
    stands="市長（しちょう）が 終（お）わりと 言（い）うまで、続（つづ）きます。",
    officer="市（し）からの ことば：{text}",
    lifted="終（お）わりました",
    wrong="まちがい",
    stopped_head="【送信停止】",
    stopped_at="{time}に、この お知（し）らせを 送（おく）るのを やめました。",
    stopped_stands="市（し）の 指示（しじ）は 続（つづ）いて います。",
)
