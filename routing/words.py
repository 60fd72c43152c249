"""Japanese sentences for reasons and steps. Each is also the key of its translation."""

from collections.abc import Callable, Mapping
from typing import Final

from routing.steps import Step, Turn

Translate = Callable[[str], str]

HEADINGS: Final = ("北", "北東", "東", "南東", "南", "南西", "西", "北西")

REASONS: Final = {
    "order": "{area}に{hazard}の警戒レベル{level}「{word}」が出ています。",
    "level_asked": "警戒レベル{level}「{word}」として案内しています。",
    "no_order": "この場所に避難情報は出ていません。",
    "not_addressed": (
        "いまは、避難に時間のかかる人が対象です。そのような人がいる家は、今すぐ避難です。"
    ),
    "in_depth": "この場所は浸水の想定区域の中です（想定 {depth}）。",
    "in_forecast": "時間ごとの浸水の想定の中です（深さ {depth}）。",
    "in_collapse": "家が流されるおそれのある区域の中です（家屋倒壊等氾濫想定区域・{kind}）。",
    "in_landslide": "この場所は{zone}の中です。",
    "in_observed_water": "この場所に水が来ていると報告されています。",
    "surrounded": "まわりの道が水でふさがり、避難場所へ行けません。",
    "cut_by_water": "避難場所への道が、途中で水にふさがれています。",
    "level_5": "避難場所へ向かうのは危険です。いまいる建物か、すぐ近くで命を守ってください。",
    "level_5_open": (
        "避難場所へ向かうのは危険です。"
        "倒れそうな物や火から離れ、すぐ近くの安全な所で命を守ってください。"
    ),
    "no_way": "通れる道で行ける避難場所がありません。",
    "place_waits": (
        "通れなくなった道があり、決めてあった行き先へ行けません。"
        "新しい行き先を本部が確かめています。それまでの案内です。"
    ),
    "no_site": "この災害のすべてに対応した、開いている避難場所がありません。",
    "unmapped": "地図に色がない場所も、安全とは限りません。",
    "opening_unconfirmed": "行き先の開設状況は、まだ確認できていません。",
    "site_full": "行き先は満員ですが、来た人を断ることはありません。",
    "landslide_unknown": (
        "土砂災害の地図がない場所です。斜面や崖の近くにいる人は、避難してください。"
    ),
    "through_assumed": (
        "浸水の想定区域を {metres} m 通ります。遠回りになりすぎない範囲で、避けた道です。"
    ),
    "through_forecast": "時間ごとの浸水の想定の中を約 {metres} m 通ります。",
    "through_collapse": "家が流されるおそれのある区域を {metres} m 通ります。",
    "through_landslide": "土砂災害警戒区域を {metres} m 通ります。",
    "through_landslide_special": (
        "土砂災害警戒区域を {metres} m 通ります。そのうち {special} m は特別警戒区域です。"
    ),
    "off_road": (
        "道順のうち {metres} m は、地図に道がありません。まっすぐ進もうとせず、"
        "道順に書かれた道や行き先へ出る小道をさがしてください。"
    ),
    "stay_hazards": "屋内にとどまる計画が立てられる災害です。",
    "stay_sturdy": "頑丈な建物です。",
    "stay_room": "いる部屋は、想定される水より高い所です。",
    "stay_no_collapse": "家が倒れるおそれのある区域の外です。",
    "stay_no_landslide": "土砂災害警戒区域の外です。",
    "stay_supplies": "備えは、水が引くまでの時間より長くもちます。",
    "stay_hazards_no": "この災害では、屋内にとどまる計画は立てられません。",
    "stay_sturdy_no": "木造などの建物は、とどまる計画に使えません。",
    "stay_room_no": "いる部屋は、想定される水より低い所です。",
    "stay_no_collapse_no": "家が倒れるおそれのある区域の中です。",
    "stay_no_landslide_no": "土砂災害警戒区域の中です。",
    "stay_supplies_no": "備えは、水が引くまでもちません。",
    "stay_sturdy_unknown": "頑丈な建物か、何階建てかが分かりません。",
    "stay_room_unknown": "部屋が水より高いかどうかが分かりません。",
    "stay_no_collapse_unknown": "家が倒れるおそれのある区域の地図がありません。",
    "stay_no_landslide_unknown": "土砂災害警戒区域の地図がありません。",
    "stay_supplies_unknown": "備えが、水が引くまでもつかどうかが分かりません。",
}

NO_WAY: Final = (
    "いますぐ市役所に電話し、行ける場所を聞く。知らせが出るのを待たない。",
    "危険な区域の外の、親せき・知り合い・ホテルへ、早めに移ることを考える。"
    "道に水があれば出ない。暗い間は、無理に動かない。",
    "近くの頑丈な高い建物を、いまのうちに見つけておく。",
)
"""What to do at a door that nobody told to leave, and that no way leads out of."""

STEPS: Final = {
    Turn.DEPART: "{heading}へ進む",
    Turn.STRAIGHT: "まっすぐ{heading}へ",
    Turn.LEFT: "左へ曲がり、{heading}へ",
    Turn.RIGHT: "右へ曲がり、{heading}へ",
    Turn.BACK: "折り返して、{heading}へ",
    Turn.BRIDGE: "橋をわたる",
    Turn.STAIRS: "階段を進む",
    Turn.TUNNEL: "トンネルを通る",
    Turn.OFF_ROAD: "{heading}の道へ出る小道をさがして進む（地図に道がない）",
    Turn.LEAVE_ROAD: "道をはなれて、{heading}の行き先へ出る小道をさがして進む（地図に道がない）",
    Turn.ARRIVE: "{site}に着く",
}

WINDING: Final = {
    Turn.DEPART: "{heading}へ出て、道なりに進む",
    Turn.STRAIGHT: "まっすぐ、道なりに",
    Turn.LEFT: "左へ曲がり、道なりに",
    Turn.RIGHT: "右へ曲がり、道なりに",
    Turn.BACK: "折り返して、道なりに",
}
"""Where the road bends on the way: a heading would soon be wrong."""


def same(text: str) -> str:
    """The translation into the source language."""
    return text


def say_reason(code: str, values: Mapping[str, str], translate: Translate = same) -> str:
    """A reason in words; its values are translated as well where they are words."""
    spoken = {key: translate(value) for key, value in values.items()}
    return translate(REASONS[code]).format(**spoken)


def say_step(step: Step, site: str, translate: Translate = same) -> str:
    """A step in words, without its street and metres."""
    heading = translate(HEADINGS[step.heading])
    words = (WINDING if step.winding else STEPS).get(step.turn, STEPS[step.turn])
    return translate(words).format(heading=heading, site=site)
