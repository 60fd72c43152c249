"""What the gate refuses: the answer, and the reason that the audit log keeps."""

from dataclasses import dataclass
from typing import Final

from api.problems import Problem


@dataclass(frozen=True, slots=True)
class Refusal:
    """`signs_in`: a page that is asked for leads to the page for signing in instead."""

    why: str
    problem: Problem
    signs_in: bool = False
    noted: bool = True

    @property
    def status(self) -> int:
        """Of the answer."""
        return self.problem.status


def _because(why: str, status: int, title: str, detail: str, **more: bool) -> Refusal:
    return Refusal(why, Problem(status, why, title, detail), **more)


_SIGN_IN: Final = "サインインしてください"
UNKNOWN: Final = Refusal(
    "no-session",
    Problem(
        401,
        "no-session",
        _SIGN_IN,
        "職員のための画面です。/signin でサインインしてください。(Sign in at /signin.)",
        headers={"www-authenticate": 'Bearer realm="nigemichi"'},
    ),
    signs_in=True,
)
OVER: Final = Refusal(
    "session-over",
    Problem(
        401,
        "session-over",
        _SIGN_IN,
        "サインインか端末の登録が終わっています。もう一度サインインするか、本部に端末の登録を頼んで"
        "ください。(The session or the tablet's token is no longer good.)",
        headers={"www-authenticate": 'Bearer realm="nigemichi", error="invalid_token"'},
    ),
    signs_in=True,
)
NOT_YOURS: Final = _because(
    "not-yours",
    403,
    "この役割ではできません",
    "あなたの役割に許されていない操作です。必要なら管理者に頼んでください。"
    "(Your role may not do this.)",
)
ELSEWHERE: Final = _because(
    "wrong-origin",
    403,
    "ほかのサイトからの操作です",
    "この市の画面から操作してください。(The request does not come from a page of this server.)",
)
NO_CSRF: Final = _because(
    "no-csrf",
    403,
    "画面が古くなっています",
    "画面を開き直して、もう一度操作してください。(Open the page again: its x-csrf-token is not of"
    " this session.)",
)
TOO_LARGE: Final = _because(
    "too-large",
    413,
    "大きすぎます",
    "一度に送れるのは 1 MB までです。分けて送ってください。（At most 1 MB at a time.）",
)
LARGE_PICTURE: Final = _because(
    "too-large",
    413,
    "写真が大きすぎます",
    "写真は 10 MB までです。小さくして送ってください。報告は、もう届いています。"
    "（At most 10 MB; the report itself has arrived.）",
)
BUSY: Final = _because(
    "busy",
    503,
    "写真の処理が混んでいます",
    "少し待って、もう一度送ってください。報告は、もう届いています。"
    "（Other pictures first; the report itself has arrived.）",
    noted=False,
)
TOO_SLOW: Final = _because(
    "too-slow",
    408,
    "届くのに時間がかかりすぎました",
    "もう一度送ってください。（The body did not come within a minute.）",
)
NO_DATABASE: Final = _because(
    "no-database",
    503,
    "職員の画面を開けません",
    "データベースにつながりません。避難案内はそのまま使えます。少し待ってもう一度開いてください。"
    "(The database does not answer; guidance goes on.)",
    noted=False,
)


def too_often(wait_s: int) -> Refusal:
    """So many requests that others would wait for them."""
    return Refusal(
        "too-often",
        Problem(
            429,
            "too-often",
            "回数が多すぎます",
            f"{in_words(wait_s)}待ってから、もう一度開いてください。(Wait {wait_s} seconds.)",
            headers={"retry-after": str(wait_s)},
        ),
    )


def in_words(wait_s: int) -> str:
    """A time to wait, as it is said."""
    return f"{wait_s}秒" if wait_s < 90 else f"約{-(-wait_s // 60)}分"
