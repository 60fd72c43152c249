"""第4号様式（その1）out of the state and of what officers entered: never 0 out of missing data."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from data import dutyentries
from data.dutyentries import Entry
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind
from hazards.observation import ObservationState
from operations.duties.criteriarows import SILENT
from operations.duties.entries import FIELDS, FieldKind, Form, moment_of
from operations.duties.seen import Seen
from operations.duties.shutsaid import said, shut_said
from web.dutysheets.counted import head_count, open_count
from web.dutysheets.stamp import UNREAD

WITHIN: Final = timedelta(minutes=30)
"""From 覚知 to the first report (火災・災害等即報要領)."""
Line = Mapping[str, Any]


def first_report(seen: Seen) -> dict[str, Any]:
    """Each field with its text (None: nobody knows), whether somebody confirmed it, and whence."""
    entries = dutyentries.newest(seen.connection, seen.load.code, Form.REPORT)
    sent = dutyentries.standing(seen.connection, seen.load.code, Form.REPORT, "sent")
    known = moment_of(entries.get("known_at"))
    fields = [_field(key, entries.get(key), seen) for key in FIELDS[Form.REPORT] if _printed(key)]
    return {
        "report": len(sent) + 1,
        "sent_at": sent[-1] if sent else None,
        "known_at": known.isoformat() if known else None,
        "due": (known + WITHIN).isoformat() if known else None,
        "fields": [
            *fields,
            _auto("reported_at", "報告日時", seen.stamp.day(seen.now)),
            _auto("municipality", "市町村（消防本部名）", seen.card.name),
        ],
        "outline": outline(seen),
        "measures": measures(seen),
    }


def outline(seen: Seen) -> list[dict[str, Any]]:
    """What is seen: rivers, reports by kind, water, who waits for rescue."""
    found = [
        said(_gauge_words(one, seen), confirmed=not one["silent_since"]) for one in _high(seen)
    ]
    found += _unread(seen, {"gauges": "水位", "observations": "被害の報告", "water": "見られた水"})
    found += _reports(seen)
    waters = [one for one in seen.state["water"].values() if not one.get("held")]
    if waters:
        found.append(said(f"浸水が見られた区域 {len(waters)}か所", confirmed=True))
    waiting = seen.state["rescues"].get("open")
    if waiting is None:
        found.append(said("救助を待つ人", confirmed=False))
    elif waiting["count"]:
        oldest = seen.stamp.clock(waiting["oldest_at"])
        words = f"救助の求め {waiting['count']}件（最も古いもの {oldest}）"
        found.append(said(words, confirmed=False))
    return found or [said("被害の報告はまだ入っていない", confirmed=False)]


def measures(seen: Seen) -> list[dict[str, Any]]:
    """What the city did: orders, places and who is in them, streets shut, teams out."""
    found = _unread(seen, {"orders": "避難情報"})
    found += [said(_order_words(one, seen), confirmed=True) for one in _orders(seen)]
    found += _places(seen)
    found += _unread(seen, {"closures": "通行止め", "teams": "出ている班"})
    found += shut_said(seen)
    if seen.state["teams"]:
        found.append(said(f"出ている班 {len(seen.state['teams'])}班", confirmed=True))
    return found


def _unread(seen: Seen, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """What could not be read is unknown: it must not look like nothing."""
    missing = [word for name, word in words.items() if name in seen.stamp.missing]
    return [said(f"{word}：{UNREAD}", confirmed=False) for word in missing]


def _places(seen: Seen) -> list[dict[str, Any]]:
    sites = seen.state["sites"]
    if not sites:
        return [said("避難場所", confirmed=False)]
    is_open, assumed = open_count(sites)
    persons, counted, unknown = head_count(sites)
    found = []
    if is_open:
        found.append(said(f"開設した避難場所 {is_open}か所", confirmed=True))
    if assumed:
        found.append(said(f"計画では開いている避難場所 {assumed}か所", confirmed=False))
    if persons is None:
        found.append(said("避難者数", confirmed=False))
    else:
        found.append(said(f"避難者 {persons:,}人（数えた {counted}か所）", confirmed=True))
    if unknown and (persons is not None or not assumed):
        found.append(said(f"このほか人数の分からない避難場所 {unknown}か所", confirmed=False))
    return found


def _reports(seen: Seen) -> list[dict[str, Any]]:
    sure: dict[str, int] = {}
    unsure: dict[str, int] = {}
    for one in seen.state["observations"].values():
        counts = sure if one["state"] == ObservationState.CONFIRMED else unsure
        counts[one["word"]] = counts.get(one["word"], 0) + 1
    found = [
        said("、".join(f"{word} {n}件" for word, n in counts.items()), confirmed=counts is sure)
        for counts in (sure, unsure)
        if counts
    ]
    left = seen.state["city"].get("city", {}).get("reports_left")
    return [*found, said(f"このほか数えていない報告 {left}件", confirmed=False)] if left else found


def _high(seen: Seen) -> Sequence[Line]:
    """Gauges at 氾濫注意水位 or above."""
    return [
        one
        for one in seen.state["gauges"].values()
        if one["level_m"] is not None
        and one.get("caution_m") is not None
        and one["level_m"] >= one["caution_m"]
    ]


def _gauge_words(one: Line, seen: Seen) -> str:
    at = seen.stamp.clock(one["measured_at"])
    silent = f"、{SILENT}" if one["silent_since"] else ""
    return f"{one['river']} {one['name']} {one['level_m']:.2f} m（{at}、{one['word']}{silent}）"


def _orders(seen: Seen) -> list[Line]:
    return list(seen.state["orders"].values())


def _order_words(one: Line, seen: Seen) -> str:
    names = one["area_names"]
    where = "市内全域" if one.get("whole_city") else "、".join(names[:6])
    more = f" ほか{len(names) - 6}" if len(names) > 6 else ""
    known = bool(seen.state["city"]["city"].get("households"))
    homes = f" {one['households']:,}世帯" if known and one["households"] is not None else ""
    level = f"警戒レベル{one['level']} {LEVEL_WORDS[AlertLevel(one['level'])]}"
    hazard = HAZARD_WORDS[HazardKind(one["hazard"])]
    return f"{seen.stamp.clock(one['since'])} {level}（{hazard}）{where}{more}{homes}"


def _printed(key: str) -> bool:
    return key not in {"known_at", "sent"}


def _field(key: str, entry: Entry | None, seen: Seen) -> dict[str, Any]:
    label, kind = FIELDS[Form.REPORT][key]
    text = entry.value if entry else None
    if text is not None and kind is FieldKind.MOMENT:
        text = seen.stamp.day(text)
    elif text is not None and kind is FieldKind.NUMBER:
        text = f"{int(text):,}"
    return {
        "key": key,
        "label": label,
        "kind": str(kind),
        "text": text,
        "value": entry.value if entry else None,
        "confirmed": bool(entry and entry.confirmed),
        "entry": entry.number if entry else None,
        "at": entry.said_at.isoformat() if entry else None,
    }


def _auto(key: str, label: str, text: str) -> dict[str, Any]:
    return {"key": key, "label": label, "kind": "state", "text": text, "confirmed": True}
