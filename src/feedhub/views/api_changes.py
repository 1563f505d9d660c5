"""Changes in the JSON API, as followers, streams and webhooks all get them."""

from zoneinfo import ZoneInfo

from typing_extensions import TypedDict  # as in api_shapes

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost
from feedhub.views.api import notice_json, post_json
from feedhub.views.api_shapes import NoticeJson, PostJson
from feedhub.views.channel import rfc3339, shown_content

UPDATED, DELETED = "updated", "deleted"


class ChangeJson(TypedDict):
    """A change. `state` is `updated` with the post as it is now, or `deleted` with none."""

    change: int
    state: str
    id: str
    status: str
    version: int
    backfill: bool
    at: str
    post: PostJson | None
    notice: NoticeJson | None


def change_json(kept: KeptPost, *, publisher: Publisher, public_url: str) -> ChangeJson:
    """The newest change of a post, in the contract's shape; the content of a deleted one is never in it."""
    zone = ZoneInfo(publisher.time_zone)
    is_shown = shown_content(kept) is not None
    return {
        "change": kept.change,
        "state": UPDATED if is_shown else DELETED,
        "id": str(kept.id),
        "status": kept.status.value,
        "version": kept.version,
        "backfill": kept.backfill,
        "at": rfc3339(kept.updated_at, zone),
        "post": post_json(kept, publisher=publisher, public_url=public_url) if is_shown else None,
        "notice": notice_json(kept.notice, zone),
    }
