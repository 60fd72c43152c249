"""The words of the audit log's page: what was done, and why somebody was refused."""

from collections.abc import Mapping
from typing import Any, Final

from web.staff.alertauditwords import ALERT_ACTIONS

ACTIONS: Final = {
    "refused": "拒否",
    "session.begun": "サインイン",
    "session.ended": "サインアウト",
    "staff.added": "職員を追加",
    "staff.roles_set": "役割を変更",
    "staff.disabled": "職員を停止",
    "staff.enabled": "職員を再開",
    "staff.password_set": "パスワードを変更",
    "staff.identity_bound": "共通アカウントを結びつけ",
    "link.made": "リンクを作成",
    "device.added": "端末を追加",
    "device.joined": "端末を登録",
    "device.revoked": "端末を停止",
    "counts.taken": "人数を記録",
    "need.sent": "要請を送信",
    "need.accepted": "要請を受理",
    "need.done": "要請に対応済み",
    "need.refused": "要請を断り",
    "room.set": "部屋を変更",
    "facility.set": "設備を変更",
    "contact.set": "連絡先を変更",
    "place.opened": "場所を開設",
    "place.preparing": "開設準備",
    "place.full": "満員にした",
    "place.closed": "場所を閉鎖",
    "place.endangered": "場所が危険・孤立",
    "place.unopened": "未開設に戻した",
    "place.called": "場所に電話",
    "proposal.made": "発令を提案",
    "proposal.approved": "提案を承認",
    "proposal.rejected": "提案を却下",
    "proposal.withdrawn": "提案を取り下げ",
    "order.set": "避難情報を発令",
    "order.lifted": "避難情報を解除",
    "road.closed": "通行止め",
    "road.reopened": "通行止めを解除",
    "water.observed": "浸水を記録",
    "water.removed": "浸水の記録を解除",
    "slip.taken": "電話を受付",
    "slip.handed": "電話を引き継ぎ",
    "slip.joined": "電話をまとめた",
    "slip.closed": "電話を完了",
    "slip.reopened": "電話を再開",
    "slip.erased": "電話の控えを消去",
    "backup.restored": "控えから復元",
    "household.revoked": "世帯の紙を止めた",
    "household.said": "世帯の予定を記録",
    "household.unsaid": "世帯の予定を取り消し",
    "event.ended": "この災害を終えた",
    "room.kept": "席を取り置き",
    "room.released": "取り置きを解除",
    "group.made": "世帯のまとまりを作成",
    "group.ended": "世帯のまとまりを解除",
    "turnout.set": "避難する割合を設定",
    "turnout.cleared": "避難する割合を戻した",
    "han.tallied": "班の集計を記録",
    "held.applied": "保留を適用",
    "imagined.adopted": "仮定を採用",
    **ALERT_ACTIONS,
}
WHYS: Final = {
    "no-session": "サインインなし",
    "session-over": "終わったサインインか端末",
    "not-yours": "役割にない操作",
    "wrong-origin": "ほかのサイトから",
    "no-csrf": "古い画面から",
    "too-large": "大きすぎる",
    "too-often": "回数が多すぎる",
    "wrong-sign-in": "ログイン名かパスワードの間違い",
    "dead-link": "使えないリンク",
    "unknown-device": "知らない端末",
    "unknown-identity": "登録のない共通アカウント",
    "sign-on-broke": "共通アカウントの途中で切断",
}
WHO: Final = {
    "public": "だれでも（サインインなし）",
    "console": "サーバーの操作卓",
    "system": "自動",
}


def action_words(action: str) -> str:
    """What was done; an action without words stands as it is in the log."""
    return ACTIONS.get(action, action)


def details_words(details: Mapping[str, Any]) -> str:
    """What else the entry says, in one line."""
    said = (f"{key}: {_value(key, value)}" for key, value in details.items())
    return "、".join(one for one in said if not one.endswith(": "))


def _value(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return WHYS.get(value, value) if key == "why" and isinstance(value, str) else str(value)
