"""`/media/{id}/{width}.{jpg,webp}`: our copies, for a year, doing nothing; none of a post that is not live."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import lxml.html
import pytest
from PIL import Image

from feedhub.posts.decisions import post_id
from feedhub.posts.picture_copies import wanted_pictures
from feedhub.posts.post import Media, MediaType
from feedhub.settings import Settings, pictures_store
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.desk import hide_gone
from feedhub.store.session import open_store
from feedhub.store.times import to_ms
from feedhub.sync.serving import picturing
from posts_made import made_post
from standins import answer, standin
from walked import OPTIONS
from web.newsroom import CLINIC, NOW, Newsroom, open_newsroom, serving


def picture(width=1600):
    file = BytesIO()
    Image.new("RGB", (width, width // 2), "teal").save(file, "JPEG")
    return file.getvalue()


def told(base):
    film = Media(type=MediaType.VIDEO, url=base + "/1.mp4", preview_url=base + "/film.jpg", mime_type="video/mp4")
    photo = Media(type=MediaType.IMAGE, url=base + "/foto.jpg", preview_url=base + "/small.jpg", alt="Pasar")
    html = f'<p>Lihat: <img src="{base}/teks.jpg" alt="Peta"></p>'
    return made_post(native_id="foto", media=(photo, film), content_html=html, published_at=NOW)


@asynccontextmanager
async def opened(database_url, **settings):
    """A newsroom with one post whose three pictures were copied."""
    store = open_store(database_url)
    await open_newsroom(store)
    folder = pictures_store(Settings(_env_file=None, database_url=database_url, **settings))
    async with standin(answer(body=picture())) as base:
        room = Newsroom(store, client=None)
        post = told(base)
        await room.publish(post)
        await picturing(store, replace(OPTIONS, pictures_store=folder)).once(asyncio.Event())
        async with serving(database_url, **settings) as client:
            yield replace(room, client=client), post
    await store.close()


def paths(post):
    ids = wanted_pictures(post, id=post_id(CLINIC.id, post.native_id), version=1)
    return {source.rpartition("/")[2]: f"/media/{id}" for id, source in ids.items()}


@pytest.fixture
async def asked(sqlite_url):
    async with opened(sqlite_url) as (room, post):
        yield room, post


@pytest.mark.parametrize("format", ["jpg", "webp"])
@pytest.mark.parametrize("width", [320, 640, 1280])
async def test_copies_are_served_for_a_year_and_do_nothing(asked, width, format):
    room, post = asked
    path = f"{paths(post)['foto.jpg']}/{width}.{format}"
    found = await room.get(path)
    assert found.status_code == 200
    assert found.headers["content-type"] == {"jpg": "image/jpeg", "webp": "image/webp"}[format]
    assert Image.open(BytesIO(found.content)).size == (width, width // 2)
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert found.headers["cdn-cache-control"].startswith("max-age=5,")
    assert found.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in found.headers
    again = await room.get(path, if_none_match=found.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == found.headers["cache-control"]
    assert (await room.client.head(path)).headers["content-length"] == str(len(found.content))


@pytest.mark.parametrize(
    "rest",
    [
        "/321.jpg",
        "/1600.jpg",
        "/0.jpg",
        "/320.png",
        "/320.svg",
        "/320",
        "/0320.jpg",
        "/320.jpg/x",
        "/",
        "/..%2f320.jpg",
    ],
)
async def test_nothing_else_is_there(asked, rest):
    room, post = asked
    assert (await room.get(paths(post)["foto.jpg"] + rest)).status_code in {404, 308}
    assert (await room.get(f"/media/{CLINIC.id}/320.jpg")).status_code == 404
    assert (await room.get("/media/x/320.jpg")).status_code == 404


async def test_pictures_of_a_withdrawn_post_are_gone_at_once(asked):
    room, post = asked
    for path in paths(post).values():
        assert (await room.get(f"{path}/320.jpg")).status_code == 200
    await room.withdraw(post)
    for path in paths(post).values():
        gone = await room.get(f"{path}/320.jpg")
        assert (gone.status_code, gone.content) == (410, b"")
        assert "immutable" not in gone.headers["cache-control"]


async def test_pictures_of_a_post_that_its_platform_took_away_are_gone(asked):
    room, post = asked

    def hide(session):
        number = hide_gone(session, [post_id(CLINIC.id, post.native_id)], number=take_clock(session), at=NOW)
        set_clock(session, number, at=to_ms(NOW + timedelta(hours=1)))

    await room.store.write(hide)
    assert (await room.get(f"{paths(post)['foto.jpg']}/320.jpg")).status_code == 410


async def test_picture_that_an_edit_took_away_is_not_served(asked):
    room, post = asked
    await room.publish(replace(post, media=post.media[1:], title="Tanpa foto"))
    assert (await room.get(f"{paths(post)['foto.jpg']}/320.jpg")).status_code == 404
    assert (await room.get(f"{paths(post)['film.jpg']}/320.jpg")).status_code == 200


async def test_api_shows_our_copies_and_names_the_platforms(asked):
    room, post = asked
    [said] = (await room.get("/api/v1/posts")).json()["posts"]
    photo, film = said["media"]
    assert photo["preview_url"] == f"https://kabar.example{paths(post)['foto.jpg']}/640.jpg"
    assert film["preview_url"] == f"https://kabar.example{paths(post)['film.jpg']}/640.jpg"
    assert [photo["url"], film["url"]] == [medium.url for medium in post.media]


async def test_pages_load_our_copies_alone_and_say_so(asked):
    room, post = asked
    for path in ("/", f"/posts/{post_id(CLINIC.id, post.native_id)}", "/departments/dinkes", "/embed"):
        page = await room.get(path)
        tree = lxml.html.document_fromstring(page.content)
        loaded = [one for value in tree.xpath("//img/@src | //@srcset | //@poster") for one in value.split(", ")]
        assert loaded or path == "/embed"
        assert not [one for one in loaded if not one.startswith(("/media/", "https://kabar.example/media/"))]
        assert "img-src 'self' data:;" in page.headers["content-security-policy"]
        assert not tree.xpath("//video | //audio")


async def test_links_let_browsers_ask_the_platforms(sqlite_url):
    async with opened(sqlite_url, pictures="links") as (room, post):
        page = await room.get(f"/posts/{post_id(CLINIC.id, post.native_id)}")
        tree = lxml.html.document_fromstring(page.content)
        assert post.media[1].url in tree.xpath("//video/@src")
        assert post.media[1].preview_url in tree.xpath("//video/@poster")
        assert "img-src 'self' https: http: data:; media-src https: http:" in page.headers["content-security-policy"]
        assert (await room.get(f"{paths(post)['foto.jpg']}/320.jpg")).status_code == 404
        [said] = (await room.get("/api/v1/posts")).json()["posts"]
        assert said["media"][0]["preview_url"] == post.media[0].preview_url


@pytest.mark.parametrize(
    ("database", "said", "store"),
    [
        ("sqlite:///feedhub.sqlite", "", "feedhub-pictures"),
        ("sqlite:////var/lib/feedhub/a.sqlite", "", "/var/lib/feedhub/feedhub-pictures"),
        ("postgresql://db/feedhub", "", "feedhub-pictures"),
        ("postgresql://db/feedhub", "s3://kota/gambar", "s3://kota/gambar"),
    ],
)
def test_pictures_stand_beside_the_database(database, said, store):
    assert pictures_store(Settings(_env_file=None, database_url=database, pictures_store=said)) == store
