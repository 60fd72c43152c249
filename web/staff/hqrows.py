"""The rows of the headquarters page, from the JSON that headquarters is answered with.

Each row is a table of slots: a text, a time (`At`) or a text with the key of its mark (`Marked`).
`static/hqrows.js` fills the same slots when something changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel
from shelters.facility import FACILITY_WORDS
from shelters.needs import NEED_WORDS
from shelters.opening import OPENING_WORDS, STAGE_WORDS
from web.staff import hqwords

Json = Mapping[str, Any]
WHOLE_CITY: Final = "市内全域"
NO_CROWD: Final = frozenset({"unopened", "preparing", "closed", "endangered"})


@dataclass(frozen=True, slots=True)
class At:
    """A moment: ISO for the script, and the time of day in the city."""

    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, and the key of the mark beside it."""

    key: str
    text: str


Slot = str | At | Marked
NO_TIME: Final = At("", "")


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, in the city's time zone."""

    now: datetime
    zone: ZoneInfo

    def at(self, iso: str | None) -> At:
        """20:38, with the day where that is not today."""
        if not iso:
            return NO_TIME
        here, today = datetime.fromisoformat(iso).astimezone(self.zone), self.now
        day = "" if here.date() == today.astimezone(self.zone).date() else f"{here:%-m/%-d} "
        return At(iso, f"{day}{here.hour}:{here.minute:02}")

    def is_past(self, iso: str | None) -> bool:
        """Whether a moment has gone by; what has none never has."""
        return bool(iso) and self.now > datetime.fromisoformat(str(iso))


def site_row(site: Json, moment: Moment) -> dict[str, Slot]:
    """A place, as the table shows it. A figure that nobody confirmed in time reads 不明."""
    stage = _word(STAGE_WORDS, site.get("stage") or "")
    return {
        "name": site["name"],
        "alerts": _alerts(site, moment),
        "opening": Marked(site["opening"], _word(OPENING_WORDS, site["opening"])),
        "stage": stage if site["opening"] == "preparing" else "",
        "expected_at": moment.at(site.get("expected_at")),
        "note": site.get("note") or "",
        "band": _band(site, moment),
        "old": "" if _persons(site) is None or _is_known(site, moment) else "最後の数",
        "figure": _figure(site),
        "counted_at": moment.at(site.get("raw_counted_at")),
        "counted_by": site.get("raw_counted_by") or "",
        "facilities": "、".join(_word(FACILITY_WORDS, one) for one in site.get("facilities") or ()),
        "rooms": _rooms(site),
    }


def order_row(order: Json, unopened: Sequence[Json], moment: Moment) -> dict[str, Slot]:
    """An order in force, and the places in its area that are not open yet."""
    return {
        "level": Marked(str(order["level"]), str(order["level"])),
        "what": _what(order),
        "areas": _areas(order),
        "since": moment.at(order.get("since")),
        "unopened": _unopened(unopened),
    }


def proposal_row(proposal: Json, actor: str, moment: Moment) -> dict[str, Slot]:
    """A proposal that waits; nobody decides on their own."""
    own = proposal["proposed_by"] == actor
    who = "自分" if own else proposal.get("proposed_by_name") or "ほかの担当"
    return {
        "level": Marked(str(proposal["level"]), str(proposal["level"])),
        "what": f"{_what(proposal)}{'の解除' if proposal.get('lifts') else ''}",
        "areas": _areas(proposal),
        "by": f"{who}の提案",
        "proposed_at": moment.at(proposal.get("proposed_at")),
        "reason": proposal.get("reason") or "",
        "unopened": _unopened(proposal.get("unopened") or ()),
    }


def need_row(need: Json, moment: Moment) -> dict[str, Slot]:
    """What a place asks for."""
    return {
        "kind": Marked(need["kind"], _word(NEED_WORDS, need["kind"])),
        "site": need.get("site_name") or "",
        "words": need.get("words") or "",
        "received_at": moment.at(need.get("received_at")),
        "state": Marked(need["state"], _word(hqwords.NEED_STATES, need["state"])),
        "answer": need.get("answer") or "",
        "expected_at": moment.at(need.get("expected_at")),
    }


def call_row(call: Json, moment: Moment) -> dict[str, Slot]:
    """A place to ring up: its last figure, and who rang last."""
    last = call.get("last_call") or {}
    said = _word(hqwords.OUTCOME_WORDS, last.get("outcome") or "")
    by = last.get("called_by")
    return {
        "name": call["name"],
        "phone": call.get("phone") or "",
        "last": _last_figure(call),
        "counted_at": moment.at(call.get("last_counted_at")),
        "called": f"{said}{f'（{by}）' if by else ''}" if said else "",
        "called_at": moment.at(last.get("at")),
    }


def _figure(site: Json) -> str:
    """412 / 900; what nobody said is a dash."""
    counts = (_persons(site), site.get("raw_capacity"))
    return " / ".join("—" if one is None else f"{one:,}" for one in counts)


def _persons(site: Json) -> int | None:
    """Of a place of which more left than ever came, nobody knows how many are inside."""
    return None if site.get("below_zero") else site.get("raw_persons")


def _last_figure(call: Json) -> str:
    if call.get("below_zero"):
        return "人数が0より少なくなりました"
    persons = call.get("last_persons")
    return "まだ数がありません" if persons is None else f"最後は{persons:,}人"


def _band(site: Json, moment: Moment) -> Marked:
    """Where nobody is meant to be, there is no 空いています and no 不明."""
    if site["opening"] in NO_CROWD:
        return Marked("none", "—")
    key = site.get("raw_band") if _is_known(site, moment) else None
    return Marked(key or "unknown", _word(hqwords.BAND_WORDS, key or "unknown"))


def _is_known(site: Json, moment: Moment) -> bool:
    """Whether somebody confirmed the figure in time."""
    known = site.get("raw_unknown_after")
    return bool(known) and not moment.is_past(known)


def _alerts(site: Json, moment: Moment) -> str:
    """What a person must see to; no door refuses anybody while a room is to spare."""
    needs = sum(one.get("state") == "sent" for one in site.get("needs") or ())
    held = len(site.get("held") or ())
    full = site["opening"] == "full" or _band(site, moment).key == "full"
    spare = any(one["overflow"] and not one["in_use"] for one in site.get("rooms") or ())
    found = (
        f"要請{needs}" if needs else "",
        f"数の確認{held}" if held else "",
        "人数が0未満" if site.get("below_zero") else "",
        "電話で確認" if site.get("call_next") else "",
        "予備の部屋あり" if full and spare else "",
    )
    return "・".join(one for one in found if one)


def _rooms(site: Json) -> str:
    rooms = site.get("rooms") or ()
    spare = [one for one in rooms if one.get("overflow")]
    used = sum(bool(one.get("in_use")) for one in spare)
    text = f"{len(rooms)}室" if rooms else ""
    return f"{text}、予備{used}/{len(spare)}使用" if spare else text


def _unopened(sites: Sequence[Json]) -> str:
    """Places that are not open yet, by what is known of them."""
    if not sites:
        return ""
    grouped: dict[str, list[str]] = {}
    for site in sites:
        grouped.setdefault(site["opening"], []).append(site["name"])
    said = (f"{_word(OPENING_WORDS, key)}：{'、'.join(names)}。" for key, names in grouped.items())
    return f"まだ開いていない避難場所が{len(sites)}か所あります。{''.join(said)}"


def _what(order: Json) -> str:
    level = LEVEL_WORDS[AlertLevel(order["level"])]
    return f"{level}　{_word(HAZARD_WORDS, order['hazard'])}"


def _areas(order: Json) -> str:
    return "、".join(order.get("area_names") or ()) or WHOLE_CITY


def _word(words: Mapping[Any, str], key: str) -> str:
    return words.get(key, key)
