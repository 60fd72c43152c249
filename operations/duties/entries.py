"""What officers enter into the forms of the night, each field by itself, with who and when."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine

from city.staff import Caller
from data import dutyentries
from data.database import in_order, transaction
from data.live import outbox as live
from data.people import audit
from data.rows import current_load
from operations.errors import Refused
from operations.refusals import refusals
from operations.wording import line

KEY: Final = "duties"
"""Of the topic of headquarters: somebody entered something."""
LONGEST_TEXT: Final = 200
MOST: Final = 999_999
OVERTAKEN: Final = (
    "この欄は、先に別の記入がありました。いまの記入を見てから、もう一度押してください"
    "（somebody else entered something meanwhile）"
)


class Form(StrEnum):
    """Which form a field is of."""

    WIND = "wind"
    REPORT = "report4"


class FieldKind(StrEnum):
    """What may be entered."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"


FIELDS: Final[Mapping[Form, Mapping[str, tuple[str, FieldKind]]]] = {
    Form.WIND: {"expected_at": ("限度の突風が吹く見込みの時刻", FieldKind.MOMENT)},
    Form.REPORT: {
        "known_at": ("覚知の日時", FieldKind.MOMENT),
        "sent": ("報告した日時", FieldKind.MOMENT),
        "prefecture": ("都道府県", FieldKind.TEXT),
        "receiver": ("消防庁受信者氏名", FieldKind.TEXT),
        "reporter": ("報告者名", FieldKind.TEXT),
        "name": ("災害名", FieldKind.TEXT),
        "place": ("発生場所", FieldKind.TEXT),
        "began_at": ("発生日時", FieldKind.MOMENT),
        "dead": ("死者", FieldKind.NUMBER),
        "dead_related": ("うち災害関連死者", FieldKind.NUMBER),
        "missing": ("不明", FieldKind.NUMBER),
        "severe": ("重傷", FieldKind.NUMBER),
        "slight": ("軽傷", FieldKind.NUMBER),
        "destroyed": ("全壊", FieldKind.NUMBER),
        "half": ("半壊", FieldKind.NUMBER),
        "part": ("一部破損", FieldKind.NUMBER),
        "above_floor": ("床上浸水", FieldKind.NUMBER),
        "below_floor": ("床下浸水", FieldKind.NUMBER),
        "unsorted": ("未分類", FieldKind.NUMBER),
        "calls_119": ("119番通報の件数", FieldKind.NUMBER),
        "hq_prefecture": ("対策本部の設置（都道府県）", FieldKind.TEXT),
        "hq_city": ("対策本部の設置（市町村）", FieldKind.TEXT),
        "fire": ("消防機関等の活動状況", FieldKind.TEXT),
        "sdf": ("自衛隊派遣要請の状況", FieldKind.TEXT),
        "other": ("その他の応急対策", FieldKind.TEXT),
    },
}


def enter(
    engine: Engine,
    by: Caller,
    form: Form,
    field: str,
    value: str | None,
    *,
    confirmed: bool,
    key: UUID,
    seen: int,
    now: datetime,
) -> int:
    """Enter a field; None says that nobody knows it. The same `key` once more changes nothing.
    Returns the entry's number; `seen`: that of the newest one that was looked at, 0 for none.

    Raises `Refused` for a field that is none, for what it cannot hold, and where somebody else
    entered something meanwhile.
    """
    with refusals(engine, by, "duty", f"{form}.{field}"), transaction(engine, latest=True) as held:
        load = current_load(held)
        said = None if value is None else _checked(form, field, value, now)
        in_order(held)
        known = dutyentries.number_of(held, key)
        if known is not None:
            return known
        if dutyentries.last_number(held, load.code, str(form), field) != seen:
            raise Refused(OVERTAKEN)
        number = dutyentries.add(
            held,
            key=key,
            city_code=load.code,
            form=str(form),
            field=field,
            value=said,
            confirmed=confirmed and said is not None,
            said_by=by.actor,
            said_at=now,
        )
        assert number is not None  # noqa: S101 - nobody else numbers anything meanwhile
        live.put(held, live.Topic.HEADQUARTERS, KEY, {"entry": number, "at": now.isoformat()})
        audit.record(held, by, "duty.entered", f"{form}.{field}", entry=number)
        return number


def moment_of(entry: dutyentries.Entry | None) -> datetime | None:
    """The moment that a field holds."""
    return datetime.fromisoformat(entry.value) if entry and entry.value else None


def _checked(form: Form, field: str, value: str, now: datetime) -> str:
    if field not in FIELDS[form]:
        raise Refused("そのような欄はありません（no such field）")
    label, kind = FIELDS[form][field]
    if kind is FieldKind.NUMBER:
        return str(_number(value, label))
    if kind is FieldKind.MOMENT:
        return _moment(value, label, now).isoformat()
    return line(value, label, longest=LONGEST_TEXT, needed=True)


def _number(value: str, label: str) -> int:
    text = value.strip()
    if not (text.isascii() and text.isdigit() and int(text) <= MOST):
        raise Refused(f"{label}は 0 から {MOST} までの数で書いてください（a whole number）")
    return int(text)


def _moment(value: str, label: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Refused(f"{label}が読めません（no moment）") from None
    if at.tzinfo is None or abs(at - now) > timedelta(days=14):
        raise Refused(f"{label}は前後14日以内の時刻で書いてください（within 14 days）")
    return at


def shown(entries: Mapping[str, dutyentries.Entry]) -> dict[str, Any]:
    """By field what was entered last, for a page: without who, whose account may be gone."""
    return {
        field: {
            "entry": one.number,
            "value": one.value,
            "confirmed": one.confirmed,
            "at": one.said_at.isoformat(),
        }
        for field, one in entries.items()
    }
