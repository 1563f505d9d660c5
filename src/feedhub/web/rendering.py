"""Asking a route, with nothing in its hands but the path and the canonical query."""

import asyncio
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Scope

from feedhub.logs import logger
from feedhub.web.asked import Asked
from feedhub.web.copies import Made
from feedhub.web.headers import Headers
from feedhub.web.problems import BROKEN, BUSY, Problem, problem_response
from feedhub.web.state import State

_SECONDS = 10.0  # for one answer; a store that hangs is a store out of reach
UNMATCHED = "unmatched"


async def rendered(app: ASGIApp, here: State, asked: Asked, method: str) -> Made:
    """The route's answer, or the problem that kept it from answering. Raises nothing."""
    if len(asked.path) > 1 and asked.path.endswith("/"):
        return whole(_without_slash(here, asked))
    try:
        async with asyncio.timeout(_SECONDS):
            return await _answer(app, here, asked, method)
    except TimeoutError:
        logger().error("request.timed_out", path=asked.path, seconds=_SECONDS)
        return await made_problem(here, asked.path, BUSY)
    except Exception:  # noqa: BLE001  # the last door: whatever happened, nobody sees a stack trace
        logger().exception("request.broke", path=asked.path)
        return await made_problem(here, asked.path, BROKEN)


async def made_problem(here: State, path: str, problem: Problem) -> Made:
    return whole(await problem_response(here, path, problem, problem.title + "."))


def whole(response: Response) -> Made:
    headers = [(name, value) for name, value in response.raw_headers if name != b"content-length"]
    return Made(status=response.status_code, headers=headers, body=bytes(response.body), route=UNMATCHED)


def _without_slash(here: State, asked: Asked) -> Response:
    path = ("/" + asked.language if asked.language else "") + "/" + quote(asked.path.strip("/"))
    query = f"?{asked.query}" if asked.query else ""
    return RedirectResponse(here.public_url + path + query, HTTPStatus.PERMANENT_REDIRECT)


async def _answer(app: ASGIApp, here: State, asked: Asked, method: str) -> Made:
    scope, started, parts = _scope(here, asked, method), list[Message](), list[bytes]()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, _nothing_more, send)
    headers: Headers = [(name.lower(), value) for name, value in started[0]["headers"]]
    route = getattr(scope.get("route"), "path", UNMATCHED)
    return Made(status=started[0]["status"], headers=headers, body=b"".join(parts), route=route)


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _scope(here: State, asked: Asked, method: str) -> Scope:
    """A request from nobody to our public address: no header of the asker's can change the answer."""
    address = urlsplit(here.public_url)
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": address.scheme,
        "path": asked.path,
        "raw_path": quote(asked.path).encode(),
        "query_string": asked.query.encode(),
        "root_path": "",
        "headers": [(b"host", address.netloc.encode("ascii", "replace"))],
        "client": None,
        "server": None,
        "state": {"feedhub": here, "language": asked.language},
    }
