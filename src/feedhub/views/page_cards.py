"""Posts as the cards of a list."""

from dataclasses import dataclass

from feedhub.accounts.account import Department
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import KeptPost, NoticeKind
from feedhub.posts.post import MediaType, Post
from feedhub.posts.search_terms import Term
from feedhub.views.channel import language_tag, shown_content
from feedhub.views.page_hits import Piece, excerpt, marked
from feedhub.views.page_site import Site
from feedhub.views.page_times import ShownTime, brief_time
from feedhub.views.pictures import Picture, first_picture

# Characters; what a platform calls a title can be a whole article.
LONGEST_TITLE = 200
LONGEST_SUMMARY = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A live post in a list. `language` is None where the post speaks the page's language."""

    id: str
    href: str
    title: tuple[Piece, ...]
    summary: tuple[Piece, ...]
    language: str | None
    department: Department
    kinds: tuple[Kind, ...]
    time: ShownTime
    picture: Picture | None
    is_corrected: bool
    platform: str
    is_film: bool

    @property
    def is_emergency(self) -> bool:
        return Kind.EMERGENCY in self.kinds


def cards_of(posts: tuple[KeptPost, ...], site: Site, *, terms: tuple[Term, ...] = ()) -> tuple[Card, ...]:
    """The live ones of `posts` as cards, with the searched words marked."""
    return tuple(_card(kept, post, site, terms) for kept in posts if (post := shown_content(kept)) is not None)


def _card(kept: KeptPost, post: Post, site: Site, terms: tuple[Term, ...]) -> Card:
    return Card(
        id=str(kept.id),
        href=site.path(f"/posts/{kept.id}"),
        title=marked(shortened(post.title, LONGEST_TITLE), terms),
        summary=marked(_summary(post, terms), terms),
        language=other_language(post, site),
        department=kept.department,
        kinds=post.kinds,
        time=brief_time(kept.published_at, site.zone, site.language),
        picture=first_picture(kept, post, site),
        is_corrected=kept.notice is not None and kept.notice.kind is NoticeKind.CORRECTION,
        platform=kept.account.platform,
        is_film=bool(post.media) and post.media[0].type is MediaType.VIDEO,
    )


def other_language(post: Post, site: Site) -> str | None:
    """The post's language where a screen reader has to change its voice for it."""
    language = language_tag(post)
    return language if language != site.language else None


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters, cut between words where there are any.

    >>> shortened("Imunisasi gratis di semua puskesmas", 20)
    'Imunisasi gratis…'
    """
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    words = cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut
    return words.rstrip(" ,.;:") + "…"


def _summary(post: Post, terms: tuple[Term, ...]) -> str:
    """What the card says below its title, without saying the title again."""
    said = " ".join((post.summary or post.content_text).split())
    title = post.title.rstrip("….")
    if title and said.startswith(title):
        rest = said[len(title) :].lstrip("….!?:;,-– ")
        said = f"… {rest}" if rest[:1].islower() else rest
    said = shortened(said, LONGEST_SUMMARY)
    if not terms or any(piece.is_hit for piece in marked(said, terms)):
        return said
    return excerpt(post.content_text, terms) or said
