"""What each file of open data holds: its fields, their names in both formats, units and meaning."""

from typing import Final

from data.readers.places import HAZARDS
from hazards.kinds import HazardKind
from web.opendata import Field, Published


def _flag(column: str, kind: HazardKind) -> Field:
    return Field(
        str(kind),
        f"災害種別_{column}",
        "この災害のときに使える所は 1、そうでなければ空",
        "1 where designated for this hazard, else empty",
    )


_NAME: Final = Field("name", "名称", "名前", "Name")
_ID: Final = Field("id", "ID", "この市での番号。変わりません", "Id in this city; it never changes")
_LAT: Final = Field("lat", "緯度", "度（世界測地系、EPSG:4326）", "Degrees north, EPSG:4326")
_LON: Final = Field("lon", "経度", "度（世界測地系、EPSG:4326）", "Degrees east, EPSG:4326")
PLACES: Final = Published(
    "places",
    "指定緊急避難場所",
    "Designated evacuation sites",
    (
        Field("code", "全国地方公共団体コード", "5桁（検査数字なし）", "Five digits"),
        _ID,
        _NAME,
        Field("address", "所在地_連結表記", "住所", "Address"),
        _LAT,
        _LON,
        *(_flag(column, kind) for column, kind in HAZARDS.items()),
        Field(
            "capacity",
            "想定収容人数",
            "人。何のときの人数か書かれていないもの",
            "Persons; the city does not say for what",
        ),
        Field(
            "capacity_storm_indoor",
            "想定収容人数_風水害屋内",
            "人。足し合わせないでください",
            "Persons, indoors in a storm; never add these up",
        ),
        Field(
            "capacity_quake_indoor",
            "想定収容人数_地震屋内",
            "人。足し合わせないでください",
            "Persons, indoors after an earthquake",
        ),
        Field(
            "capacity_quake_outdoor",
            "想定収容人数_地震屋外",
            "人。足し合わせないでください",
            "Persons, outdoors after an earthquake",
        ),
    ),
)
CONGESTION: Final = Published(
    "congestion",
    "避難場所の開設状況と混み具合",
    "Which sites are open, and how full they are",
    (
        _ID,
        _NAME,
        _LAT,
        _LON,
        Field(
            "opening",
            "開設状況",
            "未開設・開設準備・開設・満員・閉鎖・危険・不明（計画では開く場所）",
            "unopened, preparing, open, full, closed, endangered; unconfirmed: by plan only",
        ),
        Field(
            "level_5",
            "警戒レベル5の区域内",
            "いまレベル5（緊急安全確保）の区域にある所は 1。開いていても、向かわないでください",
            "1 inside an area under level 5: nobody goes there, open or not",
        ),
        Field("opening_since", "開設状況の時刻", "ISO 8601", "ISO 8601"),
        Field(
            "band",
            "混雑",
            "空いています・やや混雑・混雑・満・不明。古い数は「不明」。レベル5の区域では空",
            "room, some, crowded, full, unknown (old); empty inside an area under level 5",
        ),
        Field("persons", "人数", "人。「不明」なら空", "Persons inside; empty where unknown"),
        Field("capacity", "定員", "人。いま使える部屋の分", "Persons that it holds now"),
        Field("counted_at", "数えた時刻", "ISO 8601", "ISO 8601"),
    ),
)
CLOSURES: Final = Published(
    "closures",
    "市が通行止めにしている道",
    "Streets that the city has closed",
    (
        Field("id", "ID", "番号", "Number"),
        Field("name", "道の名前", "名前のない道は空", "Empty where the street has no name"),
        Field(
            "state",
            "状態",
            "通行止め、または 一時停止（確認中）",
            "closed, or suspended while the city looks",
        ),
        Field("reason", "理由", "一時停止は空", "Empty while suspended"),
        Field("since", "始まり", "ISO 8601", "ISO 8601"),
        Field("lat", "緯度", "道の中ほど。度", "Middle of the street, degrees"),
        Field("lon", "経度", "道の中ほど。度", "Middle of the street, degrees"),
    ),
)
ORDERS: Final = Published(
    "orders",
    "いま出ている避難情報（市長の発令）",
    "Evacuation orders in force",
    (
        Field("number", "番号", "発令の番号。解除まで変わりません", "Of the order, until lifted"),
        Field("level", "警戒レベル", "3、4、5", "3, 4 or 5"),
        Field("word", "避難情報", "高齢者等避難・避難指示・緊急安全確保", "As the law calls it"),
        Field("hazard", "災害", "", "Hazard"),
        Field("whole_city", "市内全域", "1 または 空", "1 or empty"),
        Field("area_names", "地域", "「、」で区切った町丁目", "Names of areas"),
        Field("since", "始まり", "発令の時刻。ISO 8601", "When it was ordered, ISO 8601"),
        Field(
            "told",
            "配信",
            "あり・なし・不明。「なし」でも発令は有効です",
            "Whether an alert tells of it: yes, no, unknown; it is in force all the same",
        ),
        Field("alert", "配信の番号", "alerts の番号。ないもの・不明は空", "Its number in alerts"),
    ),
)
ALERTS: Final = Published(
    "alerts",
    "市が配信した避難情報・お知らせ（終わって24時間まで）",
    "Alerts that the city sent, until a day after their end",
    (
        Field("number", "番号", "改訂ごとに変わります", "Of the revision"),
        Field("title", "見出し", "", "Headline"),
        Field(
            "standing",
            "状態",
            "発令中・送信停止・文の期限切れ・終了",
            "in_force, stopped, expired, ended",
        ),
        Field("hazard", "災害", "", "Hazard"),
        Field("level", "警戒レベル", "3、4、5。ないものは空", "3, 4, 5, or empty"),
        Field("whole_city", "市内全域", "1 または 空", "1 or empty"),
        Field("area_names", "地域", "「、」で区切った町丁目", "Names of areas"),
        Field(
            "issued_at",
            "最初の時刻",
            "最初に配信した時刻。ISO 8601。発令の時刻は orders の「始まり」",
            "When it was first sent; when it was ordered: orders",
        ),
        Field("updated_at", "変わった時刻", "ISO 8601", "ISO 8601"),
        Field(
            "expires_at",
            "文の期限",
            "ISO 8601。発令は解除まで続きます",
            "Of the text; orders stand",
        ),
        Field("ended_at", "終わった時刻", "ISO 8601", "ISO 8601"),
        Field("cap", "CAP文書", "CAP 1.2", "Address of its CAP 1.2 document"),
    ),
)
FILES: Final = {one.name: one for one in (PLACES, CONGESTION, CLOSURES, ORDERS, ALERTS)}
EXTRA: Final = ("時点", "新しい情報を確認できていない", "作成", "市", "ライセンス", "出典")
"""Columns at the end of every row of a CSV, which has no other place for them."""
NOTICE: Final = "（新しい情報を確認できていません。何もないという意味ではありません）"
"""Stands as the only row, where the name or the title is, in a CSV that is old and has no other."""
