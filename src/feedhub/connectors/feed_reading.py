"""Feeds of every format, taken apart and read: RSS, RDF, Atom, JSON Feed."""

import re
from codecs import BOM_UTF8
from dataclasses import replace
from functools import partial

from feedhub.accounts.account import Via
from feedhub.connectors.contract import Split
from feedhub.connectors.feed_bridges import without_error_items
from feedhub.connectors.feed_draft import post_of
from feedhub.connectors.feed_forms import form_of, item_draft
from feedhub.connectors.feed_identity import Identity, native_id
from feedhub.connectors.feed_json import is_json_feed, json_value, saved_feed
from feedhub.connectors.feed_mending import mended
from feedhub.connectors.feed_pieces import pieces
from feedhub.connectors.feed_refusal import looks_like_feed, refusal
from feedhub.connectors.feed_salvage import salvaged_tree
from feedhub.connectors.feed_split import ITEM_LIMIT, split_json, split_pieces, split_tree
from feedhub.connectors.feed_xml import strict_tree
from feedhub.failures import EmptyDocument
from feedhub.payloads.charset import in_utf8
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.post import Post

_REPAIRED = "The feed is not well-formed; FeedHub repaired it."
_SALVAGED = "The feed is broken or cut off; FeedHub read the items that are whole."
_OTHER_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"'](?!utf-?8[\"'])[^>]{0,200}>\s*", re.IGNORECASE)
_OTHER_CHARSET = re.compile(r"charset\s*=\s*[\"']?(?!utf-?8\b)", re.IGNORECASE)


def split(document: Document) -> Split:
    """A feed taken apart; what it is is read from its bytes, never from its Content-Type.

    Of items with the same id in one document the newest by its own dates is kept, so the
    order of a feed never matters. `identity` in each context says how they are told apart.

    Raises:
        EmptyDocument: nothing but white space.
        NotAFeed: something else; the reason says what, and the feed that a page names.
        Unreadable: a feed of which nothing can be saved.
        BridgeBroken: a bridge's word that it has no posts to give.
    """
    found = _split(document)
    posts, notes = without_error_items(found.payloads)
    return replace(found, payloads=posts, notes=found.notes + notes) if notes else found


def read(payload: Payload) -> Post:
    """The post that one item makes.

    Raises:
        ItemUnreadable: no post can be made of it.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    context = payload.context
    draft = item_draft(payload.body, payload.form, base=context.get("base"), language=context.get("language"))
    identity = Identity(context.get("identity", Identity.ID))
    return post_of(draft, native_id=native_id(draft.marks(), identity), via=Via(context.get("via", Via.FEED)))


def _split(document: Document) -> Split:
    body = document.body.removeprefix(BOM_UTF8).strip()
    if not body:
        raise EmptyDocument("The address answers with an empty document.")
    if _OTHER_CHARSET.search(document.content_type or "") or _OTHER_DECLARED.match(body):
        body = _undeclared(in_utf8(body, document.content_type))
    found = pieces(body)
    form = form_of(found.root) if found else None
    if found and form:
        return split_pieces(found, form, url=document.url)
    return _split_odd(in_utf8(body, document.content_type).strip(), document.url)


def _undeclared(body: bytes) -> bytes:
    """Without the declaration of the charset that it no longer has."""
    declaration = _OTHER_DECLARED.match(body)
    return body[declaration.end() :] if declaration else body


def _split_odd(body: bytes, url: str) -> Split:
    """JSON, text in another charset, XML with faults, and what is no feed."""
    if body.startswith(b"{"):
        return _split_json(body, url)
    if not looks_like_feed(body):
        raise refusal(body, url)
    for repair, attempt, notes in _ATTEMPTS:
        body = repair(body)
        root = attempt(body)
        if root is not None and (form := form_of(root)):
            return split_tree(root, form, url=url, notes=notes)
    raise refusal(body, url)


_ATTEMPTS = (
    (bytes, strict_tree, ()),
    (mended, strict_tree, (_REPAIRED,)),
    (bytes, partial(salvaged_tree, limit=ITEM_LIMIT + 1), (_SALVAGED,)),
)


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
