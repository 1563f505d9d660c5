"""Whether every account speaks: as a page, and as a table for spreadsheets."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import QueryParams

from feedhub.accounts.account import Register
from feedhub.connectors import SHARED
from feedhub.errors import QuestionRefused
from feedhub.store.facts import account_rhythms
from feedhub.store.session import ReadSession
from feedhub.store.visits import account_states
from feedhub.store.waiting import Waiting, waiting_accounts
from feedhub.views.page_status import Delivery, StatusFilter, StatusRow, status_page, status_rows
from feedhub.views.status_csv import status_csv
from feedhub.web.headers import NOT_CACHED
from feedhub.web.pages import site_of
from feedhub.web.query import read_known_filters
from feedhub.web.state import register, state

router = APIRouter()

# Visits that find nothing move no clock, so a kept copy would show an old visit.
_NOT_KEPT = {"Cache-Control": NOT_CACHED}
_CSV = "text/csv; charset=utf-8; header=present"


@router.get("/status", response_class=HTMLResponse)
async def status(request: Request) -> Response:
    known = await register(request)
    chosen, rows = _chosen(request.query_params, known), await _rows(request, known)
    waiting = await state(request).store.read(_waiting)
    return HTMLResponse(status_page(site_of(request, known), rows, chosen, waiting), headers=_NOT_KEPT)


@router.get("/status.csv")
async def status_table(request: Request) -> Response:
    known = await register(request)
    chosen, rows = _chosen(request.query_params, known), await _rows(request, known)
    table = status_csv(site_of(request, known), filter(chosen.has, rows))
    return Response(table, headers=_NOT_KEPT, media_type=_CSV)


async def _rows(request: Request, known: Register) -> tuple[StatusRow, ...]:
    here = state(request)
    states, rhythms = await here.store.read(lambda session: (account_states(session), account_rhythms(session)))
    return status_rows(site_of(request, known), states, known.departments, rhythms, now=here.now())


def _waiting(session: ReadSession) -> tuple[Waiting, ...]:
    return waiting_accounts(session, shared=SHARED)


def _chosen(query: QueryParams, known: Register) -> StatusFilter:
    filters, names = read_known_filters(query, known), {one.state: one for one in Delivery}
    asked = [name for name in query.get("state", "").lower().split(",") if name]
    if unknown := [name for name in asked if name not in names]:
        raise QuestionRefused("state", f"There is no state {unknown[0][:40]!r}; there are {', '.join(names)}.")
    return StatusFilter(
        states=tuple(names[name] for name in asked), platforms=filters.platforms, departments=filters.departments
    )
