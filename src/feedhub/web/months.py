"""Whole months of posts as files, the page that lists them, and their description for portals."""

from dataclasses import astuple
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import BinaryIO
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from feedhub.accounts.account import Register
from feedhub.errors import NotKnown
from feedhub.posts.months import month_name, month_named
from feedhub.store.monthly import MonthState, month_state, months_with_posts, posts_of_month
from feedhub.views import catalog, dumps
from feedhub.views.page_months import months_page
from feedhub.web.addresses import moved
from feedhub.web.conditional import digest_of, etag, names
from feedhub.web.headers import CACHED, CDN_CACHED, OPEN, PREFLIGHT
from feedhub.web.pages import site_of
from feedhub.web.query import refuse_unknown
from feedhub.web.state import State, clock, register, state

router = APIRouter()

_READ = ["GET", "HEAD"]
# Told apart where what is written of a post changes.
_FORM = 1


@router.get("/data", response_class=HTMLResponse)
async def months(request: Request) -> Response:
    known, now = await register(request), await clock(request)
    found = await state(request).store.read(months_with_posts, ZoneInfo(known.publisher.time_zone))
    return HTMLResponse(months_page(site_of(request, known), found, at=now.at))


@router.api_route("/data/", methods=_READ)
async def months_with_a_slash(request: Request) -> Response:
    return moved(state(request), "/data")


@router.api_route("/data/catalog.jsonld", methods=_READ)
async def described(request: Request) -> Response:
    refuse_unknown(request.query_params, ())
    here, known, now = state(request), await register(request), await clock(request)
    months = await here.store.read(months_with_posts, ZoneInfo(known.publisher.time_zone))
    contact = here.contact if ":" in here.contact else f"mailto:{here.contact}" if "@" in here.contact else ""
    body = catalog.render_catalog(site_of(request, known), months, contact=contact, at=now.at)
    headers = _headers(etag(digest_of(body), "identity"))
    if names(request.headers.get("if-none-match", ""), digest_of(body)):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type=catalog.MEDIA_TYPE)


@router.api_route("/data/{month}.ndjson.gz", methods=_READ)
async def month_file(request: Request, month: str) -> Response:
    refuse_unknown(request.query_params, ())
    here, known = state(request), await register(request)
    first, zone = month_named(month), ZoneInfo(known.publisher.time_zone)
    if first is None or not (held := await here.store.read(month_state, first, zone)).posts:
        raise NotKnown("month with posts", month)
    if names(request.headers.get("if-none-match", ""), _digest(here, first, held)):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_headers(_tag(here, first, held)))
    return await _sent(request, known, first, zone)


@router.api_route("/data/{name}", methods=[*_READ, "OPTIONS"])
async def other_file(request: Request, name: str) -> Response:
    if request.method != "OPTIONS":
        raise NotKnown("file", name)
    headers = {key.decode(): value.decode() for key, value in PREFLIGHT if key != b"content-length"}
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


async def _sent(request: Request, known: Register, month: date, zone: ZoneInfo) -> Response:
    here = state(request)
    made = await here.dumps.of(
        month,
        partial(here.store.read_now, month_state, month, zone),
        partial(_write, here, known, month, zone),
    )
    headers = _headers(_tag(here, month, made.state) if made.is_whole else None)
    headers |= {"Content-Length": str(made.size), "Content-Disposition": f'attachment; filename="{_name(month)}"'}
    if request.method == "HEAD":
        return Response(headers=headers, media_type=dumps.MEDIA_TYPE)
    return StreamingResponse(made.chunks(), headers=headers, media_type=dumps.MEDIA_TYPE)


def _write(here: State, known: Register, month: date, zone: ZoneInfo, file: BinaryIO) -> None:
    posts = posts_of_month(here.store, month, zone)
    dumps.write_dump(file, posts, publisher=known.publisher, public_url=here.public_url)


def _name(month: date) -> str:
    return f"{month_name(month)}.ndjson.gz"


def _digest(here: State, month: date, held: MonthState) -> str:
    """Equal in every process, and known without writing the file."""
    return digest_of(repr((_FORM, here.public_url, here.picture_mode, month, astuple(held))).encode())


def _tag(here: State, month: date, held: MonthState) -> str:
    return etag(_digest(here, month, held), "identity")


def _headers(tag: str | None) -> dict[str, str]:
    said = {key.decode(): value.decode() for key, value in OPEN}
    said |= {"Cache-Control": CACHED, "CDN-Cache-Control": CDN_CACHED}
    return said | ({"ETag": tag} if tag else {})
