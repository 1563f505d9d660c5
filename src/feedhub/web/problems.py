"""Every error's public face: one table, RFC 9457 for programs, a page for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

import orjson
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from fastapi.routing import APIRoute, APIRouter
from starlette.exceptions import HTTPException

from feedhub.accounts.account import Publisher
from feedhub.errors import (
    ActRefused,
    FeedHubError,
    FormatNotWritten,
    InboxRefused,
    KeyRefused,
    KeyTooNarrow,
    NotKnown,
    QuestionRefused,
    SchemaBehind,
    SignatureRefused,
    StoreBusy,
    TooFarAhead,
    TooManyFollowers,
    TooManyLetters,
    TooManyPosts,
    TooMuchSent,
    WebhookRefused,
)
from feedhub.logs import logger
from feedhub.posts.kept import KeptPost
from feedhub.store.register import kept_register
from feedhub.views.api import notice_json
from feedhub.views.channel import urn
from feedhub.views.page_site import Site, begun_in
from feedhub.views.pages import error_page
from feedhub.web.state import State, language, state

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
TOO_MANY_SECONDS = 60
HUB = "/hub"


@dataclass(frozen=True, slots=True)
class Problem:
    """One sort of problem. `name` ends its type's address, under which /docs explains it."""

    status: int
    name: str
    title: str
    meaning: str


REFUSED = Problem(422, "question-refused", "This question can't be answered", "`parameter` names what to change.")
NOT_KNOWN = Problem(404, "not-known", "There is no such thing", "It was never public here.")
GONE = Problem(410, "gone", "This post is no longer public", "It was public once; `reason` says why it no longer is.")
BUSY = Problem(503, "busy", "The database is out of reach", "Ask again after the seconds in `Retry-After`.")
AHEAD = Problem(410, "too-far-ahead", "There is no such change yet", "This database begins anew: start again from 0.")
CROWDED = Problem(
    503, "crowded", "Too many are waiting here", "Ask again after the seconds in `Retry-After`, or without `wait`."
)
BROKEN = Problem(500, "broken", "Something broke on our side", "It is in our log; asking again may help.")
TOO_LONG = Problem(414, "too-long", "The query is too long", "Ask for fewer values at once.")
NOT_ALLOWED = Problem(
    405, "method-not-allowed", "This address can't be asked in this way", "`Allow` names the methods that it takes."
)
NO_KEY = Problem(
    401, "key-refused", "This needs a key", "Send a valid one as `Authorization: Bearer …`, and sign if it wants that."
)
NOT_SIGNED = Problem(
    401, "signature-refused", "This must be signed", "Sign it as draft-cavage-http-signatures or RFC 9421 say, now."
)
NARROW = Problem(
    403, "key-too-narrow", "This key does not open that", "Ask the desk for a key of the right department."
)
POST_REFUSED = Problem(
    422, "post-refused", "This post can't be taken", "The sentence names the field; nothing was kept."
)
WEBHOOK_REFUSED = Problem(
    422, "webhook-refused", "This webhook can't be so", "The sentence says why; nothing was changed."
)
ACT_REFUSED = Problem(
    409, "act-refused", "This act can't be done now", "The sentence says what stands against it; nothing was changed."
)
NOT_WRITTEN = Problem(501, "format-not-written", "Nothing is written in this format", "Ask for json or xml.")
LIMITED = Problem(
    429,
    "limited",
    "Too many requests from one address, or by one key",
    "Ask again after the seconds in `Retry-After`; `RateLimit` says how much is left.",
)
TOO_SLOW = Problem(408, "too-slow", "The rest of this request took too long", "Send it again, without pauses.")
TOO_LARGE = Problem(413, "too-large", "This is too much at once", "Send less; a door says how much it takes.")
TOO_MANY = Problem(429, "too-many", "Too many posts", "Ask again after the seconds in `Retry-After`.")

PROBLEMS = (
    REFUSED,
    NOT_KNOWN,
    GONE,
    AHEAD,
    BUSY,
    CROWDED,
    BROKEN,
    TOO_LONG,
    NOT_ALLOWED,
    NO_KEY,
    NOT_SIGNED,
    NARROW,
    POST_REFUSED,
    ACT_REFUSED,
    WEBHOOK_REFUSED,
    TOO_MANY,
    LIMITED,
    TOO_SLOW,
    TOO_LARGE,
    NOT_WRITTEN,
)

# The narrowest class comes first.
_TABLE: tuple[tuple[type[FeedHubError], Problem], ...] = (
    (QuestionRefused, REFUSED),
    (NotKnown, NOT_KNOWN),
    (FormatNotWritten, NOT_WRITTEN),
    (StoreBusy, BUSY),
    (SchemaBehind, BUSY),
    (KeyRefused, NO_KEY),
    (SignatureRefused, NOT_SIGNED),
    (KeyTooNarrow, NARROW),
    (ActRefused, ACT_REFUSED),
    (InboxRefused, POST_REFUSED),
    (WebhookRefused, WEBHOOK_REFUSED),
    (TooMuchSent, TOO_LARGE),
    (TooManyPosts, TOO_MANY),
    (TooManyLetters, TOO_MANY),
    (TooFarAhead, AHEAD),
    (TooManyFollowers, CROWDED),
)
_BY_STATUS = {problem.status: problem for problem in reversed(PROBLEMS)}
_FOR_PROGRAMS = ("/ap/", "/.well-known/", "/nodeinfo/", "/api/", "/widget/", "/oembed", "/livez", "/readyz", "/metrics")
_FILES = (
    *(".rss", ".atom", ".json", ".opml", ".ics", ".js", ".css", ".svg", ".png", ".txt", ".csv"),
    *(".xml", ".gz", ".jsonld", ".jpg", ".webp", ".webmanifest"),
)


def problem_of(error: FeedHubError) -> Problem:
    """What the world is told about `error`; what is not in the table is our own fault."""
    return next((problem for type_, problem in _TABLE if isinstance(error, type_)), BROKEN)


def problem_document(problem: Problem, detail: str, *, public_url: str, **also: object) -> bytes:
    """RFC 9457's JSON."""
    told = {
        "type": f"{public_url}/docs#{problem.name}",
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
    }
    return orjson.dumps(told | also)


def wants_page(path: str) -> bool:
    """Whether it is people who ask for `path`.

    >>> wants_page("/departments/nobody"), wants_page("/api/v1/posts/x"), wants_page("/kinds/x/feed.rss")
    (True, False, False)
    >>> wants_page("/data"), wants_page("/data/2026-13.ndjson.gz"), wants_page("/sitemap/2026-13.xml")
    (True, False, False)
    """
    return not path.startswith(_FOR_PROGRAMS) and not path.endswith(_FILES)


def gone(kept: KeptPost, publisher: Publisher, public_url: str) -> Response:
    """What is said of a post that was public once: why it no longer is, never what it said."""
    zone = Site(publisher=publisher, public_url=public_url).zone
    notice = notice_json(kept.notice, zone)
    reason = kept.notice.reason if kept.notice else "Its platform says that it no longer exists."
    also = {"id": str(kept.id), "uri": urn(kept.id), "post_status": kept.status.value, "reason": reason}
    body = problem_document(GONE, reason, public_url=public_url, **also, notice=notice)
    return Response(body, GONE.status, media_type=MEDIA_TYPE)


def answer_problems(app: FastAPI, routers: Iterable[APIRouter], *, doors: tuple[str, ...]) -> None:
    """Let `app` answer every expected error in the form that its asker reads.

    `doors` are the beginnings of paths at which no one answers HEAD for a route that only GETs.
    """
    routes = tuple(route for router in routers for route in router.routes if isinstance(route, APIRoute))
    app.add_exception_handler(FeedHubError, _answer_ours)
    app.add_exception_handler(HTTPException, partial(_answer_http, routes=routes, doors=doors))


async def problem_response(  # for both: who asked where, and what is said
    here: State, path: str, problem: Problem, detail: str, *, asked_in: str | None = None, **also: object
) -> Response:
    """The problem for programs, or its page for people."""
    headers = _headers(problem)
    if path == HUB:  # WebSub section 5.1: a sentence, and no more than that
        return PlainTextResponse(f"{detail}\n", problem.status, headers)
    if wants_page(path):
        site = Site(publisher=await _publisher(here), public_url=here.public_url, asked_in=asked_in)
        return HTMLResponse(error_page(site, problem.status, detail), problem.status, headers)
    body = problem_document(problem, detail, public_url=here.public_url, **also)
    return Response(body, problem.status, headers, media_type=MEDIA_TYPE)


async def _answer_ours(request: Request, error: Exception) -> Response:
    problem, detail, also = BROKEN, BROKEN.title, dict[str, object]()
    if isinstance(error, FeedHubError) and (problem := problem_of(error)) is not BROKEN:
        detail = str(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and problem not in (NOT_WRITTEN, CROWDED):
        detail = problem.title + "."  # the sentence may name the database's host
        logger().error("request.failed", path=request.url.path, reason=str(error))
    if isinstance(error, QuestionRefused):
        also["parameter"] = error.parameter
    asked_in = language(request)
    return await problem_response(state(request), request.url.path, problem, detail, asked_in=asked_in, **also)


async def _answer_http(
    request: Request, error: Exception, *, routes: tuple[APIRoute, ...], doors: tuple[str, ...]
) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else BROKEN.status
    problem, path = _BY_STATUS.get(status, BROKEN), request.url.path
    detail = "There is nothing at this address." if problem is NOT_KNOWN else problem.title
    if problem is not NOT_ALLOWED:
        return await _said_of_http(request, problem, detail)
    methods = _methods(path, routes, doors)
    if request.method == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(methods)})
    answer = await _said_of_http(request, problem, f"Use {', '.join(methods[:-1])} or {methods[-1]}.")
    answer.headers["Allow"] = ", ".join(methods)
    return answer


async def _said_of_http(request: Request, problem: Problem, detail: str) -> Response:
    asked_in = language(request) or begun_in(request.url.path)
    return await problem_response(state(request), request.url.path, problem, detail, asked_in=asked_in)


def _methods(path: str, routes: tuple[APIRoute, ...], doors: tuple[str, ...]) -> list[str]:
    """What `path` takes, all its routes together; elsewhere than at a door who GETs can ask HEAD, too."""
    named = {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}
    if "GET" in named and not path.startswith(doors):
        named.add("HEAD")
    return [*sorted(named - {"OPTIONS"}), "OPTIONS"]


def _headers(problem: Problem) -> Mapping[str, str]:
    if problem in (BUSY, CROWDED, TOO_MANY, LIMITED):
        return {"Retry-After": str(TOO_MANY_SECONDS if problem is TOO_MANY else RETRY_SECONDS)}
    if problem is AHEAD:
        return {"Cache-Control": "no-store"}  # the number may be given any moment
    if problem is NO_KEY:
        return {"WWW-Authenticate": 'Bearer realm="FeedHub"'}
    return {}


async def _publisher(here: State) -> Publisher:
    try:
        return (await here.store.read(kept_register)).publisher
    except FeedHubError:  # a page that says what broke needs no database
        return Publisher()
