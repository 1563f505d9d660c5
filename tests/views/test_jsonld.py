"""Facts for search engines: what they say, and that no post can end the element they stand in."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import lxml.html
import pytest
from hypothesis import given

from feedhub.accounts.account import AccountStatus
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.post import Event, PostStatus
from feedhub.views import pages
from feedhub.views.jsonld import department_document, home_document, post_document, script_text
from feedhub.views.page_posts import shown_post
from judges import schema_org_faults
from posts_made import kept_posts, made_kept, made_post
from views.made_pages import ACCOUNTS, HEALTH, HEALTH_SITE, SITE

IMAGE = "https://kabar.tirtasari.example/card.png"
NEEDED = {
    "SocialMediaPosting": {"headline", "datePublished", "dateModified", "author", "publisher", "image", "isBasedOn"},
    "NewsArticle": {"headline", "datePublished", "dateModified", "author", "publisher", "image", "articleBody"},
    "SpecialAnnouncement": {"name", "text", "datePosted", "publisher", "url"},
    "Event": {"name", "startDate", "location", "organizer", "eventStatus"},
    "GovernmentService": {"name", "serviceOperator", "areaServed", "url"},
}


def things_of(site=SITE, **fields):
    post = made_post(**fields.pop("post", {}))
    kept = made_kept(post=post, **fields)
    document = post_document(site, kept, post, shown_post(site, kept, post, ()), image_url=IMAGE)
    assert schema_org_faults(document) == []
    return {thing["@type"]: thing for thing in document["@graph"]}


@pytest.mark.parametrize(
    ("kinds", "event", "types"),
    [
        ((), None, {"SocialMediaPosting"}),
        ((Kind.NEWS,), None, {"NewsArticle"}),
        ((Kind.EMERGENCY,), None, {"SpecialAnnouncement"}),
        ((Kind.SERVICE,), None, {"SocialMediaPosting", "GovernmentService"}),
        ((Kind.ASSISTANCE,), None, {"SocialMediaPosting", "GovernmentService"}),
        ((Kind.EVENT,), Event(starts_at=datetime(2026, 11, 23, 1, tzinfo=UTC)), {"SocialMediaPosting", "Event"}),
        ((Kind.EVENT,), None, {"SocialMediaPosting"}),
    ],
)
def test_posts_are_what_their_kind_is(kinds, event, types):
    things = things_of(post={"kinds": kinds, "event": event})
    assert set(things) == types | {"BreadcrumbList"}
    for name in types:
        assert NEEDED[name] - set(things[name]) == set()
    told = types - {"SocialMediaPosting", "NewsArticle", "SpecialAnnouncement"}
    posting = things[(types - told).pop()]
    assert posting.get("about") == ({"@id": things[told.pop()]["@id"]} if told else None)


def test_corrections_are_said():
    notice = Notice(kind=NoticeKind.CORRECTION, reason="Jamnya 08.00.", at=datetime(2026, 11, 20, 3, tzinfo=UTC))
    assert things_of(notice=notice)["SocialMediaPosting"]["correction"] == {
        "@type": "CorrectionComment",
        "text": "Jamnya 08.00.",
        "datePublished": "2026-11-20T10:00:00+07:00",
    }
    assert "correction" not in things_of()["SocialMediaPosting"]


def test_departments_are_parts_of_the_city_with_their_living_accounts():
    gone = replace(HEALTH_SITE, key="gone", url="https://lama.example/", status=AccountStatus.RETIRED)
    document = department_document(SITE, HEALTH, (HEALTH_SITE, gone))
    assert schema_org_faults(document) == []
    department, trail = document["@graph"]
    assert department["parentOrganization"]["name"] == "Kota Tirtasari"
    assert department["sameAs"] == [HEALTH.url, HEALTH_SITE.url]
    assert [step["position"] for step in trail["itemListElement"]] == [1, 2]
    assert "rahasia" not in json.dumps([department_document(SITE, HEALTH, ACCOUNTS)])


def test_home_says_how_to_search():
    assert schema_org_faults(home_document(SITE)) == []
    website, city = home_document(SITE)["@graph"]
    assert website["potentialAction"]["target"]["urlTemplate"] == f"{SITE.public_url}/search?q={{search_term_string}}"
    assert website["publisher"]["@id"] == city["@id"]


@pytest.mark.parametrize(
    "hostile",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "]]></SCRIPT >",
        "\u2028alert(1)\u2029",
        '"}]}</script>',
        "\\u003c/script>",
        "&lt;/script&gt;",
    ],
)
def test_no_text_ends_the_element(hostile):
    text = script_text({"name": hostile})
    assert not set("<>&\u2028\u2029") & set(text)
    tree = lxml.html.document_fromstring(f'<script type="application/ld+json">{text}</script><p>after</p>')
    assert [json.loads(one.text) for one in tree.iter("script")] == [{"name": hostile}]
    assert tree.findtext(".//p") == "after"


@given(kept_posts((PostStatus.LIVE,)))
def test_any_legal_post_has_facts_that_can_be_read(kept):
    tree = lxml.html.document_fromstring(pages.post_page(SITE, kept, ()))
    (script,) = tree.xpath("//script[@type='application/ld+json']")
    assert json.loads(script.text)["@context"] == "https://schema.org"
