"""What one status of the Mastodon API says (docs.joinmastodon.org/entities/Status)."""

import re
from collections.abc import Mapping
from typing import Any

from feedhub.accounts.account import Via
from feedhub.connectors.loose import number_in, record_in, records_in, text_in, texts_in
from feedhub.connectors.quote_lines import without_quote_line
from feedhub.errors import ItemUnreadable
from feedhub.posts.dates import read_date
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, MediaType, Poll, Post, PostType

_MEDIA = {
    "image": MediaType.IMAGE,
    "gifv": MediaType.VIDEO,
    "video": MediaType.VIDEO,
    "audio": MediaType.AUDIO,
}
_COUNTS = {
    "replies": "replies_count",
    "reposts": "reblogs_count",
    "likes": "favourites_count",
    "quotes": "quotes_count",
}
# Ids of Mastodon, Pixelfed and Takahē are numbers, those of GoToSocial ULIDs; Pleroma and Friendica
# call a status otherwise in its uri than in their API.
_ID = re.compile(r"[0-9]{1,20}|[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)


def status_id(status: Mapping[str, Any]) -> str:
    """Its id in the API, empty where it has none; Pixelfed writes some as numbers.

    >>> status_id({"id": 456}), status_id({"id": None})
    ('456', '')
    """
    id = status.get("id")
    return str(id) if isinstance(id, str | int) and not isinstance(id, bool) else ""


def id_in(uri: str) -> str | None:
    """The API's id of the status of this uri, where the uri shows it. A boost's uri is its activity's.

    >>> id_in("https://s.example/users/dinkes/statuses/109/activity"), id_in("https://s.example/objects/3f-a")
    ('109', None)
    """
    last = uri.rstrip("/").removesuffix("/activity").rpartition("/")[2]
    return last if _ID.fullmatch(last) else None


def address_in_api(origin: str, id: str) -> str:
    return f"{origin}/api/v1/statuses/{id}"


def status_post(status: Mapping[str, Any], context: Mapping[str, str]) -> Post:
    """The post that a status makes. A bare boost carries the address of what it repeats, and none of its text.

    `context` holds the instance's `origin`, and the uri of the `parent` where the same page showed it.

    Raises:
        ItemUnreadable: it has no uri, or says nothing.
    """
    uri = text_in(status, "uri")
    if not uri:
        raise ItemUnreadable("The status has no uri.")
    same: dict[str, Any] = {"native_id": uri, "published_at": read_date(text_in(status, "created_at")), "via": Via.API}
    if id_in(uri) is None and "origin" in context and status_id(status):
        same["aliases"] = (address_in_api(context["origin"], status_id(status)),)
    if original := record_in(status, "reblog"):
        address = text_in(original, "url") or text_in(original, "uri")
        repeated = text_in(original, "uri") or address
        return normal_post(**same, source_url=address, links=[address], type=PostType.REPOST, repost_of=repeated)
    quoted = _quoted(status)
    card = text_in(record_in(status, "card"), "url")
    return normal_post(
        **same,
        title=text_in(status, "spoiler_text"),
        html=without_quote_line(text_in(status, "content")) if quoted else text_in(status, "content"),
        text=text_in(status, "content_text"),  # Pixelfed's captions of old posts
        source_url=text_in(status, "url") or uri,
        media=[_medium(medium) for medium in records_in(status, "media_attachments")],
        links=[card] if card else [],
        tags=[*(text_in(tag, "name") for tag in records_in(status, "tags")), *texts_in(status, "tags")],
        mentions=[text_in(mention, "acct") for mention in records_in(status, "mentions")],
        language=text_in(status, "language") or None,
        edited_at=read_date(text_in(status, "edited_at")),
        repost_of=quoted or None,
        poll=_poll(record_in(status, "poll")),
        counts={name: count for name, key in _COUNTS.items() if (count := number_in(status, key)) is not None},
        sensitive=status.get("sensitive") is True,
        **_relation(status, context, is_quote=bool(quoted)),
    )


def _quoted(status: Mapping[str, Any]) -> str:
    """The uri of what is quoted: shown in full where the quoted author agreed (Mastodon), or named (Pleroma)."""
    shown = record_in(status, "quote", "quoted_status") or record_in(status, "pleroma", "quote")
    named = text_in(record_in(status, "pleroma"), "quote_url")
    return text_in(shown, "uri") or text_in(shown, "url") or named


def _relation(status: Mapping[str, Any], context: Mapping[str, str], *, is_quote: bool) -> dict[str, Any]:
    """An answer to itself continues a thread; its parent's uri differs by the id alone."""
    parent, id, uri = status_id({"id": status.get("in_reply_to_id")}), status_id(status), text_in(status, "uri")
    if not parent:
        return {"type": PostType.QUOTE} if is_quote else {}
    own = status_id(record_in(status, "account"))
    if own and own == status_id({"id": status.get("in_reply_to_account_id")}):
        derived = f"{uri.removesuffix(id)}{parent}" if uri.endswith(f"/{id}") else ""
        return {"type": PostType.THREAD, "in_reply_to": context.get("parent") or derived or parent}
    return {"type": PostType.REPLY, "in_reply_to": parent}


def _medium(medium: Mapping[str, Any]) -> Media:
    original = record_in(medium, "meta", "original")
    seconds = original.get("duration")
    description = medium.get("description")
    return Media(
        type=_MEDIA.get(text_in(medium, "type"), MediaType.DOCUMENT),
        # An instance that could not fetch a remote medium knows its own address alone.
        url=text_in(medium, "url") or text_in(medium, "remote_url"),
        preview_url=text_in(medium, "preview_url") or None,
        mime_type=text_in(medium, "mime") or text_in(record_in(medium, "pleroma"), "mime_type") or None,
        width=number_in(original, "width"),
        height=number_in(original, "height"),
        duration_seconds=float(seconds) if isinstance(seconds, int | float) else None,
        alt=description if isinstance(description, str) else None,
    )


def _poll(poll: Mapping[str, Any]) -> Poll | None:
    options = tuple(text_in(option, "title") for option in records_in(poll, "options"))
    return Poll(options=options, closes_at=read_date(text_in(poll, "expires_at"))) if options else None
