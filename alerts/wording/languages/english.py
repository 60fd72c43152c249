"""English."""

from typing import Final

from alerts.kinds import AlertKind, Language
from alerts.wording.languages.words import Moments, Names, Vocabulary
from hazards.kinds import AlertLevel, HazardKind

_HAZARDS: Final = {
    HazardKind.FLOOD: "floods",
    HazardKind.LANDSLIDE: "landslides",
    HazardKind.STORM_SURGE: "storm surge",
    HazardKind.EARTHQUAKE: "earthquake",
    HazardKind.TSUNAMI: "tsunami",
    HazardKind.LARGE_FIRE: "large fire",
    HazardKind.INLAND_FLOOD: "inland flooding",
    HazardKind.VOLCANO: "volcanic activity",
}
_LEVELS: Final = {
    AlertLevel.ELDERLY_LEAVE: "Evacuation of the Elderly, Etc.",
    AlertLevel.ALL_LEAVE: "Evacuation Order",
    AlertLevel.SECURE_NOW: "Emergency Safety Measures",
}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
ENGLISH: Final = Vocabulary(
    language=Language.ENGLISH,
    names=Names.LATIN,
    moments=Moments(
        hour="{at.hour}:00",
        time="{at.hour}:{at.minute:02}",
        other_day="{time} on {at.day} {month}",
        stamp="{at.hour}:{at.minute:02}, {at.day} {month}",
        dated="{at.year}-{at.month:02}-{at.day:02} {at.hour:02}:{at.minute:02}",
        months=_MONTHS,
    ),
    kinds={
        AlertKind.GENERAL: "Notice",
        AlertKind.LIFELINE: "Utilities and transport",
        AlertKind.SECURITY: "Crime prevention",
    },
    hazards=_HAZARDS,
    brief_hazards=_HAZARDS,
    levels=_LEVELS,
    brief_levels=_LEVELS,
    level="Level {level}",
    whole_city="the whole city",
    more="{areas} +{count} areas",
    between="; ",
    list_at="All areas: {link}",
    list_site="All areas are listed on the city's website.",
    drill_said=("DRILL ", " DRILL"),
    drill_note="This is a drill. It is not real.",
    way="See my way out",
    secure="See how to protect your life",
    current="See what stands now",
    seen="I have read this",
    way_at="Your way out: {link}",
    way_next="Your way out is the next link.",
    secure_at="How to protect your life: {link}",
    secure_next="The next link says how to protect your life.",
    current_at="What stands now: {link}",
    current_next="The next link says what stands now.",
    calls="This is {city}.",
    written="{city}, {time}, revision {revision}",
    stands="The order stands until the mayor lifts it.",
    officer="From the city, in Japanese: {text}",
    lifted="Lifted",
    wrong="Withdrawn",
    stopped_head="[Stopped] ",
    stopped_at="Sending of this text was stopped on {time}.",
    stopped_stands="The order stands.",
    towns={"市": " City", "区": " City", "町": " Town", "村": " Village"},
    fictional=" (fictional)",
)
