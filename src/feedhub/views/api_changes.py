"""Changes in the JSON API, as followers, streams and webhooks all get them."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import orjson
from typing_extensions import TypedDict  # as in api_shapes

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost
from feedhub.views.api import Fragments, notice_json, post_json
from feedhub.views.api_shapes import NoticeJson, PostJson
from feedhub.views.channel import rfc3339, shown_content
from feedhub.views.entries import written
from feedhub.views.ninjs import ninjs_document

UPDATED, DELETED = "updated", "deleted"


class _Marks(TypedDict):
    """What is said of every change."""

    change: int
    state: str
    id: str
    status: str
    version: int
    backfill: bool
    at: str


class ChangeJson(_Marks):
    """A change. `state` is `updated` with the post as it is now, or `deleted` with none."""

    post: PostJson | None
    notice: NoticeJson | None


def change_json(kept: KeptPost, *, publisher: Publisher, public_url: str) -> ChangeJson:
    """The newest change of a post, in the contract's shape; the content of a deleted one is never in it."""
    zone = ZoneInfo(publisher.time_zone)
    is_shown = shown_content(kept) is not None
    return {
        **_marks(kept, zone),
        "post": post_json(kept, publisher=publisher, public_url=public_url) if is_shown else None,
        "notice": notice_json(kept.notice, zone),
    }


def change_document(
    kept: KeptPost, *, publisher: Publisher, public_url: str, fragments: Fragments | None = None
) -> bytes:
    """The same, written, with the fragments of this process; with none, its `post` is ninjs: a stub for a deleted one."""
    zone = ZoneInfo(publisher.time_zone)
    post = None
    if fragments is None:
        post = ninjs_document(kept, publisher=publisher, public_url=public_url)
    elif shown_content(kept) is not None:
        post = fragments.document(kept, publisher=publisher, public_url=public_url)
    return orjson.dumps(
        {
            **_marks(kept, zone),
            "post": None if post is None else orjson.Fragment(post),
            "notice": notice_json(kept.notice, zone),
        }
    )


def changes_page(  # a page: what, of whom, where it goes on
    posts: Iterable[KeptPost],
    *,
    latest: int,
    publisher: Publisher,
    public_url: str,
    next_url: str,
    fragments: Fragments | None,
) -> bytes:
    """`{"changes": […], "next": …, "latest": …}`; `fragments` as in `change_document`.

    A change that can't be written is left out and logged.
    """

    def write(kept: KeptPost) -> orjson.Fragment:
        return orjson.Fragment(change_document(kept, publisher=publisher, public_url=public_url, fragments=fragments))

    changes = list(written(posts, write, format="changes"))
    return orjson.dumps({"changes": changes, "next": next_url, "latest": latest})


def _marks(kept: KeptPost, zone: ZoneInfo) -> _Marks:
    return {
        "change": kept.change,
        "state": DELETED if shown_content(kept) is None else UPDATED,
        "id": str(kept.id),
        "status": kept.status.value,
        "version": kept.version,
        "backfill": kept.backfill,
        "at": rfc3339(kept.updated_at, zone),
    }
