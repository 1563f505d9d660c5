"""What pages are, in the words of schema.org: JSON-LD documents, and their form within HTML."""

import json
from typing import Final

from markupsafe import Markup

from feedhub.accounts.account import Account, AccountStatus, Department
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import KeptPost, NoticeKind
from feedhub.posts.post import Post
from feedhub.posts.text import shortened
from feedhub.views.channel import language_tag, rfc3339
from feedhub.views.messages import speaker
from feedhub.views.page_posts import ShownEvent, ShownPost
from feedhub.views.page_site import Site
from feedhub.views.terms import attribution

Document = dict[str, object]

# No text of a post can end the script element, begin a comment in it, or break a line of a script.
_ESCAPED: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_LONGEST_HEADLINE = 110  # characters, what search engines show
_LONGEST_BODY = 5_000


def script_text(document: Document) -> Markup:
    r"""The document as it may stand in `<script type="application/ld+json">`.

    >>> script_text({"name": "</script><!--&"})
    Markup('{"name": "\\u003c/script\\u003e\\u003c!--\\u0026"}')
    """
    return Markup(json.dumps(document, ensure_ascii=False).translate(_ESCAPED))  # noqa: S704  # escaped here


def home_document(site: Site) -> Document:
    """The site, how it is searched, and the city that publishes it."""
    website: Document = {
        "@type": "WebSite",
        "@id": f"{site.public_url}/#site",
        "url": site.url("/"),
        "name": site.publisher.name,
        "description": speaker(site.language)("tagline"),
        "inLanguage": site.language,
        "publisher": {"@id": _city_id(site)},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{site.url('/search')}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
    return _graph(website, _city(site))


def department_document(site: Site, department: Department, accounts: tuple[Account, ...]) -> Document:
    """A department as a part of the city, with the accounts that are its own."""
    same = [one.url for one in accounts if one.url and one.status is not AccountStatus.RETIRED]
    organization = _known(
        _department(site, department),
        alternateName=department.short_name,
        sameAs=list(dict.fromkeys([*([department.url] if department.url else []), *same])) or None,
        email=department.email,
        telephone=department.phone,
        areaServed=department.area,
        parentOrganization=_city(site),
    )
    return _graph(organization, _breadcrumbs(site, (department.name, f"/departments/{department.slug}")))


def post_document(site: Site, kept: KeptPost, post: Post, shown: ShownPost, *, image_url: str) -> Document:
    """A live post, the event or the service that it tells of, and where it stands in the site."""
    place = f"/departments/{kept.department.slug}"
    crumbs = _breadcrumbs(site, (kept.department.name, place), (_headline(shown), f"/posts/{kept.id}"))
    told = _told_of(site, kept, post, shown)
    posting = _known(
        {"@type": _type_of(post), "@id": f"{shown.canonical}#post", "url": shown.canonical},
        mainEntityOfPage=shown.canonical,
        headline=_headline(shown),
        name=_headline(shown),
        text=shortened(post.content_text, _LONGEST_BODY) or None,
        articleBody=shortened(post.content_text, _LONGEST_BODY) if Kind.EMERGENCY not in post.kinds else None,
        datePublished=shown.published.machine,
        dateModified=rfc3339(kept.updated_at, site.zone),
        datePosted=shown.published.machine if Kind.EMERGENCY in post.kinds else None,
        inLanguage=language_tag(post),
        author=_department(site, kept.department),
        publisher=_city(site),
        isBasedOn=post.source_url,
        license=site.publisher.license,
        creditText=attribution(kept, site.publisher),
        image=[image_url],
        keywords=list(post.tags) or None,
        spatialCoverage=kept.department.area,
        correction=_correction(site, kept),
        about={"@id": told["@id"]} if told else None,
    )
    return _graph(posting, *([told] if told else []), crumbs)


def _type_of(post: Post) -> str:
    if Kind.EMERGENCY in post.kinds:
        return "SpecialAnnouncement"
    return "NewsArticle" if Kind.NEWS in post.kinds else "SocialMediaPosting"


def _told_of(site: Site, kept: KeptPost, post: Post, shown: ShownPost) -> Document | None:
    """What can be taken part in or asked for."""
    if shown.event is not None:
        return _event(site, kept, shown.event, shown)
    if Kind.SERVICE in post.kinds or Kind.ASSISTANCE in post.kinds:
        return _known(
            {"@type": "GovernmentService", "@id": f"{shown.canonical}#service", "name": _headline(shown)},
            description=shown.shared_text or None,
            url=shown.canonical,
            serviceOperator=_department(site, kept.department),
            areaServed=kept.department.area or site.publisher.name,
        )
    return None


def _event(site: Site, kept: KeptPost, event: ShownEvent, shown: ShownPost) -> Document:
    place = event.location or kept.department.area or site.publisher.name
    return _known(
        {"@type": "Event", "@id": f"{shown.canonical}#event", "name": event.name or _headline(shown)},
        startDate=event.starts.machine,
        endDate=event.ends.machine if event.ends else None,
        eventStatus="https://schema.org/EventScheduled",
        location={"@type": "Place", "name": place, "address": place},
        organizer=_department(site, kept.department),
        description=shown.shared_text or None,
        url=shown.canonical,
    )


def _correction(site: Site, kept: KeptPost) -> Document | None:
    if kept.notice is None or kept.notice.kind is not NoticeKind.CORRECTION:
        return None
    at = rfc3339(kept.notice.at, site.zone)
    return {"@type": "CorrectionComment", "text": kept.notice.reason, "datePublished": at}


def _city(site: Site) -> Document:
    return _known(
        {"@type": "GovernmentOrganization", "@id": _city_id(site), "name": site.publisher.name},
        url=site.publisher.url or site.url("/"),
        logo={"@type": "ImageObject", "url": site.url("/icons/512.png"), "width": 512, "height": 512},
        publishingPrinciples=site.url("/about"),
        ethicsPolicy=site.url("/ethics"),
        correctionsPolicy=site.url("/corrections"),
    )


def _city_id(site: Site) -> str:
    return f"{site.public_url}/#publisher"


def _department(site: Site, department: Department) -> Document:
    address = site.url(f"/departments/{department.slug}")
    identity = f"{site.public_url}/departments/{department.slug}#department"
    return {"@type": "GovernmentOrganization", "@id": identity, "name": department.name, "url": address}


def _breadcrumbs(site: Site, *steps: tuple[str, str]) -> Document:
    said = [(speaker(site.language)("home"), "/"), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": site.url(path)}
            for number, (name, path) in enumerate(said, 1)
        ],
    }


def _headline(shown: ShownPost) -> str:
    return shortened(shown.title, _LONGEST_HEADLINE)


def _graph(*things: Document) -> Document:
    return {"@context": "https://schema.org", "@graph": list(things)}


def _known(thing: Document, **also: object) -> Document:
    """`thing` with what is known of it; None says nothing."""
    return thing | {name: value for name, value in also.items() if value is not None}
