"""WebFinger (RFC 7033): from `@name@host` to the address of its actor."""

from datetime import datetime

from feedhub.connectors.api import ask, refused
from feedhub.connectors.exchange import origin_of
from feedhub.connectors.http import Http
from feedhub.connectors.loose import records_in, text_in
from feedhub.failures import NotFound

_TYPES = ("application/activity+json", "application/ld+json")
_NOBODY = (400, 404, 410)


async def actor_address(http: Http, root: str, name: str, *, now: datetime) -> str:
    """Where the actor called `name` at `root` lives; often on another host.

    Raises:
        VisitFailed: NotFound where nobody is called so, and those of the fetcher.
    """
    host = root.partition("://")[2]
    said = await ask(
        http,
        f"{root}/.well-known/webfinger",
        query={"resource": f"acct:{name}@{host}"},
        headers={"Accept": "application/jrd+json, application/json"},
        now=now,
    )
    if said.status in _NOBODY or (said.is_ok and not _self_link(said.value)):
        raise NotFound(f"{host} knows no account {name}.", remedy="Check the handle; it may have been renamed.")
    if not said.is_ok:
        raise refused(said)
    return _self_link(said.value)


async def actor_origin(http: Http, root: str, name: str, *, now: datetime) -> str:
    """Scheme and host of the software behind `@name@host`."""
    return origin_of(await actor_address(http, root, name, now=now))


def _self_link(value: object) -> str:
    links = [link for link in records_in(value, "links") if text_in(link, "rel") == "self"]
    typed = [link for link in links if text_in(link, "type").partition(";")[0].strip() in _TYPES]
    return next((href for link in typed if (href := text_in(link, "href")).startswith(("https://", "http://"))), "")
