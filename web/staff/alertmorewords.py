"""Words beside an alert on headquarters' page: of its papers, and when each way begins."""

from collections.abc import Mapping, Sequence
from typing import Final

from alerts.delivery import FallbackClock
from alerts.registration import STAGES
from hazards.kinds import AlertLevel
from web.alertsheets.kinds import PAPER_WORDS, PaperKind

PAPER_USES: Final[Mapping[PaperKind, str]] = {
    PaperKind.LOUDSPEAKER: "防災無線の放送卓で読みます。",
    PaperKind.AREA_MAIL: "業務端末に打ち込みます。訓練では送りません。",
    PaperKind.RADIO: "コミュニティFMで読みます。",
    PaperKind.CAR: "広報車が区域を回って読みます。引き揚げる時刻が入っています。",
    PaperKind.TELEVISION: "ケーブルテレビの字幕に打ちます。",
    PaperKind.POSTER_A4: "掲示板や、避難場所の入口に貼ります。",
    PaperKind.POSTER_A3: "離れて読める大きさの掲示です。",
    PaperKind.CIRCULAR: "町会・自治会で回します。",
    PaperKind.RETURN: "読み上げた人が、聞こえたかどうかを書いて本部へ戻します。",
    PaperKind.PACK: "放送・ラジオ・広報車の原稿と、戻す記録の一組です。",
}
"""What each paper is for."""


def paper_words() -> Mapping[str, Sequence[str]]:
    """Of each paper its name and what it is for."""
    return {str(kind): [PAPER_WORDS[kind], PAPER_USES[kind]] for kind in PaperKind}


def way_steps() -> Mapping[str, int]:
    """Of each level, in minutes, how much later each next way begins; "none": no level."""
    clock = FallbackClock()
    known = {str(int(level)): clock.step(level) for level in AlertLevel}
    return {
        level: round(step.total_seconds() / 60)
        for level, step in {**known, "none": clock.step(None)}.items()
    }


def way_ranks() -> Mapping[str, int]:
    """The rank of each way for somebody who has them all."""
    return {str(channel): rank for channel, rank in STAGES.items()}
