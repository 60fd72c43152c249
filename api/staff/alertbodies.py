"""What headquarters sends about alerts: bounded, and nothing that is not listed here."""

from enum import StrEnum
from typing import Annotated, Any, TypeAlias

from pydantic import AwareDatetime, Field

from alerts.kinds import AlertKind, Status, Step
from alerts.life import Duty
from api.staff.headquartersbodies import Body, Line
from hazards.kinds import AlertLevel, HazardKind
from hazards.zone import ZoneLayer
from operations.alerts.deciding import Seen
from operations.alerts.draft import LONGEST_TEXT, Draft

Text: TypeAlias = Annotated[str, Field(max_length=LONGEST_TEXT)]
AreaName: TypeAlias = Annotated[str, Field(max_length=100)]


class AlertBody(Body):
    """A draft: one of `areas`, `polygon` (GeoJSON) and `whole_city`; what is no 避難情報 may go to
    a `zone`, to those sent to a `site`, or to those whose way `changed_in` a version of the plan.
    Of 避難情報 a `polygon` selects every 町丁目 that it meets. It keeps `status`, `kind`, `step`.
    """

    kind: AlertKind
    step: Step = Step.ISSUE
    status: Status = Status.ACTUAL
    hazard: HazardKind | None = None
    level: Annotated[int, Field(ge=0, le=5)] | None = None
    areas: Annotated[tuple[AreaName, ...], Field(max_length=500)] = ()
    polygon: dict[str, Any] | None = None
    whole_city: bool = False
    zone: ZoneLayer | None = None
    site: Annotated[str, Field(max_length=100)] | None = None
    changed_in: Annotated[int, Field(ge=1, le=2**53)] | None = None
    same_area: bool = False
    subject: Line = ""
    reason: Text = ""
    action: Text = ""
    expires_at: AwareDatetime | None = None

    def draft(self) -> Draft:
        """As the use case takes it."""
        level = None if self.level is None else AlertLevel(self.level)
        return Draft(**{**dict(self), "level": level})


class Decision(StrEnum):
    """What somebody does with a revision."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SEND_ALONE = "send_alone"
    COUNTERSIGN = "countersign"
    STOP = "stop"


class DecisionBody(Body):
    """`digest` is that of what was seen; `second_look` confirms a large reach."""

    decision: Decision
    digest: Annotated[str, Field(max_length=64)] = ""
    second_look: bool = False
    why: Line = ""

    @property
    def seen(self) -> Seen:
        """What whoever decides has seen."""
        return Seen(self.digest, self.second_look)


class NameBody(Body):
    """Somebody is named beforehand."""

    staff: Annotated[int, Field(ge=1, le=2**53)]
    duty: Duty
    rank: Annotated[int, Field(ge=1, le=99)] = 1


class AdoptBody(Body):
    """Templates whose words an approver answers for; `versions`: those that were seen, by key."""

    keys: Annotated[list[Annotated[str, Field(max_length=80)]], Field(min_length=1, max_length=300)]
    versions: Annotated[
        dict[Annotated[str, Field(max_length=80)], Annotated[int, Field(ge=1, le=2**31)]],
        Field(max_length=300, default_factory=dict),
    ]


class ReadingBody(Body):
    """How a name is read, in hiragana."""

    name: Line
    kana: Annotated[str, Field(max_length=60)]


class TemplateBody(Body):
    """Other words for parts of a template; nobody has reviewed them until they are adopted."""

    key: Annotated[str, Field(max_length=80)]
    parts: Annotated[dict[str, str | list[Text]], Field(min_length=1, max_length=6)]
