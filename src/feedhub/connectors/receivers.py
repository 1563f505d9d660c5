"""Which addresses may be told of posts: receivers of webhooks, judged before anything is sent."""

from feedhub.connectors.addresses import literal_address, target_of
from feedhub.connectors.guard import Guard
from feedhub.failures import AddressRefused


def receiver_url(url: str, guard: Guard) -> str:
    """The canonical form of a receiver's address. Where its name leads is judged when it is asked.

    >>> receiver_url("https://Redaksi.example/feedhub", Guard())
    'https://redaksi.example/feedhub'

    Raises:
        AddressRefused: it is not http(s), unencrypted although it is not our own, or spells an address that is not public.
    """
    target = target_of(url)
    if guard.is_exempt(target.host):
        return target.url
    if target.scheme != "https":
        raise AddressRefused(f"{target.host} must be told over https, so that nobody on the way reads or changes it.")
    if literal_address(target.host) and (refusal := guard.refusal(target.host, target.port)):
        raise AddressRefused(f"FeedHub does not connect to {target.host}: {refusal}.")
    if f".{target.host.rstrip('.')}".endswith(".localhost"):
        raise AddressRefused(f"FeedHub does not connect to {target.host}: it is this machine itself.")
    return target.url
