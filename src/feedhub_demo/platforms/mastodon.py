"""A Mastodon instance of the city: lookup, statuses, single statuses, rate limits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Picture, Speaker, Written

_ROOT = "https://social.tirtasari.example"
_MOST = 40
_ID_STEP = 1 << 16
_WINDOW = timedelta(minutes=5)
_LIMIT = 300


class Mastodon(PlatformStandIn):
    """docs.joinmastodon.org/methods/accounts; ids are snowflakes of the time of writing."""

    platform: ClassVar[str] = "mastodon"
    origins: ClassVar[tuple[str, ...]] = (_ROOT,)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/api/v1/accounts/lookup", self.routed(self._lookup)),
            Route("/api/v1/accounts/{id}/statuses", self.routed(self._statuses)),
            Route("/api/v1/statuses/{id}", self.routed(self._status)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"{_ROOT}/@{speaker.handle}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        uri = f"{_ROOT}/users/{speaker.handle}/statuses/{_id(speaker, written)}"
        return f"{uri}/activity" if written.repeats else uri

    def limited(self) -> Response:
        return JSONResponse({"error": "Too many requests"}, 429, self._limits(left=0))

    def _lookup(self, request: Request) -> Response:
        speaker = self.speakers.get(request.query_params.get("acct", "").lower())
        if speaker is None:
            return JSONResponse({"error": "Record not found"}, 404)
        return JSONResponse(_account(speaker), headers=self._limits())

    def _statuses(self, request: Request) -> Response:
        speaker = next((one for one in self.speakers.values() if _account_id(one) == request.path_params["id"]), None)
        if speaker is None:
            return JSONResponse({"error": "Record not found"}, 404)
        if speaker.suspended:
            return JSONResponse({"error": "Gone"}, 410)
        before = int(request.query_params.get("max_id") or 2**63)
        most = min(int(request.query_params.get("limit") or 20), _MOST)
        shown = speaker.newest(most, matching=lambda post: int(_id(speaker, post)) < before)
        response = JSONResponse([self._shown(speaker, post) for post in shown], headers=self._limits())
        response.headers["etag"] = f'W/"{sha256(response.body).hexdigest()[:32]}"'
        response.headers["link"] = ", ".join(_links(request, speaker, shown, is_last=len(shown) < most))
        if request.headers.get("if-none-match") == response.headers["etag"]:
            return Response(status_code=304, headers=self._limits() | {"etag": response.headers["etag"]})
        return response

    def _status(self, request: Request) -> Response:
        for speaker in self.speakers.values():
            for post in speaker.posts:
                if _id(speaker, post) == request.path_params["id"] and not speaker.suspended:
                    return JSONResponse(self._shown(speaker, post), headers=self._limits())
        return JSONResponse({"error": "Record not found"}, 404)

    def _shown(self, speaker: Speaker, post: Written) -> dict[str, Any]:
        id = _id(speaker, post)
        link = f' <a href="{escape(post.link)}">{escape(post.link)}</a>' if post.link else ""
        parent = next((one for one in speaker.posts if one.number == post.answers), None)
        account = _account(speaker)
        said = {
            "id": id,
            "uri": self.native_id(speaker, post),
            "url": f"{_ROOT}/@{speaker.handle}/{id}",
            "created_at": _iso(post.published_at),
            "edited_at": _iso(post.edited_at) if post.edited_at else None,
            "in_reply_to_id": _id(speaker, parent) if parent else "1" if post.answers_others else None,
            "in_reply_to_account_id": account["id"] if parent else "1" if post.answers_others else None,
            "visibility": "public",
            "sensitive": False,
            "spoiler_text": "",
            "language": post.language,
            "content": f"<p>{escape(post.text)}{link}</p>",
            "media_attachments": [_attachment(place, picture) for place, picture in enumerate(post.pictures)],
            "mentions": [],
            "tags": [{"name": tag, "url": f"{_ROOT}/tags/{tag}"} for tag in post.tags],
            "replies_count": post.number % 4,
            "reblogs_count": post.number % 7,
            "favourites_count": (post.number * 3) % 50,
            "reblog": None,
            "poll": None,
            "card": None,
            "account": account,
        }
        if post.repeats:
            original = {"uri": f"https://lain.example/{post.number}", "url": f"https://lain.example/{post.number}"}
            said |= {"reblog": original | {"content": f"<p>{escape(post.text)}</p>"}, "content": ""}
        return said

    def _limits(self, *, left: int | None = None) -> dict[str, str]:
        remaining = self.faults.left if left is None and self.faults.left is not None else left
        resets_at = self.faults.limited_until or self.now() + _WINDOW
        return {
            "X-RateLimit-Limit": str(_LIMIT),
            "X-RateLimit-Remaining": str(_LIMIT if remaining is None else remaining),
            "X-RateLimit-Reset": _iso(resets_at),
        }


def _links(request: Request, speaker: Speaker, shown: Sequence[Written], *, is_last: bool) -> list[str]:
    """Where older and newer statuses are; nothing older where the page is not full."""
    if not shown:
        return []
    here = f"{_ROOT}{request.url.path}"
    older, newer = _id(speaker, shown[-1]), _id(speaker, shown[0])
    links = [] if is_last else [f'<{here}?max_id={older}>; rel="next"']
    return [*links, f'<{here}?min_id={newer}>; rel="prev"']


def _id(speaker: Speaker, written: Written) -> str:
    """Milliseconds and 16 more bits, as Mastodon's; the number keeps apart what was said in one millisecond."""
    return str(int(written.published_at.timestamp() * 1000) * _ID_STEP + speaker.number * 997 + written.number)


def _account_id(speaker: Speaker) -> str:
    return str(109_000_000_000_000_000 + speaker.number)


def _account(speaker: Speaker) -> dict[str, Any]:
    return {
        "id": _account_id(speaker),
        "username": speaker.handle,
        "acct": speaker.handle,
        "display_name": speaker.name,
        "url": f"{_ROOT}/@{speaker.handle}",
        "uri": f"{_ROOT}/users/{speaker.handle}",
        "suspended": speaker.suspended,
    }


def _attachment(place: int, picture: Picture) -> dict[str, Any]:
    return {
        "id": str(place + 1),
        "type": "video" if picture.is_film else "image",
        "url": picture.url,
        "preview_url": picture.url,
        "remote_url": None,
        "description": picture.alt,
        "meta": {"original": {"width": picture.width, "height": picture.height, "duration": picture.seconds}},
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
