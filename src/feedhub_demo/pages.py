"""The sites' pages for people: a front page and a page for each article."""

from html import escape

from feedhub_demo.articles import Article
from feedhub_demo.attachments import attachment
from feedhub_demo.sites import CITY, Edition

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


def front_page(edition: Edition) -> str:
    rows = "".join(_row(edition, article) for article in edition.articles)
    channels = "".join(
        f'<li><a rel="me" href="{escape(url)}">{escape(name)}</a></li>' for name, url in edition.channels
    )
    contact = (
        f'<section id="kontak"><h2>Kanal resmi</h2><p>Situs ini adalah kanal resmi {escape(edition.title)}. '
        f'Kabar terbaru juga tersedia sebagai <a href="{edition.site.feed_path}">umpan</a>.</p><ul>{channels}</ul></section>'
    )
    return _page(edition, edition.title, f"<p>{escape(edition.site.motto)}</p>{rows}{contact}")


def article_page(edition: Edition, article: Article) -> str:
    heading = f"<h2>{escape(article.title)}</h2>" if article.title else ""
    attached = ""
    if article.attachment:
        size = len(attachment(article.attachment)[0]) // 1024 + 1
        attached = f'<p><a href="/berkas/{article.attachment}">{article.attachment}</a> ({size} KB)</p>'
    tags = " ".join(f"<small>{escape(tag)}</small>" for tag in article.tags)
    body = f"<article>{heading}<time>{_day(article)}</time>{article.html('')}{attached}<p>{tags}</p></article>"
    return _page(edition, article.title or article.excerpt[:60], body)


def _row(edition: Edition, article: Article) -> str:
    link = f'<a href="{edition.site.path_of(article)}">{escape(article.title or article.excerpt[:80])}</a>'
    return f"<h3>{link}</h3><time>{_day(article)}</time><p>{escape(article.excerpt)}</p>"


def _day(article: Article) -> str:
    moment = article.published_at
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H.%M} WIB"


def _page(edition: Edition, title: str, body: str) -> str:
    site = edition.site
    return f"""<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="alternate" type="{site.feed_type}" title="{escape(edition.title)}" href="{site.feed_path}">
<style>
body {{ font: 1.05rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: auto; padding: 1rem; color: #1d2a33 }}
header {{ border-bottom: .35rem solid {site.colour}; margin-bottom: 1.5rem }}
a {{ color: {site.colour} }} img {{ max-width: 100%; height: auto; border-radius: .5rem }}
figure {{ margin: 1rem 0 }} time, small {{ color: #5a6872 }} h3 {{ margin-bottom: 0 }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid #c8d1d8; padding: .3rem .6rem; text-align: left }}
</style>
</head>
<body>
<header><h1><a href="/">{escape(site.name)}</a></h1><p>{CITY} (kota contoh, bukan kota sungguhan)</p></header>
<main>{body}</main>
</body>
</html>
"""
