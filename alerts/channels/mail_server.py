"""How the city's mail server is spoken to."""

from dataclasses import dataclass, field
from enum import StrEnum

from alerts.channels.errors import WrongSetting


class Tls(StrEnum):
    """When the conversation is encrypted: never, after asking for it, or from the first octet."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and in whose name.

    - `sender` with `sender_name`: what stands in From; `sender` also in the envelope;
    - `login`: "" where the server asks for none;
    - `connections`: so many conversations at most run at once;
    - `letters_rate`: letters a second that it takes; 0: no such limit;
    - `authorities`: a PEM file trusted in place of the system's authorities; "" leaves these.

    Raises `WrongSetting` for a login that would go in the clear.
    """

    host: str
    port: int
    sender: str
    sender_name: str = ""
    tls: Tls = Tls.STARTTLS
    login: str = ""
    password: str = field(default="", repr=False)
    connections: int = 4
    letters_rate: float = 0.0
    authorities: str = ""

    def __post_init__(self) -> None:
        if self.login and self.tls is Tls.NONE:
            raise WrongSetting("暗号化なしではログインしません (no login without TLS)")

    @property
    def domain(self) -> str:
        """The sender's domain, in which message ids are made."""
        return self.sender.rpartition("@")[2]
