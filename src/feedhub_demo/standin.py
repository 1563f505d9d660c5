"""A department's site, answered on loopback: pages, articles, pictures and the feed."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feedhub_demo.articles import Article
from feedhub_demo.attachments import attachment
from feedhub_demo.feeds import newest_change
from feedhub_demo.pages import article_page, front_page
from feedhub_demo.pictures import picture
from feedhub_demo.sites import Edition, Site

SHOWN = 50  # articles in a feed and on a front page; older ones keep their own page


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that a site answered. `headers` have lower-case names."""

    at: datetime
    department: str
    method: str
    path: str
    status: int
    headers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What stands at an address."""

    body: bytes
    content_type: str
    changed_at: datetime


class StandIn:
    """One site while the city runs. `articles` are newest first."""

    def __init__(
        self,
        site: Site,
        *,
        root: str,
        articles: list[Article],
        log: deque[Asked],
        now: Callable[[], datetime],
        channels: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.site, self.root, self.articles, self.channels = site, root, articles, channels
        self._log, self._now = log, now
        self._woken_at = newest_change(self.edition)
        self.app = Starlette(
            routes=[Route("/{path:path}", self._answer, methods=["GET"])],
            middleware=[Middleware(GZipMiddleware, minimum_size=500)],
        )

    @property
    def edition(self) -> Edition:
        """What the site shows now."""
        return Edition(site=self.site, root=self.root, articles=tuple(self.articles[:SHOWN]), channels=self.channels)

    def publish(self, article: Article) -> None:
        self.articles.insert(0, article)

    def remove(self, article: Article) -> None:
        """Take an article off the site; its page is gone, too."""
        self.articles.remove(article)

    def replace(self, article: Article) -> None:
        """Put an edited article in the place of the one with its number."""
        place = next(place for place, held in enumerate(self.articles) if held.number == article.number)
        self.articles[place] = article

    async def _answer(self, request: Request) -> Response:
        found = await self._picture(request.url.path) or self._find(request.url.path)
        response = Response("Tidak ditemukan", status_code=404) if found is None else _conditional(request, found)
        self._log.append(
            Asked(
                at=self._now(),
                department=self.site.slug,
                method=request.method,
                path=request.url.path,
                status=response.status_code,
                headers=dict(request.headers),
            )
        )
        return response

    async def _picture(self, path: str) -> Found | None:
        before, name = path.rpartition("/")[::2]
        body = await picture(name) if before == "/gambar" else None
        return self._stored(body, "image/jpeg") if body else None

    def _find(self, path: str) -> Found | None:
        if path == self.site.feed_path:
            return self._found(self.site.write(self.edition), self.site.content_type)
        if path == "/":
            return self._found(front_page(self.edition), "text/html; charset=utf-8")
        match path.split("/"):
            case ["", "berkas", name] if any(article.attachment == name for article in self.articles):
                return self._stored(*attachment(name))
        article = next((article for article in self.articles if self.site.path_of(article) == path), None)
        return self._found(article_page(self.edition, article), "text/html; charset=utf-8") if article else None

    def _found(self, text: str, content_type: str) -> Found:
        return Found(body=text.encode(), content_type=content_type, changed_at=newest_change(self.edition))

    def _stored(self, body: bytes, content_type: str) -> Found:
        return Found(body=body, content_type=content_type, changed_at=self._woken_at)


def _conditional(request: Request, found: Found) -> Response:
    """The whole, or 304 where the asker already has it (RFC 9110, section 13.2.2: ETags go first)."""
    headers = {
        "ETag": f'"{blake2b(found.body, digest_size=12).hexdigest()}"',
        "Last-Modified": format_datetime(found.changed_at.astimezone(UTC), usegmt=True),
    }
    if _has_it(request, found, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers | {"Content-Type": found.content_type})


def _has_it(request: Request, found: Found, etag: str) -> bool:
    if (known := request.headers.get("if-none-match")) is not None:
        return etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]
    if (since := request.headers.get("if-modified-since")) is not None:
        return parsedate_to_datetime(since) >= found.changed_at
    return False
