"""No page makes a visitor's browser call a platform: pictures are our copies, or links."""

from dataclasses import replace

import lxml.html
import pytest
from hypothesis import given

from feedhub.posts.filters import Filters
from feedhub.posts.html import clean_html, images_in
from feedhub.posts.picture_copies import PictureMode
from feedhub.posts.post import Media, MediaType, PostStatus
from feedhub.views import pages
from feedhub.views.page_home import home_page
from feedhub.views.page_lists import PostList
from posts_made import kept_posts
from views.made_pages import HOSTILE, POSTS, SITE, UNTITLED, VACCINES, image, kept, made_post

PICTURE = "https://media.tirtasari.example/a.jpg"
_LOADING = "//@src | //@srcset | //@poster | //@data | //@background | //link[@rel='stylesheet' or @rel='icon']/@href"


def loaded(html: str) -> list[str]:
    """What a browser would fetch by itself."""
    values = lxml.html.document_fromstring(html).xpath(_LOADING)
    return [part.split()[0] for value in values for part in str(value).split(", ") if part.strip()]


def pages_of(*posts, **changed):
    site = replace(SITE, **changed)
    shown = PostList(posts=posts, filters=Filters(), path="/", implied=frozenset(), before=None, older=None)
    yield home_page(site, shown, None, ())
    yield from (pages.post_page(site, one, (), posts) for one in posts if one.post)


def written(html: str, *, copied: bool = True):
    post = replace(made_post("Judul", "Teks"), content_html=clean_html(html))
    one = kept(replace(post, media=images_in(post.content_html)))
    return one if copied else replace(one, pictures=())


@pytest.mark.parametrize("mode", [PictureMode.COPIES, PictureMode.NONE])
@pytest.mark.parametrize("is_copied", [True, False])
def test_no_page_loads_anything_from_elsewhere(mode, is_copied):
    odd = written(
        '<p><img src="https://evil.example/x.png" alt="a&quot;>b"><a href="https://a.example/"><img src="https://b.example/y.jpg"></a></p>'
    )
    shown = (*POSTS, *HOSTILE, odd)
    if not is_copied:
        shown = tuple(replace(one, pictures=()) for one in shown)
    for html in pages_of(*shown, pictures=mode):
        assert [url for url in loaded(html) if not url.startswith("/")] == []


@given(kept_posts((PostStatus.LIVE,)))
def test_no_odd_post_loads_anything_from_elsewhere(one):
    for html in pages_of(one):
        assert [url for url in loaded(html) if not url.startswith("/")] == []


def test_links_mode_asks_the_platforms_and_none_shows_nothing():
    linked = "".join(pages_of(VACCINES, pictures=PictureMode.LINKS))
    assert PICTURE.replace("/a.", "/imunisasi.") in loaded(linked)
    assert not any("/media/" in url for url in loaded(linked))
    silent = "".join(pages_of(VACCINES, UNTITLED, pictures=PictureMode.NONE))
    assert "<img" not in silent
    assert "<video" not in silent


def test_copies_come_in_widths_and_formats_with_their_size():
    page = lxml.html.document_fromstring(list(pages_of(VACCINES))[1])
    [first, *_] = page.xpath("//article//picture")
    copy = VACCINES.pictures[0]
    assert first.xpath("source/@type") == ["image/webp"]
    assert [one.split()[1] for one in first.xpath("source/@srcset")[0].split(", ")] == ["320w", "640w", "1200w"]
    [img] = first.xpath(".//img")  # libxml2 closes no source
    assert (img.get("width"), img.get("height")) == ("1200", "800")
    assert img.get("src") == copy.path(640, "jpg")


def test_picture_in_the_text_is_our_copy_with_its_words():
    [_, html] = pages_of(
        written(
            f'<p>Lihat <img src="{PICTURE}?a=1&amp;b=2" alt="Peta &amp; &quot;jalan&quot;" width="9" height="9"></p>'
        )
    )
    [img] = lxml.html.document_fromstring(html).xpath("//div[@class='post-text']//img")
    assert img.get("alt") == 'Peta & "jalan"'
    assert img.get("src").startswith("/media/")
    assert (img.get("width"), img.get("height")) == ("1200", "800")


def test_picture_without_a_copy_becomes_a_link_and_words_within_one():
    [_, html] = pages_of(written(f'<p><img src="{PICTURE}" alt="Peta"></p>', copied=False))
    [link] = lxml.html.document_fromstring(html).xpath("//div[@class='post-text']//a")
    assert (link.get("href"), link.text) == (PICTURE, "Peta")
    within = f'<p><a href="https://a.example/x"><img src="{PICTURE}" alt=""></a> <img src="{PICTURE}2"></p>'
    [_, html] = pages_of(written(within, copied=False))
    links = lxml.html.document_fromstring(html).xpath("//div[@class='post-text']//a")
    assert [link.get("href") for link in links] == ["https://a.example/x", PICTURE + "2"]
    assert all(link.text.startswith("Gambar dari") for link in links)


def test_attachment_without_a_copy_is_a_link_to_it():
    film = Media(type=MediaType.VIDEO, url="https://v.example/1.mp4", mime_type="video/mp4", preview_url=PICTURE)
    one = replace(kept(made_post("Film", "x", media=(film, image("foto", "Pasar malam")))), pictures=())
    [_, html] = pages_of(one)
    page = lxml.html.document_fromstring(html)
    assert {"https://v.example/1.mp4", "https://media.tirtasari.example/foto.jpg"} <= set(
        page.xpath("//article//a/@href")
    )
    assert "Pasar malam" in page.text_content()
