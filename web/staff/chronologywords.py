"""The words with which what the system does enters the chronology; and which of it does.

Of the audit log only what changes the night enters: no sign-ins, no counts, no refusals, nothing
of single households. Its entries hold ids alone; names of places and teams are given.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from hazards.facilitycalls import ANSWER_WORDS, FacilityAnswer
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind
from shelters.needs import NEED_WORDS, NeedKind
from web.staff.auditwords import action_words
from web.staff.hqcauses import cause_words

CITIZENS, APPROVERS, DEPUTIES = "市民", "承認者", "副承認者"
HEADQUARTERS, TEAMS, PLACES, EVERYBODY = "本部", "班", "避難場所", "全班"
FACILITIES = "要配慮者利用施設"
AUTOMATIC, CONSOLE, PUBLIC = "自動", "サーバー", "住民"

TO: Final[Mapping[str, str]] = {
    **dict.fromkeys(("order.set", "order.lifted", "alert.approved", "alert.sent_alone"), CITIZENS),
    **dict.fromkeys(("alert.stopped",), CITIZENS),
    **dict.fromkeys(("alert.submitted", "proposal.made"), APPROVERS),
    "alert.deputies_called": DEPUTIES,
    **dict.fromkeys(("mission.begun", "mission.recalled"), TEAMS),
    **dict.fromkeys(("doors.handed", "doors.recalled"), TEAMS),
    **dict.fromkeys(("care.called", "care.corrected"), FACILITIES),
    **dict.fromkeys(("need.accepted", "need.done", "need.refused"), PLACES),
    **dict.fromkeys(
        (
            *("alert.countersigned", "alert.rejected", "alert.withdrawn"),
            *("proposal.approved", "proposal.rejected", "proposal.withdrawn"),
            *("place.opened", "place.preparing", "place.full", "place.closed"),
            *("place.endangered", "place.unopened", "need.sent"),
            *("road.closed", "road.reopened", "water.observed", "water.removed"),
            *("observation.confirmed", "observation.refuted", "observation.resolved"),
            *("mission.recall_confirmed", "mission.escalated", "mission.reached"),
            *("mission.returned", "doors.back", "doors.escalated"),
            *("rescue.opened", "rescue.waiting", "rescue.assigned", "rescue.on_site"),
            *("rescue.rescued", "rescue.handed_over", "rescue.not_found", "rescue.cancelled"),
            *("suggestion.taken", "suggestion.passed_over", "level.suggested"),
            *("bulletin.taken_in", "held.applied", "event.ended", "turnout.set"),
            *("paper.failed", "source.held", "source.failed", "city.loaded"),
        ),
        HEADQUARTERS,
    ),
}
"""To whom each of them goes; what is not here does not enter."""

CLOSED_BY: Final[Mapping[str, Mapping[str, str]]] = {
    "need.sent": {"need.accepted": "working", "need.done": "done", "need.refused": "done"},
    "mission.escalated": {"mission.reached": "done", "mission.returned": "done"},
    "doors.escalated": {"doors.back": "done"},
    "rescue.opened": {
        "rescue.waiting": "open",
        "rescue.assigned": "working",
        "rescue.on_site": "working",
        **dict.fromkeys(
            ("rescue.rescued", "rescue.handed_over", "rescue.not_found", "rescue.cancelled"), "done"
        ),
    },
}
"""What is open when it enters, and which later deed on the same thing says how far it is."""

ROADS: Final = ("road.closed", "road.reopened")
_MOST_ROADS: Final = 3


def road_numbers(subject: str, details: Mapping[str, Any]) -> list[int]:
    """The closures that such a deed is about."""
    return [*details.get("numbers", ())] or ([int(subject)] if subject.isdigit() else [])


def deed_words(
    action: str, subject: str, details: Mapping[str, Any], names: Mapping[str, str]
) -> str:
    """What was done, in a line. `names` by `site:ID`, `mission:N`, `doors:N`, `alert:N`,
    `facility:ID`, `road:N` (of a closure).
    """
    say = _SAID.get(action) or _SAID.get(action.split(".", maxsplit=1)[0])
    what = say(subject, details, names) if say else ""
    return f"{action_words(action)}：{what}" if what else action_words(action)


def version_words(number: int, cause: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """What a version of the plan is, and whom it moved."""
    changed = facts.get("changed") or {}
    return (
        f"計画 第{number}版。{cause_words(cause)}",
        f"案内が変わった世帯 {changed.get('households', 0):,}"
        f"（行き先 {changed.get('place', 0):,}・行動 {changed.get('verdict', 0):,}）",
    )


def _level(_subject: str, details: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    if not details.get("level"):
        return ""
    level, hazard = AlertLevel(int(details["level"])), HazardKind(details["hazard"])
    areas = details.get("areas")
    where = "" if areas is None else f" {'、'.join(areas) or '市内全域'}"
    lifts = "解除 " if details.get("lifts") else ""
    return f"{lifts}{LEVEL_WORDS[level]}（{HAZARD_WORDS[hazard]}）{where}".rstrip()


def _lifted(_subject: str, details: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return f"発令 {'、'.join(map(str, details.get('orders', ())))}番"


def _place(subject: str, _details: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return names.get(f"site:{subject}", "")


def _need(_subject: str, details: Mapping[str, Any], names: Mapping[str, str]) -> str:
    place = names.get(f"site:{details.get('site')}", "")
    kind = details.get("kind")
    return f"{place} {NEED_WORDS[NeedKind(kind)]}".strip() if kind else place


def _facility(subject: str, details: Mapping[str, Any], names: Mapping[str, str]) -> str:
    answer = details.get("answer")
    said = ANSWER_WORDS[FacilityAnswer(answer)] if answer else ""
    return f"{names.get(f'facility:{subject}', '')} {said}".strip()


def _mission(subject: str, details: Mapping[str, Any], names: Mapping[str, str]) -> str:
    numbers = [subject] if subject else [str(one) for one in details.get("missions", ())]
    return "、".join(names.get(f"mission:{one}", f"任務 {one}番") for one in numbers)


def _doors(subject: str, details: Mapping[str, Any], names: Mapping[str, str]) -> str:
    numbers = [str(one) for one in details.get("lists", ())] or [subject]
    return "、".join(names.get(f"doors:{one}", f"一覧 {one}番") for one in numbers)


def _alert(subject: str, _details: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return names.get(f"alert:{subject}", f"配信 {subject}番")


def _numbered(subject: str, _details: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return f"{subject}番" if subject else ""


def _road(subject: str, details: Mapping[str, Any], names: Mapping[str, str]) -> str:
    numbers = road_numbers(subject, details)
    more = len(numbers) - _MOST_ROADS
    words = "、".join(names.get(f"road:{one}", f"{one}番") for one in numbers[:_MOST_ROADS])
    return f"{words} ほか{more}本" if more > 0 else words


def _gauge(subject: str, _details: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return subject


_SAID: Final[Mapping[str, Callable[[str, Mapping[str, Any], Mapping[str, str]], str]]] = {
    "order.set": _level,
    "order.lifted": _lifted,
    "proposal.made": _level,
    "proposal": _numbered,
    "suggestion": _level,
    "level.suggested": _gauge,
    "place": _place,
    "need": _need,
    "mission": _mission,
    "doors": _doors,
    "alert": _alert,
    "rescue": _numbered,
    "care": _facility,
    **dict.fromkeys(ROADS, _road),
    "source": _numbered,
}
