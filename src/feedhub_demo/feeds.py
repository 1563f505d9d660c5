"""One writer for each flavour of feed that the demo city's sites speak."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from feedhub_demo.articles import Article
from feedhub_demo.attachments import attachment
from feedhub_demo.sites import Edition

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def rss2(edition: Edition) -> str:
    """RSS 2.0 as WordPress writes it: an excerpt, and the whole in content:encoded."""
    return f"""{_XML}<rss version="2.0"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
  <title>{escape(edition.title)}</title>
  <atom:link href="{edition.feed_url}" rel="self" type="application/rss+xml" />
  <link>{edition.root}</link>
  <description>{escape(edition.site.motto)}</description>
  <lastBuildDate>{_rfc822(newest_change(edition))}</lastBuildDate>
  <language>id-ID</language>
{"".join(_rss2_entry(edition, article) for article in edition.articles)}</channel>
</rss>
"""


def _rss2_entry(edition: Edition, article: Article) -> str:
    categories = "".join(f"    <category><![CDATA[{tag}]]></category>\n" for tag in article.tags)
    return f"""  <item>
    <title>{escape(article.title or "")}</title>
    <link>{edition.link(article)}</link>
    <dc:creator><![CDATA[Humas {edition.site.name}]]></dc:creator>
    <pubDate>{_rfc822(article.published_at)}</pubDate>
{categories}    <guid isPermaLink="false">{escape(edition.site.id_of(article))}</guid>
    <description><![CDATA[<p>{escape(article.excerpt, quote=False)[:240]} [&hellip;]</p>]]></description>
    <content:encoded><![CDATA[{article.html(edition.root)}]]></content:encoded>
{_rss2_enclosure(edition, article)}  </item>
"""


def _rss2_enclosure(edition: Edition, article: Article) -> str:
    if article.attachment is None:
        return ""
    body, media_type = attachment(article.attachment)
    url = f"{edition.root}/berkas/{article.attachment}"
    return f'    <enclosure url="{url}" length="{len(body)}" type="{media_type}" />\n'


def atom(edition: Edition) -> str:
    """Atom 1.0 with relative addresses under xml:base and pictures as enclosures too."""
    return f"""{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id" xml:base="{edition.root}/">
  <id>tag:{edition.site.slug}.tirtasari.example,2026:warta</id>
  <title>{escape(edition.title)}</title>
  <subtitle>{escape(edition.site.motto)}</subtitle>
  <updated>{newest_change(edition).isoformat()}</updated>
  <author><name>{escape(edition.site.name)}</name></author>
  <link rel="alternate" type="text/html" href="/" />
  <link rel="self" type="application/atom+xml" href="{edition.site.feed_path}" />
{"".join(_atom_entry(edition, article) for article in edition.articles)}</feed>
"""


def _atom_entry(edition: Edition, article: Article) -> str:
    categories = "".join(f'    <category term="{escape(tag)}" />\n' for tag in article.tags)
    return f"""  <entry xml:lang="{article.language}">
    <id>{edition.site.id_of(article)}</id>
    <title>{escape(article.title or "")}</title>
    <link rel="alternate" type="text/html" href="{edition.site.path_of(article)}" />
    <published>{article.published_at.isoformat()}</published>
    <updated>{article.changed_at.isoformat()}</updated>
{categories}{_atom_enclosures(article)}    <summary>{escape(article.excerpt)}</summary>
    <content type="html">{escape(article.html(""))}</content>
  </entry>
"""


def _atom_enclosures(article: Article) -> str:
    links = [("/gambar/" + name, "image/jpeg") for name in article.pictures]
    if article.attachment:
        links.append(("/berkas/" + article.attachment, attachment(article.attachment)[1]))
    return "".join(f'    <link rel="enclosure" type="{kind}" href="{path}" />\n' for path, kind in links)


def json_feed(edition: Edition) -> str:
    """JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": edition.title,
        "description": edition.site.motto,
        "home_page_url": edition.root + "/",
        "feed_url": edition.feed_url,
        "language": "id",
        "authors": [{"name": edition.site.name}],
        "items": [_json_entry(edition, article) for article in edition.articles],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_entry(edition: Edition, article: Article) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": edition.site.id_of(article),
        "url": edition.link(article),
        "content_html": article.html(edition.root),
        "summary": article.excerpt,
        "date_published": article.published_at.isoformat(),
        "tags": list(article.tags),
        "language": article.language,
    }
    if article.title:
        entry["title"] = article.title
    if article.changed_at != article.published_at:
        entry["date_modified"] = article.changed_at.isoformat()
    if article.pictures:
        entry["image"] = f"{edition.root}/gambar/{article.pictures[0]}"
    if article.attachment:
        body, media_type = attachment(article.attachment)
        url = f"{edition.root}/berkas/{article.attachment}"
        entry["attachments"] = [{"url": url, "mime_type": media_type, "size_in_bytes": len(body)}]
    return entry


def rdf(edition: Edition) -> str:
    """RSS 1.0: RDF with Dublin Core, as older content systems still write it."""
    ids = [escape(edition.site.id_of(article)) for article in edition.articles]
    sequence = "".join(f'      <rdf:li rdf:resource="{about}" />\n' for about in ids)
    return f"""{_XML}<rdf:RDF xmlns="http://purl.org/rss/1.0/"
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="{edition.feed_url}">
    <title>{escape(edition.title)}</title>
    <link>{edition.root}/</link>
    <description>{escape(edition.site.motto)}</description>
    <dc:language>id</dc:language>
    <dc:date>{newest_change(edition).isoformat()}</dc:date>
    <items><rdf:Seq>
{sequence}    </rdf:Seq></items>
  </channel>
{"".join(_rdf_entry(edition, article) for article in edition.articles)}</rdf:RDF>
"""


def _rdf_entry(edition: Edition, article: Article) -> str:
    subjects = "".join(f"    <dc:subject>{escape(tag)}</dc:subject>\n" for tag in article.tags)
    return f"""  <item rdf:about="{escape(edition.site.id_of(article))}">
    <title>{escape(article.title or "")}</title>
    <link>{edition.link(article)}</link>
    <description>{escape(article.excerpt)}</description>
    <dc:creator>{escape(edition.site.name)}</dc:creator>
    <dc:date>{article.published_at.isoformat()}</dc:date>
{subjects}    <content:encoded><![CDATA[{article.html(edition.root)}]]></content:encoded>
  </item>
"""


def newest_change(edition: Edition) -> datetime:
    return max(article.changed_at for article in edition.articles)


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))
