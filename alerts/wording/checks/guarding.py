"""What must never go out: abolished words, places at level 5, drills that look live, and the other
way round.
"""

import re
from collections.abc import Iterator
from typing import Final

from alerts.kinds import AlertKind, Medium, Step
from alerts.levels import COLOURS
from alerts.wording.checks.case import Case, Rule, stops, warns
from alerts.wording.checks.texts import Shown
from alerts.wording.drills import is_marked
from alerts.wording.findings import Finding
from alerts.wording.media.cards import card_colours
from alerts.wording.templatecheck import FORBIDDEN
from city.area import folded
from hazards.kinds import AlertLevel

_SPACE: Final = re.compile(r"[\s　\u200b]+")
GO_THERE: Final = re.compile(
    "(?:学校|高校|公民館|会館|体育館|センター|公園|避難所|避難場所|庁舎|役所|役場)"
    "(?:に|へ|まで)[、 ]?(?:すぐ|今すぐ|いま すぐ|直ちに)?[、 ]?"
    "(?:避難し|避難する|逃げて|逃げる|行って|行く(?:こと|よう)|向か(?:って|うこと|いなさい)|移動し|お越し|集まって)"
)
"""Words that send people to a place."""
_SECOND_FLOOR: Final = re.compile("[2２二]階")
_OWNER: Final = re.compile("^.*?[都道府県市区町村]立")
_DRILL: Final = re.compile(r"訓\s*練|くん\s*れん|\bdrill", re.IGNORECASE)
_SHORTEST_SITE: Final = 3
_SPOKEN_DRILL: Final = "訓練"


def _abolished(case: Case) -> Iterator[Finding]:
    for one in case.shown:
        if FORBIDDEN in _SPACE.sub("", one.text):
            yield stops("abolished", "廃止された避難情報の名があります（abolished in 2021）", one)


def _places(case: Case) -> Iterator[Finding]:
    alert = case.alert
    in_force = alert.step in (Step.ISSUE, Step.UPDATE)
    if alert.kind is not AlertKind.EVACUATION or not in_force:
        return
    names = _site_names(case) if alert.level is AlertLevel.SECURE_NOW else {}
    for one in case.shown:
        text = folded(one.text)
        if site := next((name for key, name in names.items() if key in text), None):
            yield stops("place", f"レベル5に場所の名があります：{site}（a place is named）", one)
        if alert.level is AlertLevel.SECURE_NOW and GO_THERE.search(one.text):
            yield stops("place", "レベル5で行き先を示しています（sends people away）", one)
        if _SECOND_FLOOR.search(one.text):
            words = "平屋や崖の近くでは「2階」は危険です（never “the second floor”）"
            level_5 = alert.level is AlertLevel.SECURE_NOW
            yield (stops if level_5 else warns)("second_floor", words, one)


def _site_names(case: Case) -> dict[str, str]:
    """Names of sites as they are compared: whole, and without who runs them.

    A name that stands in that of an area of the alert tells nothing.
    """
    areas = [folded(name) for name in case.alert.area_names]
    names: dict[str, str] = {}
    for site in case.sites:
        for spelled in (site, _OWNER.sub("", site)):
            key = folded(spelled)
            if len(key) >= _SHORTEST_SITE and not any(key in area for area in areas):
                names[key] = site
    return names


def _drills(case: Case) -> Iterator[Finding]:
    if case.rendered.drill != case.alert.is_drill:
        yield stops("drill", "訓練かどうかが記録と違います（not as in the record）")
    if not case.alert.is_drill:
        return
    colours = {COLOURS[level][0] for level in AlertLevel if level >= AlertLevel.ADVISORY}
    for one in case.shown:
        if not _is_drill(one):
            yield stops("drill", "頭と末尾に訓練の文字がありません（no drill mark）", one)
        if one.medium is Medium.LINE and colours & set(card_colours(one.message["messages"])):
            yield stops("drill", "訓練にレベルの色が付いています（a level's colour）", one)


def _is_drill(one: Shown) -> bool:
    if one.medium is not Medium.LOUDSPEAKER:
        return all(is_marked(part.strip()) for part in one.parts)
    lines = [one.message["head"], *one.message["sentences"], one.message["tail"]]
    said = ["".join(text for text, _ in line["segments"]) if line else "" for line in lines]
    whole = all(line.startswith(_SPOKEN_DRILL) for line in said[:-1])
    return whole and said[-1].rstrip("。").endswith(_SPOKEN_DRILL)


def _live(case: Case) -> Iterator[Finding]:
    if case.alert.is_drill:
        return
    for one in case.shown:
        if _DRILL.search(one.text):
            yield stops("live", "本番の文に「訓練」があります（a live text that says drill）", one)


def _fictional(case: Case) -> Iterator[Finding]:
    if "架空" not in case.alert.city:
        return
    for one in case.shown:
        called = "架空" in one.text or "fictional" in one.text
        if one.medium is not Medium.LOUDSPEAKER and not called:
            yield stops("fictional", "架空の市だと書いてありません（not called fictional）", one)


GUARDING: Final = (
    Rule("abolished", "廃止された言葉はありません（no abolished words）", _abolished),
    Rule("place", "行き先を示す言葉に問題はありません（no place at level 5）", _places),
    Rule("drill", "訓練の印は正しく付いています（drill marks are right）", _drills),
    Rule("live", "本番と訓練は取り違えられません（live and drill cannot be mixed up）", _live),
    Rule("fictional", "市の名は正しく書かれています（the city is called what it is）", _fictional),
)
