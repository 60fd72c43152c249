"""Places to call, and what places ask for."""

from collections.abc import Iterator
from typing import Final

from operations.board.decisions.asking import act, clock, decision
from operations.board.look import Line, Look, Section, moment
from operations.places.needs import FIRST, unanswered
from operations.places.sitecalls import call_next
from shelters.needs import NEED_WORDS, NeedKind, NeedState

PLACES: Final = "/hq/places"
CALLED: Final = 3
"""Places to call of which each is a decision; the others are one together."""
UNKNOWN: Final = "「不明」のまま案内します。割当は減らしません。"
UNSEEN: Final = "避難場所の画面は「送信済み」のままで、だれも手配しません。"
LATE: Final = "「対応中」のままです。避難場所には遅れが伝わりません。"


def calls(look: Look) -> Iterator[Line]:
    """Whom to call next, in the order of the list."""
    rows = call_next(look.connection, look.load, look.now, look.places)
    for row in rows[:CALLED]:
        yield _call(look, row)
    if rows[CALLED:]:
        yield decision(
            "call",
            "calls",
            title=f"電話で確認：ほか {len(rows) - CALLED}か所",
            what="人数がわからない避難場所です。",
            if_nobody=UNKNOWN,
            since=min(filter(None, (moment(row["unknown_since"]) for row in rows[CALLED:]))),
            href=PLACES,
        )


def needs(look: Look, sites: Section) -> Iterator[Line]:
    """What nobody at headquarters has taken on, and what is later than was promised."""
    for row in unanswered(look.connection, look.load):
        late = row.expected_at is not None and row.expected_at <= look.now
        if row.state != NeedState.SENT and not late:
            continue
        site = sites.get(row.site_id, {}).get("name", row.site_id)
        kind = NeedKind(row.kind)
        when = f"{clock(look, row.received_at)}受付。"
        promised = f"約束 {clock(look, row.expected_at)}を過ぎました。" if late else ""
        first = "最優先です。" if kind in FIRST else ""
        yield decision(
            f"need:{row.id}",
            "need",
            title=f"{site}：{NEED_WORDS[kind]}の要請",
            what=f"{when}{promised}{first}中身は要請の画面で読みます。",
            if_nobody=UNSEEN if row.state == NeedState.SENT else LATE,
            due=row.expected_at if late else (row.received_at if kind in FIRST else None),
            since=row.received_at,
            href=PLACES,
            acts=_answers(f"/needs/{row.id}", row.state),
        )


def _answers(path: str, state: str) -> list[Line]:
    taken = [act("t", "対応中にする", path, {"state": "accepted"})]
    return [
        *(taken if state == NeedState.SENT else []),
        act("b", "対応した", path, {"state": "done"}),
        act(
            *("x", "対応できない", path, {"state": "refused"}),
            asks="対応できないわけ",
            field="answer",
        ),
    ]


def _call(look: Look, row: Line) -> Line:
    counted = row["last_counted_at"]
    last = (
        f"最後は {row['last_persons']:,}人（{clock(look, counted)}）。"
        if counted
        else "まだ一度も数えていません。"
    )
    path = f"/sites/{row['id']}"
    return decision(
        f"call:{row['id']}",
        "call",
        title=f"電話で確認：{row['name']}",
        what=f"{clock(look, row['unknown_since'])}から人数がわかりません。{last}",
        if_nobody=UNKNOWN,
        since=moment(row["unknown_since"]),
        href=PLACES,
        acts=[
            act(
                *("c", "聞いた人数を入れる", f"{path}/count", {"kind": "total"}),
                asks="いま何人いますか",
                field="persons",
                number=True,
            ),
            act("x", "出なかった", f"{path}/call", {"outcome": "no_answer"}),
        ],
    )
