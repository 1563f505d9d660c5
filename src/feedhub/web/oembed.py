"""`/oembed`: which frame shows what an address of ours leads to."""

from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import QueryParams

from feedhub.accounts.account import Register
from feedhub.errors import FormatNotWritten, NotKnown, QuestionRefused
from feedhub.views.messages import speaker
from feedhub.views.oembed import MEDIA_TYPES, Embedded, oembed_document, post_title
from feedhub.views.page_links import query
from feedhub.views.page_site import Site, language_of_path
from feedhub.web.problems import gone
from feedhub.web.query import read_address, read_known_filters
from feedhub.web.state import register, state
from feedhub.web.widget_lists import named_post, read_wanted

router = APIRouter()

_LISTS = {"/": "", "/search": "", "/embed": "", "/calendar": "agenda"}


@router.get("/oembed")
async def oembed(request: Request) -> Response:
    known, asked = await register(request), request.query_params
    format = _format(asked)
    site, shown = await _embedded(request, known, read_address(asked))
    if shown.post is not None and shown.post.post is None:
        return gone(shown.post, known.publisher, site.public_url)
    width, height = _most(asked, "maxwidth"), _most(asked, "maxheight")
    body = oembed_document(site, shown, format=format, width=width, height=height)
    return Response(body, media_type=MEDIA_TYPES[format])


async def _embedded(request: Request, known: Register, url: str) -> tuple[Site, Embedded]:
    """What `url` leads to, in the language that it speaks.

    Raises:
        NotKnown: it is no page of ours that can be shown elsewhere.
    """
    here = state(request)
    path, asked = _own_path(url, here.public_url)
    spoken, path = language_of_path(path)
    site = Site(publisher=known.publisher, public_url=here.public_url, pictures=here.picture_mode, asked_in=spoken)
    match path.split("/")[1:]:
        case ["posts", id]:
            kept = await named_post(request, id)
            frame = f"/embed?post={kept.id}"
            return site, Embedded(page_url=site.url(path), frame_path=frame, title=post_title(kept, site), post=kept)
        case ["departments", slug]:
            return site, _department(site, known, slug)
        case ["accounts", id]:
            asked = QueryParams({**asked, "account": id})
    return site, _list(site, known, path, asked)


def _department(site: Site, known: Register, slug: str) -> Embedded:
    found = next((one for one in known.departments if slug in (one.slug, *one.formerly)), None)
    if found is None:
        raise NotKnown("department", slug)
    frame = f"/embed?department={found.slug}"
    page = site.url(f"/departments/{found.slug}")
    return Embedded(page_url=page, frame_path=frame, title=found.name, department=found)


def _list(site: Site, known: Register, path: str, asked: QueryParams) -> Embedded:
    """A list of posts: the newest, what was searched for, a frame's own address."""
    if path not in _LISTS and not path.startswith("/accounts/"):
        raise NotKnown("page to embed", path)
    read_known_filters(asked, known)
    layout = [("layout", _LISTS[path])] if _LISTS.get(path) else []
    read_wanted(asked)
    frame = "/embed" + query([*layout, *asked.multi_items()])
    title = speaker(site.language)("embed_all", publisher=site.publisher.name)
    return Embedded(page_url=site.url(path + query(asked.multi_items())), frame_path=frame, title=title)


def _own_path(url: str, public_url: str) -> tuple[str, QueryParams]:
    """The path below the public address, and the query. Whether somebody writes http or https is the same."""
    own, given = urlsplit(public_url), urlsplit(url)
    if given.scheme not in ("http", "https") or given.netloc.lower() != own.netloc.lower():
        raise NotKnown("page of ours", url)
    if not given.path.startswith(own.path):
        raise NotKnown("page of ours", url)
    path = given.path.removeprefix(own.path) or "/"
    return path, QueryParams(parse_qsl(given.query))


def _format(asked: QueryParams) -> str:
    format = asked.get("format", "json")
    if format not in MEDIA_TYPES:
        raise FormatNotWritten(format)
    return format


def _most(asked: QueryParams, name: str) -> int | None:
    """How many pixels the asker has room for."""
    if not (said := asked.get(name)):
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 6 and int(said) > 0):  # noqa: PLR2004  # digits, so that int() stays cheap
        raise QuestionRefused(name, f"{name} must be a number of pixels, not {said[:40]!r}.")
    return int(said)
