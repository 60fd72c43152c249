"""What headquarters and teams send of missions: bounded, and nothing that is not listed here."""

from datetime import timedelta
from typing import Annotated, Final, TypeAlias
from uuid import UUID

import shapely
from pydantic import AwareDatetime, Field

from api.staff.deskbodies import Body, Moment
from api.staff.homebodies import LONGEST_NAME, PLAIN
from api.staff.reportbodies import Shape
from hazards.flight import Exemption, Flight
from hazards.mission import CHECKS_IN_EVERY, MissionStep
from hazards.missiontimes import LONGEST_EVERY, SHORTEST_EVERY
from operations.missions.beginning import LONGEST_CONTACT, LONGEST_TEAM, GivenMission
from operations.missions.saying import FieldWord

MOST_MEMBERS: Final = 40
Line: TypeAlias = Annotated[str, Field(max_length=200, pattern=PLAIN)]
Short: TypeAlias = Annotated[str, Field(max_length=60, pattern=PLAIN)]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=PLAIN)]
Actor: TypeAlias = Annotated[str, Field(max_length=30, pattern=r"^(device|staff):[1-9]\d{0,15}$")]


class FlightBody(Body):
    """A drone's flight: its 登録記号, who flies it, and by which right."""

    drone: Annotated[Short, Field(min_length=1)]
    operator: Annotated[Short, Field(min_length=1)]
    permit: Short = ""
    asked_by: Annotated[
        Short, Field(description="捜索・救助の特例（航空法132条の92）: by whose wish it is flown.")
    ] = ""

    def flight(self) -> Flight:
        """The flight; raises `BadFlight`."""
        exemption = Exemption(self.asked_by) if self.asked_by.strip() else None
        return Flight(self.drone, self.operator, permit=self.permit, exemption=exemption)


class MissionBody(Body):
    """A team is sent out; `members` as the board lists them. Without `areas` and `where` nobody
    knows where it is: it is not sent while level 5 stands anywhere.
    """

    team: Annotated[str, Field(min_length=1, max_length=LONGEST_TEAM, pattern=PLAIN)]
    contact: Annotated[
        str,
        Field(
            min_length=1,
            max_length=LONGEST_CONTACT,
            pattern=PLAIN,
            description="Its radio or official telephone, nobody's own.",
        ),
    ]
    members: Annotated[tuple[Actor, ...], Field(max_length=MOST_MEMBERS)] = ()
    what: Annotated[Line, Field(min_length=1)]
    withdraw_at: AwareDatetime
    areas: Annotated[tuple[Name, ...], Field(max_length=500)] = ()
    where: Annotated[Shape | None, Field(description="The target.")] = None
    check_in_every_s: Annotated[
        int,
        Field(ge=SHORTEST_EVERY.total_seconds(), le=LONGEST_EVERY.total_seconds(), strict=True),
    ] = round(CHECKS_IN_EVERY.total_seconds())
    flight: FlightBody | None = None

    def given(self) -> GivenMission:
        """The mission as a use case takes it; raises `BadFlight`."""
        return GivenMission(
            team=self.team,
            contact=self.contact,
            members=tuple(dict.fromkeys(self.members)),
            what=self.what,
            withdraw_at=self.withdraw_at,
            areas=tuple(dict.fromkeys(self.areas)),
            where=shapely.geometry.shape(self.where.model_dump()) if self.where else None,
            check_in_every=timedelta(seconds=self.check_in_every_s),
            flight=self.flight.flight() if self.flight else None,
        )


class StepBody(Body):
    """What headquarters says: with `recall` why, with `escalate` to whom it was handed on (a post,
    nobody's name); with `returned` how it ended.
    """

    do: MissionStep
    why: Line = ""
    to: Line = ""


class RecallBody(Body):
    """Why everybody is called home."""

    why: Annotated[Line, Field(min_length=1)]


class WordBody(Body):
    """A team's word; its id is made by the device, and the same id once more changes nothing."""

    id: UUID
    mission: Annotated[int, Field(ge=1, le=2**53)]
    at: Moment
    sent_at: Annotated[
        Moment | None,
        Field(description="The device's clock as it sends it: so a clock that is wrong counts."),
    ] = None

    def word(self, step: MissionStep) -> FieldWord:
        """The word as a use case takes it."""
        return FieldWord(self.id, self.mission, step, self.at, self.sent_at)
