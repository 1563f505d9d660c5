"""One account has one key, however its address is written."""

import pytest
from hypothesis import given

from feedhub.accounts.account import Platform
from feedhub.accounts.account_keys import default_key, keys_of
from registers_made import accounts

UC = "UCabcdefghijklmnopqrstuv"


@pytest.mark.parametrize(
    ("platform", "writings", "key"),
    [
        (
            "webfeed",
            [
                "https://dinkes.example/feed",
                "http://dinkes.example/feed/",
                "https://www.dinkes.example:443/feed/#top",
                "http://DINKES.example.:80/feed//",
            ],
            "webfeed:dinkes.example/feed",
        ),
        ("webfeed", ["https://a.example", "https://a.example/"], "webfeed:a.example"),
        ("webfeed", ["https://a.example/?feed=rss2"], "webfeed:a.example?feed=rss2"),
        ("webfeed", ["https://a.example/Feed"], "webfeed:a.example/Feed"),
        ("webfeed", ["https://a.example:8443/feed"], "webfeed:a.example:8443/feed"),
        ("webfeed", ["http://[::1]:8000/feed"], "webfeed:[::1]:8000/feed"),
        ("wordpress", ["https://a.example/"], "wordpress:a.example"),
        (
            "instagram",
            ["dinkes", "@Dinkes", "https://instagram.com/dinkes", "https://www.instagram.com/Dinkes/?igsh=1"],
            "instagram:instagram.com/dinkes",
        ),
        ("x", ["@dinkes", "https://twitter.com/dinkes", "https://x.com/Dinkes?s=20"], "x:x.com/dinkes"),
        ("x", ["https://x.com/i/user/123"], "x:123"),
        ("threads", ["dinkes", "https://www.threads.net/@dinkes"], "threads:threads.com/@dinkes"),
        ("tiktok", ["@dinkes", "https://www.tiktok.com/@dinkes"], "tiktok:tiktok.com/@dinkes"),
        ("telegram", ["dinkes", "https://t.me/s/dinkes", "https://telegram.me/Dinkes"], "telegram:t.me/dinkes"),
        ("facebook", ["dinkes", "https://m.facebook.com/dinkes/"], "facebook:facebook.com/dinkes"),
        ("facebook", ["https://www.facebook.com/profile.php?ref=x&id=100"], "facebook:100"),
        ("facebook", ["https://www.facebook.com/people/Dinas-Kesehatan/100/"], "facebook:100"),
        (
            "youtube",
            [UC, f"https://youtube.com/channel/{UC}/", f"https://www.youtube.com/feeds/videos.xml?channel_id={UC}"],
            f"youtube:{UC}",
        ),
        ("youtube", ["@Dinkes", "https://www.youtube.com/@dinkes"], "youtube:youtube.com/@dinkes"),
        ("mastodon", ["@dinkes@social.example", "https://social.example/@Dinkes"], "mastodon:social.example/@dinkes"),
        (
            "bluesky",
            ["dinkes.example", "https://bsky.app/profile/dinkes.example"],
            "bluesky:bsky.app/profile/dinkes.example",
        ),
        ("bluesky", ["did:plc:abc123", "https://bsky.app/profile/did:plc:abc123"], "bluesky:did:plc:abc123"),
        ("linkedin", ["dinkes", "https://id.linkedin.com/company/dinkes/"], "linkedin:linkedin.com/company/dinkes"),
        ("inbox", ["dinkes"], "inbox:dinkes"),
    ],
)
def test_default_key_does_not_depend_on_how_an_address_is_written(platform, writings, key):
    for writing in writings:
        url, handle = (writing, None) if "://" in writing else (None, writing)
        assert default_key(Platform(platform), url, handle) == key, writing


def test_handle_names_an_account_whose_url_is_only_a_bridge():
    bridge = default_key(Platform.INSTAGRAM, "https://bridge.example/instagram/dinkes", "dinkes")
    assert bridge == default_key(Platform.INSTAGRAM, None, "dinkes")


@given(accounts("dinkes"))
def test_account_is_meant_by_its_own_key_first(account):
    assert keys_of(account)[0] == account.key
    assert default_key(account.platform, account.url, account.handle) in keys_of(account)
