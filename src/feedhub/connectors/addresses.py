"""Which network addresses are public: pure rules, no connection."""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from feedhub.errors import SettingRefused
from feedhub.failures import AddressRefused
from feedhub.posts.urls import canonical_url

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = {"http": 80, "https": 443}
MAX_URL_LENGTH = 8192

# IANA's IPv4 special-purpose registry as of 2025, and what clouds keep for themselves.
REFUSED_IPV4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's metadata"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relays"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarks"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
# Only global unicast is public. Whatever carries an IPv4 address inside (mapped, compatible, NAT64,
# Teredo, 6to4) lies outside of it or is listed: nothing is unwrapped, so nothing is unwrapped wrongly.
PUBLIC_IPV6 = IPv6Network("2000::/3")
REFUSED_IPV6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
    )
)
_ISATAP = 0x00005EFE  # RFC 5214 section 6.1; the u and g bits of the interface id may be set or not
_U_AND_G_BITS = 0x03000000

_CANONICAL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>/[!-\"$-~]*)(?:#[!-~]*)?"
)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where one request goes, taken apart once. `url` has no fragment; an IPv6 `host` no brackets."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def networks_in(text: str) -> tuple[Network, ...]:
    """The networks of a FETCH_ALLOW setting. Raises SettingRefused.

    >>> networks_in("127.0.0.1/32, fd00::/8")
    (IPv4Network('127.0.0.1/32'), IPv6Network('fd00::/8'))
    """
    try:
        return tuple(ip_network(part) for part in re.split(r"[\s,]+", text) if part)
    except ValueError as error:
        raise SettingRefused(
            f"FEEDHUB_FETCH_ALLOW and FEEDHUB_TELL_ALLOW must hold networks such as 10.1.0.0/16: {error}."
        ) from error


def fault_of(address: Address) -> str | None:
    """Why `address` is not public, or None.

    >>> fault_of(ip_address("10.0.0.1")), fault_of(ip_address("::ffff:8.8.8.8")), fault_of(ip_address("8.8.8.8"))
    ('private', 'outside of the public IPv6 space', None)
    """
    if isinstance(address, IPv4Address):
        return next((what for network, what in REFUSED_IPV4 if address in network), None)
    if address not in PUBLIC_IPV6:
        return "outside of the public IPv6 space"
    if (int(address) >> 32) & 0xFFFFFFFF & ~_U_AND_G_BITS == _ISATAP:
        return "ISATAP"
    return next((what for network, what in REFUSED_IPV6 if address in network), None)


@lru_cache(maxsize=16_384)
def literal_address(host: str) -> Address | None:
    """The address that `host` spells, or None for a name. Brackets may stand around IPv6.

    >>> literal_address("[::1]"), literal_address("dinkes.example")
    (IPv6Address('::1'), None)
    """
    try:
        return ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def is_disguised(host: str) -> bool:
    """Whether a resolver may read `host` as an address that it does not plainly spell.

    >>> [is_disguised(host) for host in ("0177.0.0.1", "127.1", "0x7f000001", "fe80::1%eth0")]
    [True, True, True, True]
    >>> [is_disguised(host) for host in ("127.0.0.1", "::1", "7.example", "2130706433.example")]
    [False, False, False, False]
    """
    if "%" in host:
        return True
    ends_in_number = _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2].lower())
    return ends_in_number is not None and literal_address(host) is None


@lru_cache(maxsize=16_384)
def target_of(url: str, base: Target | None = None) -> Target:
    """Where a request for `url` goes, read as a browser would. Raises AddressRefused.

    >>> target_of("HTTPS://Dinkes.Example:443/feed#top").url
    'https://dinkes.example/feed'
    """
    canonical = canonical_url(url, base.url if base else None)
    parts = _CANONICAL.fullmatch(canonical) if canonical and len(canonical) <= MAX_URL_LENGTH else None
    if canonical is None or parts is None:
        raise AddressRefused(f"{_shown(url)} is not an http(s) address that FeedHub can fetch.")
    scheme, host = parts["scheme"], parts["host"].strip("[]")
    target = Target(
        url=canonical.partition("#")[0],
        scheme=scheme,
        host=host,
        port=int(parts["port"] or PORTS[scheme]),
        path=parts["path"],
    )
    if not _is_plainly_spelled(target, url, base):
        raise AddressRefused(f"{_shown(url)} hides the address {host}; write it plainly.")
    if not _is_read_alike(target):
        raise AddressRefused(f"{_shown(url)} can be read in two ways, so FeedHub does not fetch it.")
    return target


def _is_plainly_spelled(target: Target, url: str, base: Target | None) -> bool:
    if is_disguised(target.host):
        return False
    inherited = base is not None and target.host == base.host
    return inherited or not isinstance(literal_address(target.host), IPv4Address) or target.host in url


def _is_read_alike(target: Target) -> bool:
    """Whether httpx, which opens the connection, reads the same scheme, host and port."""
    try:
        read = httpx.URL(target.url)
    except (httpx.InvalidURL, ValueError):
        return False
    read_host = read.raw_host.decode("ascii").strip("[]")
    return (read.scheme, read_host, read.port or PORTS[target.scheme], read.userinfo) == (*target.origin, b"")


def _shown(url: str) -> str:
    """A url for a sentence: short, and without its query, which may hold a secret."""
    return repr(url.partition("?")[0][:100])
