"""Where the reader's own links stand in what is sent: the one place that knows their form.

`Letter.link` is the way from the reader's door. Ending it with "/leave" is the page on which one
tap ends the registration. LINE carries neither: its messages are the same for everybody.
"""

from typing import Final

from alerts.channels.port import Letter

LEAVE: Final = "/leave"


def leave_link(letter: Letter) -> str:
    """Where this reader leaves with one tap; "" where the way carries no link."""
    return letter.link + LEAVE if letter.link else ""


def sms_text(text: str, letter: Letter) -> str:
    """A short message: the text, then the reader's link on a line of its own."""
    return f"{text}\n{letter.link}" if letter.link else text


def mail_text(text: str, letter: Letter) -> str:
    """The plain text of a mail: the text, the reader's link, and how to leave."""
    if not letter.link:
        return f"{text}\n"
    return f"{text}\n\n{letter.link}\n\n配信をやめる (unsubscribe):\n{leave_link(letter)}\n"
