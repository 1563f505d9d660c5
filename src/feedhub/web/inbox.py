"""The inbox: departments' systems post here, and see what became of it."""

from datetime import timedelta
from hashlib import blake2b
from http import HTTPStatus

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from feedhub.accounts.account import Account, AccountStatus, Platform, Register
from feedhub.connectors.inbox import FORM, native_id_of
from feedhub.connectors.telegram_bot import bot_payload, has_media
from feedhub.errors import InboxRefused, ItemUnreadable, KeyTooNarrow, NotKnown, PostRefused, TooManyPosts, TooMuchSent
from feedhub.payloads.payload import Payload
from feedhub.posts.normal import native_identity
from feedhub.store.inbox import (
    Receipt,
    ReceiptState,
    earlier_receipt,
    receipt_named,
    receipt_state,
    receipts_since,
    take_back,
    take_in,
    take_unread,
)
from feedhub.web.inbox_post import MOST_BYTES, InboxPost, made_id, payload_body, read_inbox_post
from feedhub.web.keys import Holder, holder
from feedhub.web.query import as_uuid
from feedhub.web.state import State, register, state

router = APIRouter(prefix="/api/v1/inbox")

SCOPE = "inbox"
MOST_A_MINUTE = 120  # of one key; nobody writes faster
_LONGEST_KEY = 255  # characters of an Idempotency-Key


@router.post("")
async def post(request: Request) -> Response:
    here, body = state(request), await _body(request)
    who = await holder(request, here, body, scope=SCOPE)
    said = read_inbox_post(body)
    account = inbox_of(await register(request), who, said.account)
    return await _taken(request, here, who, account, said, body)


@router.post("/telegram")
async def telegram(request: Request) -> Response:
    """A bot's webhook (core.telegram.org/bots/api#setwebhook): channel posts, and their edits."""
    here, body = state(request), await _body(request)
    who = await holder(request, here, body, scope=SCOPE)
    if (found := bot_payload(body)) is not None:
        channel, payload = found
        account = channel_of(await register(request), who, channel)
        await here.store.write(take_unread, account.id, payload, is_partial=has_media(payload), at=here.now())
    # Telegram repeats what is not answered with a success; what is no channel post is nobody's loss.
    return Response(status_code=HTTPStatus.OK)


@router.get("/{id}")
async def receipt(request: Request, id: str) -> Response:
    here = state(request)
    who = await holder(request, here, b"", scope=SCOPE)
    wanted = as_uuid(id)
    found = await here.store.read(receipt_named, wanted) if wanted else None
    if found is None or found.key != who.key.id:
        raise NotKnown("receipt", id)
    return _told(here, found, await here.store.read(receipt_state, found), HTTPStatus.OK)


@router.delete("/posts/{native_id:path}")
async def delete(request: Request, native_id: str) -> Response:
    here = state(request)
    who = await holder(request, here, b"", scope=SCOPE)
    account = inbox_of(await register(request), who, request.query_params.get("account"))
    named = _native_id(native_id)
    if named is None or not await here.store.write(take_back, account.id, named, names=native_id_of, at=here.now()):
        raise NotKnown("post", native_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def inbox_of(known: Register, who: Holder, named: str | None) -> Account:
    """The inbox account that is meant: the one that is named, else the only one of the key's department.

    Raises:
        InboxRefused: none or several are meant, or the one meant takes nothing now.
        KeyTooNarrow: it belongs to another department.
    """
    inboxes = [account for account in known.accounts if account.platform is Platform.INBOX]
    if named is not None:
        inboxes = [each for each in inboxes if named in {str(each.id), each.key, each.handle}]
        if inboxes and not any(who.may_post_for(each.department) for each in inboxes):
            raise KeyTooNarrow(f"The key {who.key.name!r} may not post for {inboxes[0].department}.")
    meant = [each for each in inboxes if who.may_post_for(each.department)]
    meant = [each for each in meant if each.status is not AccountStatus.RETIRED]
    if not meant:
        raise InboxRefused('There is no inbox account to post to; register one with platform = "inbox".')
    if len(meant) > 1:
        raise InboxRefused("There are several inbox accounts; name one in `account`, by its id, key or handle.")
    if meant[0].status is AccountStatus.PAUSED:
        raise InboxRefused("This inbox is paused; ask the desk to resume it.")
    return meant[0]


def channel_of(known: Register, who: Holder, channel: str) -> Account:
    """The registered account of a channel.

    Raises:
        InboxRefused: it is not registered.
        KeyTooNarrow: it belongs to another department.
    """
    for account in known.accounts:
        names = {
            (account.handle or "").removeprefix("@").lower(),
            (account.url or "").rstrip("/").rpartition("/")[2].lower(),
        }
        if account.platform is Platform.TELEGRAM and channel in names and account.status is not AccountStatus.RETIRED:
            if not who.may_post_for(account.department):
                raise KeyTooNarrow(f"The key {who.key.name!r} may not post for {account.department}.")
            return account
    raise InboxRefused(f"The channel {channel!r} is not registered; add it with `feedhub accounts add`.")


async def _taken(  # what a request comes to
    request: Request, here: State, who: Holder, account: Account, said: InboxPost, body: bytes
) -> Response:
    """Take a post in; the same request again gets the same receipt."""
    idempotency_key = _idempotency_key(request) or who.message
    asked = blake2b(body, digest_size=16).hexdigest()
    native_id = _native_id(said.id or idempotency_key or made_id(body))
    if native_id is None:
        raise InboxRefused("The field id can't be taken: nothing of it can be seen.")
    if idempotency_key and (earlier := await here.store.read(earlier_receipt, who.key.id, idempotency_key)):
        return await _again(here, earlier, asked)
    now = here.now()
    if await here.store.read(receipts_since, who.key.id, now - timedelta(minutes=1)) >= MOST_A_MINUTE:
        raise TooManyPosts(f"The key {who.key.name!r} posted {MOST_A_MINUTE} times within a minute; go on more slowly.")
    taken = await here.store.write(
        take_in,
        account,
        Payload(form=FORM, body=payload_body(said, native_id=native_id)),
        native_id=native_id,
        key=who.key.id,
        asked=asked,
        idempotency_key=idempotency_key,
        at=now,
    )
    if taken.asked != asked:
        return await _again(here, taken, asked)
    return _told(here, taken, ReceiptState(state="accepted"), HTTPStatus.ACCEPTED)


async def _again(here: State, earlier: Receipt, asked: str) -> Response:
    if earlier.asked != asked:
        raise InboxRefused("This Idempotency-Key was used for another post; use a new one for each.")
    return _told(here, earlier, await here.store.read(receipt_state, earlier), HTTPStatus.ACCEPTED)


def _told(here: State, receipt: Receipt, became: ReceiptState, status: HTTPStatus) -> Response:
    location = f"{here.public_url}/api/v1/inbox/{receipt.id}"
    told = {
        "id": str(receipt.id),
        "url": location,
        "state": became.state,
        "reason": became.fault,
        "post": str(receipt.post),
        "post_url": f"{here.public_url}/posts/{receipt.post}",
        "native_id": receipt.native_id,
        "received_at": receipt.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    return Response(orjson.dumps(told), status, {"Location": location}, media_type="application/json")


def _native_id(said: str) -> str | None:
    """An id as posts have it; None where nothing is left of it."""
    try:
        return native_identity(said)
    except (ItemUnreadable, PostRefused):
        return None


def _idempotency_key(request: Request) -> str | None:
    """The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header), quoted or bare."""
    said = request.headers.get("idempotency-key", "").strip().strip('"')
    if len(said) > _LONGEST_KEY or not said.isprintable():
        raise InboxRefused(f"An Idempotency-Key has at most {_LONGEST_KEY} printable characters.")
    return said or None


async def _body(request: Request) -> bytes:
    """The body, of which no more is taken than a post may have."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise TooMuchSent(f"A post may have at most {MOST_BYTES // 1024} KiB; send pictures by their addresses.")
    return bytes(body)
