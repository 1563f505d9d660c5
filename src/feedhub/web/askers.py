"""Who asks: the client's address, as far as a proxy that is trusted says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

from feedhub.errors import SettingRefused

Network = IPv4Network | IPv6Network
_HOUSEHOLD = 64  # bits: an IPv6 customer has at least this network, and a new address whenever it likes
_FORWARDED = b"x-forwarded-for"


@dataclass(frozen=True, slots=True)
class Asker:
    """`name` is what is counted: an address, or an IPv6 network of 64 bits.

    One of a private network whom no proxy named may be a proxy itself, behind which the whole
    world asks: `is_near`.
    """

    name: str
    is_near: bool = False


class Askers:
    """Reads who asks from a request."""

    def __init__(self, trusted: str) -> None:
        self._trusted = _networks(trusted)
        self._read = lru_cache(maxsize=10_000)(self._asker)

    def of(self, scope: Scope) -> Asker:
        """Who asks. Unix sockets have no address; who comes by one is near."""
        peer = scope["client"][0] if scope["client"] else ""
        return self._read(peer, _forwarded(scope["headers"]) if self._trusted else b"")

    def _asker(self, peer: str, forwarded: bytes) -> Asker:
        """From the right, each proxy that is trusted says who asked it; nobody else is believed."""
        near = _address(peer)
        if near is None or not self._is_trusted(near) or not forwarded:
            return Asker(_counted(near), is_near=near is None or not near.is_global)
        asker = near
        for said in reversed(forwarded.decode("latin-1").split(",")):
            if (address := _address(said)) is None:
                break
            asker = address
            if not self._is_trusted(address):
                break
        return Asker(_counted(asker))

    def _is_trusted(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._trusted)


def _forwarded(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b",".join(value for name, value in headers if name == _FORWARDED)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: some add brackets or a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _counted(address: IPv4Address | IPv6Address | None) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), _HOUSEHOLD), strict=False))
    return str(address) if address else "socket"


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise SettingRefused(f"FEEDHUB_TRUSTED_PROXIES must hold networks such as 10.1.0.0/16: {error}.") from error
