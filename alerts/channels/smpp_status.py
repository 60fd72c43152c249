"""What a message centre's answer to a submit says of the letter.

Source: SMPP 3.4, 5.1.3 (`command_status`).
"""

from collections.abc import Mapping
from typing import Final

from smpplib import consts

from alerts.channels.port import Fate, Handed
from alerts.channels.smpp_session import Answered

VENDOR: Final = 0x400
"""From here on a status means what the vendor likes: the letter is kept."""


def _again(why: str, wait_s: float, *, for_all: bool = False) -> Handed:
    return Handed(Fate.NOT_TAKEN, why=why, wait_s=wait_s, for_all=for_all)


def _throttled(why: str, wait_s: float) -> Handed:
    return Handed(Fate.NOT_TAKEN, why=why, wait_s=wait_s, for_all=True, throttled=True)


NOT_TAKEN: Final[Mapping[int, Handed]] = {
    consts.SMPP_ESME_RTHROTTLED: _throttled("送信速度の上限 (throttled)", 1.0),
    consts.SMPP_ESME_RMSGQFUL: _throttled("順番待ちが一杯です (queue full)", 5.0),
    consts.SMPP_ESME_RINVBNDSTS: _again("接続し直します (not bound)", 1.0, for_all=True),
    consts.SMPP_ESME_RINVSRCADR: _again("差出人の設定 (invalid source)", 60.0, for_all=True),
    consts.SMPP_ESME_RINVSRCTON: _again("差出人の設定 (invalid source)", 60.0, for_all=True),
    consts.SMPP_ESME_RINVSRCNPI: _again("差出人の設定 (invalid source)", 60.0, for_all=True),
    consts.SMPP_ESME_RSYSERR: _again("配信側の障害 (system error)", 5.0),
    consts.SMPP_ESME_RX_T_APPN: _again("配信側の障害 (temporary error)", 5.0),
    consts.SMPP_ESME_RSUBMITFAIL: _again("受け付けられません (submit failed)", 5.0),
}
REFUSED: Final[Mapping[int, str]] = {
    consts.SMPP_ESME_RINVDSTADR: "宛先の番号が正しくありません (invalid destination)",
    consts.SMPP_ESME_RINVDSTTON: "宛先の番号が正しくありません (invalid destination)",
    consts.SMPP_ESME_RINVDSTNPI: "宛先の番号が正しくありません (invalid destination)",
    consts.SMPP_ESME_RINVMSGLEN: "本文が長すぎます (text too long)",
}


def handed(answered: Answered) -> Handed:
    """One part of a letter, as it was answered."""
    status = answered.status
    if status == consts.SMPP_ESME_ROK:
        return Handed(Fate.ACCEPTED, reference=answered.message_id)
    if status in NOT_TAKEN:
        return NOT_TAKEN[status]
    if status >= VENDOR:
        return _again(f"SMPP 0x{status:08X}", 30.0)
    return Handed(Fate.REFUSED, why=f"SMPP 0x{status:08X} {REFUSED.get(status, '')}".strip())
