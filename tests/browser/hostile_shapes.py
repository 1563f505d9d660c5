"""What runs nothing but means to break a page: length, direction, marks, size, depth, place."""

from itertools import product

_LETTERS = (
    "A",
    "w",
    "ß",
    "ﷺ",
    "漢",
    "ก",
    "א",
    "ع",
    "𝕎",
    "🦀",
    "_",
    "-",
    "/",
    ".",
    "&",
    "<",
    "%",
    "i\u200b",
    "\u00ad",
    "\u2060x",
    "fi",
    "W\u00a0",
)
LONGEST = 10_000
# Words of 10,000 characters, of every width and script.
WORDS = tuple((letter * LONGEST)[:LONGEST] for letter in _LETTERS)

_MARKS = (
    "\u0301",
    "\u0335\u0327",
    "\u20dd",
    "\u0e4a",
    "\u0489",
    "\u0f39",
    "\u0fb2\u0f71",
    "\u1ab0",
    "\u0651\u064b",
    "\u05b8",
    "\ufe20",
    "\u0331\u0332\u0333",
)
PILES = tuple(
    "".join(letter + mark * height for letter in text)
    for (text, mark), height in product(product(("word of the day", "kata", "ษา"), _MARKS), (5, 300))
)

_TURNS = ("\u202e", "\u202d", "\u202a", "\u202b", "\u2066", "\u2067", "\u2068", "\u200f", "\u061c", "\u200e")
TURNED = tuple(
    frame.format(t=turn)
    for turn, frame in product(
        _TURNS,
        ("{t}gnp.exe word", "word {t}" * 40, "{t}" * 900 + "word", "أ{t}word{t}ב", "word\u2069{t}\u202cword" * 9),
    )
)

_INVISIBLE = (
    "\u200b",
    "\u200c",
    "\u200d",
    "\ufeff",
    "\u2060",
    "\u034f",
    "\u180e",
    "\u00ad",
    "\ufe0f",
    "\U000e0041",
    "\u3164",
    "\u115f",
    "\u2800",
    "\u00a0",
)
FLOODS = tuple(frame for one in _INVISIBLE for frame in (one * 3_000 + "word", f"wo{one}rd" * 400, f"{one}" * 3))
CHAINS = (
    *(
        "👩‍👩‍👧‍👦" * 60,
        "👨🏿‍❤️‍💋‍👨🏻" * 60,
        "\u200d".join("👩" * 900),
        "🏴" + "\U000e0067" * 500,
        "🇮🇩" * 700,
        "🏳️‍🌈" * 400,
    ),
    *(
        "❤️‍🔥" * 300,
        "1️⃣" * 900,
        "🦀\u200d" * 900,
        "\U0001f3ff" * 900,
        "﷽" * 400,
        "𒐫" * 400,
        "꧅" * 700,
        "⸻" * 900,
        "ௌ" * 900,
        "𓀐𓂸" * 500,
    ),
    *(
        "\n" * 3_000 + "word",
        "word\n\n\n" * 900,
        "\t" * 3_000 + "word",
        "\u2028" * 900 + "word",
        "\x0b\x0c\x85" * 900,
        "\r" * 900 + "word",
    ),
    *(
        "word " * 2_000,
        ("word" * 30 + "-") * 300,
        "…" * 3_000,
        "#tag" * 900,
        " ".join(f"#tag{n}" for n in range(400)),
        "https://a.example/" + "x/" * 4_000,
    ),
    *(
        "@somebody@" + "a" * 3_000 + ".example",
        "http://" + "a." * 120 + "example/",
        "mailto:" + "a" * 3_000,
        "᚛" + "\u1680" * 3_000 + "᚜",
        "█" * 3_000,
        "◌" * 3_000,
    ),
)
# The same in every text of a post.
TEXTS = (*WORDS, *PILES, *TURNED, *FLOODS, *CHAINS)

_STYLES = (
    *(
        "position:fixed;inset:0;z-index:2147483647;background:red",
        "position:absolute;top:-9999px;left:-9999px",
        "position:sticky;top:0;height:9999px",
    ),
    *(
        "margin:-9999px",
        "margin-left:-500%;width:900%",
        "float:left;width:99999px",
        "width:99999px;height:99999px",
        "font-size:9999px",
        "line-height:9999",
    ),
    *(
        "transform:scale(99) rotate(45deg)",
        "letter-spacing:999px;white-space:nowrap",
        "display:contents",
        "column-count:99;width:99999px",
        "zoom:50",
        "inset:0",
    ),
    *(
        "writing-mode:vertical-rl;text-orientation:upright",
        "direction:rtl;unicode-bidi:bidi-override",
        "outline:9999px solid;box-shadow:0 0 0 9999px red",
    ),
    *(
        "content-visibility:hidden;contain-intrinsic-size:99999px",
        "clip-path:none;overflow:visible;max-width:none!important;min-width:9999px!important",
    ),
    *(
        "filter:blur(99px);mix-blend-mode:difference",
        "animation:spin 1ms infinite",
        "grid-column:1/-1;grid-row:1/99;order:-99",
        "background:url(//v{n}.stranger.example/)",
    ),
)
_TAGS = ("div", "p", "img src=https://pictures.example/{n}.jpg", "table", "a href=https://a.example/", "li", "h2", "td")
_NUMBERS = ("100000", "99999", "1e9", "-5", "100%", "0x7fffffff", "65535", "1")
_PICTURE = "https://pictures.example/{n}"
SHAPES = (
    *(
        f'<{tag} style="{style}" class="card unseen" id=main>word</{tag.split()[0]}>'
        for tag, style in product(_TAGS[:3], _STYLES)
    ),
    *(
        f'word <img src="{_PICTURE}.jpg" width={w} height={h} alt="{alt}">'
        for (w, h), alt in product(product(_NUMBERS, _NUMBERS[:3]), ("word", "W" * 900))
    ),
    *(
        f"word <img src='{_PICTURE}.{ending}'>"
        for ending in ("404.jpg", "html", "pdf", "exe", "svg", "bmp", "empty.png", "txt", "js", "css", "mp4", "tiff")
    ),
    *(f"<table><tr>{'<td>word' * columns}</table>" for columns in (50, 300, 1_000)),
    *(f"<table>{'<tr><td>w' * rows}</table>" for rows in (100, 1_000)),
    *(
        f"<table width=99999 cellpadding=9999 border=999><tr><td nowrap colspan={span} rowspan={span}>word</table>"
        for span in _NUMBERS
    ),
    *(
        f"{'<' + tag + '>' * 1}" * depth + "word"
        for tag, depth in product(
            ("div", "blockquote", "ul><li", "table><tr><td", "b", "sup", "h2", "ol><li", "dl><dd"), (25, 500)
        )
    ),
    *(
        f"<{tag}>word"
        for tag in (
            "marquee width=9999 loop=-1",
            "blink",
            "center",
            "font size=+99",
            "nobr",
            "spacer width=9999",
            "multicol cols=99",
            "layer",
            "big><big><big",
        )
    ),
    *(
        "<p>" + "word<wbr>" * 2_000,
        "<p>" + "<br>" * 2_000 + "word",
        "<hr width=99999 size=9999>word",
        "<pre>" + " word" * 2_000,
        "<pre>" + "w" * LONGEST,
        "<ol start=2147483647><li>word",
    ),
    *(
        f"<p>{'<a href=https://a.example/>word</a>' * 300}",
        "<p dir=rtl>word",
        "<bdo dir=rtl>word of the day</bdo>",
        "<p>" + "<img src=https://pictures.example/{n}.jpg>" * 60,
        "<code>" + "x" * LONGEST,
    ),
    *(
        "</div></article></li></ul></main></body></html>word",
        "</p></p></p>word",
        "<li>word<li>word",
        "<tr><td>word",
        "<figure><figcaption>" + "w" * LONGEST,
        "<dl>" + "<dt>w<dd>w" * 400,
    ),
    *(
        "<details open><summary>word</summary>" + "word<br>" * 300,
        "<ruby>w<rt>" + "w" * 3_000,
        "<math><mfrac><mi>w</mi></mfrac></math>word",
        "<svg width=99999 height=99999><rect/></svg>word",
    ),
    *(
        "<iframe width=99999 height=99999></iframe>word",
        "<video width=99999 height=99999 controls></video>word",
        "<textarea rows=999 cols=999>word</textarea>",
        "<h1>" + "W" * 900 + "</h1>",
        "<h2>w</h2>" * 300,
    ),
)
