"""Meta's Graph API as its stand-ins share it: tokens, errors, pages and usage headers."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from datetime import datetime
from math import ceil
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Speaker, Written

FACEBOOK = "https://graph.facebook.com"
VERSION = "v25.0"
# Both platforms answer at one origin; Instagram's ids begin so, and Facebook's stand-in gives none that do.
INSTAGRAM_PATHS = (f"/{VERSION}/17", f"/{VERSION}/18", f"/{VERSION}/me/media", "/refresh_access_token")


class GraphStandIn(PlatformStandIn):
    """developers.facebook.com/docs/graph-api: refusals are objects with a code, whatever the status."""

    def limited(self) -> Response:
        until = self.faults.limited_until
        minutes = ceil((until - self.now()).total_seconds() / 60) if until else 60
        usage = {"call_count": 100, "total_time": 30, "total_cputime": 25}
        told = {"100": [{"type": "pages", **usage, "estimated_time_to_regain_access": minutes}]}
        headers = {"X-App-Usage": json.dumps(usage), "X-Business-Use-Case-Usage": json.dumps(told)}
        return refusal(4, "(#4) Application request limit reached", status=403, headers=headers, is_transient=True)

    def expired(self) -> Response:
        said = "Error validating access token: Session has expired on Friday, 06-Nov-26 10:00:00 PST."
        return refusal(190, said, subcode=463, status=401)

    def answer(self, content: dict[str, Any]) -> Response:
        """A success; its headers tell how much of the app's budget is used."""
        return JSONResponse(content, headers={"X-App-Usage": json.dumps(self.usage())})

    def usage(self) -> dict[str, int]:
        left = self.faults.left
        share = 3 if left is None else max(0, 80 - left)
        return {"call_count": share, "total_time": 2, "total_cputime": 1}

    def edge(
        self,
        speaker: Speaker,
        shown: Callable[[Written], dict[str, Any]],
        *,
        most: int,
        after: str | None,
        next_url: str | None,
        matching: Callable[[Written], bool] = lambda _post: True,
    ) -> dict[str, Any]:
        """A page of what a speaker wrote, newest first; `next` repeats the token, as Meta's does."""
        posts = [post for post in reversed(speaker.posts) if matching(post)]
        start = position_in(posts, after)
        page, more = posts[start : start + most], len(posts) > start + most
        paging: dict[str, Any] = {}
        if page:
            paging = {"cursors": {"before": cursor_of(page[0]), "after": cursor_of(page[-1])}}
            if next_url and more:
                paging["next"] = f"{next_url}&after={cursor_of(page[-1])}"
            if next_url is None and not more:
                del paging["cursors"]["after"]
        return {"data": [shown(post) for post in page]} | ({"paging": paging} if paging else {})


def refusal(
    code: int,
    message: str,
    *,
    subcode: int | None = None,
    status: int = 400,
    headers: dict[str, str] | None = None,
    **more: object,
) -> Response:
    error = {"message": message, "type": "OAuthException", "code": code, **more, "fbtrace_id": "AbCdEfGhIjK"}
    if subcode is not None:
        error["error_subcode"] = subcode
    return JSONResponse({"error": error}, status, headers)


def no_token() -> Response:
    return refusal(190, "Invalid OAuth access token - Cannot parse access token", status=401)


def no_object(id: str) -> Response:
    said = (
        f"Unsupported get request. Object with ID '{id}' does not exist, cannot be loaded due to missing"
        " permissions, or does not support this operation."
    )
    return refusal(100, said, subcode=33)


def token_of(request: Request) -> str:
    """The token of a request, from its header or its query; both are taken."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else request.query_params.get("access_token", "")


def stamp(moment: datetime) -> str:
    """A time as Meta writes it: +0000 without a colon."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def cursor_of(post: Written) -> str:
    return urlsafe_b64encode(f"{post.published_at.timestamp():.0f}.{post.number}".encode()).decode()


def position_in(posts: Sequence[Written], after: str | None) -> int:
    """Where a page begins: behind the place of the post that the cursor names, which may be deleted by now."""
    if not after:
        return 0
    try:
        moment, _, number = urlsafe_b64decode(after).decode().partition(".")
        place = (float(moment), int(number))
    except (Error, ValueError):
        return 0
    return sum((round(post.published_at.timestamp()), post.number) >= place for post in posts)
