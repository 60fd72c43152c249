"""Words of headquarters' page of alerts. Its script takes them from the page: they are here alone.

Words of what waits, went out or was refused say what the figure means, and what it does not.
"""

from collections.abc import Mapping
from typing import Any, Final

from alerts.delivery import DeliveryState
from alerts.kinds import KIND_WORDS, ChannelKind, Language, Medium, Step
from alerts.life import STATE_WORDS, Duty
from alerts.wording.findings import Severity
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from web.staff.alertmorewords import paper_words
from web.staff.hqwords import SETTABLE

STEP_WORDS: Final[Mapping[Step, str]] = {
    Step.ISSUE: "発表",
    Step.UPDATE: "更新",
    Step.CANCEL: "取消（誤報）",
    Step.ALL_CLEAR: "解除",
}
STEP_MEANS: Final[Mapping[Step, str]] = {
    Step.ISSUE: "",
    Step.UPDATE: "前の版で、まだ送っていないものは止まります。"
    "レベルを下げるには、解除してから出し直します。",
    Step.CANCEL: "前の版が誤りだったと知らせます。まだ送っていないものは止まります。",
    Step.ALL_CLEAR: "この配信で出した避難情報を解除します。まだ送っていないものは止まります。",
}
CHANNEL_WORDS: Final[Mapping[ChannelKind, str]] = {
    ChannelKind.LINE: "LINE",
    ChannelKind.SMS: "SMS",
    ChannelKind.MAIL: "メール",
}
LANGUAGE_WORDS: Final[Mapping[Language, str]] = {
    Language.JAPANESE: "日本語",
    Language.EASY_JAPANESE: "やさしい日本語",
    Language.ENGLISH: "English",
}
MEDIUM_WORDS: Final[Mapping[Medium, str]] = {
    Medium.LINE: "LINE",
    Medium.SMS: "SMS",
    Medium.MAIL: "メール",
    Medium.AREA_MAIL: "緊急速報メール",
    Medium.LOUDSPEAKER: "防災無線の読み原稿",
    Medium.RADIO: "コミュニティFM",
    Medium.CAR: "広報車",
    Medium.TELEVISION: "テレビの字幕",
    Medium.POSTER: "掲示",
    Medium.WEB: "市のページ",
    Medium.SOCIAL: "X・Facebook",
}
SEVERITY_WORDS: Final[Mapping[Severity, str]] = {
    Severity.STOPS: "送れない",
    Severity.WARNS: "注意",
    Severity.PASSES: "合格",
}
DUTY_WORDS: Final[Mapping[Duty, str]] = {
    Duty.DEPUTY: "副承認者",
    Duty.BREAK_GLASS: "緊急の単独送信",
}
DELIVERY_WORDS: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.QUEUED: "待ち",
    DeliveryState.IN_FLIGHT: "送信中",
    DeliveryState.ACCEPTED: "受理",
    DeliveryState.DELIVERED: "到着",
    DeliveryState.REFUSED: "拒否",
    DeliveryState.NOT_NEEDED: "不要",
    DeliveryState.GIVEN_UP: "断念",
}
LEDGER_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "confirmed": ("確認あり", "タップ・返信・声かけで、本人から確かめました"),
    "taken": ("受理・確認なし", "事業者が受け取りました。届いたかどうかは分かりません"),
    "followed": ("送っている途中", "まだ送るか、次の手段で追っています"),
    "broadcast_only": ("放送だけ", "登録がありません。防災無線・緊急速報が届いたかは分かりません"),
    "unreached": ("届いていない", "送れませんでした。戸別の声かけが要ります"),
}
"""Of a state of the ledger (`data/delivery/ledger.py`): its word, and what it means."""
REMEDIES: Final[Mapping[str, str]] = {
    "abolished": "廃止された名を消して、もう一度「確認」。",
    "action": "「してほしいこと」を、どの言語でも同じになるように直す。",
    "against_order": "避難を止める言葉や、危険な所へ向かわせる言葉を消す。",
    "area": "区域を選び直して、もう一度「確認」。",
    "asks_five": "理由には、起きていることだけを書く。行動はひな形が伝える。",
    "complete": "区域と「してほしいこと」を入れて、もう一度「確認」。",
    "drill": "訓練の印は自動で付きます。文から「訓練」を消して、もう一度「確認」。",
    "estimated": "声に出して読み、違えば読みを登録する。",
    "expired": "新しい期限を入れて、もう一度「確認」。",
    "fictional": "市の名を正しく書く。",
    "five_stands": "レベル5の区域を外す。そこで伝えることは、避難情報の更新で伝える。",
    "first_part": "理由や件名を短くして、区域と行動を最初の70字に入れる。",
    "garbled": "読めない文字を打ち直す。",
    "hazard": "災害の種類と文面を合わせる。",
    "heard": "一文を短くする。",
    "home": "避難情報が出ている間は、帰宅をうながす文を消す。",
    "in_force": "区域かレベルを直すか、出ている発令を先に解除して、もう一度「確認」。",
    "left_out": "この言語の人には日本語で送ります。承認者が文面を採用すると、その言語で送れます。",
    "length": "文を短くする。",
    "level": "レベルと文面を合わせる。",
    "list": "区域を減らすか、市内全域にする。",
    "live": "訓練と実災害を取り違えていないか確かめ、文を直す。",
    "not_translated": "書いた文は日本語のまま送られます。短い、やさしい文にする。",
    "other_level": "この配信のレベルと違うレベルの言葉を消す。",
    "own_action": "ひな形の行動の後に続けて送られます。食い違いがないか確かめる。",
    "own_five": "「してほしいこと」を空にする。ひな形の言葉が送られます。",
    "phone": "電話番号は、全員に読まれ、音声でも読み上げられます。要るときだけ残す。",
    "place": "レベル5では、行き先や施設の名を消す。",
    "reading": "読みを確かめて登録する。",
    "record": "画面を開き直す。",
    "reviewed": "承認者が文面を読み、採用する。",
    "said_elsewhere": "発令や解除は、避難情報の配信で伝える。ここからは消す。",
    "second_floor": "「2階」を「高い所」などに直す。",
    "too_short": "期限を、送る時刻から30分より後にする。",
}
"""What to do about a finding, by its code."""


def all_words() -> Mapping[str, Any]:
    """Every table of words, for the page's script."""
    return {
        "kind": _keyed(KIND_WORDS),
        "step": _keyed(STEP_WORDS),
        "step_means": _keyed(STEP_MEANS),
        "state": _keyed(STATE_WORDS),
        "hazard": _keyed(HAZARD_WORDS),
        "level": {str(int(level)): LEVEL_WORDS[level] for level in SETTABLE},
        "channel": _keyed(CHANNEL_WORDS),
        "language": _keyed(LANGUAGE_WORDS),
        "medium": _keyed(MEDIUM_WORDS),
        "severity": _keyed(SEVERITY_WORDS),
        "duty": _keyed(DUTY_WORDS),
        "delivery": {state.name.lower(): word for state, word in DELIVERY_WORDS.items()},
        "ledger": {state: list(words) for state, words in LEDGER_WORDS.items()},
        "remedy": dict(REMEDIES),
        "paper": dict(paper_words()),
    }


def _keyed(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): word for key, word in words.items()}
