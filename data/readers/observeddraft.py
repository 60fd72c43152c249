"""A row's texts and place made into the draft of a report, or refused."""

import math
import re
import unicodedata
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

from shapely.geometry.base import BaseGeometry

from data.readers import observedcolumns as columns
from data.readers.observedrow import ObservedRow, RowRefused, Said
from data.readers.observedshape import parts_of
from data.readers.observedtime import moment
from data.weblinks import can_open
from hazards.kindwords import denies, depth_named, kinds_named, of_a_drill, only_shut
from hazards.observation import KIND_WORDS, Depth, Draft, ObservationKind

MOST_NOTE: Final = 200
MOST_LINK: Final = 500
FARTHEST_M: Final = 100_000.0
"""An error beyond this says as much as none: CoT writes 9999999 for "unknown"."""
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_ERROR: Final = re.compile(r"(?:約|±|\+/?-)? ?(\d{1,9}(?:\.\d+)?) ?(m|メートル)?")
_NO_KIND: Final = "種別が書かれていません。「その他」とします"
_SHUT: Final = (
    "通行止めの理由が書かれていません。「その他」とします（通行止めにするのは本部の操作です）"
)
_ENDED: Final = "解消した、または起きていないと書かれています"
_END_THERE: Final = "前の報告を終わらせるには、本部の画面でその報告を「解消」にしてください"
_DRILL: Final = "訓練と書かれています"
_NOT_REAL: Final = "訓練は、訓練用のシステムに入れてください"
_WAY: Final = "通った跡・計画の線で、何を見たかが書かれていません"
_SAY: Final = "名前か説明に「冠水」などを書くか、見た場所を点で入れてください"


def rows_of(said: Said, zone: tzinfo) -> list[ObservedRow]:
    """The reports of one row, one for each shape in it; or its refusal."""
    said = replace(said, words=columns.bounded(said.words))
    try:
        if isinstance(said.place, RowRefused):
            raise said.place
        shapes = parts_of(said.place)
        made = [_draft(said, shape, zone) for shape in shapes]
    except RowRefused as refusal:
        return [ObservedRow(f"{said.number}", None, refusal.why, refusal.remedy)]
    return [
        ObservedRow(
            f"{said.number}-{part}" if len(made) > 1 else f"{said.number}", draft, remarks=remarks
        )
        for part, (draft, remarks) in enumerate(made, start=1)
    ]


def _draft(said: Said, shape: BaseGeometry, zone: tzinfo) -> tuple[Draft, tuple[str, ...]]:
    remarks: list[str] = []
    note = _note(said, remarks)
    kind = _kind(said, remarks)
    draft = Draft(
        kind=kind,
        geometry=shape,
        error_m=_error_m(said, remarks),
        seen_at=_seen_at(said, zone, remarks),
        note=note,
        depth=_depth(said, remarks),
        link=_link(said, remarks),
    )
    return draft, tuple(remarks)


def _kind(said: Said, remarks: list[str]) -> ObservationKind:
    """By the format, by the column of kinds, by the other words; raises `RowRefused`."""
    told = columns.value(said.words, columns.KIND)
    others = columns.all_values(said.words, columns.NAME, columns.NOTE)
    named = kinds_named(told)
    _refuse_no_report(said, told, others, named[0] if named else said.kind)
    if said.kind:
        return said.kind
    if not named or named[0] is ObservationKind.OTHER:
        guessed = kinds_named("。".join(others))
        if guessed and told:
            remarks.append(
                f"種別「{_plain(told)[:20]}」は、内容から「{KIND_WORDS[guessed[0]]}」とします"
            )
        named = guessed or named
    if not named:
        if said.is_way:
            raise RowRefused(_WAY, _SAY)
        remarks.append(_unknown(told, [told, *others]))
        return ObservationKind.OTHER
    if len(named) > 1:
        more = "・".join(KIND_WORDS[kind] for kind in named[1:])
        remarks.append(f"{more}とも書かれています。別に報告するなら行を分けてください")
    return named[0]


def _refuse_no_report(
    said: Said, told: str, others: list[str], kind: ObservationKind | None
) -> None:
    status = columns.all_values(said.words, columns.STATUS)
    if any(of_a_drill(text) for text in (told, *others, *status)):
        raise RowRefused(_DRILL, _NOT_REAL)
    if any(map(denies, (told, *status))) or any(denies(text, kind) for text in others):
        raise RowRefused(_ENDED, _END_THERE)


def _unknown(told: str, texts: list[str]) -> str:
    if any(only_shut(text) for text in texts):
        return _SHUT
    return f"種別「{_plain(told)[:20]}」は知らない語です。「その他」とします" if told else _NO_KIND


def _seen_at(said: Said, zone: tzinfo, remarks: list[str]) -> datetime | None:
    text = columns.value(said.words, columns.AT)
    if not text:
        day, clock = (columns.value(said.words, key) for key in (columns.DATE, columns.CLOCK))
        text = f"{day} {clock}".strip()
    if not text:
        remarks.append("日時がありません。取り込んだ時刻とします")
        return None
    return moment(text, zone)


def _error_m(said: Said, remarks: list[str]) -> float | None:
    """In metres; None where it is not told, or cannot be: that is the weaker claim."""
    text = unicodedata.normalize("NFKC", columns.value(said.words, columns.ERROR)).strip()
    match = _ERROR.fullmatch(text)
    error_m = float(match[1]) if match else said.error_m
    if error_m is not None and math.isfinite(error_m) and 0 < error_m < FARTHEST_M:
        return error_m
    if text:
        remarks.append(f"誤差「{_plain(text)[:20]}」は使えません。誤差不明とします")
    return None


def _depth(said: Said, remarks: list[str]) -> Depth | None:
    text = columns.value(said.words, columns.DEPTH)
    depth = depth_named(text)
    if text and depth is None:
        remarks.append(f"深さ「{_plain(text)[:20]}」が読めません（30cm・ひざ などと書きます）")
    return depth


def _note(said: Said, remarks: list[str]) -> str:
    told = columns.value(said.words, columns.KIND)
    texts = columns.all_values(said.words, columns.NAME, columns.NOTE)
    if not kinds_named(told):
        texts.insert(0, told)
    note = "、".join(filter(None, map(_plain, texts)))
    if len(note) > MOST_NOTE:
        remarks.append(f"内容は{MOST_NOTE}字までを残します（{len(note):,}字あります）")
    return note[:MOST_NOTE]


def _link(said: Said, remarks: list[str]) -> str:
    """An address to look at; nothing is fetched from there."""
    text = columns.value(said.words, columns.LINK)
    if not text:
        return ""
    if not re.fullmatch(r"https?://[!-~]+", text) or len(text) > MOST_LINK:
        remarks.append("リンクは https:// で始まるものだけを残します")
        return ""
    if not can_open(text):
        remarks.append(f"リンク「{text[:40]}」は開けません。リンクだけを外します")
        return ""
    return text


def _plain(text: str) -> str:
    """One line that every list and page can show."""
    seen = "".join(" " if unicodedata.category(sign) in _UNSEEN else sign for sign in text)
    return " ".join(seen.split())
