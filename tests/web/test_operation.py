"""What the people who run it ask of it."""

import asyncio

from prometheus_client.parser import text_string_to_metric_families

from web.newsroom import PUBLIC_URL, Newsroom, numbered, open_newsroom, serving


async def test_it_lives_and_is_ready(room):
    assert (await room.get("/livez")).text == "ok\n"
    ready = await room.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert ready.json()["clock"] >= 10


async def test_metrics_tell_what_comes_in_and_what_goes_out(room):
    for target in ("/feed.rss", "/feed.rss", "/api/v1/posts?limit=0", "/nowhere", "/anywhere"):
        await room.get(target)
    families = list(text_string_to_metric_families((await room.get("/metrics")).text))
    told = {
        (sample.name, *sorted(sample.labels.values())): sample.value for family in families for sample in family.samples
    }
    assert told["feedhub_posts",] == 10
    assert told["feedhub_store_up",] == 1
    assert told["feedhub_clock_number",] >= 10
    assert told["feedhub_accounts", "active", "never"] == 2
    assert told["feedhub_http_answers_total", "/feed.{name}", "200"] == 2
    assert told["feedhub_http_answers_total", "/api/v1/posts", "422"] == 1
    assert told["feedhub_http_answers_total", "404", "unmatched"] == 2
    assert told["feedhub_http_rendered_total",] >= 1
    assert told["feedhub_visit_overdue_seconds",] >= 0


async def test_robots_are_welcome_where_it_helps(room):
    answer = await room.get("/robots.txt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert "Disallow: /search" in answer.text


async def test_many_askers_at_once_cost_one_rendering(room):
    answers = await asyncio.gather(*(room.get("/feed.atom?q=kabar") for _ in range(40)))
    assert {answer.content for answer in answers} == {answers[0].content}
    lines = (await room.get("/metrics")).text.splitlines()
    assert "feedhub_http_rendered_total 1.0" in lines


async def test_a_public_address_with_a_path_works_behind_any_proxy(sqlite_url):
    async with serving(sqlite_url, public_url="https://kota.example/kabar/") as client:
        stripped, whole = await client.get("/feed.json"), await client.get("/kabar/feed.json")
        assert stripped.content == whole.content
        assert stripped.json()["feed_url"] == "https://kota.example/kabar/feed.json"
        moved = await client.get("/kabar/feed.rss?kind=news")
        assert moved.headers["location"] == "https://kota.example/kabar/kinds/news/feed.rss"
        page = (await client.get("/kabar/")).text
        assert 'href="/kabar/departments"' in page


async def test_cursors_outlive_a_restart(store):
    await open_newsroom(store)
    async with serving(store.database_url) as one:
        await Newsroom(store, one).publish(numbered(1), numbered(2))
        following = (await one.get("/api/v1/posts?limit=1")).json()["next"]
    async with serving(store.database_url) as two:
        answer = await two.get(following.removeprefix(PUBLIC_URL))
        assert [post["title"] for post in answer.json()["posts"]] == ["Kabar 2"]
