"""Where the reader's own links stand in what is sent: the one place that knows their form.

`Letter.link` is the way from the reader's door. Ending it with "/leave" is the page on which one
tap ends the registration. LINE carries neither: its messages are the same for everybody.
"""

from typing import Final

from alerts.channels.port import Letter
from alerts.wording.languages.words import DRILL_MARK

LEAVE: Final = "/leave"


def leave_link(letter: Letter) -> str:
    """Where this reader leaves with one tap; "" where the way carries no link."""
    return letter.link + LEAVE if letter.link else ""


def sms_text(text: str, letter: Letter) -> str:
    """A short message: the text, then the reader's link on a line of its own."""
    return _before_tail(text, f"\n{letter.link}") if letter.link else text


def mail_text(text: str, letter: Letter) -> str:
    """The plain text of a mail: the text, the reader's link, and how to leave."""
    if not letter.link:
        return f"{text}\n"
    more = f"\n\n{letter.link}\n\n配信をやめる (unsubscribe):\n{leave_link(letter)}"
    return f"{_before_tail(text, more)}\n"


def _before_tail(text: str, more: str) -> str:
    """A drill ends with its mark, whatever is added (`safety.md` 16)."""
    if not text.endswith(DRILL_MARK):
        return text + more
    return f"{text.removesuffix(DRILL_MARK).rstrip()}{more}\n{DRILL_MARK}"
