"""Bluesky for the city: the public AppView, the directory of DIDs, and the accounts' own server."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Picture, Speaker, Written

_APPVIEW, _DIRECTORY = "https://public.api.bsky.app", "https://plc.directory"
_SERVER = "https://pds.tirtasari.example"
_MOST = 100
_LIMIT = 3_000
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_KEY_LENGTH = 13
_FEED, _REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"


class Bluesky(PlatformStandIn):
    """docs.bsky.app/docs/api; record keys are times of writing, as the protocol makes them."""

    platform: ClassVar[str] = "bluesky"
    origins: ClassVar[tuple[str, ...]] = (_APPVIEW, _DIRECTORY, _SERVER)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/xrpc/app.bsky.feed.getAuthorFeed", self.routed(self._feed)),
            Route("/xrpc/app.bsky.feed.getPosts", self.routed(self._posts)),
            Route("/xrpc/app.bsky.actor.getProfile", self.routed(self._profile)),
            Route("/xrpc/com.atproto.repo.getRecord", self.routed(self._record)),
            Route("/xrpc/com.atproto.sync.getRepoStatus", self.routed(self._status)),
            Route("/{did}", self.routed(self._document)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"https://bsky.app/profile/{_handle(speaker)}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return _uri(speaker, written)

    def limited(self) -> Response:
        return JSONResponse({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, 429, self._limits(left=0))

    def _feed(self, request: Request) -> Response:
        speaker = self._speaker(request.query_params.get("actor", ""))
        most = int(request.query_params.get("limit") or _MOST // 2)
        if most > _MOST:
            return _refused("InvalidRequest", "Error: limit can not be greater than 100")
        if speaker is None or speaker.suspended:
            return _refused("InvalidRequest", "Profile not found")
        after = request.query_params.get("cursor")
        shown = speaker.newest(most, matching=lambda post: not after or _place(post) < after)
        said: dict[str, Any] = {"feed": [self._feed_entry(speaker, post) for post in shown]}
        if len(shown) == most:
            said["cursor"] = _place(shown[-1])
        etag = f'W/"{blake2b(repr(said).encode(), digest_size=8).hexdigest()}"'
        headers = self._limits() | {"ETag": etag}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return JSONResponse(said, headers=headers)

    def _posts(self, request: Request) -> Response:
        asked = request.query_params.getlist("uris")
        found = [
            _view(speaker, post)
            for speaker in self.speakers.values()
            for post in speaker.posts
            if not speaker.suspended and not post.repeats and _uri(speaker, post) in asked
        ]
        return JSONResponse({"posts": found}, headers=self._limits())

    def _profile(self, request: Request) -> Response:
        speaker = self._speaker(request.query_params.get("actor", ""))
        if speaker is None:
            return _refused("InvalidRequest", "Profile not found")
        if speaker.suspended:
            return _refused("AccountTakedown", "Account has been suspended")
        return JSONResponse(_author(speaker), headers=self._limits())

    def _record(self, request: Request) -> Response:
        asked = request.query_params
        uri = f"at://{asked['repo']}/{asked['collection']}/{asked['rkey']}"
        for speaker in self.speakers.values():
            for post in speaker.posts:
                if _uri(speaker, post) == uri and not speaker.suspended:
                    return JSONResponse({"uri": uri, "cid": _cid(uri, post.version), "value": _record(speaker, post)})
        return _refused("RecordNotFound", f"Could not locate record: {uri}")

    def _status(self, request: Request) -> Response:
        speaker = self._speaker(request.query_params.get("did", ""))
        if speaker is None:
            return _refused("RepoNotFound", "Could not find repo for DID")
        said = {"did": _did(speaker), "active": not speaker.suspended}
        return JSONResponse(said | ({"status": "takendown"} if speaker.suspended else {}))

    def _document(self, request: Request) -> Response:
        speaker = self._speaker(request.path_params["did"])
        if speaker is None:
            return JSONResponse({"message": "DID not registered"}, 404)
        server = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": _SERVER}
        known_as = [f"at://{_handle(speaker)}"]
        return JSONResponse({"id": _did(speaker), "alsoKnownAs": known_as, "service": [server]})

    def _feed_entry(self, speaker: Speaker, post: Written) -> dict[str, Any]:
        if not post.repeats:
            return {"post": _view(speaker, post)}
        uri = f"at://did:plc:{'b' * 24}/{_FEED}/{_key(post)}"
        author = {"did": f"did:plc:{'b' * 24}", "handle": "lain.example", "displayName": "Lain", "labels": []}
        record = {"$type": _FEED, "text": post.text, "createdAt": _iso(post.published_at)}
        original = {"uri": uri, "cid": _cid(uri, 1), "author": author, "record": record}
        by = {
            "$type": "app.bsky.feed.defs#reasonRepost",
            "by": _author(speaker),
            "uri": _uri(speaker, post),
            "cid": _cid(_uri(speaker, post), 1),
            "indexedAt": _iso(post.published_at),
        }
        return {"post": original | {"indexedAt": _iso(post.published_at), "labels": []}, "reason": by}

    def _speaker(self, actor: str) -> Speaker | None:
        named = (one for one in self.speakers.values() if actor.lower() in {_did(one), _handle(one)})
        return next(named, None)

    def _limits(self, *, left: int | None = None) -> dict[str, str]:
        remaining = self.faults.left if left is None and self.faults.left is not None else left
        resets_at = self.faults.limited_until or self.now()
        return {
            "RateLimit-Limit": str(_LIMIT),
            "RateLimit-Remaining": str(_LIMIT if remaining is None else remaining),
            "RateLimit-Reset": str(int(resets_at.timestamp()) + (0 if self.faults.limited_until else 300)),
            "RateLimit-Policy": f"{_LIMIT};w=300",
        }


def _refused(error: str, message: str) -> Response:
    return JSONResponse({"error": error, "message": message}, 400)


def _did(speaker: Speaker) -> str:
    return "did:plc:" + "".join(
        _LETTERS[byte % 32] for byte in blake2b(speaker.handle.encode(), digest_size=24).digest()
    )


def _handle(speaker: Speaker) -> str:
    return speaker.handle.lower() if "." in speaker.handle else f"{speaker.handle.lower()}.bsky.social"


def _key(post: Written) -> str:
    """A time in microseconds, in the protocol's own letters; the number keeps apart what one moment said."""
    number, letters = int(post.published_at.timestamp() * 1_000_000) + post.number, ""
    while len(letters) < _KEY_LENGTH:
        number, place = divmod(number, 32)
        letters = _LETTERS[place] + letters
    return letters


def _uri(speaker: Speaker, post: Written) -> str:
    return f"at://{_did(speaker)}/{_REPOST if post.repeats else _FEED}/{_key(post)}"


def _cid(uri: str, version: int) -> str:
    digest = blake2b(f"{uri} {version}".encode(), digest_size=26).digest()
    return "bafyrei" + "".join(_LETTERS[byte % 32] for byte in digest)


def _place(post: Written) -> str:
    """Where the next page begins."""
    return f"{int(post.published_at.timestamp() * 1000):013d}__{_key(post)}"


def _author(speaker: Speaker) -> dict[str, Any]:
    return {"did": _did(speaker), "handle": _handle(speaker), "displayName": speaker.name, "labels": []}


def _record(speaker: Speaker, post: Written) -> dict[str, Any]:
    text, facets = post.text, []
    for tag in post.tags:
        text, facet = _added(text, f"#{tag}", {"$type": "app.bsky.richtext.facet#tag", "tag": tag})
        facets.append(facet)
    if post.link:
        text, facet = _added(text, post.link, {"$type": "app.bsky.richtext.facet#link", "uri": post.link})
        facets.append(facet)
    said: dict[str, Any] = {
        "$type": _FEED,
        "text": text,
        "langs": [post.language],
        "createdAt": _iso(post.published_at),
    }
    if facets:
        said["facets"] = facets
    parent = next((one for one in speaker.posts if one.number == post.answers), None)
    if parent or post.answers_others:
        uri = _uri(speaker, parent) if parent else f"at://did:plc:{'c' * 24}/{_FEED}/{_key(post)}"
        named = {"uri": uri, "cid": _cid(uri, 1)}
        said["reply"] = {"root": named, "parent": named}
    return said


def _added(text: str, shown: str, feature: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """`text` with one more word, and its facet: places count UTF-8 bytes."""
    start = len(text.encode()) + 1
    index = {"byteStart": start, "byteEnd": start + len(shown.encode())}
    return f"{text} {shown}", {"index": index, "features": [feature]}


def _view(speaker: Speaker, post: Written) -> dict[str, Any]:
    uri = _uri(speaker, post)
    said = {
        "uri": uri,
        "cid": _cid(uri, post.version),
        "author": _author(speaker),
        "record": _record(speaker, post),
        "replyCount": post.number % 3,
        "repostCount": post.number % 5,
        "likeCount": (post.number * 3) % 40,
        "quoteCount": 0,
        "indexedAt": _iso(post.changed_at),
        "labels": [],
    }
    return said | ({"embed": _embed(post.pictures)} if post.pictures else {})


def _embed(pictures: Sequence[Picture]) -> dict[str, Any]:
    film = next((picture for picture in pictures if picture.is_film), None)
    if film:
        ratio = {"width": film.width, "height": film.height}
        shown = {
            "cid": "bafkrei",
            "playlist": film.url,
            "thumbnail": film.url,
            "alt": film.alt or "",
            "aspectRatio": ratio,
        }
        return {"$type": "app.bsky.embed.video#view", **shown}
    images = [
        {
            "thumb": picture.url,
            "fullsize": picture.url,
            "alt": picture.alt or "",
            "aspectRatio": {"width": picture.width, "height": picture.height},
        }
        for picture in pictures
    ]
    return {"$type": "app.bsky.embed.images#view", "images": images}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
