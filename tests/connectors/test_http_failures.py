"""Every way of failing has a name, and every failure says when to come back if the site said so."""

import builtins
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import h11
import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub import failures
from feedhub.connectors.guard import Trip
from feedhub.connectors.http import Http
from feedhub.connectors.outcomes import failure_of, retry_time
from standins import answer, standin

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def exception_classes(module):
    named = (getattr(module, name) for name in dir(module))
    return {one for one in named if isinstance(one, type) and issubclass(one, Exception)}


def made(kind):
    """An exception of this class, whatever its constructor wants."""
    if issubclass(kind, ExceptionGroup):
        return kind("odd", [OSError("odd")])
    error = kind.__new__(kind)
    Exception.__init__(error, "odd")
    return error


STRANGERS = (
    exception_classes(httpx)
    | exception_classes(httpcore)
    | exception_classes(h11)
    | exception_classes(ssl)
    | exception_classes(socket)
    | exception_classes(builtins)
)


def test_every_exception_that_a_fetch_may_meet_has_a_name():
    assert len(STRANGERS) > 80
    for kind in STRANGERS:
        error = failure_of(made(kind), Trip(limit=1, host="dinkes.example"))
        assert isinstance(error, failures.VisitFailed), kind
        assert error.outcome != "failed", kind
        assert str(error).startswith("dinkes.example "), kind
        assert str(error).endswith("."), kind


NAMES = {
    httpx.ConnectTimeout: failures.TimedOut,
    httpx.PoolTimeout: failures.TimedOut,
    httpcore.ReadTimeout: failures.TimedOut,
    TimeoutError: failures.TimedOut,
    httpx.ConnectError: failures.Unreachable,
    httpcore.ReadError: failures.Unreachable,
    ConnectionResetError: failures.Unreachable,
    httpx.TooManyRedirects: failures.TooManyRedirects,
    httpx.DecodingError: failures.BadAnswer,
    httpcore.LocalProtocolError: failures.BadAnswer,
    httpx.InvalidURL: failures.BadAnswer,
    ssl.SSLError: failures.TlsFailed,
    ssl.CertificateError: failures.TlsFailed,
    UnicodeDecodeError: failures.BadAnswer,
}


@pytest.mark.parametrize(("kind", "outcome"), NAMES.items())
def test_an_exception_is_named_by_its_meaning(kind, outcome):
    assert type(failure_of(made(kind), Trip(limit=1, is_silent=False))) is outcome


def test_a_failure_that_has_a_name_keeps_it():
    error = failures.TooLarge("Too large.")
    assert failure_of(error, Trip(limit=1)) is error


# 24 forms of Retry-After, and what each means in seconds from now; None = it says nothing.
DAY = 86_400
RETRIES = {
    "0": 0,
    "1": 1,
    "120": 120,
    " 120 ": 120,
    "086400": DAY,
    "86401": DAY,
    "999999999999": DAY,
    "-5": 0,
    format_datetime(NOW + timedelta(hours=1), usegmt=True): 3600,
    format_datetime(NOW + timedelta(days=9), usegmt=True): DAY,
    format_datetime(NOW - timedelta(days=9), usegmt=True): 0,
    "Fri, 20 Nov 2026 16:00:00 +0700": 3600,
    "Friday, 20-Nov-26 09:00:00 GMT": 3600,
    "Fri Nov 20 09:00:00 2026": 3600,
    "Thu, 01 Jan 1970 00:00:00 GMT": 0,
    "Fri, 31 Dec 9999 23:59:59 GMT": DAY,
    "": None,
    "soon": None,
    "1e3": None,
    "0x10": None,
    "120, 60": None,
    "Fri, 99 Nov 2026 99:00:00 GMT": None,
    "9" * 40: None,
    "١٢٠": None,
}
STATUSES = [*range(200, 204), *range(206, 227), *range(300, 304), *range(305, 309), *range(400, 452), *range(500, 515)]


def expected(form):
    seconds = RETRIES[form]
    return None if seconds is None else NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("form", RETRIES)
def test_a_retry_after_is_read_and_clamped(form):
    assert retry_time(form, NOW) == expected(form)


def test_no_retry_after_says_nothing():
    assert retry_time(None, NOW) is None


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: raw.decode("latin-1")))
def test_any_retry_after_is_within_a_day_or_nothing(text):
    retry = retry_time(text, NOW)
    assert retry is None or NOW <= retry <= NOW + timedelta(days=1)


async def test_a_hundred_statuses_tell_when_to_come_back():
    forms = [form for form in RETRIES if form.isascii()]
    assert len(STATUSES) >= 100

    def talk(asked):
        _, status, form = asked.path.split("/")
        return answer(int(status), body=b"<rss/>", fields={"Retry-After": forms[int(form)]})

    async with standin(talk) as base, client() as http:
        for number, status in enumerate(STATUSES):
            for form in (number % len(forms), (number + 11) % len(forms)):
                assert await told(http, f"{base}/{status}/{form}") == expected(forms[form]), (status, forms[form])


async def told(http, url):
    try:
        return (await http.get(url, now=NOW)).retry_at
    except failures.VisitFailed as error:
        return error.retry_at


def client():
    return Http(contact="", public_url="https://kabar.example", allow="127.0.0.0/8", timeout=5)


async def test_not_modified_tells_when_to_come_back_and_keeps_its_connection():
    async with standin(answer(304, fields={"Retry-After": "60"})) as base, client() as http:
        for _ in range(2):
            came = await http.get(base, headers={"If-None-Match": '"a"'}, now=NOW)
            assert (came.status, came.retry_at) == (304, NOW + timedelta(seconds=60))
    assert base.connections == 1
