"""Takes feeds apart: each item alone, with what it inherits from its document."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from lxml.etree import _Element as Element

from feedhub.connectors.contract import Split
from feedhub.connectors.feed_draft import Draft
from feedhub.connectors.feed_forms import element_draft, item_draft
from feedhub.connectors.feed_head import FeedHead, head_of, json_head
from feedhub.connectors.feed_identity import Identity, chosen_identity, native_id
from feedhub.connectors.feed_json import JsonObject, json_draft, json_text
from feedhub.connectors.feed_names import ATOM, RSS, tags
from feedhub.connectors.feed_pieces import Pieces
from feedhub.connectors.feed_xml import alone
from feedhub.errors import ItemUnreadable
from feedhub.payloads.payload import Payload
from feedhub.posts.dates import read_date

ITEM_LIMIT = 2000

_ITEMS = {"rss": tags(RSS, "item"), "rdf": tags(RSS, "item"), "atom": tags(("", *ATOM), "entry")}
_IDS = {"rss": tags(RSS, "guid"), "rdf": tags(RSS, "guid"), "atom": tags(("", *ATOM), "id")}
_CHANNEL = tags(RSS, "channel")
# Enough to see whether ids differ; they are read properly with the rest of the item.
_WRITTEN_IDS = {
    "rss": re.compile(rb"<guid\b[^<>]{0,999}>\s*(?:<!\[CDATA\[)?([^<\]]*)"),
    "rdf": re.compile(rb"\A<item\b[^<>]{0,9999}?\brdf:about\s*=\s*[\"']([^\"'<>]*)"),
    "atom": re.compile(rb"<id\b[^<>]{0,999}>\s*(?:<!\[CDATA\[)?([^<\]]*)"),
}
# The same for dates, the better one first.
_XML_DATES = tuple(
    re.compile(rb"<(?:[\w-]+:)?(?:" + names + rb")\b[^<>]{0,999}>\s*(?:<!\[CDATA\[)?([^<\]]{0,128})")
    for names in (rb"pubDate|published|issued", rb"date|updated|modified")
)
_WRITTEN_DATES = dict.fromkeys(("rss", "rdf", "atom"), _XML_DATES) | {
    "json": tuple(re.compile(b'"date_' + name + rb'":"([^"]{0,128})"') for name in (b"published", b"modified"))
}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_NOTES = {
    Identity.ID: [],
    Identity.LINK_AND_DATE: ["Most items of the feed share their ids, so FeedHub tells them apart by link and date."],
    Identity.FINGERPRINT: ["Most items of the feed share ids and links, so an item whose text is edited looks new."],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """One item cut out. `draft` reads all of it, which telling items apart seldom needs."""

    body: bytes
    id: str
    draft: Callable[[], Draft]


def split_pieces(found: Pieces, form: str, *, url: str) -> Split:
    """An ordinary XML feed, already cut; `url` is where the document came from."""
    head = head_of(found.root, url)
    cuts = [_cut_piece(body, form, head) for body in found.items[:ITEM_LIMIT]]
    return _split(cuts, form, head, _beyond(len(found.items)))


def split_tree(root: Element, form: str, *, url: str, notes: Sequence[str] = ()) -> Split:
    """An XML feed as a tree; `root` is used up."""
    found = _items(root, form)
    head = head_of(root, url)
    cuts = [_cut_element(entry, form, head) for entry in found[:ITEM_LIMIT]]
    return _split(cuts, form, head, [*notes, *_beyond(len(found))])


def split_json(feed: JsonObject, *, url: str, notes: Sequence[str] = ()) -> Split:
    """A JSON Feed taken apart."""
    listed = feed.get("items")
    found = listed if isinstance(listed, list) else []
    head = json_head(feed, url)
    cuts = [_cut_value(entry, head) for entry in found[:ITEM_LIMIT]]
    return _split(cuts, "json", head, [*notes, *_beyond(len(found))])


def _items(root: Element, form: str) -> list[Element]:
    """In RSS 2.0 items stand in the channel, in RDF beside it; an Atom document can be one entry alone."""
    names = _ITEMS[form]
    if root.tag in names:
        return [root]
    within = [entry for channel in root.iterchildren(*_CHANNEL) for entry in channel.iterchildren(*names)]
    return within + list(root.iterchildren(*names))


def _cut_piece(body: bytes, form: str, head: FeedHead) -> _Cut:
    own = _WRITTEN_IDS[form].search(body)
    return _Cut(
        body=body,
        id=own[1].decode("utf-8", "replace").strip() if own else "",
        draft=partial(item_draft, body, form, base=head.base, language=head.language),
    )


def _cut_element(entry: Element, form: str, head: FeedHead) -> _Cut:
    own = next(entry.iterchildren(*_IDS[form]), None)
    return _Cut(
        body=alone(entry),
        id=(own.text or "").strip() if own is not None else "",
        draft=partial(element_draft, entry, form, base=head.base, language=head.language),
    )


def _cut_value(entry: object, head: FeedHead) -> _Cut:
    own = entry.get("id") if isinstance(entry, dict) else None
    return _Cut(
        body=json_text(entry),
        id=own.strip() if isinstance(own, str) else "",
        draft=partial(json_draft, entry, base=head.base, language=head.language),
    )


def _split(cuts: list[_Cut], form: str, head: FeedHead, notes: list[str]) -> Split:
    identity = Identity.ID
    ids = {cut.id for cut in cuts}
    if len(ids) < len(cuts) or "" in ids or head.site in ids:
        drafts = [_draft(cut) for cut in cuts]
        identity = chosen_identity([draft.marks() for draft in drafts], head.site)
        kept = _newest_of_each(cuts, drafts, identity)
        notes = [*notes, *_NOTES[identity], *_repeated(len(cuts) - len(kept))]
        cuts = kept
    context = head.context | {"identity": identity.value}
    payloads = tuple(Payload(form=form, body=cut.body, context=context) for cut in cuts)
    return Split(
        payloads=payloads,
        notes=tuple(notes),
        next_hint=head.next_hint,
        covers_since=covered_since([cut.body for cut in cuts], form),
        push=head.push,
    )


def covered_since(items: Sequence[bytes], form: str) -> datetime | None:
    """From when on a feed holds everything: its oldest item, if all are dated, the newest first.

    A feed in another order does not tell what fell out of it at its end.
    """
    oldest: datetime | None = None
    for body in items:
        said = next((found[1] for pattern in _WRITTEN_DATES[form] if (found := pattern.search(body))), None)
        moment = read_date(said.decode("utf-8", "replace")) if said else None
        if moment is None or (oldest is not None and moment > oldest):
            return None
        oldest = moment
    # What was published in the same second may have fallen out already.
    return oldest + timedelta(seconds=1) if oldest else None


def _draft(cut: _Cut) -> Draft:
    try:
        return cut.draft()
    except ItemUnreadable:
        # It will say so again when it is read; here it only must not look like its neighbours.
        return Draft(id=cut.body[:200].hex())


def _newest_of_each(cuts: list[_Cut], drafts: list[Draft], identity: Identity) -> list[_Cut]:
    """One item for each native id: the newest by its own dates, so that the order in the document decides nothing."""
    same = defaultdict[str, list[tuple[datetime, bytes, int]]](list)
    for n, (cut, draft) in enumerate(zip(cuts, drafts, strict=True)):
        same[native_id(draft.marks(), identity)].append((_latest(draft), cut.body, n))
    newest = {max(group)[2] for group in same.values()}
    return [cut for n, cut in enumerate(cuts) if n in newest]


def _latest(draft: Draft) -> datetime:
    moments = [moment for text in (draft.published, draft.edited) if text and (moment := read_date(text))]
    return max(moments, default=_LONG_AGO)


def _beyond(count: int) -> list[str]:
    return (
        [f"The feed lists more than {ITEM_LIMIT:,} items; FeedHub reads the first ones."] if count > ITEM_LIMIT else []
    )


def _repeated(count: int) -> list[str]:
    match count:
        case 0:
            return []
        case 1:
            return ["One item has the id of a newer item in the same feed and is not read."]
        case _:
            return [f"{count:,} items have the id of a newer item in the same feed and are not read."]
