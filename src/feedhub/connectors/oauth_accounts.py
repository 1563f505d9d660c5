"""For which accounts a login speaks, as each platform tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from feedhub.connectors.api import ask, refused
from feedhub.connectors.http import Http
from feedhub.failures import PermissionMissing

LINKEDIN_VERSION = "202610"

_MOST_ORGANISATIONS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """An account for which a login speaks. `token`: its own one, where it has one; `others` belong to its credential."""

    native_id: str
    handle: str | None = None
    name: str | None = None
    token: str | None = field(default=None, repr=False)
    others: dict[str, str] = field(default_factory=dict)


async def of_tiktok(http: Http, token: str, now: datetime) -> tuple[Spoken, ...]:
    url = "https://open.tiktokapis.com/v2/user/info/"
    value = await _told(http, url, {"fields": "open_id,username,display_name"}, token, now)
    user = _mapping(_mapping(value.get("data")).get("user"))
    open_id = _word(user, "open_id")
    return (_spoken(open_id, user, handle="username", name="display_name", others={"open_id": open_id}),)


async def of_threads(http: Http, token: str, now: datetime) -> tuple[Spoken, ...]:
    user = await _told(http, "https://graph.threads.net/v1.0/me", {"fields": "id,username,name"}, token, now)
    id = _word(user, "id")
    return (_spoken(id, user, handle="username", name="name", others={"user_id": id}),)


async def of_facebook(http: Http, token: str, now: datetime) -> tuple[Spoken, ...]:
    found = []
    for page in await _pages(http, "id,name,username,access_token", token, now):
        id, own = _word(page, "id"), _word(page, "access_token")
        others = {"page_id": id}
        found.append(_spoken(id, page, handle="username", name="name", others=others, token=own or None))
    return tuple(found)


async def of_instagram(http: Http, token: str, now: datetime) -> tuple[Spoken, ...]:
    found = []
    for page in await _pages(http, "id,instagram_business_account{id,username,name}", token, now):
        user = _mapping(page.get("instagram_business_account"))
        if id := _word(user, "id"):
            found.append(_spoken(id, user, handle="username", name="name", others={"user_id": id}))
    return tuple(found)


async def of_linkedin(http: Http, token: str, now: datetime) -> tuple[Spoken, ...]:
    root = "https://api.linkedin.com/rest"
    acls = await _told(http, f"{root}/organizationAcls", {"q": "roleAssignee", "state": "APPROVED"}, token, now)
    elements = acls.get("elements")
    urns = dict.fromkeys(
        _word(_mapping(one), "organization") for one in (elements if isinstance(elements, list) else ())
    )
    found = []
    for urn in [urn for urn in urns if urn][:_MOST_ORGANISATIONS]:
        id = urn.rpartition(":")[2]
        page = await _told(http, f"{root}/organizations/{quote(id, safe='')}", {}, token, now)
        others = {"organization": urn}
        found.append(_spoken(id, page, handle="vanityName", name="localizedName", others=others))
    return tuple(found)


async def _pages(http: Http, fields: str, token: str, now: datetime) -> list[dict[str, Any]]:
    url = "https://graph.facebook.com/v25.0/me/accounts"
    value = await _told(http, url, {"fields": fields, "limit": 100}, token, now)
    pages = value.get("data")
    return [_mapping(page) for page in pages] if isinstance(pages, list) else []


async def _told(http: Http, url: str, query: Mapping[str, str | int], token: str, now: datetime) -> dict[str, Any]:
    versions = {"LinkedIn-Version": LINKEDIN_VERSION, "X-Restli-Protocol-Version": "2.0.0"}
    headers = versions if "linkedin" in url else {}
    said = await ask(http, url, query=query, token=token, headers=headers, now=now)
    if said.is_ok:
        return _mapping(said.value)
    if said.status in {401, 403}:
        raise PermissionMissing("The login does not let FeedHub see for which account it speaks.")
    raise refused(said)


def _spoken(
    native_id: str,
    said: Mapping[str, Any],
    *,
    handle: str,
    name: str,
    others: dict[str, str],
    token: str | None = None,
) -> Spoken:
    return Spoken(
        native_id=native_id,
        handle=_word(said, handle) or None,
        name=_word(said, name) or None,
        token=token,
        others=others,
    )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return str(value) if isinstance(value, str | int) else ""
