"""Short messages by Twilio: one request a letter, and call-backs that tell what became of it.

A repeated request sends a second message: Twilio remembers no key.
Source: Twilio's `CreateMessage` of API 2010-04-01; its list of error codes.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import httpx
import orjson

from alerts.channels import http
from alerts.channels.links import sms_text
from alerts.channels.port import Batch, Fate, Handed, Letter
from alerts.channels.validity import OVER, utc_now, valid_s
from alerts.kinds import ChannelKind

TWILIO_API: Final = "https://api.twilio.com"
LONGEST_VALID_S: Final = 36_000

REFUSED: Final = {
    21211: "宛先の番号が正しくありません (invalid number)",
    21408: "この国には送れません (country not permitted)",
    21610: "受信者が配信停止しています (opted out)",
    21612: "この番号には届けられません (unroutable)",
    21614: "SMS を受け取れない番号です (not a mobile number)",
    21617: "本文が長すぎます (text too long)",
}
"""Error codes that are of the letter. Any other refusal (sender, credential, funds) is of the
account: then the letter is kept."""

QUEUE_FULL: Final = 21611
QUEUE_FULL_S: Final = 60.0
RATE_S: Final = 1.0
NO_TIME: Final = Handed(Fate.NOT_TAKEN, why="no time left")


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """How to send in the city's name.

    - `sender`: a number in E.164, a sender's name, or a messaging service ("MG…");
    - `callback_url`: where Twilio posts what became of a message, with a token of ours in its
      path; "" asks for none;
    - `validity_s`: so long at most Twilio keeps a message in its queue; then it is not sent at all;
    - `letters_rate`: letters a second that the sender's kind allows.
    """

    sid: str
    auth_token: str = field(repr=False)
    sender: str
    callback_url: str = field(default="", repr=False)
    validity_s: int = 7200
    letters_rate: float = 100.0
    base_url: str = TWILIO_API


class TwilioCarrier:
    """One account of Twilio. Safe to call from many threads."""

    kind: Final = ChannelKind.SMS
    at_once: Final = 10
    remembers_s: Final = 0.0

    def __init__(
        self,
        account: TwilioAccount,
        *,
        credential: str = "twilio",
        timeout_s: float = 10.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Raises `NotLive` for a host beyond reach."""
        self.credential = credential
        self.rate = self.letters_rate = account.letters_rate
        self._path = f"/2010-04-01/Accounts/{account.sid}/Messages.json"
        self._fixed = _fixed(account)
        self._most_s, self._clock = min(account.validity_s, LONGEST_VALID_S), clock
        self._half_s = timeout_s / 2
        self._client = http.client(
            account.base_url, timeout_s=self._half_s, auth=(account.sid, account.auth_token)
        )

    def hand_over(self, batch: Batch) -> Sequence[Handed]:
        """One request a letter; none any more once Twilio says something of all letters.

        None is begun after half of the time-out, and none lasts longer than half of it.
        """
        half = time.monotonic() + self._half_s
        fates: list[Handed] = []
        stopped: Handed | None = None
        for letter in batch.letters:
            if stopped is None and time.monotonic() > half:
                stopped = NO_TIME
            handed = stopped or self._hand(batch, letter)
            fates.append(handed)
            if handed.for_all:
                stopped = replace(handed, fate=Fate.NOT_TAKEN)
        return fates

    def _hand(self, batch: Batch, letter: Letter) -> Handed:
        valid = valid_s(batch, self._most_s, self._clock())
        if valid is None:
            return OVER
        form = {"To": letter.address, "Body": sms_text(str(batch.message["text"]), letter)}
        form |= self._fixed | {"ValidityPeriod": str(valid)}
        try:
            return _fate(self._client.post(self._path, data=form))
        except httpx.HTTPError as error:
            return http.without_answer(error)

    def close(self) -> None:
        """End all connections."""
        self._client.close()


def _fixed(account: TwilioAccount) -> dict[str, str]:
    """The fields that are the same in every request."""
    sender = "MessagingServiceSid" if account.sender.startswith("MG") else "From"
    fixed = {sender: account.sender}
    return fixed | ({"StatusCallback": account.callback_url} if account.callback_url else {})


def _fate(answer: httpx.Response) -> Handed:
    """What an answer says of the one letter."""
    said = _said(answer)
    if answer.is_success:
        return Handed(Fate.ACCEPTED, reference=str(said.get("sid", "")))
    if answer.is_server_error:
        return http.failed(answer)
    code = said.get("code")
    if code in REFUSED:
        return Handed(Fate.REFUSED, why=f"{code} {REFUSED[code]}")
    if code == QUEUE_FULL:
        why = "21611 順番待ちが一杯です (queue full)"
        return _throttled(why, QUEUE_FULL_S)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return _throttled("429 (rate limit)", http.wait_s(answer, RATE_S))
    return http.refuses_us(answer)


def _throttled(why: str, wait_s: float) -> Handed:
    return Handed(Fate.NOT_TAKEN, why=why, wait_s=wait_s, for_all=True, throttled=True)


def _said(answer: httpx.Response) -> dict[str, object]:
    """The answer's JSON; empty where it is none."""
    try:
        said = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}
