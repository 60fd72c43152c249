"""What must never go out: abolished words, places at level 5, drills that look live, and the other
way round.
"""

import re
from collections.abc import Iterator
from typing import Final

from alerts.kinds import Medium
from alerts.levels import COLOURS
from alerts.wording.abolished import names_abolished
from alerts.wording.checks.case import Case, Rule, stops, warns
from alerts.wording.checks.leading import opens_place, sends_away
from alerts.wording.checks.texts import Shown
from alerts.wording.drills import is_marked
from alerts.wording.findings import Finding
from alerts.wording.media.cards import card_colours
from city.area import folded
from hazards.kinds import AlertLevel

_SECOND_FLOOR: Final = re.compile("[2２二]階")
_OWNER: Final = re.compile("^.*?[都道府県市区町村]立")
_DRILL: Final = re.compile(r"訓\s*練|くん\s*れん|\bdrill", re.IGNORECASE)
_SHORTEST_SITE: Final = 3
_SPOKEN_DRILL: Final = "訓練"


def _abolished(case: Case) -> Iterator[Finding]:
    for one in case.shown:
        if names_abolished(one.text):
            yield stops("abolished", "廃止された避難情報の名があります（abolished in 2021）", one)


def _places(case: Case) -> Iterator[Finding]:
    if not case.secure_now:
        return
    names = _site_names(case)
    for one in case.shown:
        text = folded(one.text)
        if site := next((name for key, name in names.items() if key in text), None):
            yield stops("place", f"レベル5に場所の名があります：{site}（a place is named）", one)
        if words := sends_away(one.text):
            yield stops(
                "place", f"レベル5で行き先を示しています：「{words}」（sends people away）", one
            )
        elif words := opens_place(one.text):
            yield stops(
                "place", f"レベル5で場所を案内しています：「{words}」（a place is open）", one
            )


def _second_floor(case: Case) -> Iterator[Finding]:
    alert = case.alert
    if not alert.is_order and not case.secure_now:
        return
    for one in case.shown:
        if _SECOND_FLOOR.search(one.text):
            words = "平屋や崖の近くでは「2階」は危険です（never “the second floor”）"
            yield (stops if case.secure_now else warns)("second_floor", words, one)


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
    Rule("second_floor", "「2階」とは書かれていません（no second floor）", _second_floor),
    Rule("drill", "訓練の印は正しく付いています（drill marks are right）", _drills),
    Rule("live", "本番と訓練は取り違えられません（live and drill cannot be mixed up）", _live),
    Rule("fictional", "市の名は正しく書かれています（the city is called what it is）", _fictional),
)
