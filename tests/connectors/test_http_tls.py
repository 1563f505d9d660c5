"""TLS is verified for the name in the url, while the connection goes to the judged address."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from feedhub import failures
from feedhub.connectors.http import Http
from standins import answer, listening, redirect, silence, standin

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
FEED = b"<rss version='2.0'/>"
NAME = "dinkes.example"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture(scope="module")
def stranger():
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


def server_side(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def issued(authority, *names, **options):
    return server_side(authority.issue_cert(*names, key_type=trustme.KeyType.ECDSA, **options))


def client(authority, **options):
    async def resolver(host, port):
        return ["127.0.0.1"]

    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    wanted = {"contact": "", "public_url": "https://kabar.example", "allow": "127.0.0.1/32", "timeout": 5.0}
    return Http(**wanted | options, resolver=resolver, ssl_context=trusting)


async def failure(authority, tls, talk=FEED, **options):
    async with standin(talk, tls=tls, name=NAME) as base, client(authority, **options) as http:
        with pytest.raises(failures.VisitFailed) as caught:
            await http.get(base, now=NOW)
    assert NAME in str(caught.value)
    assert base.asked == []
    return caught.value


async def test_the_right_certificate_is_trusted_and_its_connection_kept(authority):
    async with standin(answer(body=FEED), tls=issued(authority, NAME), name=NAME) as base, client(authority) as http:
        assert (await http.get(base, now=NOW)).body == FEED
        assert (await http.get(base, now=NOW)).body == FEED
    assert base.connections == 1


WRONG = {
    "another name": (["dinsos.example"], {}, "not valid for 'dinkes.example'"),
    "the address only": (["127.0.0.1"], {}, "not valid for 'dinkes.example'"),
    "a name above": (["example"], {}, "not valid for 'dinkes.example'"),
    "expired": ([NAME], {"not_before": LONG_AGO, "not_after": LONG_AGO + timedelta(days=9)}, "certificate has expired"),
}


@pytest.mark.parametrize("fault", WRONG)
async def test_a_wrong_certificate_is_named(authority, fault):
    names, options, words = WRONG[fault]
    error = await failure(authority, issued(authority, *names, **options))
    assert type(error) is failures.TlsFailed
    assert words in str(error)


async def test_an_unknown_authority_is_named(authority, stranger):
    error = await failure(authority, issued(stranger, NAME))
    assert type(error) is failures.TlsFailed
    assert "unable to get local issuer certificate" in str(error)


@pytest.mark.parametrize("said", [answer(400), b"SSH-2.0-OpenSSH_9.2\r\n", b""])
async def test_what_does_not_speak_tls_is_a_tls_failure(authority, said):
    async def say(reader, writer):
        writer.write(said)
        await writer.drain()
        await reader.read(1)

    async with listening(say) as port, client(authority) as http:
        with pytest.raises(failures.TlsFailed, match=f"No secure connection to {NAME}: ."):
            await http.get(f"https://{NAME}:{port}/", now=NOW)


async def test_a_handshake_that_never_ends_ends_at_the_deadline(authority):
    closed = asyncio.Event()

    async def hold(reader, writer):
        await reader.read()
        closed.set()

    async with listening(hold) as port, client(authority, timeout=0.3) as http:
        with pytest.raises(failures.TimedOut, match="the TLS handshake was not finished"):
            await http.get(f"https://{NAME}:{port}/", now=NOW)
        await asyncio.wait_for(closed.wait(), 2)


async def test_silence_after_the_handshake_ends_at_the_deadline(authority):
    async with standin(silence, tls=issued(authority, NAME), name=NAME) as base, client(authority, timeout=0.4) as http:
        with pytest.raises(failures.TimedOut):
            await http.get(base, now=NOW)


async def test_https_never_leads_to_http(authority):
    async with standin(answer(body=FEED)) as plain:
        talk = redirect(f"http://{NAME}:{plain.port}/")
        async with standin(talk, tls=issued(authority, NAME), name=NAME) as base, client(authority) as http:
            with pytest.raises(failures.AddressRefused, match="from https to unencrypted http"):
                await http.get(base, now=NOW)
    assert plain.asked == []


async def test_http_may_lead_to_https(authority):
    server = standin(answer(body=FEED), tls=issued(authority, NAME), name=NAME)
    async with server as secure, standin(redirect(secure + "/feed")) as plain, client(authority) as http:
        came = await http.get(plain, now=NOW)
    assert came.moved_to == came.url == secure + "/feed"
