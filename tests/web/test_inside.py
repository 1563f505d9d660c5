"""What the process asks of its own web is what readers get."""

import pytest

from feedhub.errors import FeedHubError, StoreBusy
from feedhub.settings import Settings
from feedhub.web.app import create_app
from feedhub.web.inside import Answered, asking
from feedhub.web.topics import topic_answer
from web.newsroom import PUBLIC_URL, Newsroom, numbered, open_newsroom, serving


@pytest.mark.parametrize(
    ("target", "status"), [("/feed.rss", 200), ("/departments/dinkes/feed.atom?kind=news", 200), ("/feed.x", 404)]
)
async def test_from_inside_an_answer_is_the_same_as_from_outside(database_url, store, target, status):
    await open_newsroom(store)
    async with serving(database_url) as client:
        await Newsroom(store=store, client=client).publish(numbered(1), numbered(2))
        async with asking(
            create_app(Settings(_env_file=None, database_url=database_url, public_url=PUBLIC_URL))
        ) as ask:
            inside, outside = await ask(target), await client.get(target)
    assert (inside.status, inside.body) == (outside.status_code, outside.content)
    assert inside.status == status
    assert inside.fields["content-type"] == outside.headers["content-type"]


async def test_a_web_that_can_not_start_says_so(tmp_path):
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/none/feedhub.sqlite")
    with pytest.raises((FeedHubError, OSError)):
        async with asking(create_app(settings)):
            pass


async def test_a_copy_that_only_stands_in_is_never_passed_on():
    async def stale(_target: str, _change: int = 0) -> Answered:
        return Answered(
            status=200, fields={"content-type": "application/rss+xml", "feedhub-stale": "1"}, body=b"Kabar 1"
        )

    with pytest.raises(StoreBusy):
        await topic_answer(stale, "/feed.rss")
