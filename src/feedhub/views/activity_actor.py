"""Who can be followed from the fediverse: our actors, and the documents by which other servers find them.

ActivityPub (w3.org/TR/activitypub), WebFinger (RFC 7033) and NodeInfo 2.1; what Mastodon reads of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote, urlsplit

import orjson

from feedhub.accounts.account import Department, Register
from feedhub.views.messages import language_of_pages, speaker
from feedhub.views.page_site import plain_url

ACTIVITY_TYPE: Final = "application/activity+json"
FINGER_TYPE: Final = "application/jrd+json"
NODE_TYPE: Final = 'application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"'
# The whole city's actor. No department can have this name: slugs have no underscore.
CITY: Final = "kabar_kota"

ACTIVITY_STREAMS: Final = "https://www.w3.org/ns/activitystreams"
_ACTOR_CONTEXT: Final = (
    ACTIVITY_STREAMS,
    "https://w3id.org/security/v1",
    {
        "schema": "http://schema.org#",
        "toot": "http://joinmastodon.org/ns#",
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
    },
)
_NODE_SCHEMA: Final = "http://nodeinfo.diaspora.software/ns/schema/2.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followable:
    """Somebody of ours who can be followed: a department, or the city where `department` is None."""

    register: Register
    public_url: str
    department: Department | None = None

    @property
    def name(self) -> str:
        """What stands before the `@`."""
        return self.department.slug if self.department else CITY

    @property
    def url(self) -> str:
        """The actor's id."""
        return actor_url(self.public_url, self.name)

    @property
    def page(self) -> str:
        """The page for people."""
        return f"{self.public_url}/departments/{quote(self.name)}" if self.department else f"{self.public_url}/"

    @property
    def handle(self) -> str:
        """`dinkes@kabar.example`."""
        return handle(self.public_url, self.name)


def actor_url(public_url: str, name: str) -> str:
    """The id of the actor of this name."""
    return f"{public_url}/ap/{quote(name)}"


def handle(public_url: str, name: str) -> str:
    """What people type to find an actor, without the first `@`.

    >>> handle("https://kabar.example", "dinkes")
    'dinkes@kabar.example'
    """
    return f"{name}@{urlsplit(public_url).netloc}"


def named_in(resource: str, public_url: str) -> str | None:
    """The name of the actor that a WebFinger resource means: `acct:` and its handle, its id, or None.

    >>> named_in("acct:dinkes@Kabar.example", "https://kabar.example"), named_in("acct:x@b.example", "https://a.example")
    ('dinkes', None)
    >>> named_in("https://kabar.example/ap/dinkes", "https://kabar.example")
    'dinkes'
    """
    scheme, _, rest = resource.partition(":")
    if scheme.lower() == "acct":
        name, _, host = rest.removeprefix("@").rpartition("@")
        return name.lower() if host.lower() == urlsplit(public_url).netloc.lower() else None
    for root in (f"{public_url}/ap/", f"{public_url}/departments/"):
        if resource.startswith(root):
            return resource.removeprefix(root).rstrip("/")
    return CITY if resource.rstrip("/") == public_url else None


def actor_document(who: Followable, *, public_key: str) -> bytes:
    """The actor. `Service`: what it says is collected by a program, and shown so."""
    say = speaker(language_of_pages(who.register.publisher.language))
    publisher, department = who.register.publisher, who.department
    summary = (
        say("fediverse_department", department=department.name, publisher=publisher.name)
        if department
        else say("fediverse_city", publisher=publisher.name)
    )
    card = f"{who.public_url}/departments/{quote(who.name)}/card.png" if department else f"{who.public_url}/card.png"
    return orjson.dumps(
        {
            "@context": _ACTOR_CONTEXT,
            "id": who.url,
            "type": "Service",
            "preferredUsername": who.name,
            "name": department.name if department else publisher.name,
            "summary": f"<p>{escape(summary)}</p>",
            "url": who.page,
            "icon": _image(f"{who.public_url}/icons/512.png"),
            "image": _image(card),
            "inbox": f"{who.url}/inbox",
            "outbox": f"{who.url}/outbox",
            "followers": f"{who.url}/followers",
            "endpoints": {"sharedInbox": f"{who.public_url}/ap/inbox"},
            "alsoKnownAs": [actor_url(who.public_url, slug) for slug in department.formerly] if department else [],
            "manuallyApprovesFollowers": False,
            "discoverable": True,
            "indexable": True,
            "attachment": [_field(say(label), url) for label, url in _fields(who)],
            "publicKey": {"id": key_id(who.url), "owner": who.url, "publicKeyPem": public_key},
        }
    )


def key_id(actor: str) -> str:
    """What names an actor's key in signatures."""
    return f"{actor}#main-key"


def finger_document(who: Followable) -> bytes:
    """Who is behind a handle (RFC 7033)."""
    return orjson.dumps(
        {
            "subject": f"acct:{who.handle}",
            "aliases": [who.url, who.page],
            "links": [
                {"rel": "self", "type": ACTIVITY_TYPE, "href": who.url},
                {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": who.page},
            ],
        }
    )


def host_meta(public_url: str) -> bytes:
    """Where WebFinger is asked (RFC 6415), for software that asks that first."""
    template = f"{public_url}/.well-known/webfinger?resource={{uri}}"
    link = f'<Link rel="lrdd" type="{FINGER_TYPE}" template="{escape(template)}"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">{link}</XRD>'
    ).encode()


def node_links(public_url: str) -> bytes:
    """Where NodeInfo is."""
    return orjson.dumps({"links": [{"rel": _NODE_SCHEMA, "href": f"{public_url}/nodeinfo/2.1"}]})


def node_document(*, departments: int, posts: int, public_url: str) -> bytes:
    """What kind of server this is (NodeInfo 2.1)."""
    return orjson.dumps(
        {
            "version": "2.1",
            "software": {"name": "feedhub", "version": version("feedhub"), "homepage": f"{public_url}/about"},
            "protocols": ["activitypub"],
            "services": {"inbound": ["atom1.0", "rss2.0"], "outbound": ["atom1.0", "rss2.0"]},
            "openRegistrations": False,
            "usage": {"users": {"total": departments + 1}, "localPosts": posts},
            "metadata": {},
        }
    )


def followers_document(who: Followable, *, count: int) -> bytes:
    """How many follow; who they are is nobody's business."""
    id = f"{who.url}/followers"
    return orjson.dumps({"@context": ACTIVITY_STREAMS, "id": id, "type": "OrderedCollection", "totalItems": count})


def outbox_document(who: Followable, *, count: int) -> bytes:
    """What it said, by pages."""
    id = f"{who.url}/outbox"
    told = {"id": id, "type": "OrderedCollection", "totalItems": count, "first": f"{id}?page=true"}
    return orjson.dumps({"@context": ACTIVITY_STREAMS, **told})


def outbox_page(
    who: Followable, activities: Sequence[Mapping[str, Any]], *, before: str | None, older: str | None, context: object
) -> bytes:
    """A page of what it said, newest first."""
    outbox = f"{who.url}/outbox"
    told = {
        "@context": context,
        "id": f"{outbox}?page=true" + (f"&before={before}" if before else ""),
        "type": "OrderedCollectionPage",
        "partOf": outbox,
        "orderedItems": list(activities),
    }
    return orjson.dumps(told | ({"next": f"{outbox}?page=true&before={older}"} if older else {}))


def _image(url: str) -> dict[str, str]:
    return {"type": "Image", "mediaType": "image/png", "url": url}


def _fields(who: Followable) -> list[tuple[str, str]]:
    """What stands beside the profile: the label's key, and where it leads."""
    site = who.department.url if who.department else who.register.publisher.url
    return [("fediverse_site", site), ("fediverse_posts", who.page)] if site else [("fediverse_posts", who.page)]


def _field(label: str, url: str) -> dict[str, str]:
    link = f'<a href="{escape(url)}" rel="nofollow noopener">{escape(plain_url(url))}</a>'
    return {"type": "PropertyValue", "name": label, "value": link}
