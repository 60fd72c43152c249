"""What an officer's own words may not do at each level, and where level 5 stands."""

import re
from collections.abc import Iterator
from typing import Final

from alerts.alert import Alert
from alerts.kinds import AlertKind, Step
from alerts.wording.checks.asking import asking, draws
from alerts.wording.checks.case import Case, Rule, stops
from alerts.wording.checks.whole import where_stands
from alerts.wording.findings import Finding
from hazards.kinds import AlertLevel

_MOST_NAMED: Final = 10
_WHOLE_CITY: Final = "市内全域"
_KEEPS: Final = re.compile(
    "避難[^。、]{0,6}(?:不要|いりません|要りません|必要(?:は|が)?(?:ありません|ない|なし)|しなくて|しないで"
    "|しないこと|せずに|見合わせ|控え)"
    "|(?<!車で)逃げ(?:なくて|ないで(?!い)|ないこと|る必要|ずに)"
    "|(?:家|自宅|屋内|室内|建物)の?中?[でに]、?(?:待|いて(?!は)|いること(?!は)|とどま|留ま|過ご"
    "|残(?!って(?:い|お)|され))|(?:自宅|屋内|在宅)待機"
    "|(?:外|家)(?:[へに]|から)?出(?:ないで|ないこと|るな|なくて)"
    "|(?:安全|安心|大丈夫|だいじょうぶ)(?:です|な区域|な地域)|(?:心配|問題)は?(?:ありません|いりません)"
)
_NO: Final = "(?:ない|ません|なく|ず[。に]|るな|くな|危険|禁|避け|控え|やめ|ては)"
_SENDS: Final = re.compile(
    "(?:帰宅(?!困難)|(?:家|自宅|うち)[へに]?、?(?:帰|戻|もど)|車(?:で|に乗って|を使って)[^。]{0,8}?(?:逃げ|避難|移動|行)"
    "|(?:川|海|用水|田|水路|堤防|土手|橋|岸|港|崖|ダム|様子)[^。、]{0,6}?見に"
    "|(?:川|海|岸|土手|堤防|崖)(?:へ|に|まで)、?(?:行|近づ|集ま)|水の中を、?(?:歩|渡))"
    f"(?![^。、!]{{0,8}}{_NO}|[^。、!]{{0,3}}[はをと]、[^。、!]{{0,5}}{_NO})"
)
"""What follows in the same breath may forbid it."""


def _action_at_five(case: Case) -> Iterator[Finding]:
    if _tells_five(case.alert) and case.alert.action.strip():
        yield stops(
            "own_five",
            "警戒レベル5の行動は、ひな形の言葉だけです。消してください"
            "（at level 5 only the template says what to do: leave yours out）",
        )


def _asks_at_five(case: Case) -> Iterator[Finding]:
    """A reason of level 5 tells what happens; so do words beside a level 5 that stands."""
    alert = case.alert
    if _tells_five(alert):
        said = list(asking(alert.reason))
    elif alert.kind is not AlertKind.EVACUATION and case.five_stands and _ends(alert):
        said = [alert.subject] if draws(alert.subject) else []
        said += [*asking(alert.reason), *asking(alert.action)]
    else:
        return
    for sentence in said:
        yield stops(
            "asks_five",
            "警戒レベル5の理由には、起きていることだけを書きます。頼む、勧める、場所を示す言葉は"
            f"消して、「水位が、上がっています。」のように書いてください：「{sentence}」"
            "（at level 5 a reason tells what happens, and asks nothing）",
        )


def _five_stands(case: Case) -> Iterator[Finding]:
    """Beside level 5 nothing else is told: it would be read as what to do now."""
    alert = case.alert
    if alert.kind is AlertKind.EVACUATION or _ends(alert) or not case.five_stands:
        return
    there = [one for one in case.orders if one.level is AlertLevel.SECURE_NOW]
    names = list(dict.fromkeys(name for one in there for name in one.touched))
    if alert.whole_city or not names:
        left_out = "、".join(names[:_MOST_NAMED]) or _WHOLE_CITY
        do = f"解除まで、その区域には送れません。ほかの区域を選んでください：{left_out}"
    else:
        more = f" ほか{len(names) - _MOST_NAMED}区域" if len(names) > _MOST_NAMED else ""
        do = f"次の区域を外してください：{'、'.join(names[:_MOST_NAMED])}{more}"
    yield stops(
        "five_stands", f"警戒レベル5が出ています。{do}（level 5 stands there: leave it out）"
    )


def _against(case: Case) -> Iterator[Finding]:
    """Words at level 3 or 4 that keep people there, or send them into danger."""
    alert = case.alert
    if not alert.is_order or alert.level is AlertLevel.SECURE_NOW:
        return
    for text in (alert.reason, alert.action):
        kept, sent = where_stands(_KEEPS, text), where_stands(_SENDS, text)
        for sentence in dict.fromkeys((*kept, *sent)):
            yield stops(
                "against_order",
                f"避難を妨げるか、危険な所へ向かわせる言葉です。消してください：「{sentence}」"
                "（keeps people there, or sends them into danger）",
            )


def _tells_five(alert: Alert) -> bool:
    return alert.order_level is AlertLevel.SECURE_NOW


def _ends(alert: Alert) -> bool:
    return alert.step in (Step.CANCEL, Step.ALL_CLEAR)


OWN_WORDS: Final = (
    Rule(
        "own_five", "レベル5の行動は、ひな形の言葉だけです（the template's alone）", _action_at_five
    ),
    Rule(
        "asks_five", "レベル5で、頼む言葉はありません（nothing is asked at level 5）", _asks_at_five
    ),
    Rule("five_stands", "レベル5の区域には送りません（not where level 5 stands）", _five_stands),
    Rule("against_order", "避難を妨げる言葉はありません（nothing against the order）", _against),
)
