"""Residents report a danger: what, where, a few words; all of it without script, and 未確認."""

import hashlib
from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from api.gate import refusals
from api.householdforms import form_of
from api.householdpage import cookie_of, homes_of
from api.problems import answer_problem
from api.registering import counted, registering_of
from api.registerpage import lang_of
from api.reportforms import kind_of, number_of, written_of
from api.reportlimits import report_limits_of
from api.reportpage import (
    AT_HOME,
    home_of,
    html,
    lang_in,
    mine_of,
    put,
    run,
    secret_of,
    secret_or_new,
    usable,
)
from api.staff.staffpages import see_other
from api.state import engine_of, service_of
from city.staff import PUBLIC
from data.errors import NotThere
from data.photos.errors import NotAPhoto, StoreAway
from data.sealing import Sealer
from hazards.observation import SourceKind
from operations.errors import Refused
from operations.observing.report import GivenReport, take_report
from operations.residents.pictures import add_picture
from operations.residents.replies import check_own, reply_hash
from operations.serving import utc_now
from routing.ground import Ground
from web.registerplace import tapped
from web.report import HOME, MINE, PHOTO, PLACE, REPORT, more_page, what_page, where_page
from web.reportplace import spot_of

router = APIRouter(include_in_schema=False)
_PICTURES = CapacityLimiter(1)
"""Teams' originals are looked at by the same process: of residents' at most one waits for it."""
LONGEST_FIELD = 1_000
