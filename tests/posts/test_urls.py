"""Addresses: what we read is what a browser goes to."""

import ada_url
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.posts.urls import canonical_url, is_safe_url, is_tracking, without_tracking

BASE = "https://dinkes.example.go.id/berita/satu/"
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "http:",
                "https:",
                "//",
                "/",
                "\\",
                "@",
                ":",
                "?",
                "#",
                ".",
                "..",
                "%2e",
                "%00",
                "%",
                "&",
                "=",
                "utm_a=1",
                "fbclid=x",
                "[::1]",
                "127.1",
                "0x7f.1",
                "a.example",
                "xn--a",
                "xn--wgv71a.jp",
                "日本.jp",
                ":80",
                ":443",
                ":99999",
                " ",
                "\t",
                "\n",
                "\x00",
                "\u202e",
                "é",
                "ß",
                "\ud800",
                "javascript:",
                "-",
                "_",
                "1.2.3",
                "si=1",
                "\uff0f",
                "\u3002",
                "'",
                '"',
                "<",
                ">",
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=9,
).map("".join)


@settings(deadline=None)
@given(PIECES, st.sampled_from([None, BASE, "http://a.example", "javascript:x", ""]))
def test_what_is_canonical_is_safe_and_stays(url, base):
    canonical = canonical_url(url, base)
    if canonical is not None:
        assert is_safe_url(canonical)
        assert canonical_url(canonical, base) == canonical
        assert is_safe_url(without_tracking(canonical))
        assert without_tracking(without_tracking(canonical)) == without_tracking(canonical)


@settings(deadline=None)
@given(PIECES.map("https://".__add__))
def test_ada_writes_it_the_same_way(url):
    canonical = canonical_url(url)
    if canonical is not None:
        parsed = ada_url.URL(canonical)
        assert parsed.href == canonical
        assert parsed.hostname
        assert not parsed.username
        assert canonical.isascii()
        assert not set(canonical) & set(' "<>\\\t\n')


@settings(deadline=None)
@given(
    st.from_regex(
        r"https?://[a-z0-9.-]{1,12}/[A-Za-z0-9/._~!$&()*+,;=:@%-]{0,12}(\?[a-z=&%?.]{0,6})?(#[a-z?/]{0,4})?",
        fullmatch=True,
    )
)
def test_the_short_cut_agrees_with_ada(url):
    try:
        href = ada_url.URL(url).href
    except ValueError:
        href = None
    assert not is_safe_url(url) or href == url


@pytest.mark.parametrize(
    "url",
    [
        "", " ", "/relative", "//host.example/", "ftp://a.example/", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
        "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:https://a.example/x", "mailto:a@b.example", "https://", "https:///a.example/",
        "https:a.example", "https:/a.example", "http:\\\\a.example\\", "https://a.example\\@evil.example/", "https://user@a.example/", "https://:@a.example/",
        "https://@a.example/", "https://a.example:99999/", "https://a\x00.example/", "https://a.example/\x7f", "https://a.exa\nmple/", "https://%61%2f.example/",
        "https://./", "https://a..example/", "https://[::g]/", "https://xn--a/", "https://a.example/" + "x" * 5_000, "https://?x", "https://#x", "http://a b.example/",
        "\x01https://a.example/", "https://1.2.3.4.5/", "feed:https://a.example/", "view-source:https://a.example/", "\ud800", "https://a.example/\ud800",
    ],
)  # fmt: skip
def test_refused(url):
    assert canonical_url(url) is None
    assert not is_safe_url(url)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://a.example", "https://a.example/"),
        (" HTTPS://A.Example:443/x \n", "https://a.example/x"),
        ("http://日本.jp/é?q=ü", "http://xn--wgv71a.jp/%C3%A9?q=%C3%BC"),
        ("http://127.1:8080/", "http://127.0.0.1:8080/"),
        ("http://[::1]/", "http://[::1]/"),
        ("https://a.example/x y'\"<>", "https://a.example/x%20y'%22%3C%3E"),
        ("../dua/", "https://dinkes.example.go.id/berita/dua/"),
        ("?p=3", "https://dinkes.example.go.id/berita/satu/?p=3"),
        ("//cdn.example/x.jpg", "https://cdn.example/x.jpg"),
        ("#atas", "https://dinkes.example.go.id/berita/satu/#atas"),
    ],
)
def test_canonical_form(url, canonical):
    assert canonical_url(url, BASE) == canonical


@pytest.mark.parametrize(
    "url",
    ["///evil.example/", "//user@evil.example/", "/\\evil.example", "javascript:x", "https:evil", "\\\\evil.example"],
)
def test_a_base_saves_nothing_hostile(url):
    assert canonical_url(url, BASE) is None


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/?utm_source=x&utm_medium=y", "https://a.example/"),
        ("https://a.example/?b=%7E&utm_source=x&a=+&b=2", "https://a.example/?b=%7E&a=+&b=2"),
        ("https://a.example/?amp;utm_source=x&id=1", "https://a.example/?id=1"),
        ("https://a.example/?fbclid=1#x?utm_source=1", "https://a.example/#x?utm_source=1"),
        ("https://a.example/?igsh=1&igshid=2&mc_cid=3&gclid=4&yclid=5&_hsenc=6", "https://a.example/"),
        ("https://youtu.be/abc?si=track&t=3", "https://youtu.be/abc?t=3"),
        ("https://a.example/?si=mine", "https://a.example/?si=mine"),
        ("https://a.example/?", "https://a.example/?"),
        ("https://a.example/?&&x&utm_source", "https://a.example/?&&x"),
        ("https://a.example/?autm_source=1&gclidx=2", "https://a.example/?autm_source=1&gclidx=2"),
    ],
)
def test_only_tracking_parameters_leave(url, kept):
    assert without_tracking(url) == kept


def test_names_of_tracking_parameters_are_known():
    assert all(map(is_tracking, ["utm_source", "UTM_X", "fbclid", "gclid", "igsh", "mc_eid"]))
    assert not any(map(is_tracking, ["q", "department", "fbclidx", "si", ""]))
