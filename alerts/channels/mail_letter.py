"""A letter as mail: its headers, its text with the reader's own links, its octets on the line.

Source: RFC 5322 (form), RFC 3834 (`Auto-Submitted`), RFC 8058 (leaving with one tap).
"""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from uuid import uuid5

from alerts.channels.links import leave_link, mail_text
from alerts.channels.mail_server import MailServer
from alerts.channels.port import Batch, Letter

POLICY: Final = SMTP.clone(refold_source="none")
"""Headers that are set raw stay whole: folding would break a long link into encoded words."""

END: Final = b".\r\n"
"""Nothing else begins with a dot that had to be doubled (RFC 5321, 4.5.2): base64 knows none."""


def message_id(batch: Batch, letter: Letter, domain: str) -> str:
    """The same at each try of the same letter, so that a duplicate can be known as one."""
    return f"<{uuid5(batch.key, str(letter.recipient))}@{domain}>"


def octets(batch: Batch, letter: Letter, server: MailServer, *, now: datetime) -> bytes:
    """What follows DATA, with its end. The address must be plain ASCII (see `addresses`)."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(server.sender_name, addr_spec=server.sender)
    mail.set_raw("To", letter.address)
    mail["Subject"] = str(batch.message["subject"])
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(batch, letter, server.domain)
    mail["Auto-Submitted"] = "auto-generated"
    if letter.link:
        mail.set_raw("List-Unsubscribe", f"<{leave_link(letter)}>")
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text = mail_text(str(batch.message["text"]), letter)
    mail.set_content(text, charset="utf-8", cte="base64")
    return mail.as_bytes() + END
