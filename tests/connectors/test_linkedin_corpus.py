"""Every file of LinkedIn's documented answers is read, or refused by name."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from feedhub.connectors.api import Said
from feedhub.connectors.exchange import Answer
from feedhub.connectors.linkedin import connector
from feedhub.connectors.linkedin_answers import refusal
from feedhub.connectors.linkedin_post import urns_in
from feedhub.failures import RateLimited, StatusRefused, TokenRefused
from feedhub.payloads.payload import Document
from feedhub.posts.post import MediaType, PostType

FOLDER = Path(__file__).parents[3] / "shared" / "payloads" / "linkedin"
FILES = sorted(FOLDER.rglob("*.json"))
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)

READ = {"documented/posts_by_author": 3}
REFUSED = {
    "documented/error.401": TokenRefused,
    "documented/error.426_version": StatusRefused,
    "documented/error.429": RateLimited,
}
if not FILES:
    print(f"{FOLDER.name}: 4 files are not here and were not read")  # noqa: T201 - the contract of shared payloads


def name_of(path):
    return path.relative_to(FOLDER).with_suffix("").as_posix()


def test_counts_are_told():
    names = {name_of(path) for path in FILES}
    print(f"linkedin: {len(names & READ.keys())} read, {len(names & REFUSED.keys())} refused by name, 0 hold no post")  # noqa: T201
    assert names <= {*READ, *REFUSED}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_is_accounted_for(path):
    name, value = name_of(path), json.loads(path.read_text())
    if name in REFUSED:
        answer = Answer(status=value["status"], url="https://api.linkedin.com/", headers=httpx.Headers({}), body=b"")
        failure = refusal(Said(answer=answer, value=value), whom="dinkes", now=NOW)
        assert type(failure) is REFUSED[name]
        if isinstance(failure, RateLimited):  # a day's limit
            assert failure.retry_at == datetime(2026, 11, 3, tzinfo=UTC)
        return
    elements = value["elements"]
    told = {urn: {"downloadUrl": f"https://media.licdn.com/{place}"} for place, urn in enumerate(urns_of(elements))}
    document = Document(
        url="https://api.linkedin.com/", body=path.read_bytes(), fetched_at=NOW, context={"media": json.dumps(told)}
    )
    posts = [connector.read(payload) for payload in connector.split(document).payloads]
    assert [post.native_id for post in posts] == [element["id"] for element in elements]
    assert len(posts) == READ[name]
    for post, element in zip(posts, elements, strict=True):
        assert abs(post.published_at - datetime.fromtimestamp(element["publishedAt"] / 1000, UTC)) < timedelta(
            seconds=1
        )
        assert [one.url for one in post.media] == [told[urn]["downloadUrl"] for urn in urns_in(element)]
        is_edited = element.get("lifecycleStateInfo", {}).get("isEditedByAuthor", False)
        assert (post.edited_at is not None) == is_edited
    film, article, shared = posts
    assert film.content_text == "Pengumuman #kota oleh Diskominfo"
    assert (film.tags, film.mentions) == (("kota",), ("Diskominfo",))
    assert (film.media[0].type, film.media[0].alt) == (MediaType.VIDEO, "teks alt")
    assert "https://example.go.id/" in article.links
    assert (shared.type, shared.repost_of) == (PostType.QUOTE, "urn:li:share:1")
    assert [one.alt for one in shared.media] == ["satu", ""]


def urns_of(elements):
    return [urn for element in elements for urn in urns_in(element)]
