"""X with its API v2: lookup of people and posts, timelines with since_id, edits that get new ids, deletions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Picture, Speaker, Written

_ROOT = "https://api.x.com"
_TOKEN = "AAAA-a-bearer-of-the-city's-app-x1"  # noqa: S105 - opens nothing but this stand-in
_FIRST_MOMENT = 1_288_834_974_657  # milliseconds; ids count from here
_CLOCK_SHIFT = 22
_PAGE = 10  # X may give fewer posts than it was asked for
_MOST_LOOKED_UP = 100
_EDITABLE = timedelta(hours=1)
_EDITS = 5
_WINDOW = timedelta(minutes=15)
_LIMIT = 10_000
_STRANGER = "44196397"
_NEW_NAMES = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
    "retweet_count": "repost_count",
}
_PROBLEMS = "https://api.twitter.com/2/problems"
_LONGEST = 280  # characters; more is a note


class X(PlatformStandIn):
    """docs.x.com/x-api. `names` is the generation of names in its answers: `tweet` or `post`."""

    platform: ClassVar[str] = "x"
    origins: ClassVar[tuple[str, ...]] = (_ROOT,)
    names: str = "tweet"

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/2/users/by/username/{handle}", self.routed(self._user)),
            Route("/2/users/{id}/tweets", self.routed(self._timeline)),
            Route("/2/tweets", self.routed(self._posts)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"https://x.com/{speaker.handle}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return _ids(speaker, written)[0]

    def credential(self, speaker: Speaker | None) -> dict[str, str] | None:
        return {"token": _TOKEN} if speaker is None else None

    def limited(self) -> Response:
        return self._problem(429, "Too Many Requests", "Too Many Requests", "about:blank", left=0)

    def expired(self) -> Response:
        return self._problem(401, "Unauthorized", "Unauthorized", "about:blank")

    def _user(self, request: Request) -> Response:
        handle = request.path_params["handle"]
        speaker = self.speakers.get(handle.lower())
        if refusal := self._refused(request):
            return refusal
        if speaker is None or speaker.suspended:
            detail = (
                f"User has been suspended: [{handle}]."
                if speaker
                else f"Could not find user with username: [{handle}]."
            )
            return self._said({"errors": [_not_found("user", "username", handle, detail)]})
        return self._said({"data": {"id": _user_id(speaker), "name": speaker.name, "username": speaker.handle}})

    def _timeline(self, request: Request) -> Response:
        id, asked = request.path_params["id"], request.query_params
        speaker = next((one for one in self.speakers.values() if _user_id(one) == id), None)
        if refusal := self._refused(request):
            return refusal
        if speaker is None or speaker.suspended:
            detail = f"User has been suspended: [{id}]." if speaker else f"Could not find user with id: [{id}]."
            return self._said({"errors": [_not_found("user", "id", id, detail)]})
        since = int(asked.get("since_id") or 0)
        before = int(asked.get("pagination_token", "").removeprefix("t") or 2**63)
        listed = sorted(speaker.posts, key=lambda post: int(_ids(speaker, post)[-1]), reverse=True)
        listed = [post for post in listed if since < int(_ids(speaker, post)[-1]) < before]
        most = min(int(asked.get("max_results") or _PAGE), _PAGE)
        page = [(speaker, post) for post in listed[:most]]
        if not page:
            return self._said({"meta": {"result_count": 0}})
        oldest = _ids(speaker, page[-1][1])[-1]
        meta = {"result_count": len(page), "newest_id": _ids(speaker, page[0][1])[-1], "oldest_id": oldest}
        if len(listed) > most:
            meta["next_token"] = f"t{oldest}"
        return self._said(self._page(page) | {"meta": meta})

    def _posts(self, request: Request) -> Response:
        if refusal := self._refused(request):
            return refusal
        ids = request.query_params.get("ids", "").split(",")
        if len(ids) > _MOST_LOOKED_UP:
            return self._problem(400, "Invalid Request", "Too many ids", f"{_PROBLEMS}/invalid-request")
        by_id = {id: (one, post) for one in self.speakers.values() for post in one.posts for id in _ids(one, post)}
        found = [(*by_id[id], id) for id in ids if id in by_id and not by_id[id][0].suspended]
        errors = [
            _not_found("tweet", "ids", id, _missing(id, is_suspended=id in by_id))
            for id in ids
            if id not in by_id or by_id[id][0].suspended
        ]
        said = self._page([(speaker, post) for speaker, post, _ in found])
        for shown, (speaker, post, id) in zip(said.get("data", ()), found, strict=True):
            if id != _ids(speaker, post)[-1]:
                # What it said before it was edited; nobody kept the words.
                shown |= {"id": id, "text": "Versi lama.", "entities": {}}
        return self._said(said | ({"errors": errors} if errors else {}))

    def _page(self, posts: Sequence[tuple[Speaker, Written]]) -> dict[str, Any]:
        if not posts:
            return {}
        pictures = [(speaker, post, place) for speaker, post in posts for place in range(len(post.pictures))]
        media = [_medium(_key(speaker, post, place), post.pictures[place]) for speaker, post, place in pictures]
        data = [_shown(speaker, post) for speaker, post in posts]
        return {"data": data} | ({"includes": {"media": media}} if media else {})

    def _refused(self, request: Request) -> Response | None:
        return None if request.headers.get("authorization") == f"Bearer {_TOKEN}" else self.expired()

    def _said(self, value: dict[str, Any]) -> Response:
        named = _renamed(value) if self.names == "post" else value
        return JSONResponse(named, headers=self._limits())

    def _problem(self, status: int, title: str, detail: str, type: str, *, left: int | None = None) -> Response:
        problem = {"title": title, "detail": detail, "type": type, "status": status}
        return JSONResponse(problem, status, self._limits(left=left), media_type="application/problem+json")

    def _limits(self, *, left: int | None = None) -> dict[str, str]:
        remaining = self.faults.left if left is None and self.faults.left is not None else left
        resets_at = self.faults.limited_until or self.now() + _WINDOW
        return {
            "x-rate-limit-limit": str(_LIMIT),
            "x-rate-limit-remaining": str(_LIMIT if remaining is None else remaining),
            "x-rate-limit-reset": str(int(resets_at.timestamp())),
        }


def _user_id(speaker: Speaker) -> str:
    return str(2_244_990_000 + speaker.number)


def _ids(speaker: Speaker, written: Written) -> tuple[str, ...]:
    """One id for each version, oldest first; the ones between the first and the last came a second apart."""
    times = [written.published_at + timedelta(seconds=place) for place in range(written.version - 1)]
    times.append(written.changed_at)
    return tuple(str(_id_at(time) + speaker.number * 4096 + written.number) for time in times)


def _id_at(moment: datetime) -> int:
    return (int(moment.timestamp() * 1000) - _FIRST_MOMENT) << _CLOCK_SHIFT


def _shown(speaker: Speaker, post: Written) -> dict[str, Any]:
    """Addresses stand in a text in their short form; what was meant is in the entities, by code points."""
    ids, me = _ids(speaker, post), _user_id(speaker)
    text = f"@warga {post.text}" if post.answers_others else post.text
    written = f"RT @lain: {text}" if post.repeats else text
    urls = []
    for place, meant in enumerate(_meant(speaker, post)):
        short = f"https://t.co/{ids[-1][-6:]}{place:02}"
        start = len(written) + 1
        written = f"{written} {short}"
        urls.append({"start": start, "end": len(written), "url": short, "expanded_url": meant})
    # X escapes these three and no others.
    escaped = written.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    entities = {"urls": urls, "hashtags": [{"tag": tag} for tag in post.tags]}
    is_note = len(written) > _LONGEST and not post.repeats
    parent = next((one for one in speaker.posts if one.number == post.answers), None)
    return {
        "id": ids[-1],
        "edit_history_tweet_ids": list(ids),
        "edit_controls": _edit_controls(post),
        "created_at": _iso(post.changed_at),
        "author_id": me,
        "conversation_id": _ids(speaker, parent or post)[0],
        "text": f"{escaped[: _LONGEST - 1]}…" if is_note else escaped,
        "lang": "in" if post.language == "id" else post.language,
        "possibly_sensitive": False,
        "entities": {} if is_note else entities,
        "display_text_range": [len("@warga ") if post.answers_others else 0, len(written)],
        "public_metrics": {"retweet_count": post.number % 7, "reply_count": 0, "like_count": post.number * 3 % 50},
        **({"note_tweet": {"text": escaped, "entities": entities}} if is_note else {}),
        **({"attachments": {"media_keys": _keys(speaker, post)}} if post.pictures else {}),
        **_references(speaker, post, parent),
    }


def _meant(speaker: Speaker, post: Written) -> list[str]:
    own = f"https://x.com/{speaker.handle}/status/{_ids(speaker, post)[-1]}"
    pictures = [f"{own}/photo/1"] if post.pictures else []
    return ([post.link] if post.link else []) + pictures


def _references(speaker: Speaker, post: Written, parent: Written | None) -> dict[str, Any]:
    stranger = str(_id_at(post.published_at - timedelta(hours=1)))
    if post.repeats:
        return {"referenced_tweets": [{"type": "retweeted", "id": stranger}]}
    if post.answers_others:
        return {
            "referenced_tweets": [{"type": "replied_to", "id": stranger}],
            "in_reply_to_user_id": _STRANGER,
        }
    if parent:
        return {
            "referenced_tweets": [{"type": "replied_to", "id": _ids(speaker, parent)[0]}],
            "in_reply_to_user_id": _user_id(speaker),
        }
    return {}


def _edit_controls(post: Written) -> dict[str, Any]:
    return {
        "edits_remaining": max(_EDITS - post.version + 1, 0),
        "is_edit_eligible": not post.repeats,
        "editable_until": _iso(post.published_at + _EDITABLE),
    }


def _keys(speaker: Speaker, post: Written) -> list[str]:
    return [_key(speaker, post, place) for place in range(len(post.pictures))]


def _key(speaker: Speaker, post: Written, place: int) -> str:
    return f"3_{_ids(speaker, post)[0]}{place}"


def _medium(key: str, picture: Picture) -> dict[str, Any]:
    shared = {"media_key": key, "width": picture.width, "height": picture.height}
    if picture.alt is not None:
        shared["alt_text"] = picture.alt
    if not picture.is_film:
        return shared | {"type": "photo", "url": picture.url}
    variants = [
        {"content_type": "application/x-mpegURL", "url": f"{picture.url}.m3u8"},
        {"content_type": "video/mp4", "bit_rate": 832_000, "url": picture.url},
    ]
    milliseconds = int((picture.seconds or 0) * 1000)
    return shared | {"type": "video", "variants": variants, "duration_ms": milliseconds}


def _not_found(resource: str, parameter: str, value: str, detail: str) -> dict[str, str]:
    return {
        "value": value,
        "detail": detail,
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{_PROBLEMS}/resource-not-found",
    }


def _missing(id: str, *, is_suspended: bool) -> str:
    return f"User has been suspended: [{id}]." if is_suspended else f"Could not find tweet with ids: [{id}]."


def _renamed(value: object) -> Any:  # noqa: ANN401 - JSON in, JSON out
    if isinstance(value, dict):
        return {_NEW_NAMES.get(name, name): _renamed(inner) for name, inner in value.items()}
    return [_renamed(inner) for inner in value] if isinstance(value, list) else value


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
