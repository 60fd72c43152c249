"""A photo as headquarters sees it: a copy without a word of where and by what it was taken."""

from sqlalchemy import Engine

from data.database import transaction
from data.errors import NotThere
from data.photos import rows
from data.photos.apart import look_apart, turn
from data.photos.looking import show_thumbnail
from data.photos.store import Store, original_key, shown_key


def find_shown(engine: Engine, store: Store, sha256: str) -> bytes:
    """The copy, a JPEG; raises `NotThere`, `NotAPhoto`, `StoreAway`.

    No connection is held while the store answers.
    """
    with transaction(engine) as connection:
        row = rows.find(connection, sha256)
    if row is None:
        raise NotThere(
            "写真がありません。期限で削除されたか、まだ届いていません。"
            "届くまで待って、もう一度開いてください（no photo）"
        )
    if row.held is not None:
        return show_thumbnail(row.held)
    return store.find(shown_key(sha256)) or _made_again(store, sha256)


def _made_again(store: Store, sha256: str) -> bytes:
    with turn():
        original = store.find(original_key(sha256))
        if original is None:
            raise NotThere(
                "写真のファイルが保管先にありません。システムの担当者に知らせてください"
                "（its file is gone from the store）"
            )
        _, shown = look_apart(original)
    store.put(shown_key(sha256), shown)
    return shown
