"""Facebook's API: Pages, their tokens for a system user, what they published, single posts."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

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

_SYSTEM_TOKEN = "EAAsystem-facebook"  # noqa: S105  # a stand-in's
_MOST = 100
_LIFE = timedelta(days=60)


class Facebook(GraphStandIn):
    """The system user has a task on every Page; posts are read by the Page's own token only."""

    platform: ClassVar[str] = "facebook"
    origins: ClassVar[tuple[str, ...]] = (FACEBOOK,)
    most_at_once: int = _MOST  # posts; more are "too much data"

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route(f"/{VERSION}/oauth/access_token", self.routed(self._exchanged), methods=["POST"]),
            Route(f"/{VERSION}/{{page}}/published_posts", self.routed(self._published)),
            Route(f"/{VERSION}/{{id}}", self.routed(self._node)),
        ]

    def answers(self, path: str) -> bool:
        return not path.startswith(INSTAGRAM_PATHS)

    def account_url(self, speaker: Speaker) -> str:
        return f"https://www.facebook.com/{speaker.handle}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return f"{_page(speaker)}_{122_000_000 + written.number}"

    def credential(self, speaker: Speaker | None) -> dict[str, Any] | None:
        return {"token": _SYSTEM_TOKEN} if speaker is None else None

    def _exchanged(self, request: Request) -> Response:  # noqa: ARG002  # the form is read by nobody here
        seconds = int(_LIFE.total_seconds())
        return JSONResponse({"access_token": _SYSTEM_TOKEN, "token_type": "bearer", "expires_in": seconds})

    def _published(self, request: Request) -> Response:
        speaker = self._named(request.path_params["page"])
        if speaker is None or speaker.suspended:
            return no_object(request.path_params["page"])
        token = token_of(request)
        if token == _SYSTEM_TOKEN:
            return refusal(190, "This method must be called with a Page Access Token", status=400)
        if token != _token(speaker):
            return no_token()
        most = min(int(request.query_params.get("limit") or 25), _MOST)
        if most > self.most_at_once:
            return refusal(1, "Please reduce the amount of data you're asking for, then retry your request", status=500)
        url = f"{FACEBOOK}/{VERSION}/{_page(speaker)}/published_posts?access_token={token}&limit={most}"
        after = request.query_params.get("after")
        return self.answer(
            self.edge(speaker, lambda post: self._shown(speaker, post), most=most, after=after, next_url=url)
        )

    def _node(self, request: Request) -> Response:
        id, token = request.path_params["id"], token_of(request)
        if token != _SYSTEM_TOKEN and not any(token == _token(speaker) for speaker in self.speakers.values()):
            return no_token()
        speaker = self._named(id)
        if speaker is not None and not speaker.suspended:
            page = {"id": _page(speaker), "name": speaker.name, "username": speaker.handle}
            page["link"] = self.account_url(speaker)
            return self.answer(page | {"access_token": _token(speaker)})
        for speaker in self.speakers.values():
            for post in speaker.posts:
                if self.native_id(speaker, post) == id and not speaker.suspended:
                    return self.answer(self._shown(speaker, post))
        if occasion := self._occasion(id):
            return self.answer(occasion)
        if not id.replace("_", "").isdecimal():
            return refusal(803, f"(#803) Some of the aliases you requested do not exist: {id}")
        return no_object(id)

    def _occasion(self, id: str) -> dict[str, Any] | None:
        """The event that a post announces, by its own id."""
        posts = [post for speaker in self.speakers.values() for post in speaker.posts if _event_id(speaker, post) == id]
        occasion = posts[0].occasion if posts else None
        if occasion is None:
            return None
        times = {"start_time": occasion.starts_at.isoformat(), "end_time": occasion.ends_at.isoformat()}
        return {"id": id, "name": occasion.name, **times, "place": {"name": occasion.place}}

    def _named(self, named: str) -> Speaker | None:
        known = self.speakers.get(named.lower())
        return known or next((one for one in self.speakers.values() if _page(one) == named), None)

    def _shown(self, speaker: Speaker, post: Written) -> dict[str, Any]:
        id = self.native_id(speaker, post)
        said: dict[str, Any] = {
            "id": id,
            "message": " ".join([post.text, *(f"#{tag}" for tag in post.tags)]),
            "created_time": stamp(post.published_at),
            # Comments move it too.
            "updated_time": stamp(post.changed_at + timedelta(minutes=post.number)),
            "permalink_url": f"https://www.facebook.com/{id.replace('_', '/posts/')}",
            "status_type": "added_photos" if post.pictures else "mobile_status_update",
            "is_published": True,
            "is_expired": False,
            "shares": {"count": post.number % 7},
        }
        if post.repeats:
            del said["message"]
            said |= {"parent_id": f"100999_{post.number}", "status_type": "shared_story"}
            target = {"id": str(post.number), "url": f"https://www.facebook.com/kominfo/posts/{post.number}"}
            said["attachments"] = {"data": [{"type": "share", "description": post.text, "target": target}]}
        elif attached := _attachments(post):
            said["attachments"] = {"data": attached}
        if post.occasion:
            event = {"type": "event", "title": post.occasion.name, "target": {"id": _event_id(speaker, post)}}
            said.setdefault("attachments", {"data": []})["data"].append(event)
        return said


def _attachments(post: Written) -> list[dict[str, Any]]:
    pictures = [_pictured(picture) for picture in post.pictures]
    if len(pictures) > 1:
        album = {"type": "album", "media_type": "album", "title": "Photos from the post"}
        return [album | {"subattachments": {"data": pictures}}]
    if pictures:
        return pictures
    if post.link:
        shimmed = f"https://l.facebook.com/l.php?u={quote(post.link, safe='')}&h=AT{post.number}"
        return [{"type": "share", "media_type": "link", "title": post.title or post.link, "url": shimmed}]
    return []


def _pictured(picture: Picture) -> dict[str, Any]:
    kind = "video_inline" if picture.is_film else "photo"
    image = {"src": f"{picture.url}.jpg" if picture.is_film else picture.url}
    media = {"image": image | {"width": picture.width, "height": picture.height}}
    film = {"source": picture.url} if picture.is_film else {}
    return {"type": kind, "media_type": kind.partition("_")[0], "media": media | film}


def _page(speaker: Speaker) -> str:
    return f"100{speaker.number:012}"


def _event_id(speaker: Speaker, post: Written) -> str:
    return f"77{speaker.number:04}{post.number:06}"


def _token(speaker: Speaker) -> str:
    return f"EAApage-{speaker.handle}"
