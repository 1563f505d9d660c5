"""Asking WordPress's API: pages of posts, single posts, and what its refusals mean."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from feedhub.connectors.api import Said, ask, refused
from feedhub.connectors.http import Http
from feedhub.failures import BadAnswer, Challenged, Forbidden, VisitFailed

PAGE = 20  # posts; the window that is read again at each visit
# What a site with a fault answers; its feed would not answer either.
BROKEN = (HTTPStatus.TOO_MANY_REQUESTS, *range(500, 600))

_FIELDS = "id,guid,link,date,date_gmt,modified,modified_gmt,status,type,title,content,excerpt,format,_links,_embedded"
_WHOLE = {"_embed": "wp:featuredmedia,wp:term", "_fields": _FIELDS}
_END = "rest_post_invalid_page_number"
# Trashed, a draft again, private; deleted.
_ABSENT = {
    (HTTPStatus.UNAUTHORIZED, "rest_forbidden"),
    (HTTPStatus.FORBIDDEN, "rest_forbidden"),
    (HTTPStatus.NOT_FOUND, "rest_post_invalid_id"),
}


class SwitchedOff(Exception):
    """The site does not show its API; `why` is the failure to tell where it has no feed either."""

    def __init__(self, why: VisitFailed) -> None:
        self.why = why
        super().__init__(why.reason)


async def page(http: Http, root: str, number: int, *, now: datetime, **asked: str) -> Said:
    """One page of the listing, or the word that there is none.

    Raises:
        SwitchedOff: the site does not show its API.
        VisitFailed: it has a fault.
    """
    host = urlsplit(root).netloc
    try:
        said = await ask(
            http, f"{root}wp/v2/posts", query={"per_page": PAGE, "page": number, **_WHOLE, **asked}, now=now
        )
    except (BadAnswer, Challenged) as failure:
        raise SwitchedOff(failure) from failure
    if said.is_ok and isinstance(said.value, list):
        return said
    if number > 1 and is_end(said):
        return said
    if said.status in BROKEN:
        raise refused(said)
    why = f"{host} does not show its API ({code_of(said) or f'status {said.status}'}), and no feed was found."
    remedy = "Ask the site's administrator to let everybody read /wp-json/wp/v2/posts, or to switch the feed on again."
    raise SwitchedOff(Forbidden(why, remedy=remedy))


async def alone(http: Http, address: str, *, now: datetime) -> Said:
    """One post at its own address in the API."""
    return await ask(http, address, query=_WHOLE, now=now)


async def shows_posts(http: Http, listing: str, *, now: datetime) -> bool:
    """Whether the API shows posts at all; one that refuses everybody says nothing about single posts."""
    said = await ask(http, listing, query={"per_page": 1, "_fields": "id"}, now=now)
    return said.is_ok and bool(posts_of(said))


def is_end(said: Said) -> bool:
    """Whether there are no pages beyond."""
    return code_of(said) == _END


def is_word_of_absence(said: Said) -> bool:
    """Whether the site says that a post is deleted or no longer public."""
    return (said.status, code_of(said)) in _ABSENT


def posts_of(said: Said) -> list[dict[str, Any]]:
    return [post for post in said.value if isinstance(post, dict)] if isinstance(said.value, list) else []


def code_of(said: Said) -> str:
    """The name of a refusal; its message is in the site's language."""
    code = said.value.get("code") if isinstance(said.value, dict) else None
    return code if isinstance(code, str) else ""
