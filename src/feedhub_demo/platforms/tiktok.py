"""TikTok with its Display API: own videos by pages and by id, a login whose refresh tokens rotate."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Speaker, Written

_ROOT = "https://open.tiktokapis.com"
_KEY, _SECRET = "aw-the-citys-app", "aw-the-citys-secret"  # opens nothing but this stand-in
_MOST = 20
_FEW = 6  # a page may hold fewer videos than it was asked for
_LONGEST = 150  # characters of a caption
_TOKEN_LASTS, _REFRESH_LASTS = timedelta(days=1), timedelta(days=365)
_COVERS_LAST = timedelta(hours=6)
_REFUSALS = {
    "access_token_invalid": (401, "The access token is invalid or not found in the request."),
    "rate_limit_exceeded": (429, "The API rate limit was exceeded. Please try again later."),
    "invalid_params": (400, "One or more fields in request is invalid."),
}


class TikTok(PlatformStandIn):
    """developers.tiktok.com/doc/tiktok-api-v2-video-list. Nobody can edit a caption.

    `tokens` are each account's: access token, refresh token, until when the first lasts.
    """

    platform: ClassVar[str] = "tiktok"
    origins: ClassVar[tuple[str, ...]] = (_ROOT,)
    edits: ClassVar[bool] = False

    def routes(self) -> Sequence[BaseRoute]:
        self.tokens: dict[str, tuple[str, str, datetime]] = {}
        self.renewals = 0
        return [
            Route("/v2/user/info/", self.routed(self._user)),
            Route("/v2/video/list/", self._with_body(self._list), methods=["POST"]),
            Route("/v2/video/query/", self._with_body(self._query), methods=["POST"]),
            Route("/v2/oauth/token/", self._login, methods=["POST"]),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"https://www.tiktok.com/@{speaker.handle}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return str(int(written.published_at.timestamp()) * 2**31 + speaker.number * 4_099 + written.number)

    def credential(self, speaker: Speaker | None) -> dict[str, Any] | None:
        if speaker is None:
            return None
        now = self.now()
        token, refresh_token, ends_at = self.tokens.setdefault(
            speaker.handle, (f"act.{speaker.handle}.0", f"rft.{speaker.handle}.0", now + _TOKEN_LASTS)
        )
        return {
            "token": token,
            "refresh_token": refresh_token,
            "issued_at": now,
            "expires_at": ends_at,
            "refresh_expires_at": now + _REFRESH_LASTS,
            "client_key": _KEY,
            "client_secret": _SECRET,
        }

    def limited(self) -> Response:
        return _refused("rate_limit_exceeded")

    def expired(self) -> Response:
        return _refused("access_token_invalid")

    def _with_body(
        self, answer: Callable[[Request, dict[str, Any]], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                body = msgspec.json.decode(await request.body())
            except msgspec.DecodeError:
                body = {}
            return await self.answered(request, lambda asked: answer(asked, body))

        return endpoint

    def _asker(self, request: Request) -> Speaker | None:
        said = request.headers.get("authorization", "").removeprefix("Bearer ")
        for handle, (token, _, ends_at) in self.tokens.items():
            if token == said and self.now() < ends_at:
                return self.speakers.get(handle)
        return None

    def _user(self, request: Request) -> Response:
        speaker = self._asker(request)
        if speaker is None:
            return _refused("access_token_invalid")
        user = {"open_id": f"open-{speaker.number}", "display_name": speaker.name, "username": speaker.handle}
        return _said({"user": user})

    def _list(self, request: Request, body: dict[str, Any]) -> Response:
        speaker = self._asker(request)
        if speaker is None:
            return _refused("access_token_invalid")
        if not 0 < body.get("max_count", 10) <= _MOST:
            return _refused("invalid_params")
        before = body.get("cursor") or 2**62
        listed = speaker.newest(1_000, matching=lambda post: _ms(post) < before)
        page = listed[: min(body.get("max_count", 10), _FEW)]
        videos = [self._shown(speaker, post) for post in page]
        cursor = _ms(page[-1]) if page else _ms_of(self.now())
        return _said({"videos": videos, "cursor": cursor, "has_more": len(listed) > len(page)})

    def _query(self, request: Request, body: dict[str, Any]) -> Response:
        speaker = self._asker(request)
        if speaker is None:
            return _refused("access_token_invalid")
        ids = body.get("filters", {}).get("video_ids", [])
        if len(ids) > _MOST:
            return _refused("invalid_params")
        found = [post for post in speaker.posts if self.native_id(speaker, post) in ids]
        return _said({"videos": [self._shown(speaker, post) for post in found]})

    async def _login(self, request: Request) -> Response:
        form = {name: said[0] for name, said in parse_qs((await request.body()).decode()).items()}
        return await self.answered(request, lambda _asked: self._renewed(form))

    def _renewed(self, form: dict[str, str]) -> Response:
        if (form.get("client_key"), form.get("client_secret")) != (_KEY, _SECRET):
            return _login_refused("invalid_client", "Client key or secret is incorrect.")
        for handle, (_, refresh_token, _) in self.tokens.items():
            if refresh_token == form.get("refresh_token"):
                self.renewals += 1
                token, following = f"act.{handle}.{self.renewals}", f"rft.{handle}.{self.renewals}"
                self.tokens[handle] = (token, following, self.now() + _TOKEN_LASTS)
                return JSONResponse(
                    {
                        "access_token": token,
                        "expires_in": int(_TOKEN_LASTS.total_seconds()),
                        "open_id": f"open-{self.speakers[handle].number}",
                        "refresh_expires_in": int(_REFRESH_LASTS.total_seconds()),
                        "refresh_token": following,
                        "scope": "user.info.basic,user.info.profile,video.list",
                        "token_type": "Bearer",
                    }
                )
        return _login_refused("invalid_grant", "Refresh token is invalid or expired.")

    def _shown(self, speaker: Speaker, post: Written) -> dict[str, Any]:
        id = self.native_id(speaker, post)
        ends = int((self.now() + _COVERS_LAST).timestamp())
        film = next((picture for picture in post.pictures if picture.is_film), None)
        shown = film.url if film else f"https://p16-sign-va.tiktokcdn.com/obj/{id}~noop.image"
        cover = f"{shown}?x-expires={ends}&x-signature={ends}x"
        tags = "".join(f" #{tag}" for tag in post.tags)
        return {
            "id": id,
            "create_time": int(post.published_at.timestamp()),
            "cover_image_url": cover,
            "share_url": f"https://www.tiktok.com/@{speaker.handle}/video/{id}?utm_campaign=tt4d_open_api&utm_source=aw",
            "video_description": f"{post.text}{tags}"[:_LONGEST],
            "title": f"{post.text}{tags}"[:_LONGEST],
            "duration": int(film.seconds or 1) if film else 42,
            "height": 1024,
            "width": 576,
            "embed_link": f"https://www.tiktok.com/player/v1/{id}",
            "like_count": post.number * 3 % 70,
            "comment_count": post.number % 5,
            "share_count": post.number % 3,
            "view_count": post.number * 211,
            "is_aigc": False,
        }


def _ms(post: Written) -> int:
    return _ms_of(post.published_at)


def _ms_of(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def _said(told: dict[str, Any]) -> Response:
    return JSONResponse({"data": told, "error": {"code": "ok", "message": "", "log_id": "20261101"}})


def _refused(code: str) -> Response:
    status, message = _REFUSALS[code]
    return JSONResponse({"data": {}, "error": {"code": code, "message": message, "log_id": "20261101"}}, status)


def _login_refused(error: str, words: str) -> Response:
    return JSONResponse({"error": error, "error_description": words, "log_id": "20261101"}, 400)
