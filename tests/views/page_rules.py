"""The rules that every page keeps, told apart from what it says."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urlsplit

import lxml.html

VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class _Balance(HTMLParser):
    """Whether tags close in order and no attribute is said twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> says an attribute twice")
        if tag == "p" and "p" in self.open[-1:]:
            self.faults.append("a <p> within a <p>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        if "svg" not in self.open:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes nothing")


# Pictures that a visitor sees first; the others wait.
MOST_AT_ONCE = 3


def faults(html: str, *, host: str) -> list[str]:
    """Everything in `html` that breaks a rule."""
    if not html.startswith("<!doctype html>\n<html lang="):
        return ["no doctype, or something before it"]
    tree = lxml.html.document_fromstring(html)
    return [
        *_balance(html),
        *_ids(tree),
        *_headings(tree),
        *_pictures(tree),
        *_names(tree),
        *_landmarks(tree),
        *_active(tree),
        *_foreign(tree, host),
    ]


def _balance(html):
    parser = _Balance()
    parser.feed(html)
    parser.close()
    return parser.faults + [f"<{tag}> is never closed" for tag in parser.open]


def _ids(tree):
    ids = tree.xpath("//@id")
    yield from (f"id {one} twice" for one in set(ids) if ids.count(one) > 1)
    for attribute in ("aria-labelledby", "aria-describedby", "for"):
        for names in tree.xpath(f"//@{attribute}"):
            yield from (f"{attribute} names {name}, which is nowhere" for name in names.split() if name not in ids)


def _headings(tree):
    levels = [
        int(one.tag[1])
        for one in tree.iter(*HEADINGS)
        if not one.xpath("ancestor::*[@class='post-text']")  # the publisher's own
    ]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} h1"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"h{after} follows h{before}"


def _pictures(tree):
    for image in tree.iter("img"):
        if image.get("alt") is None:
            yield "an image without alt"
        if image.get("referrerpolicy") != "no-referrer" and not image.get("src").startswith("/"):
            yield "an image that tells where it is read"
    if sum(image.get("loading") != "lazy" for image in tree.iter("img")) > MOST_AT_ONCE:
        yield "images far down the page that load at once"
    for svg in tree.iter("svg"):
        is_told = svg.get("role") == "img" and svg.get("aria-label") and svg.xpath("title")
        if svg.get("aria-hidden") != "true" and not is_told:
            yield "an icon that screen readers meet"


def _names(tree):
    labelled = set(tree.xpath("//label/@for"))
    for field in tree.xpath("//input[@type!='hidden'] | //select | //textarea"):
        if field.get("id") not in labelled:
            yield f"the field {field.get('name')} has no label"
    for link in tree.xpath("//a[@href] | //button"):
        if not link.get("aria-label") and not link.text_content().strip() and not link.xpath(".//img[@alt!='']"):
            yield f"a link without a name to {link.get('href')}"
    for time in tree.iter("time"):
        if not time.get("datetime"):
            yield "a time that programs can't read"


def _landmarks(tree):
    if len(tree.xpath("//main")) != 1:
        yield "not one main"
    navs = tree.xpath("//nav[not(@aria-label) and not(@aria-labelledby)]")
    yield from ("a nav without a name" for _ in navs)
    for table in tree.xpath("//main//table[not(ancestor::*[@class='post-text'])]"):
        if not table.xpath("caption") or table.xpath(".//th[not(@scope)]"):
            yield "a table without caption or scopes"


def _active(tree):
    yield from (f"<{one.tag}>" for one in tree.iter("style", "object", "embed", "base"))
    # The builder shows what it makes: our own pages in frames with a name.
    frames = (one for one in tree.iter("iframe") if not one.get("src", "").startswith("/") or not one.get("title"))
    yield from ("an iframe of others, or without a title" for _ in frames)
    yield from ("<script>" for one in tree.iter("script") if not _is_ours(one))
    for one in tree.iter():
        if isinstance(one.tag, str):
            yield from (f"{name} on <{one.tag}>" for name in one.attrib if name == "style" or name.startswith("on"))


def _is_ours(script):
    """Our one script, late; or facts for search engines, which nobody runs."""
    if script.get("type") == "application/ld+json":
        return bool(json.loads(script.text))
    is_late = script.get("defer") is not None or script.get("async") is not None
    return (
        bool(re.fullmatch(r"(/[a-z]+)?/static/[a-z]+\.js\?v=[0-9a-f]{8}", script.get("src", "")))
        and is_late
        and not script.text
    )


def _foreign(tree, host):
    """What a browser loads by itself, but for the posts' own pictures and films, is ours."""
    loaded = tree.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //form/@action")
    yield from (f"loads {url}" for url in loaded if urlsplit(url).netloc not in ("", host))
    for url in tree.xpath("//@href | //@src | //@action | //@poster"):
        if urlsplit(url).scheme not in ("", "http", "https", "mailto", "webcal"):
            yield f"the address {url}"
