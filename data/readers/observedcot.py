"""現地報告 as Cursor on Target, as the tablets of field teams write it: marks and drawings.

https://www.mitre.org/sites/default/files/pdf/09_4937.pdf
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers.observedrow import RowRefused, Said, place_or_refusal
from data.readers.observedshape import area, line, number, point
from data.readers.observedxml import child, children, local, text_of
from hazards.observation import ObservationKind

UNKNOWN_M: Final = 9_999_999.0
"""What `ce` says where the error is not known."""
_HELP: Final = ("b-a-o", "b-r-f-h-c")
"""Somebody presses the alarm; casualty evacuation."""
_CANCELLED: Final = "b-a-o-can"
_ROUTE: Final = "b-m-r"
_NO_REPORT: Final = (
    ("t-", "通信の確認です"),
    ("b-t-f", "チャットです"),
    ("b-f-t", "ファイルの受け渡しです"),
    ("b-m-p-s-p", "カメラの位置です"),
    ("u-d-c", "円です。面か点で描いてください"),
    ("u-r-b", "円です。面か点で描いてください"),
)
_MARK: Final = "見た所に目印（マーカー）をつけて送ってください"


def read_cot(path: Path, root: Element) -> Iterator[Said]:
    """An event, or those that some other element holds; raises `BrokenSource`."""
    events = [root] if local(root) == "event" else list(children(root, "event"))
    if not events:
        raise BrokenSource(path, "目印が一つもありません（no event）", remedy=_MARK)
    for row, event in enumerate(events, start=1):
        kind = event.get("type", "")
        needs_help = kind.startswith(_HELP)
        yield Said(
            row,
            _words(event),
            place_or_refusal(_place, event),
            kind=ObservationKind.RESCUE if needs_help else None,
            error_m=_error_m(event),
            is_way=kind.startswith(_ROUTE),
        )


def _place(event: Element) -> BaseGeometry:
    kind = event.get("type", "")
    if kind == _CANCELLED:
        raise RowRefused("緊急通報の取り消しです", "本部の画面でその報告を「解消」にしてください")
    for beginning, why in _NO_REPORT:
        if kind.startswith(beginning):
            raise RowRefused(f"報告ではありません：{why}", _MARK)
    if kind.startswith("a-") and not event.get("how", "").startswith("h"):
        raise RowRefused("報告ではありません：班や機体の現在地です", _MARK)
    detail = child(event, "detail")
    links = [] if detail is None else [one.get("point", "") for one in children(detail, "link")]
    corners = [_corner(text) for text in links if text]
    if corners:
        is_area = kind.startswith("u-d-r") or (len(corners) > 3 and corners[0] == corners[-1])
        return area([corners]) if is_area else line(corners)
    at = child(event, "point")
    if at is None:
        raise RowRefused("場所がありません", _MARK)
    return point(at.get("lat", ""), at.get("lon", ""))


def _corner(text: str) -> tuple[float, float]:
    lat, _, rest = text.partition(",")
    return number(rest.partition(",")[0], "経度"), number(lat, "緯度")


def _words(event: Element) -> dict[str, str]:
    told = {"time": event.get("start") or event.get("time") or ""}
    detail = child(event, "detail")
    if detail is None:
        return told
    contact, video = child(detail, "contact"), child(detail, "__video")
    if contact is not None:
        told["name"] = contact.get("callsign", "")
    if video is not None:
        told["url"] = video.get("url", "")
    told["remarks"] = text_of(detail, "remarks")
    alarm = child(detail, "emergency")
    if alarm is not None:
        told["cmt"] = alarm.get("type", "")
        if alarm.get("cancel", "").lower() == "true":
            told["status"] = "解除"
    return told


def _error_m(event: Element) -> float | None:
    at = child(event, "point")
    try:
        error_m = float(at.get("ce", "")) if at is not None else UNKNOWN_M
    except ValueError:
        return None
    return error_m if 0 < error_m < UNKNOWN_M else None
