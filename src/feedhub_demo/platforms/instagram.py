"""Instagram's API: Business Discovery for the city's token, media for an account's own."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.graph import (
    FACEBOOK,
    INSTAGRAM_PATHS,
    VERSION,
    GraphStandIn,
    no_object,
    no_token,
    refusal,
    stamp,
    token_of,
)
from feedhub_demo.platforms.writing import Picture, Speaker, Written

_LOGIN = "https://graph.instagram.com"
_CITY, _CITY_TOKEN = "17841400000000000", "EAAcity-instagram"
_DISCOVERY = re.compile(
    r"business_discovery\.username\(([\w.]+)\)\{.*?media\.limit\((\d+)\)(?:\.after\(([\w=-]+)\))?\{(.*)\}\}"
)
_LIFE = timedelta(days=60)
_MOST = 100


class Instagram(GraphStandIn):
    """Every second speaker gave its own token by Instagram Login; the city's token reads all of them.

    The same media has another id by each route; its shortcode is one.
    """

    platform: ClassVar[str] = "instagram"
    origins: ClassVar[tuple[str, ...]] = (FACEBOOK, _LOGIN)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/refresh_access_token", self.routed(self._refreshed)),
            Route(f"/{VERSION}/{{user}}/media", self.routed(self._media)),
            Route(f"/{VERSION}/{{id}}", self.routed(self._node)),
        ]

    def answers(self, path: str) -> bool:
        return path.startswith(INSTAGRAM_PATHS)

    def account_url(self, speaker: Speaker) -> str:
        return f"https://www.instagram.com/{speaker.handle}/"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return _shortcode(speaker, written)

    def credential(self, speaker: Speaker | None) -> dict[str, Any] | None:
        if speaker is None:
            return {"token": _CITY_TOKEN, "user_id": _CITY}
        if speaker.number % 2:
            return None
        now = self.now()
        own = {"token": _token(speaker), "user_id": _user(speaker), "host": "graph.instagram.com"}
        return own | {"issued_at": now, "expires_at": now + _LIFE}

    def _refreshed(self, request: Request) -> Response:
        speaker = self._owner(request)
        if speaker is None or request.query_params.get("grant_type") != "ig_refresh_token":
            return no_token()
        seconds = int(_LIFE.total_seconds())
        fresh = token_of(request).removesuffix("+") + "+"
        return JSONResponse({"access_token": fresh, "token_type": "bearer", "expires_in": seconds})

    def _media(self, request: Request) -> Response:
        speaker = self._owner(request)
        if speaker is None:
            return no_token()
        if request.path_params["user"] not in {"me", _user(speaker)}:
            return no_object(request.path_params["user"])
        fields = request.query_params.get("fields", "id")
        most = min(int(request.query_params.get("limit") or 25), _MOST)
        url = f"{_LOGIN}/{VERSION}/{_user(speaker)}/media?access_token={token_of(request)}&limit={most}"
        return self.answer(
            self.edge(
                speaker,
                lambda post: _shown(speaker, post, fields, own=True),
                most=most,
                after=request.query_params.get("after"),
                next_url=url,
            )
        )

    def _node(self, request: Request) -> Response:
        id, fields = request.path_params["id"], request.query_params.get("fields", "id")
        if id == _CITY:
            return self._discovered(fields) if token_of(request) == _CITY_TOKEN else no_token()
        owner = self._owner(request)
        if owner is None:
            return no_token() if token_of(request) != _CITY_TOKEN else no_object(id)
        for post in owner.posts:
            if _id(owner, post, own=True) == id:
                return self.answer(_shown(owner, post, fields, own=True))
        return no_object(id)

    def _discovered(self, fields: str) -> Response:
        asked = _DISCOVERY.fullmatch(fields)
        if asked is None:
            return refusal(2500, "Syntax error in the fields parameter")
        speaker = self.speakers.get(asked[1].lower())
        if speaker is None or speaker.suspended:
            said = f"The user with username: {asked[1]} cannot be found."
            return refusal(
                110,
                "Invalid user id",
                subcode=2_207_013,
                is_transient=False,
                error_user_title="Cannot find User",
                error_user_msg=said,
            )
        media = self.edge(
            speaker,
            lambda post: _shown(speaker, post, asked[4], own=False),
            most=min(int(asked[2]), _MOST),
            after=asked[3],
            next_url=None,
        )
        profile = {"id": _user(speaker), "username": speaker.handle, "name": speaker.name}
        found = profile | {"media_count": len(speaker.posts), "media": media}
        return self.answer({"business_discovery": found, "id": _CITY})

    def _owner(self, request: Request) -> Speaker | None:
        token = token_of(request).rstrip("+")
        return next((one for one in self.speakers.values() if _token(one) == token and not one.suspended), None)


def _shown(speaker: Speaker, post: Written, fields: str, *, own: bool) -> dict[str, Any]:
    """What was asked for of one media, and nothing else."""
    pictures, id = post.pictures, _id(speaker, post, own=own)
    carousel = len(pictures) > 1
    first = (
        pictures[0] if pictures else Picture(url=f"https://scontent.cdninstagram.com/{_shortcode(speaker, post)}.jpg")
    )
    said: dict[str, Any] = {
        "id": id,
        "caption": " ".join([post.text, *([post.link] if post.link else []), *(f"#{tag}" for tag in post.tags)]),
        "media_product_type": "REELS" if first.is_film and not carousel else "FEED",
        "permalink": f"https://www.instagram.com/p/{_shortcode(speaker, post)}/",
        "shortcode": _shortcode(speaker, post),
        "timestamp": stamp(post.published_at),
        "username": speaker.handle,
        "like_count": (post.number * 3) % 50,
        "comments_count": post.number % 4,
    }
    said |= {"media_type": "CAROUSEL_ALBUM", "media_url": first.url} if carousel else _pictured(first, own=own)
    if carousel:
        children = [{"id": f"{id}{place}", **_pictured(one, own=own)} for place, one in enumerate(pictures)]
        said["children"] = {"data": children}
    asked = set(re.findall(r"\w+", fields))
    return {name: value for name, value in said.items() if name in asked}


def _pictured(picture: Picture, *, own: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"media_type": "VIDEO" if picture.is_film else "IMAGE", "media_url": picture.url}
    if picture.is_film:
        said["thumbnail_url"] = f"{picture.url}.jpg"
    return said | ({"alt_text": picture.alt} if own else {})


def _id(speaker: Speaker, post: Written, *, own: bool) -> str:
    """Ids of media are scoped to who asks."""
    return f"{180 if own else 179}{speaker.number:05}{post.number:09}"


def _shortcode(speaker: Speaker, post: Written) -> str:
    return f"D{speaker.number:03}x{post.number:06}"


def _user(speaker: Speaker) -> str:
    return f"1784140{speaker.number:010}"


def _token(speaker: Speaker) -> str:
    return f"IGAAown-{speaker.handle}"
