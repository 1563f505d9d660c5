"""Threads' API: an account's own posts and answers, by its own token."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.graph import GraphStandIn, no_object, no_token, refusal, stamp, token_of
from feedhub_demo.platforms.writing import Picture, Speaker, Written

_ROOT = "https://graph.threads.net"
_LIFE = timedelta(days=60)
_MOST = 100
_OTHERS = "17999000000000001"  # somebody else's post, which an answer answers


class Threads(GraphStandIn):
    """Answers are an edge of their own. A post can be edited for 15 minutes only, so the week edits none."""

    platform: ClassVar[str] = "threads"
    origins: ClassVar[tuple[str, ...]] = (_ROOT,)
    edits: ClassVar[bool] = False

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/refresh_access_token", self.routed(self._refreshed)),
            Route("/v1.0/{user}/threads", self.routed(self._threads)),
            Route("/v1.0/{user}/replies", self.routed(self._replies)),
            Route("/v1.0/{id}", self.routed(self._node)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"https://www.threads.com/@{speaker.handle}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return f"18{speaker.number:06}{written.number:09}"

    def credential(self, speaker: Speaker | None) -> dict[str, Any] | None:
        if speaker is None:
            return None
        now = self.now()
        own = {"token": _token(speaker), "user_id": _user(speaker)}
        return own | {"issued_at": now, "expires_at": now + _LIFE}

    def _refreshed(self, request: Request) -> Response:
        if self._owner(request) is None:
            return no_token()
        if request.query_params.get("grant_type") != "th_refresh_token":
            return refusal(100, "(#100) The parameter grant_type is required")
        fresh = token_of(request).rstrip("+") + "+"
        seconds = int(_LIFE.total_seconds())
        return JSONResponse({"access_token": fresh, "token_type": "bearer", "expires_in": seconds})

    def _threads(self, request: Request) -> Response:
        return self._listing(request, answers=False)

    def _replies(self, request: Request) -> Response:
        return self._listing(request, answers=True)

    def _listing(self, request: Request, *, answers: bool) -> Response:
        speaker = self._owner(request)
        if speaker is None:
            return no_token()
        if request.path_params["user"] not in {"me", _user(speaker)}:
            return no_object(request.path_params["user"])
        fields, most = request.query_params.get("fields", "id"), int(request.query_params.get("limit") or 25)
        most = min(most, _MOST)
        edge = "replies" if answers else "threads"
        return self.answer(
            self.edge(
                speaker,
                lambda post: self._shown(speaker, post, fields),
                most=most,
                after=request.query_params.get("after"),
                next_url=f"{_ROOT}/v1.0/{_user(speaker)}/{edge}?access_token={token_of(request)}&limit={most}",
                matching=lambda post: answers == bool(post.answers or post.answers_others),
            )
        )

    def _node(self, request: Request) -> Response:
        id, fields = request.path_params["id"], request.query_params.get("fields", "id")
        owner = self._owner(request)
        if owner is None:
            return no_token()
        if id in {"me", _user(owner)}:
            return self.answer({"id": _user(owner), "username": owner.handle})
        for post in owner.posts:
            if self.native_id(owner, post) == id:
                return self.answer(self._shown(owner, post, fields))
        return no_object(id)

    def _shown(self, speaker: Speaker, post: Written, fields: str) -> dict[str, Any]:
        """What was asked for of one post, and nothing else."""
        id = self.native_id(speaker, post)
        said: dict[str, Any] = {
            "id": id,
            "media_product_type": "THREADS",
            "media_type": "TEXT_POST",
            "permalink": f"https://www.threads.com/@{speaker.handle}/post/T{id}",
            "username": speaker.handle,
            "text": post.text,
            "timestamp": stamp(post.published_at),
            "shortcode": f"T{id}",
            "is_quote_post": False,
            "is_spoiler_media": False,
            **({"link_attachment_url": post.link} if post.link else {}),
            **({"topic_tag": post.tags[0]} if post.tags else {}),
            **_pictured(id, post.pictures),
        }
        if post.repeats:
            said |= {"media_type": "REPOST_FACADE", "reposted_post": {"id": f"17{post.number:015}"}}
            said["permalink"] = f"https://www.threads.com/@kominfo/post/R{post.number}"
            del said["text"]
        if post.answers or post.answers_others:
            parent = next((one for one in speaker.posts if one.number == post.answers), None)
            replied = self.native_id(speaker, parent) if parent else _OTHERS
            said |= {"is_reply": True, "replied_to": {"id": replied}, "root_post": {"id": replied}}
        asked = set(re.findall(r"\w+", fields))
        return {name: value for name, value in said.items() if name in asked}

    def _owner(self, request: Request) -> Speaker | None:
        token = token_of(request).rstrip("+")
        return next((one for one in self.speakers.values() if _token(one) == token and not one.suspended), None)


def _pictured(id: str, pictures: Sequence[Picture]) -> dict[str, Any]:
    told = [
        {"media_type": "VIDEO" if one.is_film else "IMAGE", "media_url": one.url, "alt_text": one.alt}
        | ({"thumbnail_url": f"{one.url}.jpg"} if one.is_film else {})
        for one in pictures
    ]
    if len(told) > 1:
        children = [{"id": f"{id}{place}", **one} for place, one in enumerate(told)]
        return {"media_type": "CAROUSEL_ALBUM", "children": {"data": children}}
    return dict(told[0]) if told else {}


def _user(speaker: Speaker) -> str:
    return f"2529322{speaker.number:010}"


def _token(speaker: Speaker) -> str:
    return f"THQVown-{speaker.handle}"
