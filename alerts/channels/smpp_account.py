"""How one message centre is spoken to: what a vendor of SMPP writes in its letter of welcome."""

from dataclasses import dataclass, field
from typing import Final

from alerts.channels.errors import WrongSetting

LONGEST: Final = {"system_id": 15, "password": 8, "system_type": 12, "source": 20}
"""Octets of SMPP 3.4's fields without their closing NUL; a longer one would be cut off unseen."""


@dataclass(frozen=True, slots=True)
class SmppAccount:
    """SMPP 3.4 has no encryption: a line beyond the machine needs a VPN or a tunnel of its own.

    - `source` with its type and plan (TON, NPI): the sender as the vendor allotted it;
    - `payload`: a long text goes whole, as `message_payload`; otherwise in joined parts;
    - `window`: so many submits may wait for their answer at once;
    - `letters_rate`: letters a second that the vendor takes;
    - `validity_s`: so long at most the centre tries a phone that is off.

    Raises `WrongSetting`.
    """

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    source: str
    source_ton: int = 0
    source_npi: int = 0
    system_type: str = ""
    payload: bool = False
    window: int = 50
    letters_rate: float = 600.0
    validity_s: int = 7200

    def __post_init__(self) -> None:
        for name, longest in LONGEST.items():
            value = getattr(self, name)
            if len(value) > longest or not value.isascii():
                raise WrongSetting(f"SMPP の {name} が長すぎます (at most {longest} ASCII letters)")
