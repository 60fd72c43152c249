"""Who may call what: one row for every route, socket and topic, and no way in without a row.

`SOCKET` stands for the method of a WebSocket. An administrator has neither data nor approval.
"""

from collections.abc import Mapping
from typing import Final

from city.staff import Role
from data.live.outbox import Topic

SOCKET: Final = "SOCKET"
Roles = frozenset[Role]

EVERYBODY: Final[Roles] = frozenset(Role)
STAFF: Final[Roles] = EVERYBODY - {Role.RESIDENT, Role.SENSOR}
DESK: Final[Roles] = frozenset({Role.DESK, Role.OPERATOR, Role.APPROVER})
PHONE: Final[Roles] = frozenset({Role.PHONE, Role.OPERATOR, Role.APPROVER})
HEADQUARTERS: Final[Roles] = frozenset({Role.OPERATOR, Role.APPROVER})
APPROVER: Final[Roles] = frozenset({Role.APPROVER})
REPORTERS: Final[Roles] = HEADQUARTERS | {Role.PHONE, Role.FIELD}
WELFARE: Final[Roles] = frozenset({Role.WELFARE})
ADMINISTRATOR: Final[Roles] = frozenset({Role.ADMINISTRATOR})
SENSOR: Final[Roles] = frozenset({Role.SENSOR})

TOPICS: Final[Mapping[Topic, Roles]] = {
    Topic.SITES: EVERYBODY,
    Topic.LEVELS: EVERYBODY,
    Topic.PLAN: EVERYBODY,
    Topic.WAY: EVERYBODY,
    Topic.ROADS: EVERYBODY,
    Topic.HEADQUARTERS: DESK,
}
"""What of the live stream may be followed. Of headquarters' topic only `HEADQUARTERS` sees all: a
desk sees places there, and a tablet of one place that place. Of ways everybody sees the one whose
key they show, and no other."""
LIVE: Final = "/api/v1/live"
"""Where the routes of the live stream begin."""
ALLOWED: Final[Mapping[tuple[str, str], Roles]] = {
    ("GET", "/"): EVERYBODY,
    ("GET", "/way"): EVERYBODY,
    ("GET", "/map.svg"): EVERYBODY,
    ("GET", "/info"): EVERYBODY,
    ("GET", "/open"): EVERYBODY,
    ("GET", "/open/{name}.{form}"): EVERYBODY,
    ("GET", "/favicon.ico"): EVERYBODY,
    ("GET", "/static/{name}"): EVERYBODY,
    ("GET", "/map/{load}.pmtiles"): EVERYBODY,
    ("GET", "/map/now.json"): EVERYBODY,
    ("GET", "/api/v1/openapi.json"): EVERYBODY,
    ("GET", "/api/v1/guidance"): EVERYBODY,
    ("GET", "/api/v1/sites"): EVERYBODY,
    ("GET", "/api/v1/city"): EVERYBODY,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/metrics"): EVERYBODY,
    ("GET", "/ca.crt"): EVERYBODY,
    # What went out, for everybody; drills apart
    ("GET", "/alerts.atom"): EVERYBODY,
    ("GET", "/alerts.json"): EVERYBODY,
    ("GET", "/alerts/{number}.cap.xml"): EVERYBODY,
    ("GET", "/drills.atom"): EVERYBODY,
    ("GET", "/drills.json"): EVERYBODY,
    ("GET", "/drills/{number}.cap.xml"): EVERYBODY,
    # Places, for everybody
    ("GET", "/places"): EVERYBODY,
    ("GET", "/places.svg"): EVERYBODY,
    ("GET", "/checkin"): EVERYBODY,
    (SOCKET, "/api/v1/live"): EVERYBODY,
    ("GET", "/api/v1/live/events"): EVERYBODY,
    ("GET", "/api/v1/live/changes"): EVERYBODY,
    # A household's own pages: its cookie is looked at by the routes
    ("GET", "/h"): EVERYBODY,
    ("POST", "/h"): EVERYBODY,
    ("GET", "/h/way"): EVERYBODY,
    ("POST", "/h/said"): EVERYBODY,
    ("POST", "/h/hold"): EVERYBODY,
    # 安否: who is safe is found by name and the family's word alone
    ("POST", "/h/safe"): EVERYBODY,
    ("GET", "/safe"): EVERYBODY,
    ("POST", "/safe"): EVERYBODY,
    ("POST", "/api/v1/phone/safe"): PHONE,
    ("POST", "/api/v1/phone/safe/asked"): PHONE,
    ("GET", "/api/v1/headquarters/safe"): HEADQUARTERS,
    ("POST", "/api/v1/welfare/blocked"): WELFARE,
    # Registering to be told: a browser's registration is looked at by the routes
    ("GET", "/register"): EVERYBODY,
    ("POST", "/register"): EVERYBODY,
    ("POST", "/register/place"): EVERYBODY,
    ("GET", "/register/code"): EVERYBODY,
    ("POST", "/register/code"): EVERYBODY,
    ("POST", "/register/again"): EVERYBODY,
    ("GET", "/register/mine"): EVERYBODY,
    ("POST", "/register/leave"): EVERYBODY,
    ("GET", "/register/{token}"): EVERYBODY,
    ("POST", "/register/{token}"): EVERYBODY,
    ("GET", "/h/register"): EVERYBODY,
    ("POST", "/h/register"): EVERYBODY,
    ("GET", "/r/{token}"): EVERYBODY,
    ("POST", "/r/{token}/seen"): EVERYBODY,
    ("GET", "/leave/{token}"): EVERYBODY,
    ("POST", "/leave/{token}"): EVERYBODY,
    ("GET", "/r/{token}/leave"): EVERYBODY,
    ("POST", "/r/{token}/leave"): EVERYBODY,
    # Residents report what they see: never more than 未確認
    ("GET", "/report"): EVERYBODY,
    ("POST", "/report"): EVERYBODY,
    ("POST", "/report/place"): EVERYBODY,
    ("POST", "/report/photo"): EVERYBODY,
    ("GET", "/report/mine"): EVERYBODY,
    ("POST", "/report/mine"): EVERYBODY,
    ("GET", "/h/report"): EVERYBODY,
    # Carriers' call-backs: their signature is looked at by the routes
    ("POST", "/webhooks/line"): EVERYBODY,
    ("POST", "/webhooks/twilio/{token}"): EVERYBODY,
    # Signing in
    ("GET", "/signin"): EVERYBODY,
    ("POST", "/signin"): EVERYBODY,
    ("GET", "/signin/link"): EVERYBODY,
    ("POST", "/signin/link"): EVERYBODY,
    ("GET", "/signin/oidc"): EVERYBODY,
    ("GET", "/signin/oidc/back"): EVERYBODY,
    ("GET", "/desk/join"): EVERYBODY,
    ("POST", "/desk/join"): EVERYBODY,
    ("POST", "/signout"): STAFF,
    ("GET", "/account"): STAFF,
    ("POST", "/account/password"): STAFF,
    # The desk of a place
    ("GET", "/desk"): DESK,
    ("GET", "/desk/tally"): DESK,
    ("GET", "/desk/worker.js"): EVERYBODY,
    ("GET", "/api/v1/desk/site"): DESK,
    ("POST", "/api/v1/desk/counts"): DESK,
    ("POST", "/api/v1/desk/needs"): DESK,
    ("POST", "/api/v1/desk/rooms"): DESK,
    ("POST", "/api/v1/desk/opening"): DESK,
    # The phone desk
    ("GET", "/phone"): PHONE,
    ("GET", "/phone/calls"): PHONE,
    ("GET", "/api/v1/phone/search"): PHONE,
    ("GET", "/api/v1/phone/answer"): PHONE,
    ("GET", "/api/v1/phone/slips"): PHONE,
    ("POST", "/api/v1/phone/slips"): PHONE,
    ("POST", "/api/v1/phone/slips/{number}"): PHONE,
    ("POST", "/api/v1/phone/homes/said"): PHONE,
    ("POST", "/api/v1/phone/holds"): PHONE,
    ("POST", "/api/v1/phone/holds/{hold}"): PHONE,
    ("POST", "/api/v1/phone/tallies"): PHONE,
    ("GET", "/api/v1/phone/alerts"): PHONE,
    ("GET", "/api/v1/phone/alerts/{alert}/voice"): PHONE,
    ("POST", "/api/v1/phone/alerts/{alert}/answered"): PHONE,
    # Photos from the field: begun and gone on with by one caller, seen by headquarters
    ("OPTIONS", "/api/v1/field/uploads"): REPORTERS,
    ("POST", "/api/v1/field/uploads"): REPORTERS,
    ("GET", "/api/v1/field/uploads/{upload}"): REPORTERS,
    ("PATCH", "/api/v1/field/uploads/{upload}"): REPORTERS,
    ("DELETE", "/api/v1/field/uploads/{upload}"): REPORTERS,
    ("GET", "/api/v1/headquarters/photos/{sha256}"): HEADQUARTERS,
    ("POST", "/api/v1/field/dronephotos"): HEADQUARTERS | {Role.FIELD},
    ("GET", "/api/v1/headquarters/dronephotos"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/dronephotos/{sha256}"): HEADQUARTERS,
    # Headquarters
    ("GET", "/hq"): HEADQUARTERS,
    ("GET", "/hq/places"): HEADQUARTERS,
    ("GET", "/hq/alerts"): HEADQUARTERS,
    ("GET", "/hq/field"): HEADQUARTERS,
    ("GET", "/hq/wall"): HEADQUARTERS,
    ("GET", "/hq/replay"): HEADQUARTERS,
    ("GET", "/hq/whatif"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/flows"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/streets-that-matter"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/imagined"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/imagined/adoption"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/imagined/closures/{number}/reopened"): APPROVER,
    ("POST", "/api/v1/headquarters/imagined/water/{number}/removed"): APPROVER,
    ("POST", "/api/v1/headquarters/imagined/turnout/cleared"): APPROVER,
    ("GET", "/api/v1/headquarters/replay"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/replay/at"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/replay/versions/{number}"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/replay/report.pdf"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/replay/night.csv"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/replay/night.geojson"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/replay/runs"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/replay/runs"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/replay/runs/{number}/cancel"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/board"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/board/map"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/board/locks"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/chronology"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/chronology"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/chronology/{ref}/state"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/board/ground"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/tallies"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/plan"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/plan/blocks"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/plan/{number}/audience"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/held/{number}"): APPROVER,
    # Whoever is told or sees that a place is in danger says so; `shelters/opening.py` has the rest.
    ("POST", "/api/v1/headquarters/sites/{site}/opening"): HEADQUARTERS | {Role.PHONE, Role.FIELD},
    ("POST", "/api/v1/headquarters/sites/{site}/count"): PHONE,
    ("POST", "/api/v1/headquarters/sites/{site}/call"): PHONE,
    ("POST", "/api/v1/headquarters/sites/{site}/rooms"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/sites/{site}/facilities"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/sites/{site}/contact"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/needs/{need}"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/proposals"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/proposals/{number}"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/orders/{number}/lift"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/observations/preview"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/observations/import"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/bulletins"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/suggestions/{number}/taken"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/suggestions/{number}/passed_over"): HEADQUARTERS,
    # Sensors at gauges
    ("POST", "/api/v1/sensors/readings"): SENSOR,
    ("GET", "/api/v1/headquarters/gauges"): HEADQUARTERS,
    # Duties of the night: whoever calls facilities sees their numbers, nobody else
    ("GET", "/hq/duties"): PHONE,
    ("GET", "/api/v1/headquarters/duties"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/duties/{form}/{field}"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/facilities"): PHONE,
    ("POST", "/api/v1/headquarters/facilities/{facility}/calls"): PHONE,
    ("POST", "/api/v1/headquarters/facilities/calls/{number}/corrected"): PHONE,
    ("GET", "/api/v1/headquarters/prints/{name}.pdf"): HEADQUARTERS,
    # Reports from the field, and what headquarters says of them
    ("GET", "/field"): REPORTERS,
    ("GET", "/field/worker.js"): EVERYBODY,
    ("GET", "/api/v1/field/streets"): REPORTERS,
    ("POST", "/api/v1/field/reports"): REPORTERS,
    ("GET", "/api/v1/field/reports"): REPORTERS,
    ("GET", "/api/v1/headquarters/reports"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/reports/{number}"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/reports/{number}/twin"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/reports/{number}/effects"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/field"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/field/waits"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/closures/{number}/stands"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/plan/{number}/notice"): HEADQUARTERS,
    # Missions: each team its own, headquarters all; and who waits for rescue
    ("GET", "/api/v1/field/mission"): REPORTERS,
    ("POST", "/api/v1/field/mission/check_in"): REPORTERS,
    ("POST", "/api/v1/field/mission/recall_confirmed"): REPORTERS,
    ("POST", "/api/v1/field/mission/returned"): REPORTERS,
    ("GET", "/api/v1/headquarters/missions"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/missions"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/missions/recall"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/missions/{number}"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/rescues"): PHONE,
    ("POST", "/api/v1/headquarters/rescues"): PHONE,
    ("POST", "/api/v1/headquarters/rescues/{number}"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/rescues/{number}/contact"): PHONE,
    # Alerts: who may do what with which is `alerts/life.py`
    ("GET", "/api/v1/headquarters/alerts"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/alerts"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/alerts/{number}"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/alerts/{number}/ledger"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/alerts/{number}/area"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/alertareas"): HEADQUARTERS,
    ("PUT", "/api/v1/headquarters/alerts/{number}"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/alerts/{alert}/revisions"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/alerts/{number}/decision"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/alerts/{number}/papers"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/alerts/{number}/papers/{paper}.pdf"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/alerts/{number}/papers"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/alerts/{number}/papers/{job}/printed"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/alerts/{number}/papers/{job}/return"): HEADQUARTERS,
    # Door lists: counts for headquarters, the doors themselves for the welfare role alone
    ("GET", "/api/v1/headquarters/alerts/{number}/doors"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/alerts/{number}/doors"): HEADQUARTERS,
    ("GET", "/welfare/doors"): WELFARE,
    ("GET", "/api/v1/headquarters/doors"): WELFARE,
    ("GET", "/api/v1/headquarters/doors/{number}"): WELFARE,
    ("GET", "/api/v1/headquarters/doors/{number}/paper.pdf"): WELFARE,
    ("POST", "/api/v1/headquarters/doors/{number}/handed"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/doors/{number}/calls"): HEADQUARTERS | WELFARE,
    ("POST", "/api/v1/headquarters/doors/{number}/back"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/doors/{number}/escalated"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/wording"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/wording/templates"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/wording/adopted"): APPROVER,
    ("POST", "/api/v1/headquarters/wording/readings"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/wording/delegates"): APPROVER,
    ("POST", "/api/v1/headquarters/wording/delegates/{number}/ended"): APPROVER,
    # What others say
    ("GET", "/hq/information"): HEADQUARTERS,
    ("GET", "/api/v1/headquarters/sources"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/sources"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/sources/{number}/accept"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/sources/{number}/refuse"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/sources/{number}/seen"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/sources/{number}/stop"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/sources/{number}/fetch"): HEADQUARTERS,
    ("POST", "/api/v1/headquarters/sources/{number}/file"): HEADQUARTERS,
    # Accounts and devices
    ("GET", "/admin"): ADMINISTRATOR,
    ("POST", "/admin/staff"): ADMINISTRATOR,
    ("POST", "/admin/staff/{number}"): ADMINISTRATOR,
    ("POST", "/admin/devices"): ADMINISTRATOR,
    ("POST", "/admin/devices/{number}"): ADMINISTRATOR,
    ("GET", "/admin/audit"): ADMINISTRATOR,
}


def may_follow(topics: str) -> Roles:
    """Who may follow all of these topics, named with commas; unknown ones are passed over."""
    asked = [Topic(one) for one in topics.split(",") if one in TOPICS]
    return EVERYBODY.intersection(*(TOPICS[one] for one in asked))
