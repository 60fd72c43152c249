"""What a follower of the live stream may ask for, and what it may see."""

from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import HTTPConnection

from api.caller import caller_of
from api.gate import refusals
from api.permissions import HEADQUARTERS, TOPICS
from api.problems import CHECK, Problem
from city.staff import PUBLIC, Caller
from data.live.outbox import PUBLIC_TOPICS, Topic
from operations.live.now import View
from operations.people.auditing import Refusals
from web.refused import Wrong

SINCE: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]{1,15}$"
WAY: Final = r"^[0-9a-f]{32}$"
_POLLED: Final = "|".join((*PUBLIC_TOPICS, Topic.WAY))
_ANY: Final = "|".join(TOPICS)
Since = Annotated[
    str | None,
    Field(
        pattern=SINCE,
        description="Where the follower stands, `epoch:offset`; without it a snapshot comes first.",
    ),
]


@lru_cache(maxsize=256)
def _view(topics: str, begins: str = "", exactly: str | None = None) -> View:
    """One for all who see the same, of ways none."""
    return View(frozenset(Topic(one) for one in topics.split(",")), begins, exactly)


class NotYours(Exception):
    """The topic is not for this caller."""


class ChangesAsked(BaseModel):
    """The query of `/api/v1/live/changes`."""

    model_config = ConfigDict(extra="forbid")

    topics: Annotated[str, Field(pattern=f"^({_POLLED})(,({_POLLED}))*$")] = ",".join(PUBLIC_TOPICS)
    since: Since = None
    way: Annotated[
        str | None,
        Field(
            pattern=WAY,
            description="Of the topic `way` the one key that is seen, from a household's own page;"
            " without it, or with one that nobody has, nothing is heard there.",
        ),
    ] = None

    @property
    def known(self) -> tuple[str, int] | None:
        """Epoch and offset."""
        epoch, _, offset = (self.since or "").partition(":")
        return (epoch, int(offset)) if offset else None

    def view(self, caller: Caller) -> View:
        """What the caller sees of these topics. Raises `NotYours`."""
        topics = [Topic(one) for one in self.topics.split(",")]
        if not all(caller.roles & TOPICS[one] for one in topics):
            raise NotYours
        if Topic.HEADQUARTERS not in topics or caller.roles & HEADQUARTERS:
            shared = _view(self.topics)
        else:
            site = caller.site_id
            shared = _view(self.topics, "site:", None if site is None else f"site:{site}")
        return replace(shared, way=self.way) if self.way and Topic.WAY in topics else shared


class LiveAsked(ChangesAsked):
    """The query of the socket and of the event stream."""

    topics: Annotated[
        str,
        Field(
            pattern=f"^({_ANY})(,({_ANY}))*$",
            description="`headquarters` is for staff: a shelter desk sees its own place there.",
        ),
    ] = ",".join(PUBLIC_TOPICS)


def asked_by(scope: Any) -> LiveAsked | Problem:
    """What a socket's query asks for, or why it is not understood."""
    given = parse_qsl(scope["query_string"].decode("ascii"), keep_blank_values=True)
    try:
        return LiveAsked.model_validate(dict(given))
    except ValidationError as error:
        rows = error.errors(include_url=False, include_input=False)
        wrong = tuple(Wrong(_field(row), row["type"], row["msg"]) for row in rows[:10])
        detail = "、".join(f"{one.field}: {one.japanese} ({one.english})" for one in wrong)
        return Problem(422, "not-understood", CHECK, detail, wrong)


def view_of(scope: Any, asked: ChangesAsked) -> View | Problem:
    """What the caller sees, or the refusal, which goes into the audit log."""
    caller = caller_of(HTTPConnection(scope))
    try:
        return asked.view(caller)
    except NotYours:
        refusal = refusals.UNKNOWN if caller is PUBLIC else refusals.NOT_YOURS
        written: Refusals = scope["app"].state.refusals
        path = scope["route"].path if "route" in scope else scope["path"]
        written.note(caller, path, status=refusal.status, why=refusal.why)
        return refusal.problem


def _field(row: Any) -> str:
    """The field's name; any but ours is not repeated."""
    named = str(row["loc"][0]) if row["loc"] else "?"
    return named if named in LiveAsked.model_fields else "?"
