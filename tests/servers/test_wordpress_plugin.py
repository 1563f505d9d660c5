"""Our plugin in a real WordPress: what the city says, corrects and takes back is so there too, and editors keep their words."""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from feedhub.store.session import open_store
from servers.wordpress_site import WordPressSite, wordpress_site
from web.newsroom import Newsroom, numbered, open_newsroom, serving

pytestmark = [pytest.mark.servers, pytest.mark.long]

PLUGIN = Path(__file__).parents[2] / "kit" / "wordpress" / "feedhub"
_LOOPBACK = """<?php
add_filter('http_request_host_is_external', '__return_true');
add_filter('http_allowed_safe_ports', fn($ports) => [...$ports, {port}]);
"""
_ACTIVATE = """
require_once ABSPATH . 'wp-admin/includes/plugin.php';
$error = activate_plugin('feedhub/feedhub.php');
echo is_wp_error($error) ? $error->get_error_message() : 'active';
"""


class Desk:
    """A WordPress that follows the newsroom."""

    def __init__(self, site: WordPressSite) -> None:
        self.site = site

    async def settings(self, **said: object) -> None:
        await self.site.run(f"update_option('feedhub_settings', json_decode('{json.dumps(said)}', true));")

    async def follow(self) -> dict:
        said = await self.site.run("echo wp_json_encode(feedhub_follow());")
        return json.loads(said)

    async def posts(self) -> list[dict]:
        said = await self.site.run(
            "echo wp_json_encode(array_map(fn($p) => ['id' => $p->ID, 'title' => $p->post_title, 'text' => $p->post_content,"
            " 'status' => $p->post_status, 'slug' => $p->post_name, 'version' => get_post_meta($p->ID, '_feedhub_version', true)],"
            " get_posts(['numberposts' => -1, 'post_status' => ['publish', 'draft', 'trash', 'pending'],"
            " 'meta_key' => '_feedhub_id', 'orderby' => 'ID', 'order' => 'ASC'])));"
        )
        return json.loads(said)


@asynccontextmanager
async def desk_of(folder: Path, newsroom: Newsroom) -> AsyncIterator[Desk]:
    """A new WordPress with the plugin, which may ask the newsroom."""
    async with wordpress_site(folder) as site:
        shutil.copytree(PLUGIN, site.folder / "site/wp-content/plugins/feedhub")
        port = str(newsroom.client.base_url).rstrip("/").rpartition(":")[2]
        (site.folder / "site/wp-content/mu-plugins/loopback.php").write_text(_LOOPBACK.replace("{port}", port))
        assert await site.run(_ACTIVATE) == "active"
        yield Desk(site)


async def until_changed(newsroom: Newsroom, number: int) -> None:
    """Wait for the web to see this many changes, or a deletion for 0."""

    def is_seen(answer) -> bool:
        changes = answer.json()["changes"]
        return len(changes) == number if number else any(one["state"] == "deleted" for one in changes)

    await newsroom.until("/api/v1/changes", is_seen)


async def test_wordpress_follows_posts_edits_and_withdrawals_and_keeps_what_editors_wrote(tmp_path, sqlite_url):
    store = open_store(sqlite_url)
    await open_newsroom(store)
    async with serving(sqlite_url) as client, desk_of(tmp_path / "wp", Newsroom(store=store, client=client)) as desk:
        newsroom = Newsroom(store=store, client=client)
        assert "feedhub_unset" in str((await desk.follow()).get("errors"))
        old, first, second, third = (numbered(number) for number in range(4))
        await newsroom.publish(old)
        await desk.settings(url=str(client.base_url).rstrip("/"), status="publish", departments="dinkes")
        await until_changed(newsroom, 1)
        assert (await desk.follow())["created"] == 0  # it begins with what is new

        await newsroom.publish(first, second, third)
        await until_changed(newsroom, 4)
        assert (await desk.follow())["created"] == 3
        assert await desk.follow() == {"created": 0, "updated": 0, "withdrawn": 0, "kept": 0}
        posts = await desk.posts()
        assert {post["title"] for post in posts} == {"Kabar 1", "Kabar 2", "Kabar 3"}
        assert all("Imunisasi gratis" in post["text"] and "feedhub-source" in post["text"] for post in posts)

        edited = next(post["id"] for post in posts if post["title"] == "Kabar 2")
        await desk.site.edit(edited, content="<p>Ditulis ulang oleh redaksi.</p>")
        for changed in (first, second):
            await newsroom.publish(replace(changed, title=f"{changed.title} diperbarui <i>"))
        await newsroom.withdraw(third, reason="Tanggalnya keliru.")
        await until_changed(newsroom, 0)
        assert await desk.follow() == {"created": 0, "updated": 2, "withdrawn": 1, "kept": 0}
        await looks_right(desk, edited)
    await store.close()


async def looks_right(desk: Desk, edited: int) -> None:
    by_id = {post["id"]: post for post in await desk.posts()}
    assert len(by_id) == 3
    assert "Kabar 1 diperbarui &lt;i&gt;" in {post["title"] for post in by_id.values()}
    assert "redaksi" in by_id[edited]["text"]
    [withdrawn] = [post for post in by_id.values() if "Tanggalnya keliru." in post["text"]]
    assert "Imunisasi" not in withdrawn["text"]
    assert "kabar" not in withdrawn["slug"]
    assert await desk.site.run(f"echo count(wp_get_post_revisions({withdrawn['id']}));") == "0"
