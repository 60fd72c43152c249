"""緊急速報メールの送信票: what somebody types into the carriers' forms, field by field.

Only while there is a network: it is in no radio pack.
"""

from collections.abc import Mapping
from typing import Any, Final

from alerts.errors import NotFit
from alerts.kinds import Medium
from alerts.scripts.head import head_of
from alerts.wording.media.lengths import AREA_MAIL_TEXT_MOST, AREA_MAIL_TITLE_MOST
from web.alertsheets.issued import Issued

Values = dict[str, Any]
TITLE: Final = "緊急速報メール送信票"
KIND: Final = "災害・避難情報"
"""What carriers call the mail of a municipality (the other kinds are the JMA's)†."""
OPERATORS: Final = 5
"""Rows for carriers, one each; which they are the city knows."""
_DRILL: Final = (
    "訓練です。緊急速報メールは送りません。",
    "訓練では、業務端末に打ち込みません。この紙で、読み合わせだけをします。",
)
_DRAFT: Final = ("下書きです。送りません。", "承認されるまで、業務端末に打ち込みません。")
_SENT: Final = ("本部　業務端末から手で送る", "送らない", "時刻を過ぎたら送らない。")
_READ: Final = ("本部　読み合わせの紙", "使わない", "業務端末に打ち込まない。")


def area_mail_values(of: Issued) -> list[Values]:
    """The sheet; raises `NotFit` for what is no 避難情報: of that there is no such mail."""
    message = of.rendered.message(Medium.AREA_MAIL)
    if message is None:
        raise NotFit("緊急速報メールは避難情報だけです（only 避難情報 goes out by it）")
    head = of.head_values(head_of(of.alert, TITLE, of.settings))
    refused = _refused(of)
    whose, never, note = _READ if refused else _SENT
    first, rest = head["until"]
    said = {
        "kind": "area_mail",
        "issue": head | {"until": [first, rest.replace("読まない", never)]},
        "whose": whose,
        "refused": list(refused),
        "fields": [
            ["種別", KIND, ""],
            ["配信先", f"{of.alert.city}の全域", _code(of)],
            ["発信者", of.alert.city, ""],
        ],
        **_typed(message),
        "operators": OPERATORS,
        "notes": ["言葉を足さない、変えない。", note],
    }
    return [said]


def _typed(message: Mapping[str, Any]) -> Values:
    """Title and text as they are typed, with what a form counts of them."""
    title, text = str(message["title"]), str(message["text"])
    lines = text.split("\n")
    return {
        "title": list(title),
        "title_most": AREA_MAIL_TITLE_MOST,
        "lines": [[n, line, len(line)] for n, line in enumerate(lines, start=1)],
        "breaks": len(lines) - 1,
        "count": len(text),
        "most": AREA_MAIL_TEXT_MOST,
    }


def _refused(of: Issued) -> tuple[str, ...]:
    """Why nobody types this in; empty where they do."""
    if of.alert.is_drill:
        return _DRILL
    return _DRAFT if of.draft else ()


def _code(of: Issued) -> str:
    return f"市の番号 {of.city_code}" if of.city_code else ""
