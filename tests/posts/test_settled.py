"""HTML that is not sanitized twice: a short proof that doing so would change nothing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.posts import html as sanitizer
from feedhub.posts.html import TAGS, clean_html
from feedhub.posts.plain import REL
from feedhub.posts.settled import TAGS_APART, is_settled
from feedhub.posts.text import clean_text

START_TAGS = [
    *(f"<{tag}>" for tag in sorted(TAGS)),
    *(f'<a href="{address}" rel="{REL}">' for address in ("https://a.example/x?a=1&amp;b=2#c", "http://b.example/%20/", "https://a.example", "https://1.2/", "https://xn--a.example/", "https://a.example/ b", "mailto:a@b.example", "/x")),
    '<a href="https://a.example/x">', '<img src="https://a.example/x.jpg">', '<img src="https://a.example/x.jpg" alt="a &quot;b&quot;" width="800" height="600">',
    '<img src="https://a.example/x.jpg" alt="a>b">', '<img src="https://a.example/x.jpg" onerror="x">', '<ol start="3">', '<td colspan="2">', '<th rowspan="2" scope="col">', '<td colspan="2" rowspan="3">', "<svg>", "<!-- x -->", "<p/>",
]  # fmt: skip
TEXTS = [
    "",
    "",
    "KTP",
    " ",
    "\n",
    "a &amp; b",
    "&nbsp;",
    "&lt;b&gt;",
    "&copy;",
    "& c",
    "<",
    ">",
    "\u00a0",
    '"',
    "]]>",
    "é𝄞",
]


def made_html(chance, depth=0):
    """Mostly closed tags around mostly plain text: what is nearly settled, and a little that is not."""
    made = []
    for _ in range(chance.randint(1, 4)):
        made.append(chance.choice(TEXTS[:9] if chance.random() < 0.97 else TEXTS))
        if depth < 7 and chance.random() < 0.75:
            tag = chance.choice(START_TAGS)
            name = tag.strip("<>").split(" ")[0]
            inside = made_html(chance, depth + 1) if name not in {"br", "hr", "img"} else ""
            if name in {"ul", "ol", "dl", "table", "tr", "tbody", "thead", "tfoot"} and chance.random() < 0.8:
                inner = {"dl": "dd", "table": "tbody", "tr": "td", "ul": "li", "ol": "li"}.get(name, "tr")
                inside = f"<{inner}>{inside if inner in {'li', 'dd', 'td'} else ''}</{inner}>"
            closing = "" if name in {"br", "hr", "img"} or chance.random() < 0.02 else f"</{name}>"
            made.append(f"{tag}{inside}{closing}")
    return "".join(made)


def assert_settled_means_unchanged(html):
    """Whether it is settled, having held it against the sanitizer."""
    html = clean_text(html)
    settled = is_settled(TAGS_APART.split(html))
    if settled:
        assert sanitizer._CLEANER.clean(html) == html
    return settled


def test_sanitizer_never_changes_what_is_settled():
    chance = random.Random(20261123)
    settled = sum(assert_settled_means_unchanged(made_html(chance)) for _ in range(6_000))
    assert settled > 600, "too few are settled to say anything"


@pytest.mark.long
def test_sanitizer_never_changes_what_is_settled_in_many_documents():
    chance = random.Random()
    assert sum(assert_settled_means_unchanged(made_html(chance)) for _ in range(200_000)) > 20_000


@given(
    st.lists(st.sampled_from([*START_TAGS, *(f"</{tag}>" for tag in sorted(TAGS)), *TEXTS]), max_size=12).map("".join)
)
def test_settled_means_unchanged_whatever_the_order(html):
    assert_settled_means_unchanged(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>KTP<br>KK</p>\n<ul>\n<li>satu</li>\n<li><b>dua</b></li>\n</ul>", "<table><tbody><tr><td>1</td></tr></tbody></table>", "<pre>x\ny</pre>",
        f'<p><a href="https://a.example/?a=1&amp;b=2" rel="{REL}">sini</a> <img src="https://a.example/x.jpg" alt=""></p>',
    ],
)  # fmt: skip
def test_ordinary_html_is_settled(html):
    assert is_settled(TAGS_APART.split(html))
    assert clean_html(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "<p>KTP<p>KK", "<b><p>KTP</p></b>", "<p><div>x</div></p>", "<table>x<tbody></tbody></table>", "<table><tr><td>1</td></tr></table>",
        "<pre>\nx</pre>", "<ul><li><li>x</li></li></ul>", "</p>", "a & b", "a < b", "\u00a0", "<p onclick=x>t</p>", "<svg></svg>", "<!--x-->",
        f'<a href="https://a.example/" rel="{REL}"><b><a href="https://a.example/" rel="{REL}">x</a></b></a>', "<div>" * 40 + "</div>" * 40,
        '<a href="javascript:alert(1)">x</a>', f'<a href="https://1.2.3.4.5/" rel="{REL}">x</a>', f'<a href="https://xn--a/" rel="{REL}">x</a>',
    ],
)  # fmt: skip
def test_odd_html_is_left_to_the_sanitizer(html):
    assert not is_settled(TAGS_APART.split(html))
