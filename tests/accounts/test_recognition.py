"""An address says whose account it is, or why it is none; the patterns' own examples are the tests."""

import pytest

from feedhub.accounts.account import Platform, Via
from feedhub.accounts.account_keys import default_key
from feedhub.accounts.profile_patterns import Oddity
from feedhub.accounts.recognition import PATTERNS, recognised

EXAMPLES = [(pattern, example) for pattern in PATTERNS for example in pattern.examples]
UC = "UCabcdefghijklmnopqrstuv"


@pytest.mark.parametrize(("pattern", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_every_example_is_recognised_by_its_own_pattern(pattern, example):
    found = recognised(example)
    assert found is not None
    assert (found.platform, found.oddity) == (pattern.platform, pattern.oddity)
    assert found.url == (pattern.examples[0] if pattern.url else example)


@pytest.mark.parametrize("pattern", [each for each in PATTERNS if each.oddity is None], ids=lambda each: each.path[:40])
def test_one_account_has_one_key_by_any_address(pattern):
    urls = [example if example.startswith("http") else recognised(example).url for example in pattern.examples]
    keys = {default_key(pattern.platform, url, None) for url in urls}
    assert len(keys) == 1, keys
    found = recognised(pattern.examples[0])
    if found.handle:
        assert default_key(found.platform, found.url, found.handle) in keys
    if found.native_id:
        assert keys == {f"{found.platform}:{found.native_id}"}


@pytest.mark.parametrize(
    ("written", "platform", "url", "handle"),
    [
        ("https://www.youtube.com/@Dinkes", "youtube", "https://www.youtube.com/@Dinkes", "Dinkes"),
        ("  instagram.com/dinkes.kota ", "instagram", "https://www.instagram.com/dinkes.kota/", "dinkes.kota"),
        ("https://m.me/dinkes.kota", "facebook", "https://www.facebook.com/dinkes.kota", "dinkes.kota"),
        ("https://t.me/s/dinkeskota", "telegram", "https://t.me/dinkeskota", "dinkeskota"),
        ("@dinkes@social.example", "mastodon", "https://social.example/@dinkes", "@dinkes@social.example"),
        ("acct:dinkes@social.example", "mastodon", "https://social.example/@dinkes", "@dinkes@social.example"),
        ("https://social.example/@dinkes", "mastodon", "https://social.example/@dinkes", "@dinkes@social.example"),
        ("https://social.example/users/dinkes", "mastodon", "https://social.example/@dinkes", "@dinkes@social.example"),
        ("https://social.example/@a@b.example", "mastodon", "https://b.example/@a", "@a@b.example"),
        ("http://127.0.0.1:4001/@dinkes", "mastodon", "http://127.0.0.1:4001/@dinkes", "@dinkes@127.0.0.1:4001"),
        ("https://www.linkedin.com/showcase/dinkes", "linkedin", "https://www.linkedin.com/showcase/dinkes", None),
    ],
)
def test_accounts_are_recognised(written, platform, url, handle):
    found = recognised(written)
    assert (found.platform, found.url, found.handle, found.oddity) == (Platform(platform), url, handle, None)


@pytest.mark.parametrize(
    ("written", "platform", "url"),
    [
        ("dinkes", "instagram", "https://www.instagram.com/dinkes/"),
        ("@dinkes", "tiktok", "https://www.tiktok.com/@dinkes"),
        (UC, "youtube", f"https://www.youtube.com/channel/{UC}"),
        ("dinkes", "youtube", "https://www.youtube.com/@dinkes"),
        ("100064123456", "facebook", "https://www.facebook.com/profile.php?id=100064123456"),
        ("dinkes.example.go.id", "bluesky", "https://bsky.app/profile/dinkes.example.go.id"),
        ("did:plc:z72i7hdynmk6r22z27h6tvur", "bluesky", "https://bsky.app/profile/did:plc:z72i7hdynmk6r22z27h6tvur"),
        ("dinkes", "linkedin", "https://www.linkedin.com/company/dinkes"),
        ("dinkes", "x", "https://x.com/dinkes"),
        ("dinkeskota", "telegram", "https://t.me/dinkeskota"),
        ("@dinkes@social.example", "activitypub", "https://social.example/@dinkes"),
        ("dinkes", "inbox", None),
    ],
)
def test_a_bare_handle_means_an_account_once_its_platform_is_said(written, platform, url):
    found = recognised(written, Platform(platform))
    assert (found.platform, found.url, found.oddity) == (Platform(platform), url, None)
    address = found.url
    assert default_key(found.platform, address, found.handle) == default_key(Platform(platform), None, written)


@pytest.mark.parametrize(
    ("written", "oddity"),
    [
        ("https://social.example/@dinkes/112233", Oddity.POST),
        ("https://social.example/users/dinkes/statuses/112233", Oddity.POST),
        ("https://www.instagram.com/explore/tags/x/", Oddity.OTHER_PAGE),
        ("https://www.youtube.com/playlist?list=PL1", Oddity.OTHER_PAGE),
        ("https://x.com/search?q=dinkes", Oddity.OTHER_PAGE),
        ("https://www.tiktok.com/tag/imunisasi", Oddity.OTHER_PAGE),
        ("https://www.facebook.com/hashtag/imunisasi", Oddity.OTHER_PAGE),
        ("https://www.facebook.com/dinkes/posts/pfbid0abcDEF", Oddity.POST),
        ("https://www.instagram.com/dinkes/p/C0abcDEF/", Oddity.POST),
    ],
)
def test_what_is_no_account_is_named(written, oddity):
    assert recognised(written).oddity is oddity


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "dinkes", "@dinkes", "https://dinkes.example.go.id/", "dinkes.example.go.id", "ftp://t.me/dinkes"),
        *("https://instagram.com.evil.example/dinkes", "https://notinstagram.com/dinkes", "http://[", "mailto:a@b"),
        "https://dinkes.example.go.id/berita/@",
    ],
)
def test_a_website_is_nothing_by_its_address_alone(written):
    assert recognised(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "https://rsshub.app/instagram/user/dinkes",
        "https://rsshub.kota.example/telegram/channel/dinkes?format=json",
        "https://bridge.example/?action=display&bridge=Facebook&u=dinkes&format=Atom",
    ],
)
def test_bridges_are_feeds_of_lower_trust(written):
    found = recognised(written)
    assert (found.platform, found.via, found.url) == (Platform.WEBFEED, Via.BRIDGE, written)


def test_a_post_says_who_wrote_it_where_its_address_does():
    assert recognised("https://x.com/dinkes/status/17").handle == "dinkes"
    assert recognised("https://www.tiktok.com/@dinkes/video/73").handle == "dinkes"
    assert recognised("https://www.instagram.com/stories/dinkes/1/").handle == "dinkes"
    assert recognised("https://social.example/@dinkes/112233").handle == "@dinkes@social.example"
