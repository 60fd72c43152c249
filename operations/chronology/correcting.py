"""Which entry a line corrects: each is corrected once, and then its correction is."""

from typing import Final

from sqlalchemy import Connection

from data import chronology as kept
from data.errors import NotThere
from operations.chronology.refs import Ref
from operations.errors import Refused

DEED: Final = (
    "自動で入った行は訂正できません。新しい行として書いてください"
    "（only what a person entered is corrected: write a new line）"
)


class Corrected(Refused):
    """Somebody has corrected the entry meanwhile; `newest` is what stands now."""

    def __init__(self, newest: Ref) -> None:
        super().__init__(
            f"いまの行は {newest} です。読んでから、まだ違うときは、その行を訂正してください"
            f"（it is corrected already: correct {newest}）"
        )
        self.newest = newest


def corrected(connection: Connection, code: str, ref: Ref) -> int:
    """The number of the entry that is to be corrected; raises `NotThere`, `Refused`.

    What the system did is corrected by nobody.
    """
    if ref.kind != "entry":
        raise Refused(DEED)
    if kept.find(connection, code, ref.number) is None:
        raise NotThere(f"訂正する行 {ref} がありません（no such entry）")
    return ref.number


def check_stands(connection: Connection, number: int) -> None:
    """Raise `Corrected` where another entry stands for this one. Under the lock of numbers."""
    newest = number
    while (later := kept.entries(connection, [newest])[newest].corrected_by) is not None:
        newest = later
    if newest != number:
        raise Corrected(Ref("entry", newest))
