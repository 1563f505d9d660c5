"""Some 3,300 hostile things to say, each in the place of a post, an account or a visit that says it. Always the same."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from browser import hostile_code as code
from browser import hostile_markup as markup
from browser.hostile_shapes import SHAPES, TEXTS


class Said(StrEnum):
    """Where it is said."""

    HTML = "html"
    TITLE = "title"
    TEXT = "text"
    SUMMARY = "summary"
    TAG = "tag"
    ALT = "alt"
    OPTION = "poll option"
    EVENT_NAME = "event name"
    EVENT_PLACE = "event place"
    PLACE = "place"
    MENTION = "mention"
    LANGUAGE = "language"
    MIME = "media type"
    NATIVE_ID = "native id"
    SOURCE = "source address"
    MEDIA = "picture address"
    PREVIEW = "preview address"
    LINK = "link"
    REPLY = "answered address"
    NOTICE = "notice"
    WITHDRAWAL = "reason of a withdrawal"
    DEPARTMENT = "department"
    SHORT_NAME = "short name"
    GROUP = "group"
    AREA = "area"
    HANDLE = "handle"
    EVIDENCE = "evidence"
    FAILURE = "answer of a server"


ADDRESSES = (Said.SOURCE, Said.MEDIA, Said.PREVIEW, Said.LINK, Said.REPLY)
OF_REGISTER = (Said.DEPARTMENT, Said.SHORT_NAME, Said.GROUP, Said.AREA, Said.HANDLE, Said.EVIDENCE, Said.FAILURE)
_TEXTS = (
    *(Said.TITLE, Said.TEXT, Said.SUMMARY, Said.TAG, Said.ALT, Said.OPTION, Said.EVENT_NAME, Said.EVENT_PLACE),
    *(Said.PLACE, Said.MENTION, Said.NOTICE, Said.WITHDRAWAL, Said.NATIVE_ID, Said.LANGUAGE, Said.MIME),
)
_LIMITED = (Said.LANGUAGE, Said.MIME, Said.NATIVE_ID)  # what no page shows, or only what is well formed
_SHOWN = tuple(where for where in _TEXTS if where not in _LIMITED)
_STRANGE_ADDRESSES = (
    *(
        'https://a.example/"onmouseover={b} x="',
        "https://a.example/'onmouseover={b} x='",
        "https://a.example/><script>{s}</script>",
    ),
    *(
        'https://a.example/?q="><svg onload={b}>',
        "https://a.example/#</script><script>{s}</script>",
        "//v{n}.stranger.example/x.jpg",
    ),
    *(
        "\\\\v{n}.stranger.example\\x.jpg",
        "https://javascript:{b}@a.example/",
        'https://a"><img src=x onerror={b}>.example/',
        "https://[::1]/",
    ),
    *(
        "https://a.example:99999/{b}",
        "https:///javascript:{b}",
        "http:/\\v{n}.stranger.example",
        "file:///etc/passwd#{b}",
        "about:srcdoc#{b}",
    ),
    *(
        "filesystem:https://a.example/{b}",
        "https://a.example/\u2028{b}",
        "https://a.example/{{{{{b}}}}}",
        "https://a.example/%00%0d%0a{b}",
    ),
    *(
        "https://xn--{b}.example/",
        "https://a.example/,https://v{n}.stranger.example 2x",
        "https://a.example/ 2x, //v{n}.stranger.example/x.jpg 1x",
    ),
    *(
        "\x00https://v{n}.stranger.example/",
        "  https://a.example/ onload={b}",
        "mailto:a@a.example?body=<script>{s}</script>",
        "tel:{b}",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """`runs`: it holds a script, which would mark `number`."""

    number: int
    where: Said
    said: str
    runs: bool


class _Found(list[Vector]):
    """What is found so far; each gets the next number."""

    @property
    def next(self) -> int:
        return len(self) + 1

    def keep(self, where: Said, said: str, *, runs: bool) -> None:
        self.append(Vector(number=self.next, where=where, said=said, runs=runs))

    def add(self, where: Said, template: str) -> None:
        n = self.next
        said = template.format(n=n, s=code.script(n), b=code.bare(n))
        self.keep(where, said, runs=any(sign in template for sign in ("{s}", "{b}", "marked")))


def vectors() -> tuple[Vector, ...]:
    """All of them. Numbers begin at 1."""
    found = _Found()
    for template in (*markup.SCRIPTS, *markup.MUTATIONS, *markup.NESTINGS, *markup.COMMENTS, *markup.EMBEDS, *SHAPES):
        found.add(Said.HTML, template)
    for spelling, event in product((0, 1), range(len(code.EVENTS))):
        found.keep(Said.HTML, code.handlers(found.next, event)[spelling], runs=True)
    _addresses(found)
    for template, where in product(markup.CHARSETS, (Said.HTML, Said.TITLE, Said.TEXT, Said.ALT)):
        found.add(where, template)
    for (step, template), where in product(enumerate(markup.CLOSERS), _TEXTS):
        if where not in _LIMITED or step % 3 == 0:
            found.add(where, template)
    for step, text in enumerate(TEXTS):
        found.keep(Said.TITLE, text, runs=False)
        found.keep(_SHOWN[1 + step % (len(_SHOWN) - 1)], text, runs=False)
    _of_register(found)
    return tuple(found)


def _addresses(found: _Found) -> None:
    """What carries an address in markup, and every field of a post that is one."""
    for (place, carrier), step in product(enumerate(code.CARRIERS), range(8)):
        n = found.next
        address = code.SPELLINGS[(place * 3 + step * 3) % len(code.SPELLINGS)](n)
        found.keep(Said.HTML, carrier.format(u=address, n=n), runs=True)
    for place, where in enumerate(ADDRESSES):
        for step, spelling in enumerate(code.SPELLINGS):
            if (step + place) % 2 == 0 or where is Said.SOURCE:
                found.keep(where, spelling(found.next), runs=True)
        for template in _STRANGE_ADDRESSES:
            found.add(where, template)


def _of_register(found: _Found) -> None:
    """The same number of each place, so that one department has one of each."""
    for template in markup.CLOSERS:
        for where in OF_REGISTER:
            found.add(where, template)
    for text in TEXTS[::11]:
        for where in OF_REGISTER:
            found.keep(where, text, runs=False)
