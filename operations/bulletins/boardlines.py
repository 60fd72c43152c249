"""The board of bulletins in lines, for the console."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Row

from data.database import transaction
from data.rows import card_of, current_load
from data.suggestions import suggestion_of
from hazards.bulletin import BulletinItem
from hazards.bulletinplace import Place
from hazards.criterion import sentence
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from hazards.suggestionstate import IN_DRAFTING, SuggestionState
from operations.bulletins.board import open_suggestions
from operations.bulletins.nowstanding import HOW_WORDS, Standing, areas_here, standing_now
from operations.bulletins.surroundings import orders_of, place_of


def board_lines(engine: Engine, now: datetime) -> list[str]:
    """What stands, each with its items below it, then what waits for a decision."""
    with transaction(engine) as connection:
        load = current_load(connection)
        zone, place = ZoneInfo(card_of(load).timezone), place_of(connection, load)
        found = standing_now(connection, load.code, place, now)
        rows = open_suggestions(connection, load.code, orders_of(connection, load))
    in_force = {one.number for one in found if one.items_in_force()}
    told = [line for one in found for line in _standing(one, place, zone, now)]
    return told + [_suggestion(row, in_force) for row in rows]


def age(since: datetime, now: datetime) -> str:
    """How long ago, in words."""
    minutes = max(0, int((now - since) / timedelta(minutes=1)))
    if minutes < 60:
        return f"{minutes}分前"
    hours = minutes // 60
    return f"{hours}時間前" if hours < 48 else f"{hours // 24}日前"


def _standing(one: Standing, place: Place, zone: ZoneInfo, now: datetime) -> list[str]:
    bulletin = one.bulletin
    status = "" if bulletin.is_real else f"【{bulletin.status}】"
    at = f"{bulletin.reported_at.astimezone(zone):%Y-%m-%d %H:%M%z}"
    head = f"{status}{bulletin.heading} [{HOW_WORDS[one.how]}] {bulletin.office} {at}"
    items = [_item(item, place) for item in bulletin.items]
    return [f"{head} ({age(bulletin.reported_at, now)})", *items, *one.remarks]


def _item(item: BulletinItem, place: Place) -> str:
    implied = "" if item.level is None or item.level_is_said else f"（レベル{item.level}相当）"
    areas = "、".join(area.name for area in areas_here(item, place))
    return f"  {item.name}{implied} {item.condition}: {areas}"


def _suggestion(row: Row[Any], in_force: set[int]) -> str:
    made = suggestion_of(row)
    where = "、".join(made.area_names) or "市内全域"
    level = f"警戒レベル{int(made.level)} {LEVEL_WORDS[made.level]}"
    rests = row.bulletin_id is None or row.bulletin_id in in_force
    gone = "" if rests else "【根拠の情報は、今はもう発表されていません】"
    drafting = f"【{IN_DRAFTING}】" if row.state == SuggestionState.TAKEN else ""
    head = f"{drafting}候補 {row.id}: {HAZARD_WORDS[made.hazard]} {level} {where}"
    return f"{head} — {gone}{sentence(made)}"
