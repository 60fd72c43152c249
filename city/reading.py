"""How a name is read aloud."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """A name, how it is read in hiragana, and whether a person confirmed that.

    An unconfirmed reading never goes out live (`safety.md` 17).
    """

    name: str
    kana: str
    confirmed: bool
