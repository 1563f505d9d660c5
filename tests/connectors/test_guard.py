"""Nothing private is ever reached: held against the sockets that Python opens, not against what we say."""

import itertools
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub import errors, failures
from feedhub.connectors.addresses import fault_of, is_disguised, networks_in, target_of
from feedhub.connectors.guard import Guard, GuardedBackend, resolve
from feedhub.connectors.http import Http
from standins import answer, redirect, standin

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)

# One or more addresses of every class that must not be reached. 127.0.0.1 is not among them: the
# stand-ins live there, allowed by FETCH_ALLOW.
HOSTILE_IPV4 = {
    "this network": "0.0.0.0",
    "this network, host": "0.1.2.3",
    "private 10": "10.0.0.1",
    "private 172.16": "172.16.0.1",
    "private 172.31": "172.31.255.254",
    "private 192.168": "192.168.1.1",
    "carrier-grade NAT": "100.64.0.1",
    "Alibaba metadata": "100.100.100.200",
    "loopback": "127.66.6.6",
    "loopback, last": "127.255.255.254",
    "link-local": "169.254.1.1",
    "AWS metadata": "169.254.169.254",
    "ECS metadata": "169.254.170.2",
    "Azure wire server": "168.63.129.16",
    "protocol assignments": "192.0.0.1",
    "Oracle metadata": "192.0.0.192",
    "documentation 1": "192.0.2.1",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "AS112": "192.31.196.1",
    "AMT": "192.52.193.1",
    "6to4 relay": "192.88.99.1",
    "AS112, direct": "192.175.48.1",
    "benchmarks": "198.18.0.1",
    "benchmarks, last": "198.19.255.254",
    "multicast": "224.0.0.1",
    "multicast, last": "239.255.255.250",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
}
HOSTILE_IPV6 = {
    "unspecified": "::",
    "loopback": "::1",
    "compatible": "::127.0.0.1",
    "mapped": "::ffff:127.0.0.1",
    "mapped, public": "::ffff:8.8.8.8",
    "translated": "::ffff:0:127.0.0.1",
    "NAT64": "64:ff9b::7f00:1",
    "NAT64, public": "64:ff9b::8.8.8.8",
    "NAT64, local": "64:ff9b:1::a00:1",
    "discard": "100::1",
    "Teredo": "2001:0:7f00:1::1",
    "ORCHID": "2001:20::1",
    "documentation": "2001:db8::1",
    "documentation, new": "3fff::1",
    "6to4": "2002:7f00:1::",
    "AS112": "2620:4f:8000::1",
    "ISATAP": "2600::5efe:7f00:1",
    "ISATAP, universal": "2600::200:5efe:808:808",
    "SRv6": "5f00::1",
    "unique local": "fc00::1",
    "AWS metadata": "fd00:ec2::254",
    "link-local": "fe80::1",
    "site-local": "fec0::1",
    "multicast": "ff02::1",
}
CLASSES = [ip_address(text) for text in (*HOSTILE_IPV4.values(), *HOSTILE_IPV6.values())]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.32.0.1",
    "192.0.1.1",
    "198.20.0.1",
    "223.255.255.1",
]
PUBLIC_IPV6 = ["2600::1", "2001:200::1", "2606:4700:4700::1111", "2a00:1450::1", "2404:6800::1"]


def ipv4_spellings(address):
    number, parts = int(address), str(address).split(".")
    circled = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    yield str(address)
    yield ".".join(f"0{int(part):o}" for part in parts)
    yield ".".join(f"{int(part):#x}" for part in parts)
    yield ".".join(f"{int(part):03d}" for part in parts)
    yield ".".join([f"{int(parts[0]):#x}", f"0{int(parts[1]):o}", *parts[2:]])
    yield str(number)
    yield f"{number:#x}"
    yield f"0{number:o}"
    yield f"{parts[0]}.{number & 0xFFFFFF}"
    yield f"{parts[0]}.{parts[1]}.{number & 0xFFFF}"
    yield str(address).translate(circled)
    yield str(address).translate(wide)
    yield "。".join(parts)
    yield f"{address}."
    yield "".join(f"%{ord(letter):02x}" for letter in str(address))
    yield f"user@{address}"
    yield f"1.1.1.1@{address}"
    yield f"[::ffff:{address}]"
    yield f"[::{address}]"
    yield f"[64:ff9b::{address}]"
    yield f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]"
    yield f"[2600::5efe:{address}]"


def ipv6_spellings(address):
    full = address.exploded
    yield f"[{address}]"
    yield f"[{full}]"
    yield f"[{full.upper()}]"
    yield f"[{':'.join(group.lstrip('0') or '0' for group in full.split(':'))}]"
    yield f"[{full.rpartition(':')[0].rpartition(':')[0]}:{IPv4Address(int(address) & 0xFFFFFFFF)}]"
    yield f"[{address}%25eth0]"
    yield f"[{address}%eth0]"
    yield f"[{address}%251]"
    yield f"user:secret@[{address}]"
    yield f"%5B{address}%5D"
    yield str(address)
    yield f"[{address}]."
    yield f"［{address}］"


def spellings(address):
    return ipv4_spellings(address) if isinstance(address, IPv4Address) else ipv6_spellings(address)


SPELLED = [spelled for address in CLASSES for spelled in spellings(address)]
LOCATIONS = [
    *(f"http://{spelled}/feed" for spelled in SPELLED),
    *(f"//{spelled}/feed" for spelled in SPELLED),
    *(f"https:\\\\{next(spellings(address))}\\feed" for address in CLASSES),
]

# What Python's sockets did. An audit hook can't be taken away again, so there is one, and it may be idle.
_seen: list[tuple[str, object]] = []
_is_watching = False


def _note(event, arguments):
    if _is_watching and event in {"socket.connect", "socket.sendto", "socket.getaddrinfo"}:
        _seen.append((event, arguments[1] if event == "socket.connect" else arguments[0]))


sys.addaudithook(_note)


@contextmanager
def watched_sockets():
    global _is_watching  # noqa: PLW0603 - the hook outlives every test
    _seen.clear()
    _is_watching = True
    try:
        yield _seen
    finally:
        _is_watching = False


def client(*, resolver=resolve, allow="127.0.0.1/32"):
    return Http(contact="", public_url="https://kabar.example", allow=allow, timeout=5, resolver=resolver)


async def refused(http, url):
    with pytest.raises(failures.AddressRefused):
        await http.get(url, now=NOW)


def only(base):
    """The one thing that may be seen: connections to the stand-in."""
    return {("socket.connect", ("127.0.0.1", base.port))}


async def test_the_watch_sees_a_real_connection():
    async with standin(answer(body=b"<rss/>")) as base, client() as http:
        with watched_sockets() as seen:
            await http.get(base, now=NOW)
    assert set(seen) == only(base)


async def test_the_watch_sees_what_the_guard_would_let_pass():
    async with client(allow="127.0.0.0/8") as http:
        with watched_sockets() as seen, pytest.raises(failures.Unreachable):
            await http.get("http://127.66.6.6:9/", now=NOW)
    assert seen == [("socket.connect", ("127.66.6.6", 9))]


def test_there_are_enough_hostile_targets():
    assert len(CLASSES) >= 35
    assert all(len(list(spellings(address))) >= 12 for address in CLASSES)
    assert len(SPELLED) * 3 + len(LOCATIONS) + len(CLASSES) * len(MIXTURES) >= 4_000


@pytest.mark.parametrize("form", ["http://{}/", "https://{}/feed?x#y", "http://{}:8080/"])
async def test_no_spelling_of_a_hostile_address_is_reached_directly(form):
    async with client() as http:
        with watched_sockets() as seen:
            for spelled in SPELLED:
                await refused(http, form.format(spelled))
    assert seen == []


async def test_no_redirect_reaches_a_hostile_address():
    statuses = itertools.cycle((301, 302, 303, 307, 308))

    def talk(asked):
        return redirect(LOCATIONS[int(asked.path[1:])].encode().decode("latin-1"), next(statuses))

    async with standin(talk) as base, client() as http:
        with watched_sockets() as seen:
            for number in range(len(LOCATIONS)):
                await refused(http, f"{base}/{number}")
    assert len(base.asked) == len(LOCATIONS)
    assert set(seen) == only(base)


MIXTURES = {
    "alone": lambda bad: [bad],
    "before a good one": lambda bad: [bad, "127.0.0.1"],
    "after a good one": lambda bad: ["127.0.0.1", bad],
    "twice": lambda bad: [bad, bad],
    "last of many": lambda bad: [*["127.0.0.1"] * 20, bad],
    "with a zone": lambda bad: ["127.0.0.1", f"{bad}%lo"],
}


@pytest.mark.parametrize("mixture", MIXTURES)
async def test_one_hostile_dns_answer_spoils_all(mixture):
    async def resolver(host, port):
        return MIXTURES[mixture](host.removesuffix(".example").replace("-", ":").replace("v4.", ""))

    async with client(resolver=resolver) as http:
        with watched_sockets() as seen:
            for address in CLASSES:
                name = f"v4.{address}" if isinstance(address, IPv4Address) else str(address).replace(":", "-")
                await refused(http, f"http://{name}.example/")
    assert seen == []


class Flipping:
    """A name server whose every second answer is hostile."""

    def __init__(self):
        self.answers = itertools.cycle(
            text for bad in CLASSES for text in (["127.0.0.1"], [str(bad)], ["127.0.0.1"], ["127.0.0.1", str(bad)])
        )
        self.asked = 0

    async def __call__(self, *_):
        self.asked += 1
        return next(self.answers)


async def test_a_name_that_flips_between_fetches_reaches_nothing():
    resolver = Flipping()
    async with standin(answer(body=b"<rss/>")) as base, client(resolver=resolver) as http:
        with watched_sockets() as seen:
            for number in range(1000):
                assert (await http.get(f"http://good{number}.example:{base.port}/", now=NOW)).body == b"<rss/>"
                await refused(http, f"http://bad{number}.example:{base.port}/")
    assert (resolver.asked, len(seen)) == (2000, 1000)
    assert set(seen) == only(base)


async def test_a_name_that_flips_between_redirects_reaches_nothing():
    resolver = Flipping()
    port = 0

    def talk(asked):
        return redirect(f"http://other{asked.path[1:]}.example:{port}/")

    async with standin(talk) as base, client(resolver=resolver) as http:
        port = base.port
        with watched_sockets() as seen:
            for number in range(500):
                await refused(http, f"http://first{number}.example:{port}/{number}")
    assert resolver.asked == 1000
    assert set(seen) == only(base)


async def test_a_name_that_flips_at_every_connection_reaches_nothing():
    resolver, connected = Flipping(), 0
    async with standin(answer()) as base:
        backend = GuardedBackend(Guard("127.0.0.1/32"), resolver)
        with watched_sockets() as seen:
            for _ in range(7000):
                try:
                    stream = await backend.connect_tcp("flip.example", base.port)
                except failures.AddressRefused:
                    continue
                connected += 1
                await stream.aclose()
    assert (resolver.asked, connected, len(seen)) == (7000, 3500, 3500)
    assert set(seen) == only(base)


# The rules themselves.


@pytest.mark.parametrize("address", CLASSES)
def test_a_hostile_address_has_a_fault_that_can_be_said(address):
    assert fault_of(address)
    assert Guard().refusal(str(address), 443)


@pytest.mark.parametrize("address", [*PUBLIC, *PUBLIC_IPV6])
def test_a_public_address_has_none(address):
    assert fault_of(ip_address(address)) is None
    assert Guard().refusal(address, 80) is None


@given(st.ip_addresses())
def test_what_the_standard_library_calls_private_is_never_public(address):
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_link_local:
        assert fault_of(address)


@given(st.ip_addresses(v=6))
def test_no_ipv6_address_with_an_ipv4_address_inside_is_public(address):
    if address.ipv4_mapped or address.sixtofour or address.teredo:
        assert fault_of(address)


@pytest.mark.parametrize("port", [0, 1, 22, 25, 8080, 8443, 65535])
def test_only_two_ports_are_open_unless_allowed(port):
    assert Guard().refusal("8.8.8.8", port) == f"port {port} is not one of 80 and 443"
    assert Guard("8.8.8.0/24").refusal("8.8.8.8", port) is None


def test_an_allowed_network_is_no_reason_to_allow_its_disguises():
    guard = Guard("127.0.0.0/8")
    for disguise in ("::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::1"):
        assert guard.refusal(disguise, 80)


def test_an_address_with_a_zone_is_refused_even_where_it_would_be_good_without():
    assert Guard().refusal("2600::1%eth0", 80)
    assert Guard("::1/128").refusal("::1%lo", 80)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "10.0.0.0/33", "intranet", "10.0.0.0/8;fd00::/8"])
def test_a_network_that_cannot_be_read_is_refused_by_name(text):
    with pytest.raises(errors.SettingRefused, match="FEEDHUB_FETCH_ALLOW"):
        networks_in(text)


EXEMPT = {
    ("127.0.0.0/8", "127.0.0.1"): True,
    ("127.0.0.0/8", "localhost"): True,
    ("::1/128", "localhost"): True,
    ("::1/128", "[::1]"): True,
    ("10.0.0.0/8", "localhost"): False,
    ("127.0.0.0/8", "127.0.0.1.example"): False,
    ("127.0.0.0/8", "dinkes.example"): False,
    ("", "127.0.0.1"): False,
    ("", "localhost"): False,
}


@pytest.mark.parametrize(("allow", "host"), EXEMPT)
def test_only_our_own_hosts_need_no_politeness(allow, host):
    assert Guard(allow).is_exempt(host) is EXEMPT[allow, host]


HOSTS = ["0177.0.0.1", "127.1", "2130706433", "0x7f000001", "0x", "1.2.3.4.5", "a.0x1", "1.2.3.04", "::1%lo", "7."]


@pytest.mark.parametrize("host", HOSTS)
async def test_the_backend_itself_refuses_a_disguised_host(host):
    assert is_disguised(host)
    with watched_sockets() as seen, pytest.raises(failures.AddressRefused):
        await GuardedBackend(Guard("0.0.0.0/0, ::/0"), resolve).connect_tcp(host, 80)
    assert seen == []


async def test_the_backend_opens_no_file():
    with pytest.raises(failures.AddressRefused):
        await GuardedBackend(Guard(), resolve).connect_unix_socket("/run/docker.sock")


ODD_URLS = [
    "",
    " ",
    "feed",
    "//dinkes.example/feed",
    "file:///etc/passwd",
    "gopher://127.0.0.1:70/_",
    "ftp://dinkes.example/",
    "data:text/xml,<rss/>",
    "javascript:alert(1)",
    "ws://dinkes.example/",
    "http:///etc/passwd",
    "http://",
    "http://user:secret@dinkes.example/",
    "http://@dinkes.example/",
    "http://dinkes.example\\@127.0.0.1/",
    "http://127.0.0.1\\@dinkes.example/",
    "http://dinkes.example:port/",
    "http://dinkes.example:99999/",
    "http://dinkes.example:-1/",
    "http://din kes.example/",
    "http://dinkes.example\x00.evil/",
    "http://dinkes.example\r\nHost: evil/",
    "http://[::1/",
    "http://[v1.x]/",
    "http://a{b}.example/",
    "http://dinkes.example/" + "a" * 9_000,
    "http://\ud800.example/",
]


@pytest.mark.parametrize("url", ODD_URLS)
async def test_what_is_no_web_address_is_refused_before_anything_is_done(url):
    async with client() as http:
        with watched_sockets() as seen:
            await refused(http, url)
    assert seen == []


@given(st.text(max_size=60).map("http://".__add__) | st.text(max_size=60))
def test_any_text_is_a_target_or_refused(text):
    try:
        target = target_of(text)
    except failures.AddressRefused:
        return
    assert target.url == target_of(target.url).url
    assert target.path.startswith("/")


def test_a_secret_in_a_query_is_not_told():
    with pytest.raises(failures.AddressRefused) as caught:
        target_of("ftp://dinkes.example/feed?token=secret")
    assert "secret" not in str(caught.value)


async def test_the_resolver_answers_with_plain_addresses():
    assert IPv4Address("127.0.0.1") in {ip_address(text) for text in await resolve("127.0.0.1", 80)}
    assert [IPv6Address(text) for text in await resolve("::1", 80)] == [IPv6Address("::1")]
