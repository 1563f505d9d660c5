"""LinkedIn with its versioned API: a page's posts by their last change, single ones by urn, media by urn, renewals."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Picture, Speaker, Written

_ROOT = "https://api.linkedin.com"
_LOGIN = "https://www.linkedin.com"
_APP = {"client_id": "77-the-citys-app", "client_secret": "the-citys-own-secret"}  # opens nothing but this stand-in
_MOST = 100
_FEW = 50
_TOKEN_LASTS, _REFRESH_LASTS = timedelta(days=60), timedelta(days=365)
_RESERVED = str.maketrans({sign: f"\\{sign}" for sign in "|{}@[]()<>#\\*_~"})
_STRANGER = "urn:li:share:1"


class LinkedIn(PlatformStandIn):
    """learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api.

    `tokens` are each page's: access token, refresh token, until when the first lasts. `versions` are spoken.
    """

    platform: ClassVar[str] = "linkedin"
    origins: ClassVar[tuple[str, ...]] = (_ROOT, _LOGIN)

    def routes(self) -> Sequence[BaseRoute]:
        self.tokens: dict[str, tuple[str, str, datetime]] = {}
        self.versions: frozenset[str] | None = None  # None = every one
        self.renewals = 0
        return [
            Route("/rest/organizations", self.routed(self._organizations)),
            Route("/rest/posts", self.routed(self._posts)),
            Route("/rest/{kind:str}", self.routed(self._media)),
            Route("/oauth/v2/accessToken", self._login, methods=["POST"]),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"https://www.linkedin.com/company/{speaker.handle}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return f"urn:li:share:{int(written.published_at.timestamp() * 1000) * 1_000 + speaker.number * 97 + written.number}"

    def credential(self, speaker: Speaker | None) -> dict[str, Any] | None:
        if speaker is None:
            return None
        now = self.now()
        token, refresh_token, ends_at = self.tokens.setdefault(
            speaker.handle, (f"AQX-{speaker.handle}-0", f"AQW-{speaker.handle}-0", now + _TOKEN_LASTS)
        )
        ends = {"expires_at": ends_at, "refresh_expires_at": now + _REFRESH_LASTS}
        return {"token": token, "refresh_token": refresh_token, "issued_at": now, **ends, **_APP}

    def limited(self) -> Response:
        words = "Resource level throttle MEMBER MINUTE limit for calls to this resource is reached."
        return _refused(429, "TOO_MANY_REQUESTS", words, serviceErrorCode=101)

    def expired(self) -> Response:
        return _refused(
            401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", serviceErrorCode=65602
        )

    def _speaker(self, request: Request) -> Speaker | Response:
        version = request.headers.get("linkedin-version", "")
        if self.versions is not None and version not in self.versions:
            return _refused(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
        said = request.headers.get("authorization", "").removeprefix("Bearer ")
        for handle, (token, _, ends_at) in self.tokens.items():
            if token == said:
                return self.speakers[handle] if self.now() < ends_at else self.expired()
        return _refused(401, "INVALID_ACCESS_TOKEN", "Invalid access token", serviceErrorCode=65600)

    def _organizations(self, request: Request) -> Response:
        speaker = self._speaker(request)
        if isinstance(speaker, Response):
            return speaker
        named = self.speakers.get(request.query_params.get("vanityName", "").lower())
        elements = (
            [{"id": 5_000 + named.number, "vanityName": named.handle, "localizedName": named.name}] if named else []
        )
        return JSONResponse({"paging": {"start": 0, "count": 10, "links": []}, "elements": elements})

    def _posts(self, request: Request) -> Response:
        speaker = self._speaker(request)
        if isinstance(speaker, Response):
            return speaker
        if "ids" in request.query_params:
            return self._by_ids(speaker, _names(request))
        if request.query_params.get("author") != _urn(speaker):
            return _refused(
                403, "ACCESS_DENIED", "Not enough permissions to access: partnerApiPostsExternal.FINDER-author"
            )
        start = int(request.query_params.get("start", "0"))
        count = min(int(request.query_params.get("count", "10")), _MOST)
        listed = sorted(speaker.posts, key=lambda post: (post.changed_at, post.number), reverse=True)
        shown = listed[start : start + count]
        links = [{"rel": "next", "href": "/rest/posts"}] if len(listed) > start + count else []
        elements = [self._shown(speaker, post) for post in shown]
        return JSONResponse({"paging": {"start": start, "count": count, "links": links}, "elements": elements})

    def _by_ids(self, speaker: Speaker, ids: list[str]) -> Response:
        known = {self.native_id(speaker, post): post for post in speaker.posts}
        results = {id: self._shown(speaker, known[id]) for id in ids if id in known}
        missing = [id for id in ids if id not in known]
        statuses = {id: 200 if id in known else 404 for id in ids}
        errors = {id: {"status": 404, "code": "NOT_FOUND", "message": f"Post {id} was not found"} for id in missing}
        return JSONResponse({"results": results, "statuses": statuses, "errors": errors})

    def _media(self, request: Request) -> Response:
        speaker = self._speaker(request)
        if isinstance(speaker, Response):
            return speaker
        ends = int((self.now() + timedelta(days=2)).timestamp() * 1000)
        results = {urn: {"id": urn, "status": "AVAILABLE", **self._told(speaker, urn, ends)} for urn in _names(request)}
        return JSONResponse({"results": results, "statuses": dict.fromkeys(results, 200), "errors": {}})

    def _told(self, speaker: Speaker, urn: str, ends: int) -> dict[str, Any]:
        number, _, place = urn.rpartition(":")[2].removeprefix("M").partition("x")
        post = next((post for post in speaker.posts if str(post.number) == number), None)
        if post is None or int(place or 0) >= len(post.pictures):
            return {"status": "NOT_FOUND"}
        picture = post.pictures[int(place)]
        told: dict[str, Any] = {"downloadUrl": f"{picture.url}?e={ends}&t=x{ends}", "downloadUrlExpiresAt": ends}
        return told | ({"duration": int((picture.seconds or 0) * 1000)} if picture.is_film else {})

    async def _login(self, request: Request) -> Response:
        form = {name: said[0] for name, said in parse_qs((await request.body()).decode()).items()}
        return await self.answered(request, lambda _asked: self._renewed(form))

    def _renewed(self, form: dict[str, str]) -> Response:
        if {name: form.get(name) for name in _APP} != _APP:
            return JSONResponse({"error": "invalid_client", "error_description": "Client authentication failed"}, 401)
        for handle, (_, refresh_token, _) in self.tokens.items():
            if refresh_token == form.get("refresh_token"):
                self.renewals += 1
                token = f"AQX-{handle}-{self.renewals}"
                self.tokens[handle] = (token, refresh_token, self.now() + _TOKEN_LASTS)
                lasts, refresh_lasts = int(_TOKEN_LASTS.total_seconds()), int(_REFRESH_LASTS.total_seconds())
                said = {"access_token": token, "expires_in": lasts, "refresh_token": refresh_token}
                return JSONResponse(
                    {**said, "refresh_token_expires_in": refresh_lasts, "scope": "r_organization_social"}
                )
        words = "The provided authorization grant or refresh token is invalid, expired or revoked."
        return JSONResponse({"error": "invalid_grant", "error_description": words}, 400)

    def _shown(self, speaker: Speaker, post: Written) -> dict[str, Any]:
        tags = "".join(f" {{hashtag|\\#|{tag}}}" for tag in post.tags)
        link = f" {post.link}" if post.link else ""
        said: dict[str, Any] = {
            "id": self.native_id(speaker, post),
            "author": _urn(speaker),
            "commentary": "" if post.repeats else f"{post.text.translate(_RESERVED)}{link}{tags}",
            "visibility": "PUBLIC",
            "lifecycleState": "PUBLISHED",
            "lifecycleStateInfo": {"isEditedByAuthor": post.edited_at is not None},
            "distribution": {"feedDistribution": "MAIN_FEED"},
            "createdAt": _ms(post.published_at),
            "publishedAt": _ms(post.published_at),
            "lastModifiedAt": _ms(post.changed_at),
            "isReshareDisabledByAuthor": False,
        }
        if post.repeats:
            said["reshareContext"] = {"parent": _STRANGER, "root": _STRANGER}
        elif post.pictures:
            said["content"] = _content(post)
        return said


def _content(post: Written) -> dict[str, Any]:
    named = [_named(post, place, picture) for place, picture in enumerate(post.pictures)]
    return {"media": named[0]} if len(named) == 1 else {"multiImage": {"images": named}}


def _named(post: Written, place: int, picture: Picture) -> dict[str, Any]:
    urn = f"urn:li:{'video' if picture.is_film else 'image'}:M{post.number}x{place}"
    return {"id": urn} | ({"altText": picture.alt} if picture.alt is not None else {})


def _names(request: Request) -> list[str]:
    """Rest.li's `List(…)`."""
    return [
        name for name in request.query_params.get("ids", "").removeprefix("List(").removesuffix(")").split(",") if name
    ]


def _urn(speaker: Speaker) -> str:
    return f"urn:li:organization:{5_000 + speaker.number}"


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _refused(status: int, code: str, message: str, **more: int) -> Response:
    return JSONResponse({"status": status, "code": code, "message": message, **more}, status)
