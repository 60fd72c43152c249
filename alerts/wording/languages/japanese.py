"""Japanese: the language of the law, and of every alert."""

from typing import Final

from alerts.kinds import KIND_WORDS, Language
from alerts.wording.languages.words import Moments, Names, Vocabulary
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS

MOMENTS: Final = Moments(
    hour="{at.hour}時",
    time="{at.hour}時{at.minute}分",
    other_day="{at.month}月{at.day}日{time}",
    stamp="{at.month}月{at.day}日 {at.hour}時{at.minute:02}分",
    dated="{at.year}年{at.month}月{at.day}日 {at.hour}:{at.minute:02}",
)
JAPANESE: Final = Vocabulary(
    language=Language.JAPANESE,
    names=Names.KANJI,
    moments=MOMENTS,
    kinds=KIND_WORDS,
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
    drill_said=("", ""),
    drill_note="これは訓練です。",
    way="自分の逃げ道を見る",
    secure="命を守る行動を見る",
    current="いまの情報を見る",
    seen="確認しました",
    way_at="自分の逃げ道：{link}",
    way_next="自分の逃げ道は、次のリンクです。",
    secure_at="命を守る行動：{link}",
    secure_next="命を守る行動は、次のリンクです。",
    current_at="いまの情報：{link}",
    current_next="いまの情報は、次のリンクです。",
    calls="こちらは、{city}です。",
    written="{city} {time} 第{revision}版",
    stands="避難情報は、市長が解除するまで続きます。",
    officer="{text}",
    lifted="解除",
    wrong="取消",
    stopped_head="【送信停止】",
    stopped_at="{time} に、送信を止めました。",
    stopped_stands="発令は続いています。",
)
