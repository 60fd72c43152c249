"""How long a text is to each carrier.

- SMS: UCS-2 whatever the language, as the carriers send it: 70 in one part, 67 each when joined
  (3GPP TS 23.040); 660 in all, as carriers in Japan take.
- LINE: `altText` 1,500, a bubble 30 KB (Messaging API reference).
- 緊急速報メール: 15 and 500 characters†; not confirmed at the carriers' 配信の手引き.
- A post: 280, where kana, kanji and full-width signs count two, and any link 23.
"""

import json
import re
from typing import Any, Final

SMS_MOST: Final = 660
FIRST_PART: Final = 70
_JOINED: Final = 67
ALT_TEXT_MOST: Final = 1500
BUBBLE_MOST_BYTES: Final = 30_000
AREA_MAIL_TITLE_MOST: Final = 15
AREA_MAIL_TEXT_MOST: Final = 500
SUBJECT_MOST: Final = 100
"""Characters of a subject that are still read in a list: policy."""
POST_MOST: Final = 280
_POST_LINK: Final = 23
_LINK: Final = re.compile(r"https?://\S+")


def units(text: str) -> int:
    """UTF-16 units of a text: what SMS and LINE count."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def sms_parts(text: str, more: int = 0) -> int:
    """Parts of the SMS of a text, with `more` units after it."""
    length = units(text) + more
    return 1 if length <= FIRST_PART else -(-length // _JOINED)


def post_weight(text: str) -> int:
    """What a post counts of a text."""
    links = len(_LINK.findall(text))
    letters = _LINK.sub("", text)
    return _POST_LINK * links + sum(1 if ord(letter) < 0x1100 else 2 for letter in letters)


def json_bytes(value: Any) -> int:
    """Bytes of a value as JSON in UTF-8."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
