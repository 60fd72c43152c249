"""LINE: one multicast to up to 500 people, with the same words for all; and people's pictures.

Source: LINE Messaging API, `POST /v2/bot/message/multicast`, quota and consumption, "Get content".
"""

from collections.abc import Sequence
from typing import Final

import httpx
import orjson

from alerts.channels import http, line_answers
from alerts.channels.errors import NoAnswer
from alerts.channels.port import Batch, Handed
from alerts.kinds import ChannelKind

LINE_API: Final = "https://api.line.me"
LINE_DATA: Final = "https://api-data.line.me"
"""Where pictures are; everything else is at `LINE_API`."""
MULTICAST: Final = "/v2/bot/message/multicast"
QUOTA: Final = "/v2/bot/message/quota"
CONSUMPTION: Final = "/v2/bot/message/quota/consumption"
CONTENT: Final = "/v2/bot/message/{picture}/content"
GONE: Final = frozenset({400, 404, 410})
LARGEST_PICTURE: Final = 10_000_000
"""Bytes: LINE's own limit for images."""


class LineCarrier:
    """One channel of LINE. Safe to call from many threads.

    `Batch.message["messages"]` holds one to five of LINE's message objects.
    """

    kind: Final = ChannelKind.LINE
    at_once: Final = 500
    rate: Final = 200.0
    letters_rate: Final = 0.0
    remembers_s: Final = 24 * 3600.0

    def __init__(
        self,
        token: str,
        *,
        base_url: str = LINE_API,
        data_url: str = "",
        credential: str = "line",
        timeout_s: float = 10.0,
    ) -> None:
        """`token` is the channel access token; raises `NotLive` for a host beyond reach.

        `data_url`: where pictures are, by default LINE's for LINE, and `base_url` for any other.
        """
        self.credential = credential
        headers = {"authorization": f"Bearer {token}"}
        data = data_url or (LINE_DATA if base_url == LINE_API else base_url)
        self._client = http.client(base_url, timeout_s=timeout_s, headers=headers)
        self._data = http.client(data, timeout_s=timeout_s, headers=headers)

    def hand_over(self, batch: Batch) -> Sequence[Handed]:
        """Multicast to all letters of a batch: the same key and bytes at each try."""
        headers = {"content-type": "application/json", "x-line-retry-key": str(batch.key)}
        try:
            answer = self._client.post(MULTICAST, content=body(batch), headers=headers)
        except httpx.HTTPError as error:
            return [http.without_answer(error)] * len(batch.letters)
        return line_answers.fates(answer, batch.letters)

    def left(self) -> int | None:
        """Messages that are left of this month, one for each person; None: there is no limit.

        Raises `NoAnswer`.
        """
        try:
            limit = _number(self._client.get(QUOTA), "value", without="none")
            used = _number(self._client.get(CONSUMPTION), "totalUsage")
        except httpx.HTTPError as error:
            raise NoAnswer(f"LINE が答えません (no answer: {type(error).__name__})") from None
        return None if limit is None else max(limit - (used or 0), 0)

    def picture(self, number: str) -> bytes | None:
        """A picture that somebody sent, by its message's number; None where LINE has it no more,
        or it is over `LARGEST_PICTURE` bytes. Raises `NoAnswer`.
        """
        content = bytearray()
        try:
            with self._data.stream("GET", CONTENT.format(picture=number)) as answer:
                if answer.status_code in GONE:
                    return None
                if answer.status_code != httpx.codes.OK:
                    raise NoAnswer(f"LINE の写真が取れません (HTTP {answer.status_code})")
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > LARGEST_PICTURE:
                        return None
        except httpx.HTTPError as error:
            raise NoAnswer(f"LINE が答えません (no answer: {type(error).__name__})") from None
        return bytes(content)

    def close(self) -> None:
        """End all connections."""
        self._client.close()
        self._data.close()


def body(batch: Batch) -> bytes:
    """The request, byte for byte the same for the same batch on every machine."""
    to = [letter.address for letter in batch.letters]
    request = {"to": to, "messages": batch.message["messages"]}
    return orjson.dumps(request, option=orjson.OPT_SORT_KEYS)


def _number(answer: httpx.Response, name: str, *, without: str = "") -> int | None:
    """A whole number of an answer; None where its `type` is `without`; raises `NoAnswer`."""
    try:
        said = orjson.loads(answer.content)
        if answer.is_success and isinstance(said, dict):
            return None if without and said.get("type") == without else int(said[name])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        pass
    raise NoAnswer(f"LINE の答えが読めません (HTTP {answer.status_code})")
