"""How a page looks where its link is shared, and what it is for search engines: Open Graph and JSON-LD together."""

from dataclasses import dataclass

from markupsafe import Markup

from feedhub.accounts.account import Account, Department
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post
from feedhub.views.jsonld import department_document, home_document, post_document, script_text
from feedhub.views.messages import LANGUAGES, speaker
from feedhub.views.page_cards import shortened
from feedhub.views.page_posts import ShownPost
from feedhub.views.page_site import Site
from feedhub.views.share_card import SIZE

_LOCALES = {"id": "id_ID", "en": "en_GB"}
_LONGEST_TITLE = 200
_WIDEST = 1280  # pixels of a picture that others show


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedImage:
    """The picture beside a shared link; always ours, always with its size."""

    url: str
    mime_type: str
    width: int
    height: int
    alt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCard:
    """A shared link. `title` "" = the page's own; `document` is JSON-LD that may stand in a script element."""

    title: str
    description: str
    url: str
    locale: str
    other_locales: tuple[str, ...]
    image: SharedImage
    type: str = "website"
    published: str | None = None
    modified: str | None = None
    author: str | None = None
    document: Markup | None = None


def plain_card(site: Site) -> SharedCard:
    """What every page has that has nothing of its own."""
    return _card(site, title="", url=site.url_in(site.language), image=drawn_image(site, "/card.png", None))


def home_card(site: Site, url: str) -> SharedCard:
    """The newest posts of the city; `url` is the list's canonical address."""
    say = speaker(site.language)
    title = f"{say('latest_title')} · {site.publisher.name}"
    document = script_text(home_document(site))
    return _card(site, title=title, url=url, image=drawn_image(site, "/card.png", None), document=document)


def department_card(site: Site, department: Department, accounts: tuple[Account, ...], url: str) -> SharedCard:
    """The posts of one department."""
    return _card(
        site,
        title=f"{department.name} · {site.publisher.name}",
        url=url,
        image=drawn_image(site, f"/departments/{department.slug}/card.png", department.name),
        document=script_text(department_document(site, department, accounts)),
    )


def post_card(site: Site, kept: KeptPost, post: Post, shown: ShownPost) -> SharedCard:
    """One live post."""
    image = image_of_post(site, kept, shown)
    return _card(
        site,
        title=shortened(shown.title, _LONGEST_TITLE),
        description=shown.shared_text,
        url=shown.canonical,
        image=image,
        type="article",
        published=shown.published.machine,
        modified=shown.updated.machine if shown.updated else shown.published.machine,
        author=kept.department.name,
        document=script_text(post_document(site, kept, post, shown, image_url=image.url)),
    )


def image_of_post(site: Site, kept: KeptPost, shown: ShownPost) -> SharedImage:
    """Our copy of the post's first picture, else its title set in type."""
    seen = shown.picture.shared_url if shown.picture else None
    copy = next((one for one in kept.pictures if site.url(one.path_near(_WIDEST)) == seen), None)
    if copy is None:
        return drawn_image(site, f"/posts/{kept.id}/card.png", shortened(shown.title, _LONGEST_TITLE))
    width = max(one for one in copy.widths if one <= _WIDEST)
    return SharedImage(
        url=site.url(copy.path_near(_WIDEST)),
        mime_type="image/jpeg",
        width=width,
        height=max(1, round(copy.height * width / copy.width)),
        alt=shown.picture.alt if shown.picture else None,
    )


def drawn_image(site: Site, path: str, alt: str | None) -> SharedImage:
    """A card of ours."""
    width, height = SIZE
    return SharedImage(
        url=site.url(path), mime_type="image/png", width=width, height=height, alt=alt or site.publisher.name
    )


def _card(site: Site, *, url: str, image: SharedImage, **more: object) -> SharedCard:
    given = {"description": speaker(site.language)("tagline"), **more}
    others = tuple(_LOCALES[one] for one in LANGUAGES if one != site.language)
    return SharedCard(url=url, image=image, locale=_LOCALES[site.language], other_locales=others, **given)  # type: ignore[arg-type]  # the fields of its callers
