"""The API's description: OpenAPI 3.1, and the same for people at /docs."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub import __version__
from feedhub.views.formats import FORMATS
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.web import examples
from feedhub.web.openapi_answers import get, one, page
from feedhub.web.openapi_changes import changes_paths
from feedhub.web.openapi_desk import desk_paths, desk_schemas
from feedhub.web.openapi_inbox import inbox_paths, inbox_schemas, inbox_security
from feedhub.web.openapi_parameters import (
    ADDRESS,
    FEED_FORMAT,
    FILTER_PARAMETERS,
    ID,
    KIND_IN_PATH,
    SCHEMA_NAME,
    SLUG,
)
from feedhub.web.openapi_posts import posts_paths
from feedhub.web.openapi_schemas import api_schemas
from feedhub.web.openapi_webhooks import webhooks_paths, webhooks_schemas, webhooks_told
from feedhub.web.problems import NOT_KNOWN, PROBLEMS, REFUSED
from feedhub.web.state import register, state

router = APIRouter()

Json = dict[str, Any]  # JSON as OpenAPI defines it

_JSON = "application/json"
_CALENDAR: Json = {"text/calendar": {}}
_OF_DEPARTMENTS = [each for each in FILTER_PARAMETERS if each["name"] in ("department", "group", "area")]
_OF_ACCOUNTS = [*_OF_DEPARTMENTS, *(each for each in FILTER_PARAMETERS if each["name"] == "platform")]


@router.get("/openapi.json")
async def openapi(request: Request) -> Response:
    return Response(orjson.dumps(document(state(request).public_url)), media_type=_JSON)


@router.get("/docs")
async def docs(request: Request) -> Response:
    here, known = state(request), await register(request)
    site = Site(publisher=known.publisher, public_url=here.public_url)
    page = rendered("docs.html", site, api=document(here.public_url), problems=PROBLEMS, pretty=_pretty)
    return HTMLResponse(page)


def document(public_url: str) -> Json:
    """The whole description, its examples' addresses those of this installation."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "FeedHub",
            "version": __version__,
            "summary": "Every official post of a city's departments.",
            "description": "Reading is open: no key, no cookie, CORS for everybody. "
            "Send back the ETag that you were given, and an unchanged answer costs nothing.",
        },
        "servers": [{"url": public_url}],
        "paths": posts_paths()
        | changes_paths()
        | _api_paths()
        | inbox_paths()
        | webhooks_paths()
        | desk_paths()
        | _feed_paths()
        | _operation_paths(),
        "webhooks": webhooks_told(),
        "components": {
            "schemas": api_schemas() | inbox_schemas() | webhooks_schemas() | desk_schemas(),
            "securitySchemes": inbox_security(),
        },
    }


def _pretty(example: object) -> str:
    return orjson.dumps(example, option=orjson.OPT_INDENT_2).decode()


def _api_paths() -> Json:
    return {
        "/api/v1/departments": get(
            "Departments and their official accounts",
            "",
            _OF_DEPARTMENTS,
            page("departments", examples.DEPARTMENT),
            REFUSED,
        ),
        "/api/v1/accounts": get("Official accounts", "", _OF_ACCOUNTS, page("accounts", examples.ACCOUNT), REFUSED),
        "/api/v1/accounts/{id}": get("One account", "", [ID], one("Account", examples.ACCOUNT), REFUSED, NOT_KNOWN),
        "/api/v1/verify": get(
            "Whether an account or a post is official, and whether it is collected",
            "Of any address of an account, a post or an article. `problem` says why not, `remedy` what to do, in sentences.",
            [ADDRESS],
            one("Verify", examples.VERIFY),
            REFUSED,
        ),
        "/api/v1/kinds": get(
            "Kinds of posts", "What gives a post its kinds, too.", [], page("kinds", examples.KIND), REFUSED
        ),
    }


def _feed_paths() -> Json:
    feeds = [FEED_FORMAT, *FILTER_PARAMETERS]
    without_department = [each for each in feeds if each["name"] != "department"]
    without_kind = [each for each in feeds if each["name"] != "kind"]
    return {
        "/feed.{format}": _feed("The feed of any filters", feeds),
        "/departments/{slug}/feed.{format}": _feed("A department's feed", [SLUG, *without_department]),
        "/kinds/{kind}/feed.{format}": _feed("A kind's feed", [KIND_IN_PATH, *without_kind]),
        "/events.ics": get("The events of any filters, as iCalendar", "", FILTER_PARAMETERS, _CALENDAR, REFUSED),
        "/departments/{slug}/events.ics": get(
            "A department's events, as iCalendar",
            "",
            [SLUG, *(each for each in FILTER_PARAMETERS if each["name"] != "department")],
            _CALENDAR,
            REFUSED,
            NOT_KNOWN,
        ),
        "/posts/{id}/event.ics": get("One post's event, as iCalendar", "", [ID], _CALENDAR, NOT_KNOWN),
        "/feeds.opml": get("Every department's feed, as OPML 2.0", "", [], {"text/x-opml": {}}, REFUSED),
    }


def _operation_paths() -> Json:
    return {
        "/schemas/{name}.json": get(
            "A shape of the API as JSON Schema (2020-12)",
            "Whole in itself: what it is made of stands in `$defs`.",
            [SCHEMA_NAME],
            {"application/schema+json": {}},
            REFUSED,
            NOT_KNOWN,
        ),
        "/livez": get("Whether this process lives", "", [], {"text/plain": {"example": "ok\n"}}),
        "/readyz": get(
            "Whether the database answers", "", [], {_JSON: {"schema": {"type": "object"}, "example": examples.READY}}
        ),
        "/metrics": get("Numbers for Prometheus", "", [], {"text/plain": {}}),
    }


def _feed(summary: str, parameters: list[Json]) -> Json:
    content: Json = {each.media_type: {} for each in FORMATS.values()}
    return get(summary, "", parameters, content, REFUSED, NOT_KNOWN)
