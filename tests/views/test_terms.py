"""Under which terms a post may be used."""

from dataclasses import replace

import pytest

from feedhub.accounts.account import Platform, Publisher, Via
from feedhub.posts.post import Media, MediaType, PostStatus, PostType
from feedhub.views.terms import attribution, restrictions, usage_terms
from posts_made import made_kept, made_post

CITY = Publisher(name="Kota X", license="https://creativecommons.org/licenses/by/4.0/", language="en")
PICTURE = (Media(type=MediaType.IMAGE, url="https://cdn.example/a.jpg"),)


def said_on(platform: Platform, *, url: str | None = None, **of_post):
    kept = made_kept(post=made_post(**of_post))
    return replace(kept, account=replace(kept.account, platform=platform, url=url))


@pytest.mark.parametrize(
    ("platform", "url", "line"),
    [
        (Platform.INSTAGRAM, "https://www.instagram.com/dinkes/", "Kota X / Dinas Kesehatan, via Instagram, CC BY 4.0"),
        (Platform.WEBFEED, "https://www.dinkes.example/f", "Kota X / Dinas Kesehatan, via dinkes.example, CC BY 4.0"),
        (Platform.INBOX, None, "Kota X / Dinas Kesehatan, CC BY 4.0"),
    ],
)
def test_an_attribution_names_city_department_place_and_licence(platform, url, line):
    assert attribution(said_on(platform, url=url), CITY) == line


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (said_on(Platform.WEBFEED, media=PICTURE), ()),
        (said_on(Platform.WEBFEED, media=PICTURE, via=Via.BRIDGE), ("Pictures",)),
        (said_on(Platform.INSTAGRAM), ()),
        (said_on(Platform.INSTAGRAM, media=PICTURE), ("Pictures",)),
        (said_on(Platform.X, type=PostType.REPOST), ("passes on",)),
        (said_on(Platform.X, type=PostType.QUOTE, media=PICTURE), ("quoted", "Pictures")),
    ],
)
def test_restrictions_name_what_is_others(kept, words):
    said = restrictions(kept, CITY)
    assert (said is not None) == bool(words)
    assert all(word in (said or "") for word in words)
    assert usage_terms(kept, CITY).startswith(attribution(kept, CITY))
    assert restrictions(replace(kept, status=PostStatus.WITHDRAWN), CITY) is None


def test_without_a_licence_reprinting_needs_permission():
    assert "permission" in (restrictions(said_on(Platform.WEBFEED), replace(CITY, license=None)) or "")
    assert "izin" in (restrictions(said_on(Platform.WEBFEED), replace(CITY, license=None), language="id") or "")
