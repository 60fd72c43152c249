"""An alert: the one record of which all is a rendering that is sent, read aloud or printed."""

from dataclasses import dataclass
from datetime import datetime

from alerts.kinds import AlertKind, Status, Step
from hazards.kinds import AlertLevel, HazardKind


@dataclass(frozen=True, slots=True)
class Alert:
    """One revision of what is told; as approved it never changes.

    - `city`: as it calls itself, 「浅瀬市（架空）」;
    - `area_names`: as the city spells them; none with `whole_city`;
    - `hazard` and `level`: of 避難情報 alone, None otherwise;
    - `subject`: one line of other kinds, "" for 避難情報, whose template has it;
    - `reason`: why, in whole sentences (「浅瀬川の水位が、上がっています。」);
    - `action`: what to do, in whole sentences; "" leaves it to the template of 避難情報;
    - `approved_at`: None before it;
    - `expires_at`: the message is over then. An order stands until a person lifts it.
    """

    number: int
    revision: int
    city: str
    status: Status
    kind: AlertKind
    step: Step
    hazard: HazardKind | None
    level: AlertLevel | None
    area_names: tuple[str, ...]
    whole_city: bool
    subject: str
    reason: str
    action: str
    made_at: datetime
    approved_at: datetime | None
    expires_at: datetime

    @property
    def is_drill(self) -> bool:
        """Whether it is one of a drill: 訓練 stands at its head and tail wherever it is seen."""
        return self.status is Status.EXERCISE

    @property
    def is_order(self) -> bool:
        """Whether it tells of 避難情報 to be followed now; a drill's is told of as one, too."""
        return self.kind is AlertKind.EVACUATION and self.step in (Step.ISSUE, Step.UPDATE)

    @property
    def order_level(self) -> AlertLevel | None:
        """The level to be followed now, None where there is none."""
        return self.level if self.is_order else None

    @property
    def sets_order(self) -> bool:
        """Whether what it orders stands until a person lifts it; a drill orders nothing."""
        return self.is_order and not self.is_drill
