"""The sanitizer: nothing that acts, loads or hides comes out; what comes out stays as it is."""

import random
import re
import time

import lxml.html
import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.posts.html import ATTRIBUTES, MAX_HTML, TAGS, clean_html, html_of, images_in, links_in, text_of
from feedhub.posts.text import is_legal_text
from feedhub.posts.urls import is_safe_url

BASE = "https://dinkes.example.go.id/berita/"

# Written for this house: every way we know by which markup has come to life elsewhere.
HOSTILE = [
    "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script/x>alert(1)</script >",
    "<script>alert(1)", "<<script>alert(1)//<</script>", "<img src=x onerror=alert(1)>", "<img src=x onerror\n=\nalert(1)>", "<img/src=x/onerror=alert(1)>",
    "<img src='x'onerror='alert(1)'>", '<img """><script>alert(1)</script>">', "<body onload=alert(1)>", "<p onclick=alert(1) ONMOUSEOVER=x>t</p>",
    "<a href=javascript:alert(1)>t</a>", "<a href='JaVaScRiPt:alert(1)'>t</a>", "<a href='java\tscript:alert(1)'>t</a>", "<a href='java&#10;script:alert(1)'>t</a>",
    "<a href='&#106;avascript:alert(1)'>t</a>", "<a href='&#x6A;&#x61;vascript&colon;alert(1)'>t</a>", "<a href='&#0000106avascript:alert(1)'>t</a>",
    "<a href=' \x01javascript:alert(1)'>t</a>", "<a href='javascript\x00:alert(1)'>t</a>", "<a href='//user@evil.example/'>t</a>", "<a href='https:\\\\evil.example'>t</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>t</a>", "<a href='vbscript:x'>t</a>", "<a href='feed:javascript:x'>t</a>", "<a href='blob:https://a.example/1'>t</a>",
    "<a href='mailto:a@b.example?subject=x&body=<script>'>t</a>", "<a href='mailto:javascript:alert(1)'>t</a>", "<a href='tel:javascript'>t</a>", "<a href='tel:+62(335)-421 000'>t</a>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>", "<img src=javascript:alert(1)>", "<img srcset='x 1x, javascript:alert(1) 2x' src=/a.jpg>", "<img src=/a.jpg usemap=#m><map name=m><area href=javascript:x></map>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><a xlink:href=javascript:alert(1)><text>t</text></a></svg>", "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a title='</style><img src=x onerror=alert(1)>'>", "<svg><desc><table><svg><style><!--</style><img src=x onerror=alert(1)>--></style>", "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>", "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>", "<math href=javascript:alert(1)>t</math>", "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<style><p title='</style><img src=x onerror=alert(1)>'>", "<title><p title='</title><img src=x onerror=alert(1)>'>",
    "<textarea><p title='</textarea><img src=x onerror=alert(1)>'>", "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>", "<noembed><p title='</noembed><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>", "<template shadowrootmode=open><script>alert(1)</script></template>", "<plaintext><script>alert(1)</script>", "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<!--><img src=x onerror=alert(1)>-->", "<!--x--!><img src=x onerror=alert(1)>-->", "<!-- --!><script>alert(1)</script>", "<![CDATA[<img src=x onerror=alert(1)>]]>", "<!DOCTYPE html [<!ENTITY x '<script>'>]>&x;", "<?xml-stylesheet href='javascript:x'?>",
    "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>", "<iframe src='https://evil.example/\"onload=alert(1)'></iframe>", "<iframe src=//www.youtube.com/embed/abcDEF12345></iframe>",
    "<object data=javascript:alert(1)><param name=x></object>", "<embed src=//evil.example/x.swf>", "<applet code=x></applet>", "<base href=//evil.example/><a href=x>t</a>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>", "<style>@import '//evil.example/x.css';</style>", "<p style='background:url(javascript:alert(1))'>t</p>", "<div style='position:fixed;inset:0'>t</div>", "<p id=x class=y name=z data-x=1 slot=s is=x-y>t</p>",
    "<form action=javascript:alert(1)><input type=submit formaction=javascript:x><button>t</button></form>", "<input autofocus onfocus=alert(1)>", "<select onchange=alert(1)><option>t</select>", "<details open ontoggle=alert(1)><summary>t</summary>x</details>",
    "<video src=x onerror=alert(1)><source onerror=alert(1)></video>", "<audio src=x onerror=alert(1)>", "<marquee onstart=alert(1)>t</marquee>", "<x-y onclick=alert(1)>t</x-y>", "<dialog open>t</dialog>", "<portal src=//evil.example/>",
    "<table background=javascript:alert(1)><td background=x>t</table>", "<table><a href=javascript:x><tr><td><a href=/y>t</a></table>", "<a href=/x><table><td><a href=/y>t</a></table></a>", "<select><style></select><img src=x onerror=alert(1)></style>",
    "<b>\u0338script>alert(1)</b>", "<p>\uff1cscript\uff1ealert(1)\uff1c/script\uff1e</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "\x00<\x00s\x00c\x00r\x00i\x00p\x00t\x00>", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "\ud800<img src=x onerror=alert(1)>\udfff",
    "<p>\u202e\u2066rtl</p>", "<pre>\n\n\n<img src=x onerror=alert(1)></pre>", "<p><object><p>t</p></object></p>", "<h1><h2>t</h1>", "<a href='https://a.example/\"><script>alert(1)</script>'>t</a>", "<img alt='\"><script>alert(1)</script>' src=/a.jpg>",
    "<img alt='`><script>alert(1)</script>' src=/a.jpg>", "<a href=`javascript:alert(1)`>t</a>", "<img src=/a.jpg width='1000\" onload=\"alert(1)' height=1000>", "<a/href='https://a.example/'/onclick=x>t</a>", "<a href='https://a.example/' rel=opener target=_blank ping=//evil.example/>t</a>",
    "<td>t", "</p></br></div></body></html><script>alert(1)</script>", "<html><head><script>alert(1)</script></head><body bgcolor=x>t</body></html>", "<frameset><frame src=javascript:x></frameset>", "<svg><title><style><img src=x onerror=alert(1)></title></svg>", "<p><svg><p>t",
]  # fmt: skip


def assert_harmless(html):
    """`html`, parsed by a foreign parser, holds nothing but what is allowed."""
    assert is_legal_text(html)
    assert len(html) <= MAX_HTML
    for element in lxml.html.fragment_fromstring(html, create_parent="div").iterdescendants():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, frozenset())
        for name in ("href", "src"):
            address = element.get(name)
            if address is not None:
                assert is_safe_url(address) or re.fullmatch(r"mailto:[^?\s]+@[^?\s]+|tel:\+?[0-9().-]+", address)
    assert nh3.clean(html, tags=set(TAGS), attributes={**ATTRIBUTES, "*": set()}, link_rel=None) == html


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_comes_out_harmless_and_stays(html):
    for around in ("{}", "<p>{}</p>", "<table><tr><td>{}", "<b><i>{}</b>", "<ul><li>{}<li>x</ul>"):
        cleaned = clean_html(around.format(html), base=BASE)
        assert_harmless(cleaned)
        assert clean_html(cleaned) == cleaned


PIECES = st.lists(
    st.one_of(
        st.sampled_from(HOSTILE),
        st.sampled_from(
            [f"{opening}{tag}{attributes}>" for tag in (*sorted(TAGS), "h1", "section", "font", "object", "button", "form", "svg", "math", "mtext", "style", "noscript", "select", "template", "td", "nobr")
             for opening, attributes in (("<", ""), ("</", ""), ("<", " href=/x src=/x.jpg alt='a\u0338\"' width=3 height=9 title=t"))]
        ),
        st.sampled_from([" ", "\n", "\u0338", "e\u0301", "\u1100", "\u1161", "\u094d\u0338", "&nbsp;", "&amp;", "&#13;", "&#x202e;", "𝐛", "<", ">", "--", "\x00", "]]>", "\r\n"]),
        st.text(max_size=4),
    ),
    max_size=14,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(PIECES, st.sampled_from([None, BASE]))
def test_any_html_comes_out_harmless_and_stays(html, base):
    cleaned = clean_html(html, base=base)
    assert_harmless(cleaned)
    assert clean_html(cleaned, base=base) == cleaned


@settings(deadline=None)
@given(PIECES)
def test_text_of_anything_is_legal_and_its_html_stays(html):
    text = text_of(html)
    assert is_legal_text(text)
    assert text == text.strip()
    made = html_of(text)
    assert clean_html(made) == made
    shown = text_of(made)
    assert text_of(html_of(shown)).split() == shown.split()


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<h1>A</h1><section>b</section><strike>c</strike>", "<h2>A</h2><div>b</div><s>c</s>"),
        ("<div>a</div><article>b</article>", "<div>a</div><div>b</div>"),
        ("<a href=/x?utm_source=y&id=1>t</a>", '<a href="https://dinkes.example.go.id/x?id=1" rel="nofollow noopener noreferrer">t</a>'),
        ("<a name=x>t</a> <a href=javascript:x>u</a>", "t u"),
        ("<a href=/x><img src=https://pixel.wp.com/b.gif></a>t", "t"),
        ("<a href=mailto:info@a.example?subject=x>m</a>", '<a href="mailto:info@a.example" rel="nofollow noopener noreferrer">m</a>'),
        ("<img src=foto.jpg alt='Foto \"A\"' width=300 height=200 class=x>", '<img src="https://dinkes.example.go.id/berita/foto.jpg" alt="Foto &quot;A&quot;" width="300" height="200">'),
        ("<img src=a.jpg width=100% height=auto>", '<img src="https://dinkes.example.go.id/berita/a.jpg">'),
        ("<img src=a.gif width=1 height=1><img src=b.gif style='display:none'><img src=c.gif height=0>", ""),
        ("<img src='data:image/gif;base64,R0' data-src=/late.jpg alt=''>", '<img src="https://dinkes.example.go.id/late.jpg" alt="">'),
        ("<img src=https://s.w.org/images/core/emoji/15/72x72/1f600.png alt=😀 class=wp-smiley>", "😀"),
        ("<iframe src='//www.youtube-nocookie.com/embed/abcDEF12345?rel=0'></iframe>", '<p><a href="https://www.youtube.com/watch?v=abcDEF12345" rel="nofollow noopener noreferrer">https://www.youtube.com/watch?v=abcDEF12345</a></p>'),
        ("<p>a<br/>b<br>c", "<p>a<br>b<br>c</p>"),
        ("<table><tr><td colspan=2>x</td></tr></table>", '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>'),
        ("<p>a&nbsp;b &amp; c &copy;</p>", "<p>a&nbsp;b &amp; c ©</p>"),
        ("<p>𝐆𝐫𝐚𝐭𝐢𝐬 e\u0301 \u202e</p>", "<p>Gratis é </p>"),
        ("teks biasa < 5 & > 3", "teks biasa &lt; 5 &amp; &gt; 3"),
    ],
)  # fmt: skip
def test_what_people_meant_is_kept(html, cleaned):
    assert clean_html(html, base=BASE) == cleaned


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Satu</p>\n<p>Dua<br>Tiga</p>", "Satu\n\nDua\nTiga"),
        ("<ul><li>KTP</li>\n<li>KK</li></ul><p>Bawa</p>", "KTP\nKK\n\nBawa"),
        ("<p>A <b>B</b>C</p>", "A BC"),
        (
            "<table><tr><th>Hari</th><th>Jam</th></tr><tr><td>Senin</td><td>08.00</td></tr></table>",
            "Hari Jam\nSenin 08.00",
        ),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<P>X</P><DIV>Y</DIV>", "X\n\nY"),
        ("a<script>b</script>c<style>d</style><!-- e -->f<!-->g", "acfg"),
        ("&lt;b&gt; &amp;amp; &#8220;x&#8221;&nbsp;y", "<b> &amp; “x” y"),
        ("1 < 2 dan 3 > 2", "1 < 2 dan 3 > 2"),
        ("", ""),
    ],
)
def test_plain_text_of_html(html, text):
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("a\nb\n\n\nc", "<p>a<br>b</p><p>c</p>"),
        ('<b> & "x"', '<p>&lt;b&gt; &amp; "x"</p>'),
        ("Baca https://a.example/b?utm_source=x&c=1.", '<p>Baca <a href="https://a.example/b?c=1" rel="nofollow noopener noreferrer">https://a.example/b?utm_source=x&amp;c=1</a>.</p>'),
        ("(https://a.example/b_(c))", '<p>(<a href="https://a.example/b_(c)" rel="nofollow noopener noreferrer">https://a.example/b_(c)</a>)</p>'),
        ("https:// https://a@b.example/", "<p>https:// https://a@b.example/</p>"),
    ],
)  # fmt: skip
def test_html_of_plain_text(text, html):
    assert html_of(text) == html


def test_pictures_and_links_are_found_in_their_order():
    html = clean_html(
        "<a href=/a>x</a><img src=/1.jpg alt=A width=3 height=4><a href=/b?c=1&d=2>y</a><a href=/a>z</a><a href=tel:112>t</a><img src=/2.jpg>",
        base=BASE,
    )
    assert [(image.url[-5:], image.alt, image.width, image.height) for image in images_in(html)] == [
        ("1.jpg", "A", 3, 4),
        ("2.jpg", None, None, None),
    ]
    assert links_in(html) == ("https://dinkes.example.go.id/a", "https://dinkes.example.go.id/b?c=1&d=2")


BOMBS = {
    **{tag: tag for tag in ("<b>", "<div>", "<ul><li>", "<table><b>", "<a href=/x>", "<p>", "<", "&", "<!--", "<!-- -->", "<script>", "<pre>", "<pre>\n", "<a href=/x></a>", "<iframe ", "<img src=/x>", "https://", "\u0338", "<b>\u0338", "<svg><style>", "<td>", "<font><p>", "<b><p></b>", "<noscript>", "(https://a.b/)", "# ")},
    "open": "".join(f"<b x={number}><p>" for number in range(20_000)),
    "reopened": "".join(f"<font size={number}>" for number in range(200)) + "<p>" * 70_000,
    "closed": "<b>" * 240 + "</i>" * 60_000,
    "attributes": "<a " + " ".join(f"a{number}=1" for number in range(40_000)) + ">",
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=map(repr, BOMBS))
def test_no_markup_takes_long_or_grows(bomb):
    html = (bomb * (MAX_HTML // len(bomb) + 1))[: MAX_HTML * 2]
    started = time.process_time()
    cleaned = clean_html(html, base=BASE)
    text_of(html)
    html_of(html)
    assert time.process_time() - started < 8
    assert len(cleaned) <= MAX_HTML


def test_a_long_honest_page_keeps_its_markup():
    chance = random.Random(7)
    paragraphs = (
        f"<p>{chance.choice(['<b>Satu</b>', '<a href=/x>Dua</a>', 'Tiga <i>empat</i>'])} {'kata ' * 30}</p>"
        for _ in range(2_000)
    )
    cleaned = clean_html("".join(paragraphs), base=BASE)
    assert 200_000 < len(cleaned) <= MAX_HTML
    assert cleaned.count("<b>") > 300
    assert clean_html(cleaned) == cleaned
