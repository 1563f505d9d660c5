"""A fediverse server of the city that speaks ActivityPub alone: WebFinger, actors, outboxes, objects."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Picture, Speaker, Written

_ROOT = "https://fediverse.tirtasari.example"
_PAGE = 20
_PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
_CONTEXT = "https://www.w3.org/ns/activitystreams"
_KIND = "application/activity+json; charset=utf-8"


class ActivityPub(PlatformStandIn):
    """w3.org/TR/activitypub; deleted objects leave a Tombstone (410), boosts nothing (404)."""

    platform: ClassVar[str] = "activitypub"
    origins: ClassVar[tuple[str, ...]] = (_ROOT,)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/.well-known/webfinger", self.routed(self._webfinger)),
            Route("/@{name}", self.routed(self._profile)),
            Route("/users/{name}", self.routed(self._actor)),
            Route("/users/{name}/outbox", self.routed(self._outbox)),
            Route("/users/{name}/notes/{number:int}", self.routed(self._object)),
            Route("/users/{name}/boosts/{number:int}", self.routed(self._object)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"{_ROOT}/@{speaker.handle}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return f"{_actor(speaker)}/{'boosts' if written.repeats else 'notes'}/{written.number}"

    def limited(self) -> Response:
        until = self.faults.limited_until or self.now()
        seconds = max(1, int((until - self.now()).total_seconds()))
        return Response("Too Many Requests", 429, {"Retry-After": str(seconds)})

    def _webfinger(self, request: Request) -> Response:
        name = request.query_params.get("resource", "").removeprefix("acct:").partition("@")[0]
        speaker = self.speakers.get(name.lower())
        if speaker is None:
            return Response(status_code=404)
        link = {"rel": "self", "type": "application/activity+json", "href": _actor(speaker)}
        said = {"subject": f"acct:{name}@{_ROOT.partition('://')[2]}", "aliases": [_actor(speaker)], "links": [link]}
        return JSONResponse(said, media_type="application/jrd+json")

    def _profile(self, request: Request) -> Response:
        return Response(f"<!DOCTYPE html><title>{escape(request.path_params['name'])}</title>", media_type="text/html")

    def _actor(self, request: Request) -> Response:
        speaker = self._speaker(request)
        if speaker is None:
            return Response(status_code=404)
        if speaker.suspended:
            return _said({"id": _actor(speaker), "type": "Tombstone"}, status=410)
        return _said(
            {
                "id": _actor(speaker),
                "type": "Organization",
                "preferredUsername": speaker.handle,
                "name": speaker.name,
                "url": self.account_url(speaker),
                "inbox": f"{_actor(speaker)}/inbox",
                "outbox": f"{_actor(speaker)}/outbox",
            }
        )

    def _outbox(self, request: Request) -> Response:
        speaker = self._speaker(request)
        if speaker is None or speaker.suspended:
            return Response(status_code=404 if speaker is None else 410)
        outbox = f"{_actor(speaker)}/outbox"
        if "max" not in request.query_params:
            counted = {"id": outbox, "type": "OrderedCollection", "totalItems": len(speaker.posts)}
            return _said(counted | {"first": f"{outbox}?max={2**31}"})
        most = int(request.query_params["max"])
        shown = speaker.newest(_PAGE, matching=lambda post: post.number < most)
        page = {
            "id": f"{outbox}?max={most}",
            "type": "OrderedCollectionPage",
            "partOf": outbox,
            "orderedItems": [self._activity(speaker, post) for post in shown],
        }
        if len(shown) == _PAGE:
            page["next"] = f"{outbox}?max={min(post.number for post in shown)}"
        return _said(page)

    def _object(self, request: Request) -> Response:
        speaker, number = self._speaker(request), request.path_params["number"]
        if speaker is None or speaker.suspended:
            return Response(status_code=404)
        for post in speaker.posts:
            if post.number == number:
                return _said(self._activity(speaker, post) if post.repeats else self._note(speaker, post))
        if number in speaker.deleted and "/notes/" in request.url.path:
            id = f"{_actor(speaker)}/notes/{number}"
            return _said({"id": id, "type": "Tombstone", "deleted": _iso(speaker.deleted[number])}, status=410)
        return Response(status_code=404)

    def _activity(self, speaker: Speaker, post: Written) -> dict[str, Any]:
        id = self.native_id(speaker, post)
        said = {"actor": _actor(speaker), "published": _iso(post.published_at), "to": [_PUBLIC]}
        if post.repeats:
            return {"id": id, "type": "Announce"} | said | {"object": f"https://lain.example/{post.number}"}
        return {"id": f"{id}#create", "type": "Create"} | said | {"object": self._note(speaker, post)}

    def _note(self, speaker: Speaker, post: Written) -> dict[str, Any]:
        link = f' <a href="{escape(post.link)}">{escape(post.link)}</a>' if post.link else ""
        content = f"<p>{escape(post.text)}{link}</p>"
        own = next((one for one in speaker.posts if one.number == post.answers), None)
        answered = self.native_id(speaker, own) if own else "https://lain.example/1" if post.answers_others else None
        said = {
            "id": self.native_id(speaker, post),
            "type": "Event" if post.occasion else "Article" if post.title else "Note",
            "attributedTo": _actor(speaker),
            "name": post.title,
            "content": content,
            "contentMap": {post.language: content},
            "url": f"{self.account_url(speaker)}/{post.number}",
            "published": _iso(post.published_at),
            "to": [_PUBLIC],
            "cc": [f"{_actor(speaker)}/followers"],
            "inReplyTo": answered,
            "attachment": [_attachment(picture) for picture in post.pictures],
            "tag": [{"type": "Hashtag", "name": f"#{tag}", "href": f"{_ROOT}/tags/{tag}"} for tag in post.tags],
            "likes": {"type": "Collection", "totalItems": (post.number * 3) % 50},
        }
        if post.occasion:
            times = {"startTime": _iso(post.occasion.starts_at), "endTime": _iso(post.occasion.ends_at)}
            said |= times | {
                "name": post.occasion.name,
                "location": {"type": "Place", "name": post.occasion.place},
            }
        return said | ({"updated": _iso(post.edited_at)} if post.edited_at else {})

    def _speaker(self, request: Request) -> Speaker | None:
        return self.speakers.get(request.path_params["name"].lower())


def _actor(speaker: Speaker) -> str:
    return f"{_ROOT}/users/{speaker.handle}"


def _said(value: dict[str, Any], *, status: int = 200) -> Response:
    return JSONResponse({"@context": _CONTEXT} | value, status, media_type=_KIND)


def _attachment(picture: Picture) -> dict[str, Any]:
    return {
        "type": "Document",
        "mediaType": "video/mp4" if picture.is_film else "image/jpeg",
        "url": picture.url,
        "name": picture.alt,
        "width": picture.width,
        "height": picture.height,
    } | ({"duration": f"PT{picture.seconds}S"} if picture.seconds else {})


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
