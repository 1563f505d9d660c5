"""Every recorded document of the fediverse is read, refused by name, or holds no post; read where they lie."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedhub.connectors.activity_actor import _actor
from feedhub.connectors.activity_outbox import Voice, entries_in, told
from feedhub.connectors.activity_values import ids_of, kinds, listed
from feedhub.connectors.activitypub import connector
from feedhub.connectors.webfinger import _self_link
from feedhub.errors import ItemUnreadable
from feedhub.failures import AccountUnsupported
from feedhub.payloads.payload import Document
from feedhub.posts.dates import read_date
from feedhub.posts.post import PostType

FOLDER = Path(__file__).parents[3] / "shared" / "payloads" / "activitypub"
FILES = sorted(FOLDER.rglob("*.json"))
EVERYBODY = "https://www.w3.org/ns/activitystreams#Public"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
ACTORS = {"Person", "Organization", "Service", "Group", "Application"}

# Pages of an outbox as servers gave them, and whose they are.
PAGES = {
    "fedify_users_dishub_outbox_cursor_0": "http://127.0.0.1:8083/users/dishub",
    "wp_wp-json_activitypub_1.0_users_1_outbox": "http://127.0.0.1:8081/?author=1",
    "wp_wp-json_activitypub_1.0_users_1_outbox_page_1": "http://127.0.0.1:8081/?author=1",
    "wp_wp-json_activitypub_1.0_users_1_collections_featured": "http://127.0.0.1:8081/?author=1",
    "fixture__src__fixtures__example.com__orderedcollectionpage": "https://example.com/users/1",
}
# A handle that is looked up, and the actor that the answer leads to; None where it leads nowhere.
WEBFINGER = {
    "example-com-well-known-webfinger": None,
    "fedify_.well-known_webfinger_resource_acct_dishub_127.0.0.1_8083": "http://127.0.0.1:8083/users/dishub",
    "lemmy-ml-well-known-webfinger": "https://lemmy.ml/u/pfefferle",
    "notiz-blog-well-known-webfinger": "https://notiz.blog/author/matthias-pfefferle/",
    "wp_.well-known_webfinger_resource_acct_admin_127.0.0.1_8081": None,
}
SAYS_NOTHING = {
    "activity_with_actor.as2": "a note that holds nothing but its author",
    "activity_with_person_tag.as2": "a note that holds nothing but a person's tag",
    "note_with_hashtag.as2": "a note that holds nothing but a hashtag",
    "note_with_mention.as2": "a note that holds nothing but a mention",
}
NO_POST = {
    "accept_follow.as2": "an Accept",
    "fedify_.well-known_nodeinfo": "where the server describes itself",
    "fedify_nodeinfo_2.1": "how the server describes itself",
    "fedify_users_dishub_outbox": "an outbox that names its first page",
    "fixture__src__fixtures__example.com__collection": "three notes without ids, addressed to nobody",
    "fixture__src__fixtures__example.com__create": "a Create without an object",
    "fixture__src__fixtures__example.com__cross-origin-actor": "a Create without an object",
    "fixture__src__fixtures__example.com__inline-paged-collection": "a note without an id, addressed to nobody",
    "fixture__src__fixtures__example.com__object": "an object of no kind",
    "fixture__src__fixtures__example.com__paged-collection": "an outbox that names its first page",
    "follow.as2": "a Follow",
    "invite.as2": "an Invite",
    "like.as2": "a Like",
    "like_of_object.as2": "a Like",
    "like_with_string_object_actor.as2": "a Like",
    "rsvp.as2": "an Accept",
    "rsvp_multiple_events.as2": "an Accept",
    "undo_object_id.as2": "an Undo of what only its id names; a tag: id is nobody's origin",
    "undo_repost.as2": "an Undo of a boost; a tag: id is nobody's origin",
    "unfollow.as2": "an Undo of a Follow",
    "unfollow_multiple_urls.as2": "an Undo of a Follow",
    "update_person.as2": "an Update of a profile",
    "wp_.well-known_nodeinfo": "where the server describes itself",
}
DELETED = (
    "fedify_users_dishub_notes_6"  # the words that came with 404; what check makes of them is told in the fetch tests
)
if not FILES:
    print(f"{FOLDER.name}: 75 recorded files are not here and were not read")  # noqa: T201 - the contract of shared payloads


def said_in(path):
    said = json.loads(path.read_text())
    if not ("headers" in said and "body" in said):
        return said
    return json.loads(said["body"]) if said["body"].startswith("{") else {}  # one is a page


def posts_in(value, *, actor, form="outbox", url="https://a.example/outbox"):
    document = Document(
        url=url, body=json.dumps(value).encode(), fetched_at=NOW, form=form, context={"actor": actor} if actor else {}
    )
    assert connector.split(document) == connector.split(document)
    return [connector.read(payload) for payload in connector.split(document).payloads]


def completed(value):
    """A fragment of a test-suite as a server would send it: with an id of its own, addressed to everybody."""
    id = value.get("id", "")
    return value | {"id": id if id.startswith("http") else "https://a.example/objects/1", "to": [EVERYBODY]}


def says_something(value):
    return bool({"Announce", "Video"} & {*kinds(value)}) or any(
        value.get(name) for name in ("name", "summary", "content", "image", "attachment")
    )


def hold_against(said, post):
    """What the normal form says is what the object said."""
    assert post.native_id == said["id"]
    moment = read_date(said.get("published", ""))
    assert post.published_at == (moment.replace(microsecond=0) if moment else None)
    if "Announce" in kinds(said):
        assert post.type is PostType.REPOST
        assert post.content_text == ""
        assert post.repost_of
        return
    media = [one for one in listed(said.get("attachment")) if {"Image", "Video", "Audio", "Document"} & {*kinds(one)}]
    assert len(post.media) >= len(media)
    assert {one["name"] for one in media if one.get("name")} <= {one.alt for one in post.media}
    if said.get("name"):
        assert post.title == " ".join(said["name"].split())
    answers = [*listed(said.get("oneOf")), *listed(said.get("anyOf"))]
    assert (len(post.poll.options) if post.poll else 0) == len(answers)
    assert post.in_reply_to == next(iter(ids_of(said.get("inReplyTo"))), None)
    hashtags = {one["name"].removeprefix("#").lower() for one in listed(said.get("tag")) if "Hashtag" in kinds(one)}
    assert hashtags <= {tag.lower() for tag in post.tags}
    assert (post.event is None) == ("startTime" not in said)
    assert post.sensitive == (said.get("sensitive") is True)


def outcome_of(path):
    """`read`, `refused` or `none`, after holding what was read against what was said."""
    name = path.stem
    if name == DELETED:
        return "refused"
    value = said_in(path)
    if name in WEBFINGER:
        assert (_self_link(value) or None) == WEBFINGER[name]
        return "none" if WEBFINGER[name] else "refused"
    if name in NO_POST:
        assert posts_in(value, actor="https://example.com/person") == []
        assert posts_in(value, actor="https://example.com/person", form="object") == []
        return "none"
    if name in PAGES:
        return pages_outcome(value, PAGES[name])
    return actors_outcome(value) if ACTORS & {*kinds(value)} else fragments_outcome(value)


def fragments_outcome(value):
    """An object, or the Create of one, out of a test-suite."""
    fragment = completed(value["object"] if "Create" in kinds(value) else value)
    author = next(iter(ids_of(fragment.get("attributedTo"))), fragment["id"])
    if not says_something(fragment):
        with pytest.raises(ItemUnreadable):
            posts_in(fragment, actor=author, form="object", url=fragment["id"])
        return "refused"
    [post] = posts_in(fragment, actor=author, form="object", url=fragment["id"])
    hold_against(fragment, post)
    return "read"


def pages_outcome(value, actor):
    entries = entries_in(value)
    made = [one["object"] if "Create" in kinds(one) else one for one in entries]
    document = Document(
        url=actor, body=json.dumps(value).encode(), fetched_at=NOW, form="outbox", context={"actor": actor}
    )
    payloads = connector.split(document).payloads
    for said, payload in zip(reversed(made), payloads, strict=True):
        if says_something(said):
            hold_against(said, connector.read(payload))
        else:  # WordPress shows that there is a post behind a password, and nothing of it
            with pytest.raises(ItemUnreadable):
                connector.read(payload)
    stranger = Voice(actor="https://b.example/x", home="https://b.example/x")
    assert all(told(one, stranger).post is None for one in entries)
    return "read"


def actors_outcome(value):
    try:
        actor = _actor(value, host="a.example")
    except AccountUnsupported:  # it names no outbox
        return "refused"
    assert actor.id == value["id"]
    assert actor.profile.handle == value.get("preferredUsername")
    return "none"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_recorded_document_is_read_refused_or_without_posts(path):
    found = outcome_of(path)
    if path.stem in NO_POST:
        assert found == "none"
    if path.stem in PAGES:
        assert found == "read"
    if path.stem in SAYS_NOTHING:
        assert found == "refused"


def test_counts_of_the_corpus():
    found = [outcome_of(path) for path in FILES]
    print(  # noqa: T201 - the contract of shared payloads
        f"\nactivitypub: {len(FILES)} files: {found.count('read')} read, {found.count('refused')} refused by name, "
        f"{found.count('none')} without a post"
    )
    if FILES:
        assert {path.stem for path in FILES} >= NO_POST.keys() | PAGES.keys() | WEBFINGER.keys() | SAYS_NOTHING.keys()
        assert found.count("read") == 25


@pytest.mark.skipif(not FILES, reason="the recorded files are not here")
def test_what_names_no_audience_is_left_out():
    fragment = completed(said_in(FOLDER / "granary" / "question.as2.json"))
    del fragment["to"]
    assert posts_in(fragment, actor=fragment["id"], form="object", url=fragment["id"]) == []
