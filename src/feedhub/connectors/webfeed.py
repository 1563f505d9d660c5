"""Feeds of every format at one address: RSS, RDF, Atom, JSON Feed."""

from codecs import BOM_UTF8

from feedhub.accounts.account import Platform, Via
from feedhub.connectors.contract import Connector, Split
from feedhub.connectors.feed_atom import atom_draft
from feedhub.connectors.feed_draft import Draft, post_of
from feedhub.connectors.feed_identity import Identity, native_id
from feedhub.connectors.feed_json import is_json_feed, json_draft, json_value, saved_feed
from feedhub.connectors.feed_mending import mended
from feedhub.connectors.feed_refusal import looks_like_feed, refusal
from feedhub.connectors.feed_rss import rss_draft
from feedhub.connectors.feed_salvage import salvaged_tree
from feedhub.connectors.feed_split import form_of, split_json, split_xml
from feedhub.connectors.feed_visit import fetch
from feedhub.connectors.feed_xml import strict_tree, tree
from feedhub.errors import EmptyDocument, ItemUnreadable
from feedhub.payloads.charset import in_utf8
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.post import Post

_REPAIRED = "The feed is not well-formed; FeedHub repaired it."
_SALVAGED = "The feed is broken or cut off; FeedHub read the items that are whole."


def split(document: Document) -> Split:
    """A feed taken apart; what it is is read from its bytes, never from its Content-Type.

    Of items with the same id in one document the newest by its own dates is kept, so the
    order of a feed never matters. `identity` in each context says how they are told apart.

    Raises:
        EmptyDocument: nothing but white space.
        NotAFeed: something else; the reason says what, and the feed that a page names.
        Unreadable: a feed of which nothing can be saved.
    """
    body = document.body.removeprefix(BOM_UTF8).strip()
    if not body:
        raise EmptyDocument("The address answers with an empty document.")
    root = strict_tree(body)
    form = form_of(root) if root is not None else None
    if root is not None and form:
        return split_xml(root, form, url=document.url)
    return _split_odd(in_utf8(body, document.content_type).strip(), document.url)


def read(payload: Payload) -> Post:
    """The post that one item makes.

    Raises:
        ItemUnreadable: no post can be made of it.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    context = payload.context
    draft = _draft(payload, base=context.get("base"), language=context.get("language"))
    identity = Identity(context.get("identity", Identity.ID))
    return post_of(draft, native_id=native_id(draft.marks(), identity), via=Via(context.get("via", Via.FEED)))


connector = Connector(platform=Platform.WEBFEED, fetch=fetch, split=split, read=read)


def _split_odd(body: bytes, url: str) -> Split:
    """JSON, text in another charset, and XML with faults."""
    if body.startswith(b"{"):
        return _split_json(body, url)
    if not looks_like_feed(body):
        raise refusal(body, url)
    root = strict_tree(body)
    if root is not None and (form := form_of(root)):
        return split_xml(root, form, url=url)
    body = mended(body)
    for attempt, note in ((strict_tree, _REPAIRED), (salvaged_tree, _SALVAGED)):
        root = attempt(body)
        if root is not None and (form := form_of(root)):
            return split_xml(root, form, url=url, notes=[note])
    raise refusal(body, url)


def _split_json(body: bytes, url: str) -> Split:
    try:
        value = json_value(body)
    except ValueError:
        saved = saved_feed(body.decode("utf-8", "replace"))
        if saved is None:
            raise refusal(body, url) from None
        return split_json(saved, url=url, notes=[_SALVAGED])
    if not isinstance(value, dict) or not is_json_feed(value):
        raise refusal(body, url)
    return split_json(value, url=url)


def _draft(payload: Payload, *, base: str | None, language: str | None) -> Draft:
    if payload.form == "json":
        try:
            return json_draft(json_value(payload.body), base=base, language=language)
        except ValueError as broken:
            raise ItemUnreadable("The item is no JSON.") from broken
    entry = tree(payload.body)
    if entry is None:
        raise ItemUnreadable("The item is no XML.")
    return (atom_draft if payload.form == "atom" else rss_draft)(entry, base=base, language=language)
